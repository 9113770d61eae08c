"""What a contact claims of a customer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping


def get_claimed(
    listed: Iterable[Mapping], referred: Iterable[Mapping] = (), *, is_early=False
) -> float:
    """Return what a contact claims, in company currency, not rounded: in each currency
    the overdue items that it lists, less the customer's unallocated credits and what is
    on hold whatever the item. These cover first what the text only refers to.

    :param listed: rows of the plan for the items it lists: ``currency_id, days_late``,
        ``claim`` (without what is withheld) and ``deduction_company`` (of the currency)
    :param referred: those of the items it only refers to
    :param is_early: the contact comes by the due date: where nothing is overdue, it
        tells what falls due

    >>> def row(claim, days_late=5, deduction=0, currency=1):
    ...     return dict(claim=claim, days_late=days_late, currency_id=currency,
    ...                 deduction_company=deduction)

    What is not due is listed, but not claimed:

    >>> get_claimed([row(100), row(50), row(30, days_late=0)])
    150

    Credits are taken off; more of them than is due leaves nothing, and nothing of the
    other currencies:

    >>> get_claimed([row(100, deduction=30), row(50, deduction=30)])
    120
    >>> get_claimed([row(100, deduction=130), row(80, currency=2)])
    80

    What the text only refers to is covered by them first:

    >>> get_claimed([row(100, deduction=30)], [row(20, deduction=30)])
    90

    A note before the due date tells what falls due, and claims nothing of it as soon as
    something is overdue:

    >>> get_claimed([row(70, days_late=0)]), get_claimed([row(70, 0)], is_early=True)
    (0, 70)
    >>> get_claimed([row(70, days_late=0), row(40)], is_early=True)
    40
    """
    covered = {key: _sum(rows) for key, rows in _group(referred)}
    return sum(
        max(_get_due(rows, is_early) - _get_left(rows, covered.get(key, 0)), 0)
        for key, rows in _group(listed)
    )


def _group(rows):
    """Return the rows of each currency."""
    groups = defaultdict(list)
    for row in rows:
        groups[row["currency_id"]].append(row)
    return groups.items()


def _sum(rows):
    return sum(row["claim"] for row in rows)


def _get_due(rows, is_early):
    """Return what is due of items in one currency."""
    overdue = [row for row in rows if row["days_late"] > 0]
    return _sum(overdue if overdue or not is_early else rows)


def _get_left(rows, covered):
    """Return what is left to deduct after other items are covered."""
    return max((rows[-1]["deduction_company"] or 0) - covered, 0)
