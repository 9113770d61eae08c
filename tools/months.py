"""Calendar months, as periods of figures."""

from collections.abc import Iterable
from datetime import date as Date

from .dates import shift


def first_of_month(day: Date, back: int = 0) -> Date:
    """Return the first day of a month, or of one so many months before.

    >>> first_of_month(Date(2026, 10, 31)), first_of_month(Date(2026, 2, 5), 2)
    (datetime.date(2026, 10, 1), datetime.date(2025, 12, 1))

    Before the first month there is none:

    >>> first_of_month(Date(1, 1, 5), 3)
    datetime.date(1, 1, 1)
    """
    months = max(day.year * 12 + day.month - 1 - back, 12)
    return Date(months // 12, months % 12 + 1, 1)


def month_ends(day: Date, count: int) -> list[Date]:
    """Return the last days of the months before a day, then the day.

    >>> month_ends(Date(2026, 3, 2), 3)[:2]
    [datetime.date(2026, 1, 31), datetime.date(2026, 2, 28)]
    >>> month_ends(Date(2026, 3, 31), 1)
    [datetime.date(2026, 3, 31)]
    """
    starts = (first_of_month(day, back) for back in range(count - 2, -1, -1))
    return [*(shift(start, -1) for start in starts), day]


def back_from(day: Date, sales: dict[Date, float]) -> Iterable[tuple[float, int]]:
    """Return sales and days of the months back from a day, the newest first: the month
    of the day until then, then whole months, as far as sales are known.

    >>> sales = {Date(2026, 10, 1): 50, Date(2026, 8, 1): 20}
    >>> list(back_from(Date(2026, 10, 15), sales))
    [(50, 15), (0.0, 30), (20, 31)]

    :param sales: by the first day of the month
    """
    if not sales:
        return
    oldest, last = min(sales), day
    month = first_of_month(day)
    while month >= oldest:
        yield sales.get(month, 0.0), (last - month).days + 1
        if month == Date.min:
            return
        last = shift(month, -1)
        month = first_of_month(last)
