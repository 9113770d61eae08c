from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

CUSTOMER_KINDS = [
    ("business", "Business"),
    ("public", "Public Buyer"),
    ("consumer", "Consumer"),
]
PERCENT = (9, 4)


class DunningRate(models.Model):
    """The rate of late payment penalties by law, for the customers of a country and a
    kind, on the days for which it holds; and what goes with it: indemnity, lowest rate
    that may be agreed.

    A day that no rate covers, or whose reference is not known, has no rate: nothing is
    guessed. A rate of the company itself comes before that of its parents and that all
    share, one of a country before one of a group of countries.
    """

    _name = "dunning.rate"
    _description = "Late Payment Rate"
    _inherit = ["mail.thread", "mail.activity.mixin", "dunning.shared"]
    _order = "country_id, country_group_id, customer_kind, date_from desc, id"
    _rec_names_search = ["country_id", "country_group_id"]
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(compute="_compute_name")
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        default=lambda self: self._get_default_company(),
        help="Leave empty to share the rate among all companies.",
    )

    # === For whom, and when === #
    country_id = fields.Many2one("res.country", ondelete="restrict", index=True)
    country_group_id = fields.Many2one(
        "res.country.group",
        string="Countries",
        ondelete="restrict",
        help="For the countries of the group that have no rate of their own.",
    )
    place = fields.Char(string="Where", compute="_compute_name")
    customer_kind = fields.Selection(
        CUSTOMER_KINDS, string="Customers", required=True, default="business"
    )
    date_from = fields.Date(string="First Day", required=True)
    date_to = fields.Date(
        string="Last Day",
        help="Last day of the rate, such as the end of the half-year.",
    )

    # === Rate === #
    reference = fields.Float(
        string="Reference Rate (%)",
        digits=PERCENT,
        min_display_digits=2,
        tracking=True,
        help="Percent a year, such as the rate of the European Central Bank.",
    )
    reference_missing = fields.Boolean(
        string="Not Known Yet",
        tracking=True,
        help="Nothing is worked out for these days before the reference is entered.",
    )
    margin = fields.Float(
        string="Margin (Points)",
        digits=PERCENT,
        min_display_digits=2,
        tracking=True,
        help="Added to the reference.",
    )
    rate = fields.Float(
        string="Rate (%)", digits=PERCENT, min_display_digits=2, compute="_compute_rate"
    )
    frozen = fields.Boolean(
        help="The rate of the day on which interest begins stays to the end. Otherwise "
        "it follows the rates of later periods."
    )
    minimum = fields.Float(
        string="Lowest Agreed Rate (%)",
        digits=PERCENT,
        min_display_digits=2,
        tracking=True,
        help="Terms of sale may not state less, such as three times the legal interest "
        "rate in France. 0: no limit.",
    )
    source = fields.Text(
        translate=True,
        tracking=True,
        help="Law, and where the reference was published.",
    )

    # === Indemnity === #
    indemnity = fields.Monetary(
        string="Recovery Indemnity",
        tracking=True,
        help="Owed once for each late invoice. 0: none.",
    )
    currency_id = fields.Many2one("res.currency", ondelete="restrict")
    indemnity_middle_from = fields.Monetary(
        string="From This Debt On", help="0: the indemnity is the same for all."
    )
    indemnity_middle = fields.Monetary(string="Indemnity Then")
    indemnity_high_from = fields.Monetary(string="And from This Debt On")
    indemnity_high = fields.Monetary(string="Indemnity of the Largest")

    # === Constraints and indexes === #
    _days_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "A rate ends on the day it begins, or later: correct its days.",
    )
    _not_negative = models.Constraint(
        "CHECK(reference + margin >= 0 AND minimum >= 0 AND indemnity >= 0"
        " AND indemnity_middle_from >= 0 AND indemnity_middle >= 0"
        " AND indemnity_high_from >= 0 AND indemnity_high >= 0)",
        "Rates and indemnities are not below zero: correct the figures.",
    )
    _percents = models.Constraint(
        "CHECK(reference BETWEEN -100 AND 1000 AND margin BETWEEN -100 AND 1000"
        " AND minimum <= 1000)",
        "Rates are percents a year, such as 12.15: correct the figures.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("country_id", "country_group_id", "customer_kind", "date_from")
    @api.depends_context("lang")
    def _compute_name(self):
        kinds = dict(self._fields["customer_kind"]._description_selection(self.env))
        for rate in self:
            rate.place = rate.country_id.name or rate.country_group_id.name
            parts = [
                rate.place,
                kinds.get(rate.customer_kind),
                rate.date_from and format_date(self.env, rate.date_from),
            ]
            rate.name = ", ".join(filter(None, parts))

    @api.depends("reference", "reference_missing", "margin")
    def _compute_rate(self):
        for rate in self:
            known = not rate.reference_missing
            rate.rate = known and rate.reference + rate.margin

    @api.onchange("reference")
    def _onchange_reference(self):
        if self.reference:
            self.reference_missing = False

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("country_id", "country_group_id")
    def _check_country(self):
        for rate in self:
            if bool(rate.country_id) == bool(rate.country_group_id):
                raise ValidationError(
                    self.env._(
                        "“%s” is for one country or for a group of countries: choose "
                        "one of the two.",
                        rate.name,
                    )
                )

    @api.constrains("date_to")
    def _check_end(self):
        for rate in self:
            if not rate.date_to:
                raise ValidationError(
                    self.env._(
                        "“%s” has no end, so that a later rate could be forgotten: "
                        "enter its last day, such as the end of the half-year.",
                        rate.name,
                    )
                )

    @api.constrains("reference_missing", "source")
    def _check_source(self):
        for rate in self:
            if not rate.reference_missing and not (rate.source or "").strip():
                raise ValidationError(
                    self.env._(
                        "Say where the rate of “%s” is published: one day somebody "
                        "will ask for it.",
                        rate.name,
                    )
                )

    @api.constrains("reference", "reference_missing", "margin")
    def _check_percent(self):
        for rate in self:
            if not rate.reference_missing and not rate.reference + rate.margin:
                raise ValidationError(
                    self.env._(
                        "“%s” comes to 0 %%, so that nobody would owe anything: enter "
                        "reference and margin, or say that the reference is not known "
                        "yet.",
                        rate.name,
                    )
                )

    @api.constrains("indemnity", "indemnity_middle", "indemnity_high", "currency_id")
    def _check_currency(self):
        for rate in self:
            amounts = rate.indemnity, rate.indemnity_middle, rate.indemnity_high
            if any(amounts) and not rate.currency_id:
                raise ValidationError(
                    self.env._(
                        "The indemnity of “%s” has no currency: choose one.", rate.name
                    )
                )

    @api.constrains("indemnity_middle_from", "indemnity_high_from")
    def _check_steps(self):
        for rate in self:
            middle, high = rate.indemnity_middle_from, rate.indemnity_high_from
            if high and not 0 < middle < high:
                raise ValidationError(
                    self.env._(
                        "The indemnities of “%s” rise with the debt: the second amount "
                        "comes before the third.",
                        rate.name,
                    )
                )

    @api.constrains(
        "active",
        "company_id",
        "country_id",
        "country_group_id",
        "customer_kind",
        "date_from",
        "date_to",
    )
    def _check_overlap(self):
        for rate in self.filtered("active"):
            if other := rate._find_overlapping():
                raise ValidationError(
                    self.env._(
                        "“%(rate)s” and “%(other)s” (%(date_from)s – %(date_to)s) hold "
                        "on the same days for the same customers: change the days of "
                        "one of them, or archive it.",
                        rate=rate.name,
                        other=other.name,
                        date_from=format_date(self.env, other.date_from),
                        date_to=format_date(self.env, other.date_to),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what is entered is known
        if "reference" in vals and "reference_missing" not in vals:
            vals = vals | {"reference_missing": False}
        return super().write(vals)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_scope_domain(self):
        """Return the domain of the rates for the same customers."""
        self.ensure_one()
        return Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("country_id", "=", self.country_id.id),
                ("country_group_id", "=", self.country_group_id.id),
                ("customer_kind", "=", self.customer_kind),
            ]
        )

    def _find_overlapping(self):
        """Return another rate for the same customers and some of the same days."""
        self.ensure_one()
        return self.search(
            self._get_scope_domain()
            & Domain("id", "!=", self.id)
            & Domain("date_from", "<=", self.date_to or self.date_from)
            & Domain("date_to", ">=", self.date_from),
            limit=1,
        )

    def _get_indemnity(self, debt: float) -> float:
        """Return the recovery indemnity of a late invoice, in the currency of the rate.

        :param debt: amount of the invoice, in that currency
        """
        self.ensure_one()
        if self.indemnity_high_from and debt >= self.indemnity_high_from:
            return self.indemnity_high
        if self.indemnity_middle_from and debt >= self.indemnity_middle_from:
            return self.indemnity_middle
        return self.indemnity
