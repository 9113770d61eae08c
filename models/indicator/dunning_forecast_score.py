from dataclasses import dataclass
from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast import ForecastScope

# So many whole weeks ago the same forecast is made again, to learn from what came how
# wide the band must be.
LOOKBACKS = (4, 8, 13, 20, 26)
# How many weeks ago it is told what was said.
TOLD = (1, 4, 8)
# Larger ledgers are looked back at with so many of their customers, fewer of them where
# each has paid often.
SAMPLE, LEAST_SAMPLE, SAMPLE_PAYMENTS = 1500, 200, 60_000


@dataclass(frozen=True)
class Score:
    """What was said on a day, and what came of the items that were open then.

    :param date: the day, a Sunday
    :param ago: how many whole weeks before
    :param weeks: Mondays of the weeks that are over
    :param said: what was expected, by week
    :param deviation: how uncertain it was
    :param came: what was paid
    :param sampled: whether only some customers were looked at
    """

    date: Date
    ago: int
    weeks: list[Date]
    said: list[float]
    deviation: list[float]
    came: list[float]
    sampled: bool

    @property
    def results(self) -> list[tuple[float, float, float]]:
        """What was said, the deviation, and what came, by week."""
        return list(zip(self.said, self.deviation, self.came, strict=True))


class DunningForecast(models.AbstractModel):
    """What the forecast would have said before, against what came."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_band(self, scores: list[Score]) -> tools.Band:
        """Return how far from what is expected it may come, as seen in the half year
        before the day."""
        return tools.get_band(
            (
                week
                for score in scores
                if score.ago in LOOKBACKS
                for week in score.results
            ),
            sampled=any(score.sampled for score in scores),
        )

    @api.model
    def _look_back(self, scope: ForecastScope, lookbacks=LOOKBACKS) -> list[Score]:
        """Return what would have been said so many weeks ago, and what came of it until
        the Sunday before the day's week. What was learnt for the day itself says which
        customers are looked at, so that is asked for first."""
        sample = self._get_sample()
        self._keep_past(
            scope if sample is None else scope.restricted(sample),
            scope.get_sunday(max(lookbacks)),
        )
        scores = []
        for weeks in lookbacks:
            past = ForecastScope(
                company=scope.company,
                date=scope.get_sunday(weeks),
                weeks=min(weeks, 13),
                kept=True,
            )
            scores.append(self._score(past, weeks, sample is not None))
        return scores

    @api.model
    def _get_sample(self):
        """Return some of the customers that have paid until the day, by a rule that is
        the same each time; None for all when these are few."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id
                  FROM (
                           SELECT partner_id,
                                  ROW_NUMBER() OVER chosen AS number,
                                  SUM(count) OVER chosen AS payments
                             FROM dunning_forecast_habit
                           WINDOW chosen AS (
                                      ORDER BY HASHINT4(partner_id), partner_id
                                  )
                       ) habit
                 WHERE number <= %(least)s
                    OR number <= %(most)s + 1 AND payments <= %(payments)s
              ORDER BY number
                """,
                least=LEAST_SAMPLE,
                most=SAMPLE,
                payments=SAMPLE_PAYMENTS,
            )
        )
        [(count,)] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM dunning_forecast_habit")
        )
        if len(rows) == count <= SAMPLE:
            return None
        return self.env["res.partner"].browse(id_ for (id_,) in rows[:SAMPLE])

    @api.model
    def _score(self, scope: ForecastScope, ago: int, sampled: bool) -> Score:
        forecast = self._predict(scope)
        return Score(
            date=scope.date,
            ago=ago,
            weeks=list(forecast.weeks),
            said=[forecast.get_amount(week) for week in range(scope.weeks)],
            deviation=[variance**0.5 for variance in forecast.variance],
            came=self._get_came(scope),
            sampled=sampled,
        )

    @api.model
    def _get_came(self, scope: ForecastScope) -> list[float]:
        """Return what was paid in each week on the items that were there that day, in
        company currency."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (day - %(monday)s) / 7 AS week, SUM(amount)::float
                  FROM (%(payment)s) payment
                 WHERE day > %(date)s
                   AND day < %(monday)s + 7 * %(weeks)s
                   AND booked <= %(date)s
                   AND visible
              GROUP BY 1
                """,
                date=scope.date,
                monday=scope.monday,
                weeks=scope.weeks,
                payment=self._get_payment_sql(scope),
            )
        )
        came = dict(rows)
        return [came.get(week, 0.0) for week in range(scope.weeks)]

    @api.model
    def _get_due_alone(self, scope: ForecastScope) -> list[float]:
        """Return what would come if all items were paid when they are due, those that
        are late at once: what the forecast is compared with."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT (GREATEST(date_due, %(date)s + 1) - %(monday)s) / 7 AS week,
                       SUM(residual_company)::float
                  FROM (%(balance)s) balance
                 WHERE NOT is_credit
                   AND date_due < %(monday)s + 7 * %(weeks)s
              GROUP BY 1
                """,
                date=scope.date,
                monday=scope.monday,
                weeks=scope.weeks,
                balance=self._get_balance_sql(scope),
            )
        )
        due = dict(rows)
        return [due.get(week, 0.0) for week in range(scope.weeks)]
