from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.words import COLLECTORS, READERS
from .dunning_rate import CUSTOMER_KINDS


class ResPartner(models.Model):
    """What kind of customer it is before the law: which rates and limits apply."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_kind_chosen = fields.Selection(
        CUSTOMER_KINDS,
        string="Kind Chosen",
        prefetch="dunning",
        # Who copies a customer need not have rights on dunning.
        copy=False,
        groups=READERS,
    )
    dunning_customer_kind = fields.Selection(
        CUSTOMER_KINDS,
        string="Customer Kind",
        compute="_compute_dunning_customer_kind",
        inverse="_inverse_dunning_customer_kind",
        search="_search_dunning_customer_kind",
        groups=READERS,
        help="Decides which rates, indemnities and time limits apply. Unless somebody "
        "has chosen it, who has a company or a VAT number is a business, and a person "
        "is a consumer.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "dunning_kind_chosen",
        "commercial_partner_id.dunning_kind_chosen",
        "commercial_partner_id.is_company",
        "commercial_partner_id.vat",
        "commercial_partner_id.company_registry",
    )
    def _compute_dunning_customer_kind(self):
        for partner in self:
            customer = partner.commercial_partner_id or partner
            chosen = partner.dunning_kind_chosen or customer.dunning_kind_chosen
            partner.dunning_customer_kind = chosen or customer._dunning_guess_kind()

    def _inverse_dunning_customer_kind(self):
        for partner in self:
            kind = partner.dunning_customer_kind
            customer = partner.commercial_partner_id or partner
            customer.dunning_kind_chosen = (
                kind if kind != customer._dunning_guess_kind() else False
            )

    @api.model
    def _search_dunning_customer_kind(self, operator, value):
        self._dunning_check_searchable("dunning_customer_kind")
        if operator != "in":
            return NotImplemented
        kinds = tuple(kind for kind in value if kind) or (None,)
        return [
            (
                "id",
                "in",
                SQL(
                    "(SELECT partner.id FROM res_partner partner"
                    " JOIN res_partner customer"
                    " ON customer.id = partner.commercial_partner_id"
                    " WHERE %s IN %s)",
                    self._dunning_get_kind_sql("customer"),
                    kinds,
                ),
            )
        ]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        # EXTENDS 'base': as all that decides how customers are dunned
        kinds = ("dunning_customer_kind", "dunning_kind_chosen")
        if operation == "write" and field.name in kinds and not self.env.su:
            return self.env.user.has_group(COLLECTORS)
        return super()._has_field_access(field, operation)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_join(self, customer, items):
        # EXTENDS 'account_dunning': what was acknowledged and claimed goes along; what
        # was agreed does where it is about nothing else
        result = super()._dunning_join(customer, items)
        for name in ("dunning.acknowledgement", "dunning.penalty"):
            # Whoever works on contacts need not have rights on dunning.
            found_sudo = self.env[name].sudo().search([("partner_id", "=", self.id)])
            self._dunning_hand_over(found_sudo, customer)
        # Nor on rates.
        rates_sudo = self.env["dunning.contract.rate"].sudo()
        for rate_sudo in rates_sudo.search([("partner_id", "=", self.id)]):
            alone = not customer._dunning_owes_beside(items, rate_sudo.company_id)
            if alone:
                self._dunning_hand_over(rate_sudo, customer)
        rates_sudo.search([("partner_id", "=", customer.id)])._end_overlaps()
        return result

    def _dunning_guess_kind(self) -> str:
        """Return the kind of a customer of whom nobody has said it: consumers are
        protected, so that a person counts as one."""
        self.ensure_one()
        known = self.is_company or self.vat or self.company_registry
        return "business" if known else "consumer"

    @api.model
    def _dunning_get_kind_sql(self, alias: str) -> SQL:
        """Return the kind of a customer, for the alias of a ``res_partner``."""
        column = {
            name: SQL.identifier(alias, name)
            for name in ("dunning_kind_chosen", "is_company", "vat", "company_registry")
        }
        return SQL(
            """
            COALESCE(
                %(dunning_kind_chosen)s,
                CASE WHEN %(is_company)s
                       OR %(vat)s != ''
                       OR %(company_registry)s != ''
                     THEN 'business'
                     ELSE 'consumer'
                END
            )
            """,
            **column,
        )
