"""What came out of a comparison of ledgers, as it is kept for the pages that show it:
plain values, a few for each result, for there may be tens of thousands."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from .ledger_comparison import Result


class Told(NamedTuple):
    """A result as it is shown.

    :param place: number of the row of the file, None where it is not in the file
    :param said: what the row says
    :param theirs: amount with the customer, as text, None without
    :param ours: open with us, as text, None without
    :param currency: its name, where one is named
    :param keys: of our items
    :param open_keys: of those of them that are to be paid
    """

    status: str
    reason: str
    place: int | None
    said: str
    theirs: str | None
    ours: str | None
    currency: str
    keys: list[int]
    open_keys: list[int]


def pack(results: Iterable[Result]) -> list[list]:
    """Return results as JSON can hold them.

    >>> from .ledger_columns import Line
    >>> from .ledger_index import Item
    >>> ours = Item(7, "a", ("INV/26/01",), Decimal(100), Decimal("50.10"), "EUR")
    >>> result = Result("other_amount", (Line(2, ("inv 1",), Decimal(5)),), (ours,))
    >>> pack([result])
    [['other_amount', '', 2, 'inv 1', '5', '50.10', 'EUR', [7], [7]]]
    >>> unpack(pack([result]))[0].said
    'inv 1'
    """
    return [list(_make_told(result)) for result in results]


def unpack(packed: Iterable[list]) -> list[Told]:
    """Return results that were kept."""
    return [Told(*values) for values in packed]


def _make_told(result):
    named = [*result.items, *result.lines]
    return Told(
        status=result.status,
        reason=result.reason,
        place=result.place,
        said=" – ".join(result.lines[0].texts) if result.lines else "",
        theirs=_as_text(result.theirs),
        ours=_as_text(result.ours),
        currency=next((part.currency for part in named if part.currency), ""),
        keys=[item.key for item in result.items],
        open_keys=[item.key for item in result.items if item.residual > 0],
    )


def _as_text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
