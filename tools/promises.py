"""Promises to pay, what the ledger knows of them, and the states they may have."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from typing import NamedTuple

OPEN, KEPT, PARTLY_KEPT, BROKEN = "open", "kept", "partly_kept", "broken"
# Neither kept nor broken: nothing was received, and nothing is to be paid any more.
VOID = "void"
MISSED = (PARTLY_KEPT, BROKEN)


@dataclass(frozen=True)
class Instalment:
    """A dated amount of a promise.

    :param key: what it is known by
    :param limit: last day on which a payment is in time, its date if not given
    """

    key: Hashable
    date: Date
    amount: float
    limit: Date | None = None


@dataclass(frozen=True)
class Promise:
    """What a customer has promised to pay on some items.

    :param key: what it is known by; the older one has the smaller
    :param items: what it promises to pay
    :param tolerance_amount: what an instalment may lack and yet be kept
    :param break_whole: one missed instalment breaks all of them
    :param made: day on which it was made
    :param known: entries (see :class:`Receipt`) that were there when it was made,
        allocated or not: their money is no payment of it
    :param preceded: what others had received of each source (see :class:`Receipt`)
        when it was approved: that stays theirs
    :param absorbed: what it had received of each source (see :class:`Receipt`) when
        people closed it, and goes on absorbing; None while it counts
    """

    key: Hashable
    instalments: Sequence[Instalment]
    items: Collection[Hashable]
    tolerance_amount: float = 0
    break_whole: bool = True
    made: Date = Date.min
    known: Collection[Hashable] = ()
    preceded: Mapping[Hashable, float] = field(default_factory=dict)
    absorbed: Mapping[Hashable, float] | None = None


@dataclass(frozen=True)
class Receipt:
    """An amount reconciled with an item.

    :param date: day on which it counts, which may be one to come
    :param source: where it comes from and goes to: what is undone and reconciled again
        has the same
    :param payment: money has come in; otherwise less is to be paid (a credit note, a
        write-off)
    :param entry: where it comes from, whatever it goes to
    """

    item: Hashable
    date: Date
    amount: float
    source: Hashable
    payment: bool = True
    entry: Hashable = None


class Standing(NamedTuple):
    """What has become of an instalment.

    :param received: what was paid for it, in time or not
    :param credited: what needs not be paid any more
    :param in_time: what of it was paid in time
    :param ahead: what entries of days to come will leave less of it to come
    """

    state: str
    received: float
    credited: float
    in_time: float = 0.0
    ahead: float = 0.0

    def get_left(self, amount: float) -> float:
        """Return what is still to come of an instalment.

        :param amount: what was promised

        >>> Standing(OPEN, 30, 20).get_left(100), Standing(BROKEN, 30, 20).get_left(100)
        (50, 0)
        """
        left = amount - self.received - self.credited
        return left if self.state == OPEN else 0


class Settled(NamedTuple):
    """What has become of promises.

    :param standings: of each instalment of those that count
    :param sources: what each promise has received of each source
    :param states: of each promise that counts
    :param next_dates: day to come on which the next entry counts, for each promise
        that has one
    """

    standings: dict[Hashable, Standing]
    sources: dict[Hashable, dict[Hashable, float]]
    states: dict[Hashable, str]
    next_dates: dict[Hashable, Date]


def summarize(states: Collection[str], partly: bool = False) -> str:
    """Return the state of a promise, from those of its instalments: those that are
    void are no matter to it.

    :param partly: a part of it was received before its last day was over

    >>> summarize([KEPT, OPEN]), summarize([KEPT, KEPT]), summarize([KEPT, BROKEN])
    ('open', 'kept', 'partly_kept')
    >>> summarize([BROKEN, BROKEN]), summarize([BROKEN, BROKEN], partly=True)
    ('broken', 'partly_kept')
    >>> summarize([KEPT, VOID]), summarize([BROKEN, VOID]), summarize([VOID])
    ('kept', 'broken', 'void')
    """
    if OPEN in states:
        return OPEN
    judged = {*states} - {VOID}
    if not judged:
        return VOID
    if judged == {KEPT}:
        return KEPT
    return BROKEN if judged == {BROKEN} and not partly else PARTLY_KEPT


def group_by_items(items: Mapping[Hashable, Iterable[Hashable]]) -> list[list]:
    """Return promises in groups of those that share items, directly or not.

    :param items: dict of promise to its items

    >>> group_by_items({1: "a", 2: "b", 3: "ac", 4: "c", 5: ""})
    [[1, 3, 4], [2], [5]]
    """
    alone, group_of = [], {}
    for promise, own in items.items():
        joined = {id(group_of[x]): group_of[x] for x in own if x in group_of}.values()
        members = [member for group in joined for member in group[0]] + [promise]
        covered = set(own).union(*(group[1] for group in joined))
        group_of.update(dict.fromkeys(covered, (members, covered)))
        if not covered:
            alone.append(members)
    together = {id(group): group[0] for group in group_of.values()}
    return [*together.values(), *alone]
