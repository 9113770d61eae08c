"""Which amount of which item is kept out of dunning, and by whom."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """A promise or a dispute, as far as it keeps amounts out.

    :param key: what the claim is known by
    :param amount: amount to keep out
    :param items: items it may take the amount from, in the order of filling
    :param skipped: amount of them that is passed over as long as there is enough
        after it: what an instalment before should have paid
    """

    key: Hashable
    amount: float
    items: Sequence[Hashable]
    skipped: float = 0


def allocate(
    claims: Iterable[Claim], residuals: Mapping[Hashable, float], digits: int
) -> dict[tuple[Hashable, Hashable], float]:
    """Share out what is open among claims, first come first served.

    A claim gets less than it asks for when the claims before it have taken the rest:
    what is kept out of an item is never more than what is open on it.

    :param claims: in the order in which they are served, of one currency
    :param residuals: what is open on each item; an item that is not there has nothing
    :param digits: decimal places of the currency
    :return: dict of claim and item to the amount kept out, without zeros

    Two claims on the same items do not take the same amount twice:

    >>> open_items = {"old": 50, "new": 50}
    >>> dispute = Claim("dispute", 20, ["old"])
    >>> promise = Claim("promise", 60, ["old", "new"])
    >>> allocate([dispute, promise], open_items, 2)
    ... # doctest: +NORMALIZE_WHITESPACE
    {('dispute', 'old'): 20.0, ('promise', 'old'): 30.0, ('promise', 'new'): 30.0}

    When a payment comes in, what was kept out of the old item is kept out of the new:

    >>> allocate([promise], {"new": 50}, 2)
    {('promise', 'new'): 50.0}

    When the first half was not paid, the second half goes on being kept out:

    >>> allocate([Claim("plan", 50, ["old", "new"], 50)], open_items, 2)
    {('plan', 'new'): 50.0}
    """
    left = {item: round(amount, digits) for item, amount in residuals.items()}
    shares = {}
    for claim in claims:
        wanted = round(claim.amount, digits)
        for skipped in sorted({claim.skipped, 0}, reverse=True):
            for item in claim.items:
                passed = min(skipped, left.get(item, 0.0))
                skipped -= passed
                share = round(min(wanted, left.get(item, 0.0) - passed), digits)
                if share > 0:
                    taken = shares.get((claim.key, item), 0.0)
                    shares[claim.key, item] = round(taken + share, digits)
                    left[item] = round(left[item] - share, digits)
                    wanted = round(wanted - share, digits)
    return shares
