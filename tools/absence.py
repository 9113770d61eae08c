"""Whether somebody is away on a day, by the moments between which an absence lasts."""

from datetime import date, datetime, time

NOON, ONE = time(12), time(13)


def is_out(day: date, start: datetime | None, end: datetime | None) -> bool:
    """Return whether somebody is out of office on a day: its first and last day count.

    >>> nine = datetime(2026, 3, 2, 9)
    >>> is_out(date(2026, 3, 2), nine, None), is_out(date(2026, 3, 1), nine, None)
    (True, False)
    >>> is_out(date(2026, 3, 4), nine, datetime(2026, 3, 4, 0, 0))
    True
    >>> is_out(date(2026, 3, 5), nine, datetime(2026, 3, 4, 23))
    False
    >>> is_out(date(2026, 3, 2), None, None)
    False

    :param start: first moment where the company works, None for never
    :param end: last moment, None for until further notice
    """
    if not start:
        return False
    return start.date() <= day and (not end or day <= end.date())


def is_on_leave(day: date, start: datetime, end: datetime) -> bool:
    """Return whether a leave takes the day: over midday, for half a day is no absence.

    >>> leave = datetime(2026, 3, 2, 8), datetime(2026, 3, 3, 12)
    >>> is_on_leave(date(2026, 3, 2), *leave), is_on_leave(date(2026, 3, 3), *leave)
    (True, False)

    :param start: first moment where the company works
    :param end: last moment
    """
    return start <= datetime.combine(day, NOON) and datetime.combine(day, ONE) <= end
