from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from ...tools.indicators import Basis
from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS

# Customers that are named, by amount and by days.
TOP = 10
# The parts that show what is open.
OPEN_PARTS = ("get_receivables", "get_late_customers", "get_near_limit")


@dataclass
class Open:
    """What is open today, as several parts show it.

    :param ages: by age group (see :meth:`dunning.balance._get_age_sql`) the amount and
        the number of items
    :param near, past: number and amount of items that will soon be long unpaid, and
        that are
    :param late: dicts of the customers who are late with most or for longest:
        ``partner_id, amount, days, amount_rank, days_rank``
    """

    basis: Basis
    ages: dict[int, tuple[float, int]] = field(default_factory=dict)
    near: tuple[int, float] = (0, 0.0)
    past: tuple[int, float] = (0, 0.0)
    late: list[dict] = field(default_factory=list)


class DunningDashboard(models.AbstractModel):
    """What is open, read from the ledger once for all parts that show it."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def get_open(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Return the parts that show what is open, see :meth:`get_setup`.

        :return: dict: what each of these methods returns, by its name:
            ``get_receivables, get_late_customers, get_near_limit``
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        found = self._read_open(scope)
        return {
            method: getattr(self, f"_prepare_{method.removeprefix('get_')}_part")(
                scope, found
            )
            for method in OPEN_PARTS
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_limits(self, scope) -> list[int]:
        """Return the days late from which on items will soon be long unpaid, and from
        which on they are."""
        items = self.env["dunning.item"].with_company(scope.company)
        [days] = [days for each, *days in items._get_limits() if each == scope.company]
        return days

    @api.model
    def _read_open(self, scope) -> Open:
        limits = scope.company._dunning_get_age_limits()
        first, end = self._get_limits(scope)
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT *
                  FROM (
                           SELECT found.*,
                                  ROW_NUMBER() OVER (
                                      PARTITION BY of_customer
                                      ORDER BY late DESC NULLS LAST, partner_id
                                  ) AS amount_rank,
                                  ROW_NUMBER() OVER (
                                      PARTITION BY of_customer
                                      ORDER BY days DESC NULLS LAST, late DESC,
                                               partner_id
                                  ) AS days_rank
                             FROM (%(found)s) found
                       ) ranked
                 WHERE NOT of_customer
                    OR late IS NOT NULL AND partner_id IS NOT NULL
                   AND (amount_rank <= %(top)s OR days_rank <= %(top)s)
                """,
                found=self._get_open_sql(scope, limits, first, end),
                # Entries without a customer may take one of the first places.
                top=TOP + 1,
            )
        )
        return self._arrange_open(scope, limits, rows)

    @api.model
    def _get_open_sql(self, scope, limits, first, end) -> SQL:
        """Return SQL that adds up what is open by age, and by customer, at once."""
        return SQL(
            """
            SELECT age,
                   partner_id,
                   GROUPING(age) = 1 AS of_customer,
                   SUM(residual_company) AS amount,
                   COUNT(*) AS number,
                   SUM(residual_company * days) FILTER (WHERE is_late) AS delay,
                   SUM(residual_company) FILTER (WHERE is_late) AS late,
                   MAX(days) FILTER (WHERE is_late) AS days,
                   COUNT(*) FILTER (WHERE is_near) AS near_number,
                   SUM(residual_company) FILTER (WHERE is_near) AS near,
                   COUNT(*) FILTER (WHERE is_past) AS past_number,
                   SUM(residual_company) FILTER (WHERE is_past) AS past
              FROM (
                       SELECT partner_id, residual_company,
                              %(age)s AS age,
                              %(today)s - date_due AS days,
                              NOT is_credit AND date_due < %(today)s AS is_late,
                              NOT is_credit
                                  AND %(today)s - date_due >= %(first)s
                                  AND %(today)s - date_due < %(end)s AS is_near,
                              NOT is_credit AND %(today)s - date_due >= %(end)s
                                  AS is_past
                         FROM (%(balance)s) balance
                   ) item
          GROUP BY GROUPING SETS ((age), (partner_id))
            """,
            first=first,
            end=end,
            age=self.env["dunning.balance"]._get_age_sql(scope.today, "due", limits),
            today=scope.today,
            balance=self._get_balance_sql(scope),
        )

    @api.model
    def _arrange_open(self, scope, limits, rows) -> Open:
        by_age = [row for row in rows if not row["of_customer"]]
        found = Open(Basis(scope.date_from, scope.today))
        found.ages = {age: (0.0, 0) for age in range(-1, len(limits) + 2)}
        for row in by_age:
            found.ages[row["age"]] = (float(row["amount"]), row["number"])
            found.basis.delay += float(row["delay"] or 0)
        found.basis.credits = found.ages[-1][0]
        found.basis.not_due = found.ages[0][0]
        found.basis.overdue = sum(
            amount for age, (amount, _number) in found.ages.items() if age > 0
        )
        for name in ("near", "past"):
            number = sum(row[f"{name}_number"] for row in by_age)
            amount = sum(float(row[name] or 0) for row in by_age)
            setattr(found, name, (number, amount))
        late = [row for row in rows if row["of_customer"]]
        for rank in ("amount_rank", "days_rank"):
            for number, row in enumerate(sorted(late, key=lambda x: x[rank]), 1):
                row[rank] = number
        found.late = [
            {
                "partner_id": row["partner_id"],
                "amount": float(row["late"]),
                "days": row["days"],
                "amount_rank": row["amount_rank"],
                "days_rank": row["days_rank"],
            }
            for row in late
        ]
        return found
