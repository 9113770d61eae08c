"""When a debt can no longer be claimed before a court."""

from collections.abc import Iterable
from datetime import date as Date
from typing import Literal, NamedTuple

from .dates import LAST_DAY

Ground = Literal["due", "payment", "promise", "act"]


class Limitation(NamedTuple):
    """The last day on which a debt can be claimed.

    :param date: that day
    :param years: for how long it can be claimed
    :param start: since when they count
    :param ground: what began on that day: the debt fell due, or was acknowledged by a
        payment, a promise that the customer accepted, or another act
    """

    date: Date
    years: int
    start: Date
    ground: Ground


def get_limitation(
    due: Date, years: int, events: Iterable[tuple[Date, Ground]] = ()
) -> Limitation:
    """Return the limitation of a debt: each acknowledgement begins it anew (Code civil,
    2240), unless it came too late.

    >>> str(get_limitation(Date(2025, 5, 31), 5).date)
    '2030-05-31'
    >>> paid = [(Date(2026, 3, 1), "payment"), (Date(2025, 9, 15), "promise")]
    >>> found = get_limitation(Date(2025, 5, 31), 2, paid)
    >>> str(found.date), found.ground
    ('2028-03-01', 'payment')
    >>> late = [(Date(2027, 6, 1), "payment")]
    >>> found = get_limitation(Date(2025, 5, 31), 2, late)
    >>> str(found.date), found.ground
    ('2027-05-31', 'due')

    What was not after the due date begins nothing, and 29 February has no anniversary:

    >>> get_limitation(Date(2025, 5, 31), 2, [(Date(2025, 5, 31), "payment")]).ground
    'due'
    >>> str(get_limitation(Date(2024, 2, 29), 2, [(Date(2024, 1, 1), "payment")]).date)
    '2026-02-28'

    No day comes after the last of the calendar:

    >>> str(get_limitation(Date(9996, 5, 31), 5).date)
    '9999-12-31'
    """
    found = Limitation(_add_years(due, years), years, due, "due")
    for day, ground in sorted(events):
        if found.start < day <= found.date:
            found = Limitation(_add_years(day, years), years, day, ground)
    return found


def _add_years(day, years):
    if day.year + years > LAST_DAY.year:
        return LAST_DAY
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return Date(day.year + years, 2, 28)
