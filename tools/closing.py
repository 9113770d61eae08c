"""What has brought open items to their end."""

from collections.abc import Iterable

PAID, CREDITED = "paid", "credited"
# An entry left nothing to pay, or moved what is to be paid somewhere else.
WRITTEN_OFF, TRANSFERRED = "written_off", "transferred"
CLOSINGS = (PAID, CREDITED, WRITTEN_OFF, TRANSFERRED)


def get_cause(parts: Iterable[tuple[str, float]], amount: float) -> str | None:
    """Return by what the last amount of an item was closed: by most of it.

    :param parts: kind and amount of what was reconciled with it, the latest first
    :param amount: what was open before; what was reconciled earlier is no matter

    >>> get_cause([("credited", 60), ("paid", 40)], 100)
    'credited'
    >>> get_cause([("paid", 40), ("credited", 60)], 40)
    'paid'
    >>> get_cause([("paid", 50), ("written_off", 50)], 100)
    'paid'
    >>> get_cause([], 100), get_cause([("paid", 40)], 0)
    (None, None)
    """
    left, totals = amount, {}
    for kind, part in parts:
        taken = min(left, part)
        if taken > 0:
            totals[kind] = totals.get(kind, 0) + taken
            left -= taken
    return max(totals, key=totals.get, default=None)


def get_most(amounts: Iterable[tuple[str, float]]) -> str | None:
    """Return the kind with the largest total; of equal ones, the first.

    >>> get_most([("paid", 10), ("credited", 30), ("paid", 15)])
    'credited'
    >>> get_most([("paid", 0)]), get_most([])
    ('paid', None)
    """
    totals = {}
    for kind, amount in amounts:
        totals[kind] = totals.get(kind, 0) + amount
    return max(totals, key=totals.get, default=None)
