"""Payment terms and what the law allows: when an invoice should have been due."""

import calendar
from datetime import date as Date

from .dates import shift


def get_latest_due(day: Date, days: int, month_end_days: int = 0) -> Date:
    """Return the latest day on which an invoice may fall due by law: so many days after
    it, or so many that are counted with an end of month, in the way that leaves more
    time: 45 days and then the end of the month, or the end of the month and then 45
    days (Code de commerce, L441-10 I).

    >>> str(get_latest_due(Date(2026, 1, 10), 60, 45))
    '2026-03-17'
    >>> str(get_latest_due(Date(2026, 1, 31), 60))
    '2026-04-01'

    :param day: date of the invoice
    :param days: longest term from it
    :param month_end_days: longest term that is counted with an end of month, 0: none
    """
    latest = shift(day, days)
    return max(latest, *both(day, month_end_days)) if month_end_days else latest


def both(day: Date, days: int) -> tuple[Date, Date]:
    """Return the two ways in which days and an end of month are counted: the end of the
    month in which they end, and so many days after the end of the month.

    >>> [str(due) for due in both(Date(2026, 4, 20), 45)]
    ['2026-06-30', '2026-06-14']
    """
    return _end_of_month(shift(day, days)), shift(_end_of_month(day), days)


def _end_of_month(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
