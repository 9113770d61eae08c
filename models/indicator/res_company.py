from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ...tools.words import READERS
from .dunning_balance import DATES

# Days late up to which an item is in an age group, unless a company says otherwise.
LIMITS = (30, 60, 90)


class ResCompany(models.Model):
    """What customers owe, by age: as others ask for it."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_age_limit_1 = fields.Integer(
        string="First Age Limit",
        default=LIMITS[0],
        required=True,
        help="Days late up to which an item is in the first age group.",
        groups=READERS,
    )
    dunning_age_limit_2 = fields.Integer(
        string="Second Age Limit", default=LIMITS[1], required=True, groups=READERS
    )
    dunning_age_limit_3 = fields.Integer(
        string="Third Age Limit",
        default=LIMITS[2],
        required=True,
        help="Items that are later are in the last age group.",
        groups=READERS,
    )
    _dunning_age_limits_ascend = models.Constraint(
        "CHECK(dunning_age_limit_1 > 0"
        " AND dunning_age_limit_1 < dunning_age_limit_2"
        " AND dunning_age_limit_2 < dunning_age_limit_3)",
        "Each age limit must be higher than the one before: enter days such as 30, 60 "
        "and 90.",
    )
    _dunning_age_limits_in_ten_years = models.Constraint(
        "CHECK(dunning_age_limit_3 <= 3650)",
        "Age Groups: the last limit cannot be more than 3650 days (ten years).",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_age_limits(self) -> tuple[int, ...]:
        """Return the days late that end the age groups of the company."""
        self.ensure_one()
        # Whoever sees figures sees by which groups.
        company_sudo = self.sudo()
        return (
            company_sudo.dunning_age_limit_1,
            company_sudo.dunning_age_limit_2,
            company_sudo.dunning_age_limit_3,
        )

    def _dunning_aged_balance(self, date=None, by="due", limits=LIMITS) -> list[dict]:
        """Return what customers owed at the end of a day, by how late it was.

        What is due on that day is not late; so many days late as a limit says is in
        the group that ends there.

        :param date: the day, today by default
        :param by: ``due`` or ``invoice``: the date from which days are counted
        :param limits: ascending days late that end the groups
        :return: list of dicts, one for each customer and currency: ``partner_id`` (an
            id, False for entries without), ``currency_id, not_due, buckets`` (list,
            one more than limits), ``credits`` (credit notes and payments that are not
            allocated, negative), ``total`` in that currency, which is the sum of the
            others; ``total_company`` in the company's
        :raise AccessError: who asks may not see figures of the company
        :raise ValidationError: the limits do not ascend, or ``by`` is another word
        """
        self.ensure_one()
        self._dunning_check_figures()
        limits = self._dunning_check_ages(by, limits)
        balance = self.env["dunning.balance"]
        day = fields.Date.to_date(date) or self._dunning_today()
        rows = balance._execute(
            SQL(
                """
                SELECT partner_id, currency_id, age,
                       SUM(residual), SUM(residual_company)
                  FROM (
                           SELECT balance.*, %(age)s AS age FROM (%(query)s) balance
                       ) balance
              GROUP BY partner_id, currency_id, age
              ORDER BY partner_id NULLS LAST, currency_id
                """,
                age=balance._get_age_sql(day, by, limits),
                query=balance._get_query(self, day, collectors=False),
            ),
            whole=day < self._dunning_today(),
        )
        return self._dunning_arrange_ages(rows, len(limits) + 1)

    def _dunning_check_ages(self, by, limits):
        """Return limits that days can be told apart by.

        :raise ValidationError: there are none, or the date is not known
        """
        guard = self.env["dunning.guard"]
        guard._check_argument(tuple(DATES), by or "?")
        for limit in limits:
            guard._check_argument("integer", limit)
        limits = [int(limit) for limit in limits]
        if limits != sorted({limit for limit in limits if limit > 0}):
            raise ValidationError(
                self.env._(
                    "Each age limit must be higher than the one before: enter days "
                    "such as 30, 60 and 90."
                )
            )
        return limits

    def _dunning_get_currency(self) -> models.BaseModel:
        """Return the ``res.currency`` in which the companies reckon."""
        # Whoever reads figures knows in which currency they are.
        companies_sudo = self.sudo()
        return companies_sudo.currency_id.sudo(self.env.su)

    def _dunning_arrange_ages(self, rows, count):
        """Return a dict for each customer and currency from sums by age: -1 for
        credits, 0 for what is not due, then the groups."""
        found = {}
        for partner_id, currency_id, age, residual, residual_company in rows:
            key = partner_id, currency_id
            ages = found.get(key)
            if ages is None:
                ages = found[key] = [0.0] * (count + 3)
            ages[age + 1] = residual
            ages[-1] += residual_company
        # Of whole cents: what is to be rounded is what adding up has made of them.
        currencies = self.env["res.currency"].browse({id_ for _, id_ in found})
        places = {currency.id: currency.decimal_places for currency in currencies}
        own_places = self._dunning_get_currency().decimal_places
        return [
            {
                "partner_id": partner_id or False,
                "currency_id": currency_id,
                "not_due": ages[1],
                "buckets": ages[2:-1],
                "credits": ages[0],
                "total": round(sum(ages[:-1]), places[currency_id]),
                "total_company": round(ages[-1], own_places),
            }
            for (partner_id, currency_id), ages in found.items()
        ]


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_age_limit_1 = fields.Integer(
        related="company_id.dunning_age_limit_1", readonly=False
    )
    dunning_age_limit_2 = fields.Integer(
        related="company_id.dunning_age_limit_2", readonly=False
    )
    dunning_age_limit_3 = fields.Integer(
        related="company_id.dunning_age_limit_3", readonly=False
    )
