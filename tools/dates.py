"""Days that never leave the calendar: some people write 9999-12-31 for "for ever"."""

from collections.abc import Iterable
from datetime import date as Date

Span = tuple[Date, Date]

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


def subtract(span: Span, others: Iterable[Span]) -> list[Span]:
    """Return what is left of a span of days where others are taken out.

    :param span: first and last day
    :param others: spans that take their days from it

    >>> year = Date(2026, 1, 1), Date(2026, 12, 31)
    >>> for first, last in subtract(year, [(Date(2026, 3, 1), Date(2026, 3, 10))]):
    ...     print(first, last)
    2026-01-01 2026-02-28
    2026-03-11 2026-12-31
    >>> subtract(year, [year]), subtract(year, [(Date(2027, 1, 1), LAST_DAY)]) == [year]
    ([], True)
    """
    left, (start, end) = [], span
    for first, last in sorted(others):
        if last < start or first > end:
            continue
        if first > start:
            left.append((start, shift(first, -1)))
        if last >= end:
            return left
        start = shift(last, 1)
    return [*left, (start, end)]
