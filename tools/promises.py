"""What promises to pay have received, and what has become of them."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from typing import NamedTuple

from .allocation import Claim, allocate

OPEN, KEPT, PARTLY_KEPT, BROKEN = "open", "kept", "partly_kept", "broken"
MISSED = (PARTLY_KEPT, BROKEN)


@dataclass(frozen=True)
class Instalment:
    """A dated amount of a promise.

    :param key: what it is known by
    """

    key: Hashable
    date: Date
    amount: float


@dataclass(frozen=True)
class Promise:
    """What a customer has promised to pay on some items.

    :param key: what it is known by; the older one has the smaller
    :param items: what it promises to pay
    :param tolerance_days: days after an instalment's date that are still in time
    :param tolerance_amount: what an instalment may lack and yet be kept
    :param break_whole: one missed instalment breaks all of them
    :param made: day on which it was made
    :param known: what each source (see :class:`Receipt`) had paid when it was made
    :param absorbed: what it had received of each source when people closed it, and
        goes on absorbing; None while it counts
    """

    key: Hashable
    instalments: Sequence[Instalment]
    items: Collection[Hashable]
    tolerance_days: int = 0
    tolerance_amount: float = 0
    break_whole: bool = True
    made: Date = Date.min
    known: Mapping[Hashable, float] = field(default_factory=dict)
    absorbed: Mapping[Hashable, float] | None = None


@dataclass(frozen=True)
class Receipt:
    """An amount reconciled with an item.

    :param source: where it comes from and goes to: what is undone and reconciled again
        has the same
    :param payment: money has come in; otherwise less is to be paid (a credit note, a
        write-off)
    """

    item: Hashable
    date: Date
    amount: float
    source: Hashable
    payment: bool = True


class Outcome(NamedTuple):
    """What has become of an instalment.

    :param received: what was paid for it, in time or not
    :param credited: what needs not be paid any more
    """

    state: str
    received: float
    credited: float

    def get_left(self, amount: float) -> float:
        """Return what is still to come of an instalment.

        :param amount: what was promised

        >>> Outcome(OPEN, 30, 20).get_left(100), Outcome(BROKEN, 30, 20).get_left(100)
        (50, 0)
        """
        left = amount - self.received - self.credited
        return left if self.state == OPEN else 0


class Settled(NamedTuple):
    """What has become of promises.

    :param outcomes: of each instalment of those that count
    :param sources: what each promise has received of each source
    """

    outcomes: dict[Hashable, Outcome]
    sources: dict[Hashable, dict[Hashable, float]]


def settle(
    promises: Iterable[Promise],
    receipts: Iterable[Receipt],
    residuals: Mapping[Hashable, float],
    today: Date,
    digits: int,
) -> Settled:
    """Say what instalments have received, and which promises are kept.

    How it works: time goes by again, from the first receipt to today. Each payment,
    less what closed promises absorb of it, is received by the instalments it may serve
    in the order of their dates, those whose time is over last. At the end of an
    instalment's time, and today for those that still run, it is seen what it still
    lacks and whether that much is open: what is not, nobody has to pay any more.

    :param promises: of one customer and currency
    :param receipts: all that is reconciled with their items
    :param residuals: what is open on each item now
    :param digits: decimal places of the currency

    Half of it comes in time, the rest too late:

    >>> day = Date(2026, 3, 2)
    >>> promise = Promise(1, [Instalment("all", day, 100)], ["invoice"])
    >>> half, rest = (
    ...     Receipt("invoice", day + timedelta(days=days), 50, days) for days in (0, 1)
    ... )
    >>> later = day + timedelta(days=7)
    >>> settle([promise], [half, rest], {"invoice": 0}, later, 2).outcomes
    {'all': Outcome(state='partly_kept', received=100.0, credited=0.0)}

    A credit note lowers what is to be paid, beginning with the last instalment:

    >>> plan = [Instalment("first", day, 50), Instalment("last", later, 50)]
    >>> credit = Receipt("invoice", day, 40, "credit note", payment=False)
    >>> plan = Promise(1, plan, ["invoice"])
    >>> settle([plan], [credit], {"invoice": 60}, day, 2).outcomes
    ... # doctest: +NORMALIZE_WHITESPACE
    {'first': Outcome(state='open', received=0.0, credited=0.0),
     'last': Outcome(state='open', received=0.0, credited=40.0)}
    """
    return _Settlement(promises, receipts, residuals, digits).run(today)


def summarize(states: Collection[str]) -> str:
    """Return the state of a promise, from those of its instalments.

    >>> summarize([KEPT, OPEN]), summarize([KEPT, KEPT]), summarize([KEPT, BROKEN])
    ('open', 'kept', 'partly_kept')
    >>> summarize([BROKEN, BROKEN])
    'broken'
    """
    if OPEN in states:
        return OPEN
    if set(states) <= {KEPT}:
        return KEPT
    return BROKEN if set(states) == {BROKEN} else PARTLY_KEPT


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


class _Line:
    """An instalment, while time goes by."""

    def __init__(self, promise, instalment, digits):
        self.key = instalment.key
        self.promise = promise
        self.limit = instalment.date + timedelta(days=promise.tolerance_days)
        self.order = (instalment.date, promise.key, instalment.key)
        self.amount = round(instalment.amount, digits)
        self.digits = digits
        self.received = self.credited = 0.0
        self.state = OPEN

    @property
    def left(self):
        return round(self.amount - self.credited - self.received, self.digits)

    @property
    def satisfied(self):
        # A tolerance does not keep a promise for which nothing was done.
        return self.left <= 0 or (
            self.left <= self.promise.tolerance_amount and self.left < self.amount
        )

    @property
    def outcome(self):
        return Outcome(self.state, self.received, self.credited)


class _Settlement:
    """Promises that share items, while time goes by."""

    def __init__(self, promises, receipts, residuals, digits):
        self.digits = digits
        self.promises = [*promises]
        self.lines = sorted(
            (
                _Line(promise, instalment, digits)
                for promise in self.promises
                if promise.absorbed is None
                for instalment in promise.instalments
            ),
            key=lambda line: line.order,
        )
        # Not in the order in which they were entered, which is nobody's merit.
        self.receipts = sorted(receipts, key=lambda r: (r.date, r.item, r.amount))
        # What is still to be passed over of each source, or absorbed.
        self.known = {promise.key: {**promise.known} for promise in self.promises}
        self.absorbed = {p.key: {**(p.absorbed or {})} for p in self.promises}
        self.sources = {promise.key: {} for promise in self.promises}
        # Day on which the last instalment of a promise was judged.
        self.ended = {}
        # What was open before anything was received.
        self.open = dict(residuals)
        for receipt in self.receipts:
            self._add(self.open, receipt.item, receipt.amount)

    def run(self, today):
        events = [(receipt.date, 0, receipt) for receipt in self.receipts]
        events += [(line.limit, 1, line) for line in self.lines if line.limit < today]
        for _date, is_end, subject in sorted(events, key=lambda event: event[:2]):
            self._end(subject) if is_end else self._receive(subject)
        running = [line for line in self.lines if line.state == OPEN]
        self._credit(running)
        for line in running:
            if line.satisfied:
                line.state = KEPT
        return Settled({line.key: line.outcome for line in self.lines}, self.sources)

    # ------------------------------------------------------------------
    # WHAT COMES IN
    # ------------------------------------------------------------------

    def _receive(self, receipt):
        self._add(self.open, receipt.item, -receipt.amount)
        concerned = [p for p in self.promises if receipt.item in p.items]
        new = {
            promise.key: receipt.amount
            - self._take(self.known[promise.key], receipt.source, receipt.amount)
            for promise in concerned
        }
        if not receipt.payment:
            return
        left = receipt.amount
        for promise in concerned:
            left -= self._take(self.absorbed[promise.key], receipt.source, left)
        for line in sorted(self.lines, key=self._get_rank):
            key = line.promise.key
            amount = round(min(left, new.get(key, 0), line.left), self.digits)
            if amount > 0:
                line.received = round(line.received + amount, self.digits)
                self._add(self.sources[key], receipt.source, amount)
                new[key] -= amount
                left -= amount

    def _take(self, amounts, source, amount):
        """Take as much as there is from the amount of a source."""
        taken = min(amounts.get(source, 0), amount)
        self._add(amounts, source, -taken)
        return taken

    def _add(self, amounts, key, amount):
        amounts[key] = round(amounts.get(key, 0) + amount, self.digits)

    def _get_rank(self, line):
        return line.satisfied or line.promise.key in self.ended, line.order

    # ------------------------------------------------------------------
    # WHAT IS OVER
    # ------------------------------------------------------------------

    def _end(self, line):
        """Judge an instalment at the end of its time."""
        if line.state != OPEN:
            return
        own = [other for other in self.lines if other.promise is line.promise]
        running = [other for other in own if other.state == OPEN]
        self._credit([line])
        over = [line]
        if line.promise.break_whole and not line.satisfied:
            self._credit(running)
            over = running
        for other in over:
            missed = PARTLY_KEPT if other.received else BROKEN
            other.state = KEPT if other.satisfied else missed
        if all(other.state != OPEN for other in own):
            self.ended[line.promise.key] = line.limit

    def _credit(self, lines):
        """Lower what instalments of promises lack to what is open for them."""
        by_promise = {}
        for line in lines:
            by_promise.setdefault(line.promise.key, []).append(line)
        for own in by_promise.values():
            shares = self._get_shares(own[0].promise)
            for line in own:
                lowered = line.left - shares.get(line.key, 0)
                line.credited = round(line.credited + lowered, self.digits)

    def _get_shares(self, promise):
        """Return what is open for each instalment, those of earlier dates first. What
        was missed before a promise was made is no matter to it."""
        claims = [
            Claim(line.key, line.left, line.promise.items)
            for line in self.lines
            if self.ended.get(line.promise.key, Date.max) >= promise.made
        ]
        shares = {}
        for (key, _item), share in allocate(claims, self.open, self.digits).items():
            shares[key] = shares.get(key, 0) + share
        return shares
