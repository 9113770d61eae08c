"""When customers pay: their habits, and what is to be expected of them by week.

A habit is a place and a width: around how many days after the due date a customer pays,
and how far from there. What customers have in common is the shape: how payments lie
around their customer's habit, counted in widths, what is still open included (the
estimator of Kaplan and Meier), apart for punctual and for erratic customers. What
is to be expected of an item that is unpaid today follows from the part of the shape
that is still ahead of it.

Days are counted from the day of the forecast. *Effective* days stand still between
the days on which somebody pays: on Sunday no more has been paid than on Friday, and who
pays on the 10th of each month has paid on the 9th what was ripe a month ago.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

# The cells of a shape: widths from the habit.
LOW, STEP, CELLS = -8.0, 0.05, 761

# Less than this share of the payments comes so late that nothing is known of it.
UNSEEN = 1e-6

# Ends of the classes of widths, in days.
CLASSES = (2.0, 3.0, 4.5, 7.0, 11.0)

# How many days a customer must have paid on before they are believed to be its rule,
# and what share of them must follow it.
WEEKLY_DAYS = 6
MONTHLY_DAYS = 3
RULE_SHARE = 0.75
RUNS_A_MONTH = 3
# Days of the month on which payments are made; the last stands for its end.
RUN_DAYS = (*range(1, 29), 31)

# 80 % of a normal distribution are within so many deviations.
NORMAL_80 = 1.2816
# How many weeks of the past the normal distribution counts for.
BAND_WEEKS = 10


# ----------------------------------------------------------------------
# DAYS ON WHICH SOMEBODY PAYS
# ----------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Run:
    """The days on which a customer makes its payments.

    :param kind: ``week`` or ``month``
    :param days: days of the week (0 is Monday), or of the month (31 is its end)
    :param tenths: share of its payments that follow the rule
    """

    kind: str
    days: tuple[int, ...]
    tenths: int


def find_run(
    weekdays: Sequence[int], month_days: Sequence[int], count: int
) -> Run | None:
    """Return the rule by which a customer chooses the days of its payments, if it
    shows.

    :param weekdays: on how many days it has paid, by day of the week
    :param month_days: on how many of them payments of each of ``RUN_DAYS`` are made,
        when days off are put off; a day may count for several
    :param count: on how many days it has paid

    >>> find_run([0, 0, 0, 9, 1, 0, 0], [0] * 29, 10)
    Run(kind='week', days=(3,), tenths=9)
    >>> tenth = [0] * 29
    >>> tenth[8:11] = 1, 6, 2
    >>> find_run([2, 1, 1, 1, 1, 0, 0], tenth, 6)
    Run(kind='month', days=(10,), tenths=10)
    >>> find_run([2, 1, 1, 1, 1, 0, 0], [1] * 29, 6)
    >>> find_run([0, 0, 0, 5, 1, 0, 0], [0] * 29, WEEKLY_DAYS)
    Run(kind='week', days=(3,), tenths=8)

    Three days apart is the same run still:

    >>> near = [0] * 29
    >>> near[9], near[12] = 8, 4
    >>> find_run([2, 2, 2, 2, 1, 0, 0], near, 9)
    Run(kind='month', days=(10,), tenths=9)

    Few days show no rule:

    >>> find_run([1, 1, 1, 0, 0, 0, 0], [0] * 9 + [3] + [0] * 19, MONTHLY_DAYS)
    """
    most = max(weekdays)
    if count >= WEEKLY_DAYS and most >= RULE_SHARE * count:
        return Run("week", (weekdays.index(most),), round(10 * most / count))
    least = max(MONTHLY_DAYS, 0.2 * count)
    found, covered = [], 0
    ranked = sorted(zip(month_days, RUN_DAYS, strict=True), key=lambda n: (-n[0], n[1]))
    for number, day in ranked:
        if number < least or len(found) == RUNS_A_MONTH:
            break
        # Neighbours are the same run on other sides of a weekend.
        if all(min(abs(day - other), 31 - abs(day - other)) > 3 for other in found):
            found.append(day)
            covered += number
    enough = count > MONTHLY_DAYS * len(found)
    if not found or not enough or covered < RULE_SHARE * count:
        return None
    return Run("month", tuple(sorted(found)), min(10, round(10 * covered / count)))


def list_run_days(
    days: Iterable[int], first: Date, last: Date, is_off: Callable[[Date], bool]
) -> list[Date]:
    """Return the dates of payments that are made on some days of each month; on a day
    off, the next day that is none.

    >>> weekend = lambda day: day.weekday() > 4
    >>> [str(day) for day in
    ...  list_run_days([10, 31], Date(2026, 1, 5), Date(2026, 3, 3), weekend)]
    ['2026-01-12', '2026-02-02', '2026-02-10', '2026-03-02']
    >>> [str(day) for day in
    ...  list_run_days([10], Date(2026, 2, 10), Date(2026, 3, 10), weekend)]
    ['2026-02-10', '2026-03-10']
    """
    found = set()
    month = (first - timedelta(40)).replace(day=1)
    while month <= last:
        following = (month + timedelta(32)).replace(day=1)
        for day in days:
            date = min(month + timedelta(day - 1), following - timedelta(1))
            while is_off(date):
                date += timedelta(1)
            if first <= date <= last:
                found.add(date)
        month = following
    return sorted(found)


def get_effective_days(
    run: Run | None, first: Date, last: Date, off: Collection[Date], share_off: float
) -> list[float]:
    """Return for each date of a period the effective day, as an ordinal: the last on
    which what was ripe has been paid.

    :param run: when the customer pays; None for every day that is not off
    :param off: days off
    :param share_off: share of all payments that are made on days off

    >>> friday = Date(2026, 1, 9).toordinal()
    >>> [day - friday for day in get_effective_days(
    ...     None, Date(2026, 1, 9), Date(2026, 1, 12),
    ...     {Date(2026, 1, 10), Date(2026, 1, 11)}, 0.0)]
    [0.0, 0.0, 0.0, 3.0]
    >>> [day - friday for day in get_effective_days(
    ...     Run("week", (4,), 10), Date(2026, 1, 8), Date(2026, 1, 16), (), 0.0)]
    [-7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 7.0]
    """
    count = (last - first).days + 1
    dates = [first + timedelta(number) for number in range(count)]
    expected = sum(date in off for date in dates) / count
    kept = 1.0 - min(1.0, share_off / expected) if expected else 0.0
    worked = _follow(dates, lambda date: date not in off)
    plain = [
        kept * day + (1.0 - kept) * date.toordinal()
        for day, date in zip(worked, dates, strict=True)
    ]
    if run is None:
        return plain
    if run.kind == "week":
        ruled = _follow(dates, lambda date: date.weekday() in run.days)
    else:
        begin = first - timedelta(40)
        paid = set(list_run_days(run.days, begin, last, lambda day: day in off))
        ruled = _follow(dates, lambda date: date in paid)
    share = run.tenths / 10
    return [
        share * day + (1.0 - share) * other
        for day, other in zip(ruled, plain, strict=True)
    ]


def _follow(dates, is_paid):
    """Return the ordinal of the last date, until each, on which is paid."""
    date = dates[0]
    for _number in range(40):
        if is_paid(date):
            break
        date -= timedelta(1)
    found, day = [], float(date.toordinal())
    for date in dates:
        if is_paid(date):
            day = float(date.toordinal())
        found.append(day)
    return found


# ----------------------------------------------------------------------
# SHAPES
# ----------------------------------------------------------------------


def get_normal_shape() -> list[float]:
    """Return the shape that stands where nothing is known: a normal distribution."""
    return [
        1.0,
        *(
            math.erfc((LOW + STEP * (cell + 0.5)) / math.sqrt(2)) / 2
            for cell in range(CELLS)
        ),
    ]


def get_shape(
    paid: Sequence[float],
    unpaid: Sequence[float],
    prior: Sequence[float],
    weight: float,
) -> list[float]:
    """Return the share of payments that come after the beginning of each cell.

    :param paid: payments by cell
    :param unpaid: what was still open in each cell when last seen
    :param prior: the shape to which it is drawn
    :param weight: for how many payments the prior counts (a Dirichlet process on what
        is not censored: Susarla and Van Ryzin, 1976)

    >>> prior = get_normal_shape()
    >>> nothing = [0.0] * CELLS
    >>> shape = get_shape(nothing, nothing, prior, 20)
    >>> max(abs(own - drawn) for own, drawn in zip(shape, prior)) < 1e-6
    True
    >>> habit = list(nothing)
    >>> habit[160] = 1000
    >>> shape = get_shape(habit, nothing, prior, 1)
    >>> round(shape[160], 2), round(shape[161], 2)
    (1.0, 0.0)
    """
    at_risk = float(sum(paid) + sum(unpaid))
    shape, left = [1.0], 1.0
    for cell in range(CELLS):
        before, after = prior[cell], prior[cell + 1]
        known = at_risk + weight * before
        if known > 1e-9:
            hazard = (paid[cell] + weight * (before - after)) / known
            left *= 1.0 - min(1.0, max(0.0, hazard))
        shape.append(left)
        at_risk = max(0.0, at_risk - paid[cell] - unpaid[cell])
    return [round(share, 15) for share in shape]


def look_up(shape: Sequence[float], distance: float) -> float:
    """Return the share of payments that come later than a distance, in widths.

    >>> round(look_up(get_normal_shape(), 0.0), 3)
    0.5
    """
    place = min(max((distance - LOW) / STEP + 0.5, 0.0), CELLS - 0.001)
    cell = int(place)
    return shape[cell] + (shape[cell + 1] - shape[cell]) * (place - cell)


def get_class(width: float) -> int:
    """Return the class of a width, as ``WIDTH_BUCKET`` of the database gives it.

    >>> [get_class(width) for width in (1, 2, 5, 100)]
    [0, 1, 3, 5]
    """
    return bisect_right(CLASSES, width)


def spread(
    shape: Sequence[float], distance: float, steps: Iterable[float], width: float
) -> list[float]:
    """Return the probability that an unpaid item is paid in each week to come.

    :param shape: that of customers of this width
    :param distance: of today from the habit, in widths
    :param steps: effective days until the end of each week

    >>> shape = get_normal_shape()
    >>> [round(share, 2) for share in spread(shape, 0.0, [7, 14, 21], 7.0)]
    [0.68, 0.27, 0.04]
    >>> spread(shape, 1000.0, [7, 14], 7.0)
    [0.5, 0.25]
    """
    before = base = look_up(shape, distance)
    if base < UNSEEN:
        # Nobody has been so late: half of it comes within each further width.
        left = [1.0, *(0.5 ** (step / width) for step in steps)]
        return [before - after for before, after in zip(left, left[1:], strict=False)]
    shares = []
    for step in steps:
        after = look_up(shape, distance + step / width)
        shares.append((before - after) / base)
        before = after
    return shares


# ----------------------------------------------------------------------
# BAND AND SCORE
# ----------------------------------------------------------------------


@dataclass(frozen=True)
class Band:
    """How far from what is expected it may come.

    :param factor: deviations within which 80 % of the weeks are
    :param common: share of the amount by which all customers together are off
    """

    factor: float = NORMAL_80
    common: float = 0.0

    def get_half(self, amount: float, variance: float) -> float:
        """Return half the width of the band around an amount.

        >>> round(Band().get_half(100.0, 25.0), 2)
        6.41
        """
        return self.factor * math.sqrt(variance + (self.common * amount) ** 2)


def get_band(
    weeks: Iterable[tuple[float, float, float]], sampled: bool = False
) -> Band:
    """Return the band that would have held in 80 % of the weeks of the past, drawn to
    what a normal distribution says.

    A sample of the customers shows less of what all have in common than there is in the
    sum of all: there, it is told from what differs between them.

    :param weeks: what was expected, its deviation, and what came
    :param sampled: whether only some of the customers were looked at

    >>> get_band([])
    Band(factor=1.2816, common=0.0)
    >>> round(get_band([(9.0, 1.0, 12.0)] * 1000).factor, 2)
    2.97
    >>> round(get_band([(100.0, 1.0, 110.0)] * 50, sampled=True).common, 3)
    0.099
    """
    weeks = [week for week in weeks if week[1] > 0]
    if not weeks:
        return Band()
    if sampled:
        excess = sum((came - said) ** 2 - sd**2 for said, sd, came in weeks)
        whole = sum(said**2 for said, _deviation, _came in weeks)
        return Band(common=math.sqrt(max(0.0, excess / whole)) if whole else 0.0)
    found = sorted(abs(came - said) / deviation for said, deviation, came in weeks)
    seen = max(_get_quantile(found, 0.8), 0.1)
    total = len(found) + BAND_WEEKS
    return Band(
        math.exp(
            (len(found) * math.log(seen) + BAND_WEEKS * math.log(NORMAL_80)) / total
        )
    )


def _get_quantile(ordered, share):
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def get_wape(pairs: Iterable[tuple[float, float]]) -> float | None:
    """Return the weighted absolute percentage error, as a fraction.

    :param pairs: what was expected and what came

    >>> get_wape([(90, 100), (30, 20)])
    0.16666666666666666
    >>> get_wape([(1, 0)])
    """
    pairs = list(pairs)
    came = sum(actual for _expected, actual in pairs)
    if came <= 0:
        return None
    return sum(abs(expected - actual) for expected, actual in pairs) / came
