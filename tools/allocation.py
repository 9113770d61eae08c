"""Which amount of which item is kept out of dunning, and by whom."""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Need:
    """A promise or a dispute, as far as it keeps amounts out.

    :param key: what the need is known by
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
    needs: Iterable[Need], residuals: Mapping[Hashable, float], digits: int
) -> dict[tuple[Hashable, Hashable], float]:
    """Share out what is open among needs, first come first served.

    Each fills its items in their order. One that finds them taken has those before it
    move to other items of theirs, if they have any: they lose nothing by that. It
    gets less than it asks for only when there is no more; what is kept out of an item
    is never more than what is open on it.

    :param needs: in the order in which they are served, of one currency
    :param residuals: what is open on each item; an item that is not there has nothing
    :param digits: decimal places of the currency
    :return: dict of need and item to the amount kept out, without zeros

    Two needs on the same items do not take the same amount twice:

    >>> open_items = {"old": 50, "new": 50}
    >>> dispute = Need("dispute", 20, ["old"])
    >>> promise = Need("promise", 60, ["old", "new"])
    >>> allocate([dispute, promise], open_items, 2)
    ... # doctest: +NORMALIZE_WHITESPACE
    {('dispute', 'old'): 20.0, ('promise', 'old'): 30.0, ('promise', 'new'): 30.0}

    When a payment comes in, what was kept out of the old item is kept out of the new:

    >>> allocate([promise], {"new": 50}, 2)
    {('promise', 'new'): 50.0}

    The first makes way for the second, which has only the old item:

    >>> allocate([promise, Need("other", 40, ["old"])], open_items, 2)
    ... # doctest: +NORMALIZE_WHITESPACE
    {('promise', 'old'): 10.0, ('other', 'old'): 40.0, ('promise', 'new'): 50.0}

    When the first half was not paid, the second half goes on being kept out:

    >>> allocate([Need("plan", 50, ["old", "new"], 50)], open_items, 2)
    {('plan', 'new'): 50.0}
    """
    pool = _Pool(residuals, digits)
    for need in needs:
        wanted = round(need.amount, digits)
        if need.skipped:
            wanted -= pool.fill(need, wanted, need.skipped)
        wanted -= pool.fill(need, wanted)
        while (moved := pool.make_way(need, wanted)) > 0:
            wanted -= moved
    return pool.get_shares()


class _Pool:
    """What is open, and who has taken what of it."""

    def __init__(self, residuals, digits):
        self.digits = digits
        self.left = {item: round(amount, digits) for item, amount in residuals.items()}
        # Needs by item: dict of need key to need and amount.
        self.taken = {}

    def get_shares(self):
        """Return what each need has taken: dict of need key and item to amount."""
        return {
            (key, item): amount
            for item, takers in self.taken.items()
            for key, (_need, amount) in takers.items()
            if amount > 0
        }

    def fill(self, need, wanted, skipped=0):
        """Take from the items of a need what is left of them, in their order.

        :param skipped: amount to pass over first
        :return: the amount taken
        """
        total = 0
        for item in need.items:
            passed = min(skipped, self.left.get(item, 0))
            skipped -= passed
            share = min(wanted - total, self.left.get(item, 0) - passed)
            total += self._take(need, item, share)
        return total

    def make_way(self, need, wanted):
        """Let needs move to other items of theirs, so that one of the items of a
        need becomes free: along the shortest way to an item with something left.

        :return: the amount that the need could take in this way
        """
        wanted = round(wanted, self.digits)
        if wanted <= 0:
            return 0
        ways = {item: () for item in need.items}
        queue = deque(ways)
        while queue:
            item = queue.popleft()
            for taker, amount in list(self.taken.get(item, {}).values()):
                for other in taker.items if amount > 0 else ():
                    if other in ways:
                        continue
                    ways[other] = (*ways[item], (taker, item, other))
                    if self.left.get(other, 0) > 0:
                        return self._move(need, wanted, ways[other])
                    queue.append(other)
        return 0

    def _move(self, need, wanted, way):
        amounts = [self.taken[item][taker.key][1] for taker, item, _other in way]
        amount = min(wanted, self.left[way[-1][2]], *amounts)
        for taker, item, other in reversed(way):
            self._take(taker, other, amount)
            self._take(taker, item, -amount)
        return self._take(need, way[0][1], amount)

    def _take(self, need, item, amount):
        amount = round(amount, self.digits)
        if amount:
            takers = self.taken.setdefault(item, {})
            present = takers.get(need.key, (need, 0.0))[1]
            takers[need.key] = (need, round(present + amount, self.digits))
            self.left[item] = round(self.left[item] - amount, self.digits)
        return amount
