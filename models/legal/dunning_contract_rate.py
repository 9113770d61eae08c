from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ...tools.dates import LAST_DAY, subtract
from ...tools.following import FOLLOWING_CONTEXT, is_following
from .dunning_interest import FIXED, MINIMUM
from .dunning_rate import PERCENT

# Of rates for the same invoices, the last counts.
ORDER = "date_from, id"


class DunningContractRate(models.Model):
    """The rate of penalties that the terms of sale state, or that was agreed with a
    customer, for what is invoiced from a day on. Only businesses may agree to one."""

    _name = "dunning.contract.rate"
    _description = "Agreed Late Payment Rate"
    _inherit = ["mail.thread", "dunning.of.customer"]
    _order = "company_id, partner_id, date_from desc, id"
    _check_company_auto = True

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    name = fields.Char(
        string="Where It Is Stated",
        required=True,
        help="Such as “General terms of sale, article 7”.",
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        ondelete="restrict",
        index="btree_not_null",
        check_company=True,
        domain="[('parent_id', '=', False)]",
        help="Leave empty for the terms of sale, which hold for all customers.",
    )
    method = fields.Selection(
        [(FIXED, "A Rate"), (MINIMUM, "The Lowest That the Law Allows")],
        string="States",
        required=True,
        default=FIXED,
        help="The lowest that the law allows follows it: in France, three times the "
        "legal interest rate.",
    )
    rate = fields.Float(
        string="Rate (%)", digits=PERCENT, min_display_digits=2, tracking=True
    )
    date_from = fields.Date(
        string="Invoices from",
        required=True,
        tracking=True,
        default=lambda self: self.env.company._dunning_today(),
    )
    date_to = fields.Date(
        string="Invoices until", tracking=True, help="Empty: until further notice."
    )

    # === Constraints and indexes === #
    _days_in_order = models.Constraint(
        "CHECK(date_to >= date_from)",
        "An agreed rate ends on the day it begins, or later: correct its days.",
    )
    _percents = models.Constraint(
        "CHECK(rate BETWEEN 0 AND 1000)",
        "An agreed rate is a percent a year, such as 12.15: correct the figure.",
    )

    # ------------------------------------------------------------------
    # CONSTRAINT METHODS
    # ------------------------------------------------------------------

    @api.constrains("active", "company_id", "partner_id", "date_from", "date_to")
    def _check_overlap(self):
        for rate in self.filtered("active"):
            if other := rate._get_overlapping():
                raise ValidationError(
                    self.env._(
                        "“%(rate)s” and “%(other)s” hold for the same invoices: end "
                        "one of them before the other begins.",
                        rate=rate.name,
                        other=other.name,
                    )
                )

    @api.constrains("active", "method", "rate", "date_from", "date_to", "partner_id")
    def _check_lowest(self):
        # What was agreed before the law was known ends all the same.
        checked = self.browse() if is_following(self.env) else self
        for rate in checked.filtered("active"):
            if lowest := rate._get_violated():
                raise ValidationError(
                    self.env._(
                        "%(rate)s %% is less than the law allows: at least "
                        "%(lowest)s %% from %(date)s on (three times the legal "
                        "interest rate in France). Enter that or more.",
                        rate=formatLang(self.env, rate.rate, digits=2),
                        lowest=formatLang(self.env, lowest.minimum, digits=2),
                        date=format_date(self.env, lowest.date_from),
                    )
                )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'dunning.of.customer'
        if vals.keys() == {"date_to"} and self._hold_no_longer_than(vals["date_to"]):
            ending = self.with_context(**FOLLOWING_CONTEXT)
            return super(DunningContractRate, ending).write(vals)
        return super().write(vals)

    def _hold_no_longer_than(self, day):
        last = fields.Date.to_date(day)
        return bool(last) and all(last <= (rate.date_to or LAST_DAY) for rate in self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_overlapping(self):
        """Return another rate that holds for the same invoices, if any."""
        self.ensure_one()
        return self.search(
            Domain("company_id", "=", self.company_id.id)
            & Domain("partner_id", "=", self.partner_id.id)
            & Domain("id", "!=", self.id)
            & Domain("date_from", "<=", self.date_to or LAST_DAY)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from)),
            limit=1,
        )

    def _end_overlaps(self) -> None:
        """Have one rate hold for an invoice where customers are one now: the one that
        began last, by which its interest is worked out, as long as it holds; the others
        go on afterwards."""
        groups = self.filtered("active").grouped(
            lambda rate: (rate.company_id, rate.partner_id)
        )
        for rates in groups.values():
            # It is the same agreement, whatever the law says by now.
            following = rates.sorted(ORDER).with_context(**FOLLOWING_CONTEXT)
            for rate in following:
                following -= rate
                rate._make_room(following)

    def _make_room(self, following):
        """Hold on no day of those that follow."""
        self.ensure_one()
        span = (self.date_from, self.date_to or LAST_DAY)
        left = subtract(
            span, [(rate.date_from, rate.date_to or LAST_DAY) for rate in following]
        )
        if left == [span]:
            return
        name = following[-1:].name
        if not left:
            self.active = False
        for number, (first, last) in enumerate(left):
            days = {"date_from": first, "date_to": last if last < LAST_DAY else False}
            if number:
                self.copy({**days, "name": self.name})
            else:
                self.write(days)
        self._message_log(
            body=self.env._("Customers were merged: “%s” holds in its place.", name)
        )

    def _get_violated(self) -> models.BaseModel:
        """Return the ``dunning.rate`` whose lowest rate is above this one, on the days
        of it that are known."""
        self.ensure_one()
        rates = self.env["dunning.rate"]
        if self.method != FIXED or not self.date_from:
            return rates
        country = self.partner_id.country_id or self.company_id.country_id
        schedule = rates._get_schedule(self.company_id, country, "business")
        for span in schedule:
            holds = span.date_to >= self.date_from and span.date_from <= (
                self.date_to or LAST_DAY
            )
            if holds and span.value and (span.value._get_lowest() or 0) > self.rate:
                return span.value
        return rates

    @api.model
    def _get_agreed(self, company, customer, day) -> models.BaseModel:
        """Return the rate that is agreed for an invoice, if any: that of the customer
        before that of the terms of sale.

        :param customer: commercial partner
        :param day: date of the invoice
        """
        # What is agreed does not depend on who asks.
        rates_sudo = self.sudo()
        return rates_sudo.search(
            Domain("company_id", "=", company.id)
            & Domain("partner_id", "in", [False, customer.id])
            & Domain("date_from", "<=", day)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day)),
            order="partner_id, date_from DESC, id DESC",
            limit=1,
        )

    def _describe(self) -> str:
        """Return the rate in words; that of the law where none is agreed."""
        terms = self.env["dunning.invoice.terms"]
        return terms._describe_rate(self.method, self.rate)
