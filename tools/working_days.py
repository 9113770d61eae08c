"""Working days, from the set of days off of a calendar."""

from collections.abc import Collection
from datetime import date

from .dates import FIRST_DAY, LAST_DAY, shift

# Days ahead for which next dates take the calendar of the company into account.
CALENDAR_HORIZON = 120


def next_working_day(day: date, days_off: Collection[date]) -> date:
    """Return ``day`` itself when it is worked, else the first worked day after it.

    >>> saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
    >>> next_working_day(saturday, {saturday, sunday})
    datetime.date(2026, 11, 23)
    >>> next_working_day(date(2026, 11, 20), {saturday, sunday})
    datetime.date(2026, 11, 20)

    A leap day is a day like another:

    >>> next_working_day(date(2028, 2, 28), {date(2028, 2, 28)})
    datetime.date(2028, 2, 29)

    After the last day there is none:

    >>> next_working_day(date.max, {date.max}), previous_working_day(date.min, set())
    (datetime.date(9999, 12, 31), datetime.date(1, 1, 1))
    """
    while day in days_off and day < LAST_DAY:
        day = shift(day, 1)
    return day


def previous_working_day(day: date, days_off: Collection[date]) -> date:
    """Return ``day`` itself when it is worked, else the last worked day before it.

    >>> previous_working_day(date(2026, 3, 1), {date(2026, 2, 28), date(2026, 3, 1)})
    datetime.date(2026, 2, 27)
    """
    while day in days_off and day > FIRST_DAY:
        day = shift(day, -1)
    return day


def add_working_days(day: date, count: int, days_off: Collection[date]) -> date:
    """Return the day on which so many worked days have passed after ``day``.

    >>> saturday, sunday = date(2026, 11, 21), date(2026, 11, 22)
    >>> add_working_days(date(2026, 11, 19), 2, {saturday, sunday})
    datetime.date(2026, 11, 23)

    Whoever asks on a day off has the first worked day as the first:

    >>> add_working_days(saturday, 1, {saturday, sunday})
    datetime.date(2026, 11, 23)

    No delay means the same day, or the next worked one:

    >>> add_working_days(sunday, 0, {saturday, sunday})
    datetime.date(2026, 11, 23)
    """
    for _number in range(count):
        if day == LAST_DAY:
            break
        day = next_working_day(shift(day, 1), days_off)
    return next_working_day(day, days_off)


def postponements(days_off: Collection[date]) -> list[tuple[date, date]]:
    """Return, for each day off, the working day that replaces it.

    >>> postponements({date(2026, 5, 1), date(2026, 5, 2)})
    ... # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2026, 5, 1), datetime.date(2026, 5, 3)),
     (datetime.date(2026, 5, 2), datetime.date(2026, 5, 3))]
    """
    return [(day, next_working_day(day, days_off)) for day in sorted(days_off)]
