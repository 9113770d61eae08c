from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from datetime import timedelta

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...tools import forecast as tools

# The layers of what is expected, the most certain first.
LAYERS = ("plan", "promise", "habit", "due")
# Years that a forecast is made in.
FIRST_YEAR, LAST_YEAR = 1950, 2200


@dataclass(frozen=True)
class ForecastScope:
    """What a forecast is asked for.

    :param company: the ``res.company`` whose ledger is read
    :param date: the day, at its end: what is dated later does not exist
    :param weeks: how many weeks are looked ahead
    :param partners: commercial partners, None for all
    :param kept: read what was kept of the past (``dunning_forecast_past``)
    """

    company: models.BaseModel
    date: Date
    weeks: int
    partners: models.BaseModel | None = None
    kept: bool = False

    @property
    def monday(self) -> Date:
        """The Monday of the first week: on a Sunday that of the week to come."""
        following = self.date + timedelta(1)
        return following - timedelta(following.weekday())

    @property
    def ends(self) -> list[int]:
        """The last days of the weeks, counted from the date."""
        first = (self.monday - self.date).days + 6
        return [first + 7 * number for number in range(self.weeks)]

    def restricted(self, partners: models.BaseModel) -> "ForecastScope":
        """Return the scope of some of its customers."""
        if self.partners is not None:
            partners &= self.partners
        return replace(self, partners=partners)

    def get_sunday(self, weeks: int) -> Date:
        """Return the Sunday so many whole weeks ago."""
        return self.monday - timedelta(7 * weeks + 1)


@dataclass
class Forecast:
    """What is expected, in company currency.

    :param weeks: Mondays
    :param layers: for each of ``LAYERS`` and ``disputed`` the amounts by week
    :param variance: of the sum of the layers, by week
    :param disputed: all that is in dispute
    :param covered: what credits of the customers pay already
    :param open: all that is open on items, credits aside
    """

    weeks: Sequence[Date]
    layers: dict[str, list[float]] = field(default_factory=dict)
    variance: list[float] = field(default_factory=list)
    disputed: float = 0.0
    covered: float = 0.0
    open: float = 0.0

    def __post_init__(self):
        count = len(self.weeks)
        self.layers = {layer: [0.0] * count for layer in (*LAYERS, "disputed")}
        self.variance = [0.0] * count

    def add(self, layer: str, amount: float, shares: Sequence[float]):
        """Spread an amount over the weeks."""
        amounts = self.layers[layer]
        for week, share in enumerate(shares):
            amounts[week] += amount * share

    def vary(self, squares: float, shares: Sequence[float]):
        """Count how uncertain amounts are, each of which comes as a whole or not.

        :param squares: sum of the squares of the amounts
        """
        for week, share in enumerate(shares):
            self.variance[week] += squares * share * (1.0 - share)

    def get_amount(self, week: int) -> float:
        """Return what is expected in a week, disputes aside."""
        return sum(self.layers[layer][week] for layer in LAYERS)

    def round(self, currency: models.BaseModel):
        """Round the amounts, so that they add up."""
        for amounts in self.layers.values():
            amounts[:] = [currency.round(amount) for amount in amounts]
        self.disputed = currency.round(self.disputed)
        self.covered = currency.round(self.covered)
        self.open = currency.round(self.open)

    def get_later(self, currency: models.BaseModel) -> float:
        """Return what is neither expected within these weeks, nor in dispute, nor
        covered by credits."""
        expected = sum(map(self.get_amount, range(len(self.weeks))))
        return currency.round(self.open - self.disputed - self.covered - expected)


class DunningForecast(models.AbstractModel):
    """The cash that is to be expected, by week.

    How it works: how each customer pays is read from what it has paid
    (``dunning_forecast_habit``); what is open that day (``dunning_forecast_open``) is
    summed up by how far it is from the habit of its customer, and each of these sums
    is spread over the weeks (``tools/forecast.py``). What was promised or is in dispute
    is taken out before (``dunning_forecast_agreed``). How wide the band must be is
    learnt from what the same forecast would have said before
    (``dunning_forecast_score``). Nothing is stored, and nothing is read that is dated
    later than the day.
    """

    _name = "dunning.forecast"
    _description = "Cash Forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_scope(self, company, date=None, weeks=13, partners=None) -> ForecastScope:
        """Return what is asked for.

        :raise ValidationError: the day is so far away that it was mistyped
        """
        day = date or company._dunning_today()
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(
                self.env._(
                    "There is no forecast of %s: choose another day.",
                    format_date(self.env, day),
                )
            )
        return ForecastScope(
            company=company.with_env(self.env),
            date=day,
            weeks=weeks,
            partners=partners,
        )

    @api.model
    def _get_rows(self, scope: ForecastScope) -> list[dict]:
        """Return the weeks as ``res.company._dunning_forecast`` gives them."""
        forecast = self._predict(scope)
        band = self._get_band(self._look_back(scope))
        return self._arrange(scope, forecast, band)

    @api.model
    def _arrange(self, scope, forecast, band):
        currency = scope.company._dunning_get_currency()
        forecast.round(currency)
        bound = forecast.open - forecast.disputed - forecast.covered
        rows = []
        for number, monday in enumerate(forecast.weeks):
            amount = currency.round(forecast.get_amount(number))
            half = band.get_half(amount, forecast.variance[number])
            rows.append(
                {
                    "week": monday,
                    "amount": amount,
                    "low": currency.round(max(0.0, amount - half)),
                    "high": currency.round(max(amount, min(amount + half, bound))),
                    **{
                        name: values[number] for name, values in forecast.layers.items()
                    },
                }
            )
        return rows

    @api.model
    def _predict(self, scope: ForecastScope) -> Forecast:
        """Return what is expected on a day, from what was known on it."""
        mondays = [scope.monday + timedelta(7 * week) for week in range(scope.weeks)]
        forecast = Forecast(mondays)
        habits = self._learn(scope)
        agreed = self._get_agreed(scope)
        groups = self._get_groups(scope, habits, agreed)
        self._learn_shapes(habits, groups)
        self._spread_groups(scope, forecast, habits, groups)
        self._spread_agreed(scope, forecast, habits, agreed)
        return forecast

    @api.model
    def _spread_groups(self, scope, forecast, habits, groups):
        """Add what is expected by habit or due date."""
        steps = habits.get_steps(scope.ends)
        for group in groups:
            width = habits.get_width(group.level)
            shares = tools.spread(
                habits.shapes[tools.get_class(width)],
                group.offset / habits.PARTS / width,
                steps[group.run],
                width,
            )
            forecast.add("habit" if group.known else "due", group.amount, shares)
            forecast.vary(group.squares, shares)
            forecast.covered += group.covered
            forecast.open += group.amount + group.covered + group.hopeless
