"""Instalment plans: an amount in several dated parts."""

from datetime import date as Date

from dateutil.relativedelta import relativedelta

from .errors import InstalmentError

WEEK, MONTH = "week", "month"

# Unit and number of units between two instalments.
INTERVALS = {"week": (WEEK, 1), "fortnight": (WEEK, 2), "month": (MONTH, 1)}

# Nobody agrees on more of them: thirty years of months.
MOST = 360


def split(
    amount: float,
    number: int,
    first: Date,
    unit: str = MONTH,
    every: int = 1,
    digits: int = 2,
) -> list[tuple[Date, float]]:
    """Split an amount into equal instalments; the last one takes what rounding leaves.

    :param number: how many instalments
    :param first: day of the first one
    :param unit: ``week`` or ``month``
    :param every: how many weeks or months between two of them
    :param digits: decimal places of the currency
    :return: list of date and amount
    :raise InstalmentError: there are fewer units of currency than instalments, too many
        instalments, or the calendar ends before the last

    >>> split(100, 3, Date(2026, 3, 2), WEEK, 2) # doctest: +NORMALIZE_WHITESPACE
    [(datetime.date(2026, 3, 2), 33.33),
     (datetime.date(2026, 3, 16), 33.33),
     (datetime.date(2026, 3, 30), 33.34)]

    From the end of a month on, instalments fall on the ends of months:

    >>> [str(day) for day, _amount in split(9, 3, Date(2026, 1, 31))]
    ['2026-01-31', '2026-02-28', '2026-03-31']
    >>> [amount for _day, amount in split(0.03, 3, Date(2026, 1, 31))]
    [0.01, 0.01, 0.01]
    >>> split(0.02, 3, Date(2026, 1, 31)) # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    InstalmentError: 0.02 cannot be paid in 3 instalments
    """
    units = round(amount * 10**digits)
    if not 1 <= number <= MOST or units < number:
        raise InstalmentError(f"{amount} cannot be paid in {number} instalments")
    parts = [units // number] * number
    parts[-1] += units % number
    return [
        (get_date(first, index, unit, every), round(part / 10**digits, digits))
        for index, part in enumerate(parts)
    ]


def propose(
    amount: float, number: int, first: Date | None, interval: str, digits: int = 2
) -> list[tuple[Date, float]]:
    """Return the instalments that a form shows while it is filled in: none as long as
    they cannot be told.

    :param interval: one of :data:`INTERVALS`; see :func:`split` for the others

    >>> propose(10, 2, Date(2026, 1, 1), "fortnight")
    [(datetime.date(2026, 1, 1), 5.0), (datetime.date(2026, 1, 15), 5.0)]
    >>> propose(10, 2, None, "month"), propose(10, 0, Date(2026, 1, 1), "month")
    ([], [])
    """
    if not first:
        return []
    try:
        return split(amount, number, first, *INTERVALS[interval], digits)
    except InstalmentError:
        return []


def get_date(first: Date, index: int, unit: str = MONTH, every: int = 1) -> Date:
    """Return the day of an instalment, counted from the first one.

    >>> get_date(Date(2028, 1, 31), 1)
    datetime.date(2028, 2, 29)

    :raise InstalmentError: the calendar ends before

    >>> get_date(Date.max, 1, WEEK) # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    InstalmentError: 1 weeks after 9999-12-31 is no day
    >>> get_date(Date.max, 1) # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    InstalmentError: 1 months after 9999-12-31 is no day
    """
    step = {WEEK: "weeks", MONTH: "months"}[unit]
    try:
        return first + relativedelta(**{step: every * index})
    except (OverflowError, ValueError) as error:
        raise InstalmentError(f"{index} {step} after {first} is no day") from error
