from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from .dunning_forecast import ForecastScope
from .dunning_forecast_habit import HALF_LIFE, HORIZON

# Days from the habit beyond which items are all alike.
FURTHEST = 2000


class Group(NamedTuple):
    """Items from which the same is to be expected.

    :param run: number of the calendar by which they are paid
    :param level: of the width, see :meth:`Habits.get_width`
    :param offset: parts of a day from the habit
    :param known: whether their customers have paid something before
    :param amount: sum of what is open
    :param squares: sum of its squares
    :param weight: for how many payments they count
    :param covered: sum of what credits of the customers pay already
    :param hopeless: sum of what is open and nobody expects
    """

    run: int
    level: int
    offset: int
    known: bool
    amount: float
    squares: float
    weight: float
    covered: float
    hopeless: float


class DunningForecast(models.AbstractModel):
    """What was open that day, summed up by how far it was from the habit of its
    customer."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_groups(self, scope: ForecastScope, habits, agreed) -> list[Group]:
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.run, item.level, item.place, item.known,
                       SUM(item.amount)::float,
                       SUM(item.amount * item.amount)::float,
                       SUM(item.weight)::float,
                       SUM(item.covered)::float,
                       SUM(item.hopeless)::float
                  FROM (%s) item
              GROUP BY 1, 2, 3, 4
                """,
                self._get_placed_sql(scope, habits, agreed),
            )
        )
        return [Group(*row) for row in rows]

    @api.model
    def _get_placed_sql(self, scope: ForecastScope, habits, agreed) -> SQL:
        """Return SQL of the open items with what they are expected by: ``move_line_id,
        amount`` (less what is agreed and what credits cover), ``run, level, place``
        (parts of a day from the habit), ``known, weight``."""
        return SQL(
            """
            SELECT item.move_line_id,
                   item.partner_id,
                   item.date_due,
                   item.amount,
                   item.covered,
                   item.hopeless,
                   COALESCE(run.run, 0) AS run,
                   ROUND(
                       LN(COALESCE(habit.width, %(width)s)) / LN(%(ratio)s)
                   )::int AS level,
                   ROUND(
                       LEAST(
                           GREATEST(
                               today.day + 0.5
                               - (item.date_due - %(date)s)
                               - COALESCE(habit.place, %(place)s),
                               -%(furthest)s
                           ),
                           %(furthest)s
                       ) * %(parts)s
                   )::int AS place,
                   habit.partner_id IS NOT NULL AS known,
                   CASE WHEN item.amount > 0 AND item.date_due >= %(date)s - %(horizon)s
                        THEN POWER(
                                 0.5,
                                 GREATEST(%(date)s - item.date_due, 0) / %(half)s::float
                             )
                        ELSE 0
                   END AS weight
              FROM (%(item)s) item
         LEFT JOIN dunning_forecast_habit habit ON habit.partner_id = item.partner_id
         LEFT JOIN dunning_forecast_run run ON run.partner_id = item.partner_id
              JOIN UNNEST(%(runs)s, %(days)s::float[]) AS today(run, day)
                ON today.run = COALESCE(run.run, 0)
            """,
            item=self._get_expected_sql(scope, agreed),
            width=float(habits.width),
            ratio=float(habits.RATIO),
            place=float(habits.place),
            parts=habits.PARTS,
            furthest=FURTHEST,
            date=scope.date,
            horizon=HORIZON,
            half=HALF_LIFE,
            runs=list(range(len(habits.runs))),
            days=[habits.get_day(run, habits.start) for run in range(len(habits.runs))],
        )

    @api.model
    def _get_expected_sql(self, scope: ForecastScope, agreed) -> SQL:
        """Return SQL of what is open on items and neither agreed nor covered by
        credits: these pay the oldest items of their customer. Nothing of it is expected
        of some, see :meth:`_get_hopeless_sql`."""
        return SQL(
            """
            WITH balance AS MATERIALIZED (
                     SELECT move_line_id, partner_id, date_due, residual_company,
                            is_credit
                       FROM (%(balance)s) balance
                 ),
                 credit AS (
                     SELECT COALESCE(partner_id, 0) AS partner_id,
                            -SUM(residual_company) AS amount
                       FROM balance
                      WHERE is_credit
                   GROUP BY 1
                 ),
                 agreed AS (
                     SELECT * FROM UNNEST(%(agreed_ids)s::int[], %(amounts)s::numeric[])
                         AS agreed(move_line_id, amount)
                 ),
                 item AS (
                     SELECT balance.move_line_id, balance.partner_id, balance.date_due,
                            balance.residual_company - COALESCE(agreed.amount, 0)
                                AS amount,
                            credit.amount AS credit,
                            %(hopeless)s AS is_hopeless
                       FROM balance
                  LEFT JOIN agreed USING (move_line_id)
                  LEFT JOIN credit
                         ON credit.partner_id = COALESCE(balance.partner_id, 0)
                      WHERE NOT balance.is_credit
                 )
            SELECT move_line_id, partner_id, date_due, covered,
                   CASE WHEN is_hopeless THEN 0 ELSE amount END AS amount,
                   CASE WHEN is_hopeless THEN amount ELSE 0 END AS hopeless
              FROM (
                       SELECT move_line_id, partner_id, date_due, is_hopeless,
                              GREATEST(amount, 0) AS amount, LEAST(amount, 0) AS covered
                         FROM item
                        WHERE credit IS NULL OR amount <= 0
                        UNION ALL
                       SELECT move_line_id, partner_id, date_due, is_hopeless,
                              amount - LEAST(amount, GREATEST(0, credit - before)),
                              LEAST(amount, GREATEST(0, credit - before))
                         FROM (
                                  SELECT item.*,
                                         COALESCE(SUM(amount) OVER (
                                             PARTITION BY partner_id
                                             ORDER BY date_due, move_line_id
                                             ROWS BETWEEN UNBOUNDED PRECEDING
                                                      AND 1 PRECEDING
                                         ), 0) AS before
                                    FROM item
                                   WHERE credit IS NOT NULL AND amount > 0
                              ) item
                   ) item
            """,
            balance=self._get_balance_sql(scope),
            hopeless=self._get_hopeless_sql(scope),
            agreed_ids=list(agreed.amounts),
            amounts=list(agreed.amounts.values()),
        )

    @api.model
    def _get_hopeless_sql(self, scope: ForecastScope) -> SQL:  # pylint: disable=unused-argument
        """Return SQL of whether nothing is to be expected of an item, for the alias
        ``balance``. Override to name some."""
        return SQL("FALSE")

    @api.model
    def _get_balance_sql(self, scope: ForecastScope) -> SQL:
        balance = self.env["dunning.balance"]
        if scope.kept:
            return balance._get_kept_query(scope.company, scope.date)
        return balance._get_query(
            scope.company, scope.date, scope.partners, collectors=False
        )
