from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools.words import READERS
from ..base.dunning_entered import accepts
from .dunning_defect import DEFECTS


class ResPartner(models.Model):
    """What is missing about a customer who owes something, and where it is completed:
    on the customer, or on whom reminders go to."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_defects = fields.Char(
        string="Missing",
        compute="_compute_dunning_defects",
        search="_search_dunning_defects",
        groups=READERS,
        help="What is needed to reach a customer who owes something, and is not there "
        "or is wrong.",
    )
    dunning_reached_id = fields.Many2one(
        "res.partner",
        string="Written to",
        compute="_compute_dunning_reached_id",
        groups=READERS,
        help="The dunning contact, else the invoice address, else the customer.",
    )
    dunning_reached_email = fields.Char(
        string="E-mail for Reminders",
        compute="_compute_dunning_reached",
        inverse="_inverse_dunning_reached_email",
        groups=READERS,
    )
    dunning_reached_lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of Reminders",
        compute="_compute_dunning_reached",
        inverse="_inverse_dunning_reached_lang",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "email",
        "phone",
        "street",
        "street2",
        "zip",
        "city",
        "country_id",
        "lang",
        "company_registry",
        "is_company",
        "property_payment_term_id",
        "dunning_contact_id",
        "child_ids.email",
        "child_ids.phone",
        "child_ids.lang",
    )
    @api.depends_context("company", "lang")
    def _compute_dunning_defects(self):
        defects = self.env["dunning.defect"]
        labels = defects._get_labels()
        rows = self.env.execute_query_dict(defects._get_query(self))
        found = {row["partner_id"]: row["defects"] for row in rows}
        for partner in self:
            codes = found.get(partner._origin.id, ())
            partner.dunning_defects = ", ".join(labels[code] for code in codes)

    def _search_dunning_defects(self, operator, value):
        """Search by the codes of ``dunning.defect``, or by what is said of them; False
        stands for none of them."""
        self._dunning_check_searchable("dunning_defects")
        if operator == "ilike":
            value = self._dunning_find_defects(value)
        elif operator != "in":
            return NotImplemented
        codes = [code for code in value if code in DEFECTS]
        found = self._dunning_get_defect_domain(codes) if codes else Domain.FALSE
        if False in value:
            found |= ~self._dunning_get_defect_domain(DEFECTS)
        return found

    @api.model
    def _dunning_find_defects(self, text):
        """Return the codes of the defects whose label has a text in it."""
        labels = self.env["dunning.defect"]._get_labels()
        return [code for code, label in labels.items() if text.lower() in label.lower()]

    @api.model
    def _dunning_get_defect_domain(self, codes):
        missing = self.env["dunning.defect"]._get_partner_query(codes)

        def get_condition(_model, alias, _query):
            # A truth value, and no join: that would be looked through again for each
            # customer, as long as few are taken to miss anything.
            return SQL("(%s IN (%s)) IS TRUE", SQL.identifier(alias, "id"), missing)

        return Domain.custom(to_sql=get_condition)

    @api.depends("dunning_contact_id", "child_ids.type")
    @api.depends_context("company")
    def _compute_dunning_reached_id(self):
        contacts = self._origin._dunning_get_contacts()
        for partner in self:
            partner.dunning_reached_id = contacts.get(partner._origin.id)

    @api.depends("dunning_reached_id", "email", "lang")
    @api.depends_context("company")
    def _compute_dunning_reached(self):
        for partner in self:
            partner.dunning_reached_email = partner.dunning_reached_id.email
            partner.dunning_reached_lang = partner.dunning_reached_id.lang

    def _inverse_dunning_reached_email(self):
        for partner in self:
            partner.dunning_reached_id.email = partner.dunning_reached_email

    def _inverse_dunning_reached_lang(self):
        for partner in self:
            partner.dunning_reached_id.lang = partner.dunning_reached_lang

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts()
    def dunning_get_defects(self):
        """Return what is missing about the customers of the current company that the
        user may see.

        :return: list of dicts, one for each defect that is there: ``code, label,
            count`` (customers), ``amount`` (what they owe, as text, in the company's
            currency)
        :raise AccessError: the user does not read dunning
        """
        currency = self.env.company.currency_id
        return [
            {**figures, "amount": currency.format(figures["amount"])}
            for figures in self._dunning_get_defect_figures()
        ]

    @api.model
    def _dunning_get_defect_figures(self, domain=Domain.TRUE):
        """Return what is missing about some customers, see :meth:`dunning_get_defects`;
        amounts are numbers."""
        self._dunning_check_searchable("dunning_defects")
        known = self._search(domain)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT code, COUNT(*), SUM(missing.due)
                  FROM (%(missing)s) missing
            CROSS JOIN UNNEST(missing.defects) code
                 WHERE missing.partner_id IN %(known)s
              GROUP BY code
                """,
                missing=self.env["dunning.defect"]._get_query(),
                known=known.subselect(),
            )
        )
        labels = self.env["dunning.defect"]._get_labels()
        found = {code: (count, amount) for code, count, amount in rows}
        return [
            {
                "code": code,
                "label": labels[code],
                "count": found[code][0],
                "amount": float(found[code][1]),
            }
            for code in DEFECTS
            if code in found
        ]
