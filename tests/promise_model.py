"""Promises and disputes in plain Python, to compare the addon with.

Written from the rules, not from the code: the days are lived through one by one, and
what there is for whom is told by the theorem of the largest flow, without sharing
anything out. No speed, whole amounts.
"""

from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from itertools import combinations

OPEN, KEPT, PARTLY_KEPT, BROKEN = "open", "kept", "partly_kept", "broken"
WITHDRAWN, RENEGOTIATED = "withdrawn", "renegotiated"


@dataclass(eq=False)
class Entry:
    """A payment or credit note, reconciled with an item or not.

    :param booked: whether it is reconciled now
    """

    item: int
    date: Date
    amount: int
    payment: bool
    booked: bool = True


@dataclass(eq=False)
class Line:
    date: Date
    amount: int
    received: int = 0
    credited: int = 0
    state: str = OPEN

    @property
    def left(self):
        return self.amount - self.credited - self.received


@dataclass(eq=False)
class Promise:
    """:param known: entries that were reconciled when it was made
    :param had: amount by entry when it was closed, None while it counts"""

    made: Date
    items: tuple[int, ...]
    lines: list[Line]
    whole: bool
    tolerance_days: int
    tolerance: int
    known: set[Entry]
    had: dict[Entry, int] | None = None
    decision: str | None = None
    got: dict[Entry, int] = field(default_factory=dict)

    @property
    def state(self):
        states = {line.state for line in self.lines}
        if self.decision:
            return self.decision
        if OPEN in states:
            return OPEN
        if states == {KEPT}:
            return KEPT
        return BROKEN if states == {BROKEN} else PARTLY_KEPT

    @property
    def claim(self):
        lines = self.lines if self.state == OPEN else ()
        return sum(line.left for line in lines if line.state == OPEN)

    def is_satisfied(self, line):
        forgiven = line.left <= self.tolerance and line.left < line.amount
        return line.left <= 0 or forgiven


@dataclass(eq=False)
class Dispute:
    items: tuple[int, ...]
    amount: int
    cancelled: bool = False


class World:
    """A customer's items, and what is said and booked about them.

    :param amounts: of the items
    """

    def __init__(self, amounts, today):
        self.amounts = dict(enumerate(amounts))
        self.today = today
        self.entries, self.promises, self.disputes = [], [], []

    def get_open(self, day=None):
        """Return what is open on each item; on a day, what was."""
        return {
            item: amount
            - sum(
                entry.amount
                for entry in self.entries
                if entry.item == item and entry.booked
                if day is None or entry.date <= day
            )
            for item, amount in self.amounts.items()
        }

    # ------------------------------------------------------------------
    # WHAT IS KEPT OUT
    # ------------------------------------------------------------------

    def get_held(self):
        """Return what each dispute, then each promise, keeps out."""
        promises = [(promise.items, promise.claim) for promise in self.promises]
        held = get_increments(self._get_disputed() + promises, self.get_open())
        return held[: len(self.disputes)], held[len(self.disputes) :]

    def _get_disputed(self):
        return [(d.items, 0 if d.cancelled else d.amount) for d in self.disputes]

    def get_available(self, items, without=()):
        """Return what can be promised on some items."""
        promised = [(p.items, p.claim) for p in self.promises if p not in without]
        return self._get_room(self._get_disputed() + promised, items)

    def get_disputable(self, items):
        """Return what can be disputed on some items, promised or not."""
        return self._get_room(self._get_disputed(), items)

    def _get_room(self, others, items):
        left = self.get_open()
        return get_increments([*others, (items, sum(left.values()))], left)[-1]

    # ------------------------------------------------------------------
    # WHAT BECOMES OF PROMISES
    # ------------------------------------------------------------------

    def settle(self):
        """Live through all days again."""
        running = [promise for promise in self.promises if promise.had is None]
        ended = {}
        for promise in running:
            promise.got = {}
            for line in promise.lines:
                line.received = line.credited = 0
                line.state = OPEN
        booked = [entry for entry in self.entries if entry.booked]
        limits = [
            x.date + timedelta(days=p.tolerance_days) for p, x in lines_of(running)
        ]
        dates = [entry.date for entry in booked] + limits + [self.today]
        day = min(dates)
        while day <= max(dates):
            for entry in sorted(booked, key=lambda e: (e.item, e.amount)):
                if entry.date == day and entry.payment:
                    self._receive(entry, running, ended)
            if day < self.today:
                self._judge(day, running, ended)
            day += timedelta(days=1)
        for promise, line in lines_of(running):
            if line.state == OPEN:
                self._credit(promise, [line], running, ended, max(dates))
                if promise.is_satisfied(line):
                    line.state = KEPT

    def _receive(self, entry, running, ended):
        left = entry.amount
        for promise in self.promises:
            if promise.had is not None:
                left -= promise.had.get(entry, 0)
        queue = [
            (
                promise.is_satisfied(line) or promise in ended,
                line.date,
                n,
                promise,
                line,
            )
            for n, (promise, line) in enumerate(lines_of(running))
            if entry.item in promise.items and entry not in promise.known
        ]
        for *_rank, promise, line in sorted(queue, key=lambda rank: rank[:3]):
            amount = min(left, line.left)
            if amount > 0:
                line.received += amount
                promise.got[entry] = promise.got.get(entry, 0) + amount
                left -= amount

    def _judge(self, day, running, ended):
        due = [
            (line.date, n, promise, line)
            for n, (promise, line) in enumerate(lines_of(running))
            if line.date + timedelta(days=promise.tolerance_days) == day
        ]
        for _date, _n, promise, line in sorted(due, key=lambda x: x[:2]):
            if line.state != OPEN:
                continue
            self._credit(promise, [line], running, ended, day)
            over = [line]
            if promise.whole and not promise.is_satisfied(line):
                over = [other for other in promise.lines if other.state == OPEN]
                self._credit(promise, over, running, ended, day)
            for other in over:
                missed = PARTLY_KEPT if other.received else BROKEN
                other.state = KEPT if promise.is_satisfied(other) else missed
            if all(other.state != OPEN for other in promise.lines):
                ended[promise] = day

    def _credit(self, promise, lines, running, ended, day):
        """Lower lines to what is open for them, after all lines of earlier dates."""
        queue = sorted(
            (
                (line.date, n, other, line)
                for n, (other, line) in enumerate(lines_of(running))
                if ended.get(other, Date.max) >= promise.made
            ),
            key=lambda x: x[:2],
        )
        claims = [(other.items, line.left) for _date, _n, other, line in queue]
        got = get_increments(claims, self.get_open(day))
        for (*_rank, line), amount in zip(queue, got, strict=True):
            if line in lines:
                line.credited += line.left - amount


def lines_of(promises):
    return [(promise, line) for promise in promises for line in promise.lines]


def get_flow(claims, left):
    """Return how much of all claims there is room for: what is missing is missing on
    some items that they share."""
    return min(
        sum(left[item] for item in shared)
        + sum(amount for items, amount in claims if set(items) - set(shared))
        for size in range(len(left) + 1)
        for shared in combinations(left, size)
    )


def get_increments(claims, left):
    """Return how much each claim gets when those before it are served first."""
    flows = [get_flow(claims[:n], left) for n in range(len(claims) + 1)]
    return [after - before for before, after in zip(flows, flows[1:], strict=False)]
