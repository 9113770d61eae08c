"""Interest on what is paid late: a principal, days, rates.

Interest runs from the day after the due date to the last day, both included, on what
is left of the principal. It is cut where the rate changes and where the principal does,
and rounded once for each period: what is shown can be added up by hand.

The worked case of the documentation: 10 000 due 31/05/2025 and paid 15/09/2025, at the
rate of the European Central Bank and 10 points (Code de commerce, L441-10 II):

>>> rates = [(Date(2025, 1, 1), 13.15), (Date(2025, 7, 1), 12.15)]
>>> periods = accrue(10_000, Date(2025, 5, 31), Date(2025, 9, 15), rates)
>>> [(p.days, p.base, p.rate, p.amount) for p in periods]
[(30, 10000.0, 13.15, 108.08), (77, 10000.0, 12.15, 256.32)]
>>> total(periods)
364.4
"""

import calendar
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date as Date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from operator import itemgetter
from typing import Literal, NamedTuple

from .dates import shift
from .errors import InterestError, MissingRate

BASES = (365, 360, "actual")

Basis = Literal[365, 360, "actual"]
# From which day a rate holds, in percent; None: none is known from then on.
Rates = Sequence[tuple[Date, float | None]]
# First and last day (None: open-ended) on which an amount (None: all) bears nothing.
Pause = tuple[Date, Date | None, float | None]


class Period(NamedTuple):
    """Days, both included, of one base and one rate (percent a year)."""

    date_from: Date
    date_to: Date
    days: int
    base: float
    rate: float
    amount: float


class Unknown(NamedTuple):
    """Days, both included, that bear interest and whose rate is not known."""

    date_from: Date
    date_to: Date


def accrue(
    principal: float,
    date_due: Date,
    date_end: Date,
    rates: Rates,
    payments: Iterable[tuple[Date, float]] = (),
    frozen: bool = False,
    basis: Basis = 365,
    digits: int = 2,
    *,
    pauses: Iterable[Pause] = (),
    rounding: float | None = None,
    unknown: list[Unknown] | None = None,
) -> list[Period]:
    """Return the interest on a principal, period by period.

    Nothing is due on the due date itself:

    >>> rates = [(Date(2024, 1, 1), 12.0)]
    >>> accrue(100, Date(2024, 2, 28), Date(2024, 2, 28), rates)
    []

    A leap year has 366 days, of which each bears a 365th, a 360th, or a 366th:

    >>> year = (Date(2024, 1, 1), Date(2024, 12, 31))
    >>> for basis in BASES:
    ...     total(accrue(1000, *year, rates, basis=basis))
    120.0
    121.67
    119.67

    A payment lowers the base from the day after it; what was paid before the due date
    never bore interest, and paid to the end nothing does:

    >>> paid = [(Date(2024, 3, 10), 400.0), (Date(2024, 3, 20), 600.0)]
    >>> periods = accrue(1000, Date(2024, 2, 29), Date(2024, 4, 30), rates, paid)
    >>> [(str(p.date_from), str(p.date_to), p.days, p.base) for p in periods]
    [('2024-03-01', '2024-03-10', 10, 1000.0), ('2024-03-11', '2024-03-20', 10, 600.0)]

    Frozen, the rate of the first day stays, whatever comes after:

    >>> rates = [(Date(2025, 1, 1), 11.15), (Date(2025, 7, 1), None)]
    >>> len(accrue(1000, Date(2025, 6, 1), Date(2025, 9, 30), rates, frozen=True))
    1
    >>> accrue(1000, Date(2025, 6, 1), Date(2025, 9, 30), rates)
    Traceback (most recent call last):
    odoo.addons.account_dunning.tools.errors.MissingRate: 2025-07-01

    What is known can be had without the rest, which is told beside it:

    >>> unknown = []
    >>> known = accrue(
    ...     1000, Date(2025, 6, 1), Date(2025, 9, 30), rates, unknown=unknown
    ... )
    >>> [str(p.date_to) for p in known], [str(days.date_from) for days in unknown]
    (['2025-06-30'], ['2025-07-01'])

    Part of it is disputed, for two days:

    >>> pauses = [(Date(2025, 6, 5), Date(2025, 6, 6), 400.0)]
    >>> periods = accrue(1000, Date(2025, 6, 1), Date(2025, 6, 9), rates, pauses=pauses)
    >>> [(p.days, p.base) for p in periods]
    [(3, 1000.0), (2, 600.0), (3, 1000.0)]

    :param principal: the amount due, tax included
    :param date_due: the last day on which it could be paid in time
    :param date_end: last day of interest
    :param rates: see :data:`Rates`, in any order
    :param payments: days and amounts by which the principal was lowered
    :param frozen: the rate of the first day holds to the end
    :param basis: days of a year: 365, 360, or ``"actual"`` (366 in a leap year)
    :param digits: decimals of the currency
    :param pauses: see :data:`Pause`
    :param rounding: smallest amount of the currency, instead of its decimals
    :param unknown: takes the days whose rate is not known; without it they raise
    :return: the periods in which something bore interest, in order
    :raise MissingRate: nothing is known of the rate on a day that bears interest
    :raise InterestError: the figures cannot be those of a debt
    """
    payments, pauses = list(payments), list(pauses)
    rates = sorted(rates, key=itemgetter(0))
    _check(principal, payments, pauses, rates, basis)
    if date_end <= date_due:
        return []
    first = shift(date_due, 1)
    if frozen:
        rates = _freeze(rates, first)
    step = Fraction(1, 10**digits) if rounding is None else _exact(rounding)
    cuts = _get_cuts(first, date_end, rates, payments, pauses)
    periods = []
    for start, end in pairwise(cuts):
        date_from, date_to = Date.fromordinal(start), Date.fromordinal(end - 1)
        base = _get_base(principal, date_from, payments, pauses)
        if base <= 0:
            continue
        rate = _get_rate(rates, date_from)
        if rate is None:
            if unknown is None:
                raise MissingRate(date_from)
            unknown.append(Unknown(date_from, date_to))
            continue
        exact = base * _exact(rate) / 100 * _get_years(date_from, date_to, basis)
        periods.append(
            Period(
                date_from,
                date_to,
                end - start,
                float(base),
                float(rate),
                float(_round(exact, step)),
            )
        )
    return periods


