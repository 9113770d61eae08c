from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...tools.dates import shift
from ...tools.words import SAME_COMPANY

# So many days ahead the collector is told that an item is to be declared.
AHEAD_DAYS = 7


class DunningCover(models.Model):
    """What a credit insurer pays if a customer does not: how much, from when to when,
    by which policy, and how soon what is not paid has to be declared."""

    _name = "dunning.cover"
    _description = "Credit Insurance Cover"
    _inherit = ["dunning.guarded"]
    _rec_name = "partner_id"
    _order = "date_from desc, id desc"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="restrict",
        domain=SAME_COMPANY,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="restrict",
    )
    insurer_id = fields.Many2one("res.partner", required=True, ondelete="restrict")
    policy = fields.Char(help="Number of the contract.")
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    amount = fields.Monetary(required=True, help="That the insurer covers at most.")
    date_from = fields.Date(
        string="First Day",
        required=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    date_to = fields.Date(string="Last Day", help="Last day; empty, until it is ended.")
    declaration_days = fields.Integer(
        string="Declare after Days",
        help="Days after the due date until which what is not paid has to be declared "
        "to the insurer; 0: never.",
    )
    note = fields.Text()
    is_valid = fields.Boolean(
        string="Valid Today", compute="_compute_is_valid", search="_search_is_valid"
    )
    date_declare = fields.Date(
        string="Declare until",
        compute="_compute_date_declare",
        help="For the oldest item that is not paid.",
    )
    # The due date of the item that the collector was told to declare.
    date_told = fields.Date(readonly=True, copy=False)

    # === Constraints === #
    _amount_not_negative = models.Constraint(
        "CHECK(amount >= 0)", "The amount of a cover cannot be negative."
    )
    _dates_ordered = models.Constraint(
        "CHECK(date_to IS NULL OR date_to >= date_from)",
        "A cover cannot end before it begins: correct its dates.",
    )
    _declaration_days_in_years = models.Constraint(
        "CHECK(declaration_days BETWEEN 0 AND 3650)",
        "The days until a declaration must be within ten years: lower them.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date_from", "date_to", "company_id")
    def _compute_is_valid(self):
        for cover in self:
            today = (cover.company_id or self.env.company)._dunning_today()
            cover.is_valid = bool(
                cover.date_from
                and cover.date_from <= today
                and (not cover.date_to or cover.date_to >= today)
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        found = self._get_valid_domain(self.env.company)
        return found if True in value else ~found

    @api.depends("partner_id", "company_id", "declaration_days", "date_from", "date_to")
    def _compute_date_declare(self):
        self.date_declare = False
        asked = self.filtered(
            lambda cover: cover.company_id and cover.is_valid and cover.declaration_days
        )
        for company, covers in asked.grouped("company_id").items():
            oldest = covers._get_oldest(company)
            for cover in covers:
                if due := oldest.get(cover.partner_id.commercial_partner_id._origin.id):
                    cover.date_declare = shift(due, cover.declaration_days)

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for cover in self:
            if cover.partner_id != cover.partner_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "A cover is for a customer, not for one of its contacts: "
                        "choose “%s”.",
                        cover.partner_id.commercial_partner_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_valid_domain(self, company) -> Domain:
        """Return which covers of a company are valid today."""
        today = company._dunning_today()
        return Domain("date_from", "<=", today) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    @api.model
    def _get_covered(self, company, partners) -> dict:
        """Return what insurers cover of customers today: dict of partner id to amount
        in company currency.

        :param company: ``res.company``
        :param partners: commercial partners
        """
        today = company._dunning_today()
        covered = {}
        for partner, currency, amount in self._read_group(
            self._get_valid_domain(company)
            & Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", partners.ids),
            ["partner_id", "currency_id"],
            ["amount:sum"],
        ):
            amount = currency._convert(amount, company.currency_id, company, today)
            covered[partner.id] = covered.get(partner.id, 0) + amount
        return covered

    def _get_oldest(self, company):
        """Return the oldest due date of what is to be collected of the customers of
        these covers: dict of partner id to date."""
        customers = self.partner_id.commercial_partner_id._origin
        profiles = self.env["dunning.profile"]._read_current(company, customers)
        return {
            partner_id: row["date_oldest"]
            for partner_id, row in profiles.items()
            if row["to_collect"] > 0
        }

    @api.model
    def _tell_of_declarations(self, company) -> None:
        """Tell the collectors what will soon have to be declared: once for each oldest
        item."""
        covers = self.search(
            self._get_valid_domain(company)
            & Domain("company_id", "=", company.id)
            & Domain("declaration_days", ">", 0)
        )
        oldest = covers._get_oldest(company)
        today = company._dunning_today()
        for cover in covers:
            due = oldest.get(cover.partner_id.id)
            if not due or cover.date_told == due:
                continue
            deadline = shift(due, cover.declaration_days)
            if shift(deadline, -AHEAD_DAYS) > today:
                continue
            cover.date_told = due
            insurer = cover.insurer_id.name
            company._dunning_tell_collectors(
                cover.partner_id,
                max(deadline, today),
                lambda env, partner, name=insurer: env._(
                    "Declare what is not paid to %s", name
                ),
                lambda env, count: "",
            )
