from odoo import api, fields, models
from odoo.fields import Domain

from .dunning_rate import CUSTOMER_KINDS


class DunningLegalLimit(models.Model):
    """What the law of a country sets for a kind of customer: for how long a debt can be
    claimed, and how long a payment term may be. Dated: the latest that has begun
    holds."""

    _name = "dunning.legal.limit"
    _description = "Time Limits by Law"
    _inherit = ["dunning.shared"]
    _order = "country_id, customer_kind, date_from desc, id"
    _rec_name = "country_id"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the limits among all companies.",
    )
    country_id = fields.Many2one(
        "res.country", required=True, ondelete="restrict", index=True
    )
    customer_kind = fields.Selection(
        CUSTOMER_KINDS, string="Customers", required=True, default="business"
    )
    date_from = fields.Date(string="First Day", required=True)
    limitation_years = fields.Integer(
        string="Limitation (Years)", help="0: none is known."
    )
    payment_days = fields.Integer(
        string="Longest Term (Days)",
        help="From the date of the invoice. 0: no limit is known.",
    )
    month_end_days = fields.Integer(
        string="Or End of Month",
        help="Longest term in days that are counted with an end of month, either "
        "before or after them. 0: not allowed.",
    )
    source = fields.Text(translate=True)

    # === Constraints and indexes === #
    _one_from_a_day = models.UniqueIndex(
        "(country_id, customer_kind, date_from, COALESCE(company_id, 0)) WHERE active",
        "There are limits for these customers from that day on: change those.",
    )
    _not_negative = models.Constraint(
        "CHECK(limitation_years BETWEEN 0 AND 100 AND payment_days BETWEEN 0 AND 3650"
        " AND month_end_days BETWEEN 0 AND 3650)",
        "Limits are numbers of years or days, not below zero: correct them.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_limit(self, company, country, kind, day) -> models.BaseModel:
        """Return the limits that hold on a day, elevated; none where none are known.

        :param company: whose customers they are: its own limits come first
        :param country: ``res.country`` of the customer
        :param kind: of the customer
        """
        return self._get_limits(company, country, kind)._choose(day)

    @api.model
    def _get_limits(self, company, country, kind) -> models.BaseModel:
        """Return the limits for some customers of whatever day, elevated, the last one
        first that counts; see :meth:`_get_limit`."""
        # What the law says does not depend on who asks.
        limits_sudo = self.sudo()
        lineage = self.env["res.company"]._dunning_get_lineage(company)
        found_sudo = limits_sudo.search(
            Domain("country_id", "=", country.id)
            & Domain("customer_kind", "=", kind)
            & Domain("company_id", "in", [False, *lineage])
        )
        return found_sudo.sorted(
            lambda limit: (
                lineage.index(limit.company_id.id) if limit.company_id else -1,
                limit.date_from,
            ),
            reverse=True,
        )

    def _choose(self, day) -> models.BaseModel:
        """Return which of these, the last one first that counts, holds on a day."""
        return self.filtered(lambda limit: limit.date_from <= day)[:1]