def total(periods: Iterable[Period]) -> float:
    """Return the sum of the amounts, without what binary numbers add to it.

    >>> total([]), total([Period(None, None, 1, 1, 1, x) for x in (0.1, 0.2)])
    (0.0, 0.3)
    """
    return float(sum(_exact(period.amount) for period in periods))


def per_day(
    base: float, rate: float, day: Date, basis: Basis = 365, digits: int = 2
) -> float:
    """Return what one more day costs, of which a letter tells.

    >>> per_day(10_000, 12.15, Date(2025, 9, 15))
    3.33

    :param base: what is left of the principal
    :param rate: percent a year
    :param day: the day it is about
    """
    exact = _exact(base) * _exact(rate) / 100 * _get_years(day, day, basis)
    return float(_round(exact, Fraction(1, 10**digits)))


# === What was given === #


def _check(principal, payments, pauses, rates, basis):
    """Refuse what would give a figure that means nothing."""
    if basis not in BASES:
        raise InterestError("basis")
    if principal < 0 or any(amount < 0 for _day, amount in payments):
        raise InterestError("negative")
    if sum(_exact(amount) for _day, amount in payments) > _exact(principal):
        raise InterestError("overpaid")
    if any(start == after for (start, _r), (after, _s) in pairwise(rates)):
        raise InterestError("overlap")
    if any(end is not None and end < start for start, end, _amount in pauses):
        raise InterestError("pause")


def _exact(number):
    """Return a number as it is written, not as a computer keeps it.

    >>> _exact(13.15) == Fraction(1315, 100)
    True
    """
    if isinstance(number, Fraction):
        return number
    return Fraction(Decimal(str(number)))


# === Days === #


def _get_cuts(first, last, rates, payments, pauses):
    """Return the ordinals of the days on which a period begins, and of the one after
    the last, which may be beyond the calendar."""
    start, end = first.toordinal(), last.toordinal() + 1
    days = {day.toordinal() for day, _rate in rates}
    days |= {day.toordinal() + 1 for day, amount in payments if amount}
    days |= {day.toordinal() for day, _end, _amount in pauses}
    days |= {day.toordinal() + 1 for _start, day, _amount in pauses if day}
    return sorted({start, end} | {day for day in days if start < day < end})


def _get_years(date_from, date_to, basis):
    """Return days as a part of a year.

    >>> _get_years(Date(2023, 12, 31), Date(2024, 1, 1), "actual")
    Fraction(731, 133590)
    """
    if basis != "actual":
        return Fraction((date_to - date_from).days + 1, basis)
    years = Fraction(0)
    for year in range(date_from.year, date_to.year + 1):
        start, end = max(date_from, Date(year, 1, 1)), min(date_to, Date(year, 12, 31))
        length = 366 if calendar.isleap(year) else 365
        years += Fraction((end - start).days + 1, length)
    return years


# === Amounts === #


def _get_base(principal, day, payments, pauses):
    """Return what bears interest on a day."""
    left = _exact(principal) - sum(
        _exact(paid) for date, paid in payments if date < day
    )
    paused = Fraction(0)
    for start, end, amount in pauses:
        if start <= day and (end is None or day <= end):
            paused += left if amount is None else _exact(amount)
    return max(left - paused, Fraction(0))


def _get_rate(rates, day):
    """Return the rate of a day, None where it is not known."""
    place = bisect_right(rates, day, key=itemgetter(0))
    return rates[place - 1][1] if place else None


def _freeze(rates, day):
    """Return the rate of a day, for ever."""
    place = bisect_right(rates, day, key=itemgetter(0))
    return [(Date.min, rates[place - 1][1])] if place else []


def _round(amount, step):
    """Round half up, as people do.

    >>> _round(Fraction(5, 1000), Fraction(1, 100))
    Fraction(1, 100)
    """
    return (amount / step + Fraction(1, 2)).__floor__() * step
