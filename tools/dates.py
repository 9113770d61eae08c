"""Days that never leave the calendar: some people write 9999-12-31 for "for ever"."""

from datetime import date as Date

# What date fields take.
FIRST_DAY, LAST_DAY = Date.min, Date.max

# Beyond these no working calendar is asked: hours of other time zones would leave the
# calendar.
FIRST_WORKED, LAST_WORKED = Date(1000, 1, 1), Date(9000, 12, 31)


def shift(day: Date, days: int) -> Date:
    """Return the day so many days after, or before; the last or the first day there is
    when that would be beyond.

    >>> shift(Date(2028, 2, 28), 2), shift(Date(2026, 3, 1), -1)
    (datetime.date(2028, 3, 1), datetime.date(2026, 2, 28))
    >>> shift(Date(9999, 12, 31), 1), shift(Date(1, 1, 1), -10**10)
    (datetime.date(9999, 12, 31), datetime.date(1, 1, 1))
    """
    ordinal = day.toordinal() + days
    return Date.fromordinal(
        min(max(ordinal, FIRST_DAY.toordinal()), LAST_DAY.toordinal())
    )


def within(start: Date, end: Date) -> tuple[Date, Date] | None:
    """Return that part of a period for which a working calendar is asked, if any.

    >>> within(Date(2026, 1, 1), Date(9999, 12, 31))
    (datetime.date(2026, 1, 1), datetime.date(9000, 12, 31))
    >>> within(Date(2026, 3, 2), Date(2026, 3, 2))
    (datetime.date(2026, 3, 2), datetime.date(2026, 3, 2))
    >>> within(Date(9999, 12, 1), Date(9999, 12, 31))
    """
    start, end = max(start, FIRST_WORKED), min(end, LAST_WORKED)
    return (start, end) if start <= end else None
