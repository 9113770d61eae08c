"""What promises to pay have received, and what has become of them."""

from collections.abc import Hashable, Iterable, Mapping
from datetime import date as Date

from .allocation import Need, allocate
from .promises import (
    BROKEN,
    KEPT,
    MISSED,
    OPEN,
    PARTLY_KEPT,
    VOID,
    Instalment,
    Promise,
    Receipt,
    Settled,
    Standing,
    summarize,
)


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
    lacks and whether that much is open: what is not, nobody has to pay any more. One
    for which nothing was received by then is neither kept nor broken. Entries dated in
    the future count on their day; until then only what is kept out goes by them.

    :param promises: of one customer and currency
    :param receipts: all that is reconciled with their items
    :param residuals: what is open on each item now
    :param digits: decimal places of the currency

    Half of it comes in time, the rest too late:

    >>> from datetime import timedelta
    >>> day = Date(2026, 3, 2)
    >>> promise = Promise(1, [Instalment("all", day, 100)], ["invoice"])
    >>> half, rest = (
    ...     Receipt("invoice", day + timedelta(days=days), 50, days) for days in (0, 1)
    ... )
    >>> later = day + timedelta(days=7)
    >>> settle([promise], [half, rest], {"invoice": 0}, later, 2).standings
    ... # doctest: +NORMALIZE_WHITESPACE
    {'all': Standing(state='partly_kept', received=100.0, credited=0.0, in_time=50.0,
                    ahead=0.0)}

    A credit note lowers what is to be paid, beginning with the last instalment:

    >>> plan = [Instalment("first", day, 50), Instalment("last", later, 50)]
    >>> credit = Receipt("invoice", day, 40, "credit note", payment=False)
    >>> plan = Promise(1, plan, ["invoice"])
    >>> found = settle([plan], [credit], {"invoice": 60}, day, 2).standings
    >>> found["first"].credited, found["last"].credited
    (0.0, 40.0)

    Nothing is left to keep when all is credited, nor when money that was there before
    is allocated:

    >>> credit = Receipt("invoice", day, 100, "credit note", payment=False)
    >>> settle([promise], [credit], {"invoice": 0}, later, 2).states
    {1: 'void'}
    >>> promise = Promise(1, promise.instalments, ["invoice"], known=["deposit"])
    >>> deposit = Receipt("invoice", day, 100, "deposit-invoice", entry="deposit")
    >>> settle([promise], [deposit], {"invoice": 0}, later, 2).states
    {1: 'void'}

    A cheque of the next day is no payment yet, but what it pays is not kept out:

    >>> promise = Promise(1, promise.instalments, ["invoice"])
    >>> settle([promise], [rest], {"invoice": 50}, day, 2).standings
    ... # doctest: +NORMALIZE_WHITESPACE
    {'all': Standing(state='open', received=0.0, credited=0.0, in_time=0.0,
                    ahead=50.0)}
    """
    return _Settlement(promises, receipts, residuals, digits).run(today)


class _Line:
    """An instalment, while time goes by."""

    def __init__(self, promise: Promise, instalment: Instalment, digits: int):
        self.key = instalment.key
        self.promise = promise
        self.limit = instalment.limit or instalment.date
        self.order = (instalment.date, promise.key, instalment.key)
        self.amount = round(instalment.amount, digits)
        self.digits = digits
        self.received = self.credited = self.in_time = 0.0
        self.state = OPEN

    @property
    def left(self):
        """What is still to be paid, in the unit of the promise."""
        return round(self.amount - self.credited - self.received, self.digits)

    @property
    def satisfied(self):
        """Whether enough was paid for it to be kept."""
        # A tolerance does not keep a promise for which nothing was done.
        return self.left <= 0 or (self.received > 0 and self.forgiven)

    @property
    def forgiven(self):
        """Whether what is left is within the tolerance of the promise."""
        return self.left <= self.promise.tolerance_amount and self.left < self.amount

    @property
    def verdict(self):
        """What is said of it at the end of its time."""
        if self.received:
            return KEPT if self.satisfied else PARTLY_KEPT
        return VOID if self.left <= 0 or self.forgiven else BROKEN

    def get_standing(self, ahead=0.0):
        """Return the :class:`Standing` of the payment.

        :param ahead: amount paid before its time
        """
        # Of a plan that one missed instalment has broken, the others may be paid.
        missed = PARTLY_KEPT if self.in_time else BROKEN
        state = missed if self.state == BROKEN else self.state
        return Standing(state, self.received, self.credited, self.in_time, ahead)


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
        # What is still to be absorbed of each source, and to be left to others.
        self.absorbed = {p.key: {**(p.absorbed or {})} for p in self.promises}
        self.preceded = {p.key: {**p.preceded} for p in self.promises}
        self.sources = {promise.key: {} for promise in self.promises}
        # Last day of each promise, and those that had a part of it by then.
        self.last_days = {}
        for line in self.lines:
            last = self.last_days.get(line.promise.key, line.limit)
            self.last_days[line.promise.key] = max(last, line.limit)
        self.partly = set()
        # Day on which the last instalment of a promise was judged.
        self.ended = {}
        # What was open before anything was received.
        self.open = dict(residuals)
        for receipt in self.receipts:
            self._add(self.open, receipt.item, receipt.amount)

    def run(self, today):
        """Let time go by until a day, and hand out what was received.

        :param today: date, not over yet
        """
        to_come = [receipt for receipt in self.receipts if receipt.date > today]
        past = self.receipts[: len(self.receipts) - len(to_come)]
        events = [(receipt.date, 0, receipt) for receipt in past]
        events += [(line.limit, 1, line) for line in self.lines if line.limit < today]
        for _date, is_end, subject in sorted(events, key=lambda event: event[:2]):
            self._end(subject) if is_end else self._receive(subject)
        running = [line for line in self.lines if line.state == OPEN]
        self._credit(running)
        for line in running:
            if line.satisfied:
                line.state = line.verdict
        settled = Settled(
            {line.key: line.get_standing() for line in self.lines},
            {key: {**sources} for key, sources in self.sources.items()},
            self._get_states(),
            self._get_next_dates(to_come),
        )
        if to_come:
            settled.standings.update(self._look_ahead(to_come, running))
        return settled

    def _get_states(self):
        states = {}
        for line in self.lines:
            own = states.setdefault(line.promise.key, [])
            own.append(line.get_standing().state)
        return {
            key: summarize(own, partly=key in self.partly)
            for key, own in states.items()
        }

    # ------------------------------------------------------------------
    # WHAT IS TO COME
    # ------------------------------------------------------------------

    def _get_next_dates(self, to_come):
        dates = {}
        for receipt in to_come:
            for promise in self.promises:
                if receipt.item in promise.items and promise.key in self.last_days:
                    dates.setdefault(promise.key, receipt.date)
        return dates

    def _look_ahead(self, to_come, running):
        """Return the standings with what entries dated in the future will have left of
        them: the ledger has taken those off already."""
        before = {line: (line.get_standing(), line.left) for line in running}
        for receipt in to_come:
            self._receive(receipt)
        self._credit(running)
        return {
            line.key: standing._replace(ahead=round(left - line.left, self.digits))
            for line, (standing, left) in before.items()
            if standing.state == OPEN
        }

    # ------------------------------------------------------------------
    # WHAT COMES IN
    # ------------------------------------------------------------------

    def _receive(self, receipt):
        self._add(self.open, receipt.item, -receipt.amount)
        if not receipt.payment:
            return
        concerned = [p for p in self.promises if receipt.item in p.items]
        new = {
            promise.key: receipt.amount
            - self._take(self.preceded[promise.key], receipt.source, receipt.amount)
            for promise in concerned
            if receipt.entry is None or receipt.entry not in promise.known
        }
        left = receipt.amount
        for promise in concerned:
            left -= self._take(self.absorbed[promise.key], receipt.source, left)
        for line in sorted(self.lines, key=self._get_rank):
            key = line.promise.key
            amount = round(min(left, new.get(key, 0), line.left), self.digits)
            if amount > 0:
                line.received = round(line.received + amount, self.digits)
                if receipt.date <= line.limit:
                    line.in_time = round(line.in_time + amount, self.digits)
                if receipt.date <= self.last_days[key]:
                    self.partly.add(key)
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
        if line.promise.break_whole and line.verdict in MISSED:
            self._credit(running)
            over = running
        for other in over:
            other.state = other.verdict
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
        needs = [
            Need(line.key, line.left, line.promise.items)
            for line in self.lines
            if self.ended.get(line.promise.key, Date.max) >= promise.made
        ]
        shares = {}
        for (key, _item), share in allocate(needs, self.open, self.digits).items():
            shares[key] = shares.get(key, 0) + share
        return shares
