"""Rates over time: which of several holds on which day, and where none is known."""

from collections.abc import Iterable
from datetime import date as Date
from typing import Generic, NamedTuple, TypeVar

from .dates import FIRST_DAY, LAST_DAY

Value = TypeVar("Value")


class Span(NamedTuple, Generic[Value]):
    """Days, both included, for which something holds; None: nothing does."""

    date_from: Date
    date_to: Date
    value: Value | None


def lay_out(spans: Iterable[Span[Value]]) -> list[Span[Value]]:
    """Return what holds from the first day of the calendar to the last, without a gap.
    Of two that hold on a day, the later of the list does.

    >>> shared = [Span(Date(2025, 1, 1), Date(2025, 6, 30), "shared")]
    >>> own = [Span(Date(2025, 3, 1), Date(2025, 3, 31), "own")]
    >>> for span in lay_out(shared + own):
    ...     print(span.date_from, span.date_to, span.value)
    0001-01-01 2024-12-31 None
    2025-01-01 2025-02-28 shared
    2025-03-01 2025-03-31 own
    2025-04-01 2025-06-30 shared
    2025-07-01 9999-12-31 None

    What follows another of the same value is told apart, as semesters are:

    >>> halves = [
    ...     Span(Date(2025, 1, 1), Date(2025, 6, 30), 12),
    ...     Span(Date(2025, 7, 1), Date(2025, 12, 31), 12),
    ... ]
    >>> [span.value for span in lay_out(halves)]
    [None, 12, 12, None]
    """
    first, end = FIRST_DAY.toordinal(), LAST_DAY.toordinal() + 1
    laid = [(first, end, None)]
    for span in spans:
        start, stop = span.date_from.toordinal(), span.date_to.toordinal() + 1
        rest = []
        for known, until, value in laid:
            if known < start:
                rest.append((known, min(until, start), value))
            if until > stop:
                rest.append((max(known, stop), until, value))
        if start < stop:
            rest.append((start, stop, span.value))
        laid = sorted(rest, key=lambda part: part[0])
    return [
        Span(Date.fromordinal(start), Date.fromordinal(stop - 1), value)
        for start, stop, value in laid
    ]


def find(spans: Iterable[Span[Value]], day: Date) -> Value | None:
    """Return what holds on a day.

    >>> find([Span(Date(2025, 1, 1), Date(2025, 6, 30), 13.15)], Date(2025, 6, 30))
    13.15
    >>> find([], Date(2025, 6, 30))
    """
    for span in spans:
        if span.date_from <= day <= span.date_to:
            return span.value
    return None
