from dataclasses import dataclass, field
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools.forecast import get_wape
from .dunning_forecast import ForecastScope

# Forecasts of a quarter are made again, one every four weeks of a year.
WEEKS, STEP, TURNS = 13, 4, 13
# Weeks of the total that is compared as well.
TOTAL_WEEKS = 4
# Weeks of payments before the first forecast.
LEARNT_WEEKS = 26


@dataclass
class Backtest:
    """How good forecasts would have been.

    :param dates: of the forecasts
    :param said: what was said and what came, by week
    :param due: what would have come by due dates alone, and what came, by week
    :param totals: what was said and what came in the first weeks, by forecast
    :param held: by week, whether it was within the band
    """

    dates: list = field(default_factory=list)
    said: list[tuple[float, float]] = field(default_factory=list)
    due: list[tuple[float, float]] = field(default_factory=list)
    totals: list[tuple[float, float]] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)

    @property
    def wape(self) -> float | None:
        """The error of a week, weighted by amounts."""
        return get_wape(self.said)

    @property
    def wape_due(self) -> float | None:
        """The same of due dates alone."""
        return get_wape(self.due)

    @property
    def total_error(self) -> float | None:
        """The error of the total of all first weeks: whether too much is said, or too
        little."""
        said, came = map(sum, zip(*self.totals, strict=True))
        return (said - came) / came if came else None

    @property
    def total_wape(self) -> float | None:
        """The error of the totals, forecast by forecast."""
        return get_wape(self.totals)

    @property
    def coverage(self) -> float:
        """The share of weeks that the band held."""
        return sum(self.held) / len(self.held)


class DunningForecast(models.AbstractModel):
    """What forecasts would have said on days of the past, against what came."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _backtest(self, company, turns=TURNS) -> Backtest | None:
        """Make the forecasts of the last year again, each of what was known on its day,
        and compare them with what came.

        :return: None without half a year of payments before them
        """
        first, last = self._get_paid_period(company)
        backtest = Backtest()
        if last is None:
            return None
        sunday = last - timedelta((last.weekday() + 1) % 7)
        for turn in range(turns):
            day = sunday - timedelta(7 * (WEEKS + STEP * turn))
            if day - first < timedelta(7 * LEARNT_WEEKS):
                break
            self._test(self._get_scope(company, day, WEEKS), backtest)
        return backtest if backtest.dates else None

    @api.model
    def _get_paid_period(self, company):
        """Return the days between which the company was paid, as far as they are
        over."""
        return self.env.execute_query(
            SQL(
                """
                SELECT MIN(partial.max_date), MAX(partial.max_date)
                  FROM account_partial_reconcile partial
                  JOIN account_move_line item ON item.id = partial.debit_move_id
                 WHERE partial.max_date <= %s
                   AND item.company_id = %s
                   AND item.account_id = ANY(%s)
                """,
                company._dunning_today(),
                company.id,
                list(self.env["dunning.ledger"]._get_account_ids()),
            )
        )[0]

    @api.model
    def _test(self, scope: ForecastScope, backtest: Backtest):
        rows = self._get_rows(scope)
        came = self._get_came(scope)
        said = [row["amount"] for row in rows]
        backtest.dates.append(scope.date)
        backtest.said += zip(said, came, strict=True)
        backtest.due += zip(self._get_due_alone(scope), came, strict=True)
        backtest.totals.append((sum(said[:TOTAL_WEEKS]), sum(came[:TOTAL_WEEKS])))
        backtest.held += [
            row["low"] <= actual <= row["high"]
            for row, actual in zip(rows, came, strict=True)
        ]
