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
VOID = "void"
WITHDRAWN, RENEGOTIATED = "withdrawn", "renegotiated"


@dataclass(eq=False)
class Entry:
    """A payment or credit note, reconciled with an item or not.

    :param money: what of it came in; the rest was credited or written off
    :param booked: whether it is reconciled now
    """

    item: int
    date: Date
    amount: int
    money: int
    booked: bool = True


@dataclass(eq=False)
class Line:
    date: Date
    amount: int
    limit: Date
    received: int = 0
    credited: int = 0
    in_time: int = 0
    ahead: int = 0
    state: str = OPEN

    @property
    def left(self):
        return self.amount - self.credited - self.received


@dataclass(eq=False)
class Promise:
    """:param known: entries that were there when it was made, reconciled or not
    :param preceded: what others had of each entry when it was approved
    :param had: amount by entry when it was closed, None while it counts
    :param waits: nobody has approved it
    :param lapsed: nobody has, and now it is too late or nothing is left to pay"""

    made: Date
    items: tuple[int, ...]
    lines: list[Line]
    whole: bool
    tolerance: int
    known: set[Entry]
    preceded: dict[Entry, int] = field(default_factory=dict)
    had: dict[Entry, int] | None = None
    decision: str | None = None
    waits: bool = False
    lapsed: bool = False
    partly: bool = False
    got: dict[Entry, int] = field(default_factory=dict)

    @property
    def state(self):
        states = {line.state for line in self.lines} - {VOID}
        if self.decision:
            return self.decision
        if OPEN in states:
            return OPEN
        if not states:
            return VOID
        if states == {KEPT}:
            return KEPT
        return BROKEN if states == {BROKEN} and not self.partly else PARTLY_KEPT

    @property
    def claim(self):
        """What it keeps out: what nothing that is entered will leave to pay."""
        lines = self.lines if self.state == OPEN else ()
        return sum(line.left - line.ahead for line in lines if line.state == OPEN)

    @property
    def last_day(self):
        return max(line.limit for line in self.lines)

    def is_forgiven(self, line):
        return line.left <= self.tolerance and line.left < line.amount

    def is_satisfied(self, line):
        return line.left <= 0 or (line.received > 0 and self.is_forgiven(line))

    def judge(self, line):
        """What is said of a line when its time is over."""
        if self.is_satisfied(line) or self.is_forgiven(line):
            return KEPT if line.received else VOID
        return PARTLY_KEPT if line.received else BROKEN


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
        promises = [(p.items, 0 if p.waits else p.claim) for p in self.promises]
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
        """Live through all days again, until today."""
        for promise in self.promises:
            if promise.waits and not promise.decision:
                left = self.get_open()
                over = not sum(left[item] for item in promise.items)
                promise.lapsed = over or promise.last_day < self.today
                for line in promise.lines:
                    line.state = VOID if promise.lapsed else OPEN
        running = [p for p in self.promises if p.had is None and not p.waits]
        ended = {}
        for promise in running:
            promise.got, promise.partly = {}, False
            for line in promise.lines:
                line.received = line.credited = line.in_time = line.ahead = 0
                line.state = OPEN
        booked = [entry for entry in self.entries if entry.booked]
        past = [entry for entry in booked if entry.date <= self.today]
        limits = [line.limit for _promise, line in lines_of(running)]
        day = min([entry.date for entry in booked] + limits + [self.today])
        while day <= self.today:
            for entry in sorted(past, key=lambda e: (e.item, e.amount)):
                if entry.date == day:
                    self._receive(entry, running, ended)
            if day < self.today:
                self._judge(day, running, ended)
            day += timedelta(days=1)
        still = [(p, line) for p, line in lines_of(running) if line.state == OPEN]
        for promise, line in still:
            self._credit(promise, [line], running, ended, self.today)
        for promise, line in still:
            if promise.is_satisfied(line):
                line.state = promise.judge(line)
        # What a broken plan gets in time none the less.
        for _promise, line in lines_of(running):
            if line.state == BROKEN and line.in_time:
                line.state = PARTLY_KEPT
        self._look_ahead(booked, running, ended, still)

    def _look_ahead(self, booked, running, ended, still):
        """Say what entries dated in the future will leave less to come."""
        before = {
            id(line): (line.left, line.received, line.credited, line.in_time)
            for _promise, line in lines_of(running)
        }
        known = [(promise, dict(promise.got), promise.partly) for promise in running]
        to_come = [entry for entry in booked if entry.date > self.today]
        for entry in sorted(to_come, key=lambda e: (e.date, e.item, e.amount)):
            self._receive(entry, running, ended)
        for promise, line in still:
            self._credit(promise, [line], running, ended, Date.max)
        for _promise, line in lines_of(running):
            left, *amounts = before[id(line)]
            line.ahead = left - line.left if line.state == OPEN else 0
            line.received, line.credited, line.in_time = amounts
        for promise, got, partly in known:
            promise.got, promise.partly = got, partly

    def _receive(self, entry, running, ended):
        left = entry.money
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
        new = {p: entry.money - p.preceded.get(entry, 0) for p in running}
        for *_rank, promise, line in sorted(queue, key=lambda rank: rank[:3]):
            amount = min(left, line.left, new[promise])
            if amount > 0:
                line.received += amount
                line.in_time += amount if entry.date <= line.limit else 0
                promise.partly |= entry.date <= promise.last_day
                promise.got[entry] = promise.got.get(entry, 0) + amount
                left -= amount
                new[promise] -= amount

    def _judge(self, day, running, ended):
        due = [
            (line.date, n, promise, line)
            for n, (promise, line) in enumerate(lines_of(running))
            if line.limit == day
        ]
        for _date, _n, promise, line in sorted(due, key=lambda x: x[:2]):
            if line.state != OPEN:
                continue
            self._credit(promise, [line], running, ended, day)
            over = [line]
            if promise.whole and promise.judge(line) in (PARTLY_KEPT, BROKEN):
                over = [other for other in promise.lines if other.state == OPEN]
                self._credit(promise, over, running, ended, day)
            for other in over:
                other.state = promise.judge(other)
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
