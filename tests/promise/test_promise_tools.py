from datetime import date as Date
from datetime import timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools import instalments
from ...tools.allocation import Need, allocate
from ...tools.promises import (
    BROKEN,
    KEPT,
    MISSED,
    OPEN,
    PARTLY_KEPT,
    VOID,
    Instalment,
    Promise,
    Receipt,
    group_by_items,
    summarize,
)
from ...tools.settlement import settle
from ..plan_strategies import examples

DAY = Date(2028, 2, 28)
TODAY = DAY + timedelta(days=10)
ITEMS = "abc"

cents = st.integers(1, 20).map(lambda tens: tens * 10.05)
days = st.integers(0, 20).map(lambda n: DAY + timedelta(days=n))
items = st.sets(st.sampled_from(ITEMS), min_size=1).map(sorted)
sources = st.sampled_from("vwxyz")
entries = st.sampled_from(range(4))


@st.composite
def promises(draw, count=3):
    made = []
    for number in range(draw(st.integers(1, count))):
        lines = draw(st.lists(st.tuples(days, cents), min_size=1, max_size=3))
        tolerance = timedelta(days=draw(st.sampled_from([0, 3])))
        made.append(
            Promise(
                number,
                [
                    Instalment((number, n), date, amount, date + tolerance)
                    for n, (date, amount) in enumerate(lines)
                ],
                draw(items),
                draw(st.sampled_from([0, 5])),
                draw(st.booleans()),
                known=draw(st.sets(entries)),
                preceded=draw(st.dictionaries(sources, cents, max_size=2)),
            )
        )
    return made


receipts = st.lists(
    st.builds(
        Receipt,
        st.sampled_from(ITEMS),
        days,
        cents,
        sources,
        st.booleans(),
        entries,
    ),
    max_size=6,
)
residuals = st.fixed_dictionaries(dict.fromkeys(ITEMS, st.just(0) | cents))
needs = st.lists(st.tuples(cents, items), max_size=5).map(
    lambda drawn: [Need(number, *need) for number, need in enumerate(drawn)]
)


@tagged("post_install", "-at_install")
class TestAllocation(BaseCase):
    """What is kept out of which item, whatever is claimed."""

    @given(needs, residuals)
    @examples(300)
    def test_no_item_gives_more_than_it_has_and_no_need_gets_more_than_it_asks(
        self, made, left
    ):
        shares = allocate(made, left, 2)
        for item, amount in left.items():
            given_out = sum(v for (_key, own), v in shares.items() if own == item)
            self.assertLessEqual(round(given_out, 2), round(amount, 2))
        for need in made:
            got = sum(v for (key, _item), v in shares.items() if key == need.key)
            self.assertLessEqual(round(got, 2), round(need.amount, 2))
            self.assertLessEqual(
                {item for key, item in shares if key == need.key}, set(need.items)
            )

    @given(needs, residuals)
    @examples(300)
    def test_needs_get_as_much_as_there_is(self, made, left):
        """By the theorem of the largest flow: what some needs cannot get is missing
        on the items that they share."""
        shares = allocate(made, left, 2)
        total = round(sum(shares.values()), 2)
        limits = []
        for size in range(len(ITEMS) + 1):
            for closed in combinations(ITEMS, size):
                inside = sum(left[item] for item in closed)
                outside = sum(
                    need.amount for need in made if set(need.items) - set(closed)
                )
                limits.append(round(inside + outside, 2))
        self.assertEqual(total, min(limits))

    @given(needs, residuals)
    @examples(200)
    def test_who_comes_later_takes_nothing_from_who_came_before(self, made, left):
        def get_total(shares, key):
            return round(sum(v for (own, _item), v in shares.items() if own == key), 2)

        before, after = allocate(made[:-1], left, 2), allocate(made, left, 2)
        for need in made[:-1]:
            self.assertEqual(get_total(before, need.key), get_total(after, need.key))


@tagged("post_install", "-at_install")
class TestPromiseTools(BaseCase):
    """What promises receive, whatever is promised and paid."""

    def _settle(self, made, paid, left, today=TODAY):
        return settle(made, paid, left, today, 2).standings

    @given(promises(), receipts, residuals)
    @examples(400)
    def test_nothing_is_received_twice_nor_more_than_was_paid(self, made, paid, left):
        standings = self._settle(made, paid, left)
        for promise in made:
            for line in promise.instalments:
                standing = standings[line.key]
                covered = standing.received + standing.credited + standing.ahead
                self.assertLessEqual(round(covered, 2), round(line.amount, 2))
                self.assertLessEqual(standing.in_time, standing.received)
                self.assertGreaterEqual(min(standing[1:]), 0)
        received = sum(standing.received for standing in standings.values())
        payments = sum(receipt.amount for receipt in paid if receipt.payment)
        self.assertLessEqual(round(received, 2), round(payments, 2))

    @given(promises(), receipts, residuals)
    @examples(400)
    def test_what_is_still_promised_is_open(self, made, paid, left):
        standings = self._settle(made, paid, left)
        claimed = sum(
            standings[line.key].get_left(line.amount) - standings[line.key].ahead
            for promise in made
            for line in promise.instalments
        )
        self.assertLessEqual(round(claimed, 2), round(sum(left.values()), 2))

    @given(promises(), receipts, residuals)
    @examples(200)
    def test_only_dates_and_amounts_count_not_the_order_of_entries(
        self, made, paid, left
    ):
        unlike = {(receipt.item, receipt.date): receipt for receipt in paid}.values()
        forward = self._settle(made, unlike, left)
        self.assertEqual(forward, self._settle(made, reversed([*unlike]), left))

    @given(promises(), receipts, residuals)
    @examples(200)
    def test_an_instalment_is_open_until_its_time_is_over_and_then_never_again(
        self, made, paid, left
    ):
        standings = self._settle(made, paid, left)
        for promise in made:
            states = [standings[line.key].state for line in promise.instalments]
            for line, state in zip(promise.instalments, states, strict=True):
                if line.limit < TODAY:
                    self.assertNotEqual(state, OPEN)
                elif not (promise.break_whole and set(states) & set(MISSED)):
                    self.assertIn(state, (OPEN, KEPT, VOID))

    @given(promises(), receipts, residuals, st.integers(1, 30))
    @examples(300)
    def test_what_was_decided_stays_as_time_goes_by(self, made, paid, left, later):
        past = [receipt for receipt in paid if receipt.date <= TODAY]
        before = self._settle(made, past, left)
        after = self._settle(made, past, left, TODAY + timedelta(days=later))
        for key, standing in before.items():
            if standing.state != OPEN:
                self.assertEqual(after[key].state, standing.state)

    @given(promises(count=1), receipts, residuals, cents)
    @examples(200)
    def test_paying_more_in_time_never_breaks_a_promise(self, made, paid, left, more):
        [promise] = made
        order = [BROKEN, PARTLY_KEPT, OPEN, VOID, KEPT]
        item = promise.items[0]
        more = min(more, left[item])
        extra = Receipt(item, DAY - timedelta(days=1), more, "extra", entry="extra")
        before = self._settle(made, paid, left)
        left = left | {item: round(left[item] - more, 2)}
        after = self._settle(made, [*paid, extra], left)
        for line in promise.instalments:
            self.assertGreaterEqual(
                order.index(after[line.key].state), order.index(before[line.key].state)
            )

    @given(promises(), receipts, residuals)
    @examples(200)
    def test_what_a_closed_promise_had_is_kept_from_the_others(self, made, paid, left):
        settled = settle(made, paid, left, TODAY, 2)
        first, *others = made
        closed = Promise(
            first.key, (), first.items, absorbed=settled.sources[first.key]
        )
        after = settle([closed, *others], paid, left, TODAY, 2)
        self.assertFalse(after.sources[first.key])
        mine = sum(settled.sources[first.key].values())
        theirs = sum(sum(after.sources[other.key].values()) for other in others)
        payments = sum(receipt.amount for receipt in paid if receipt.payment)
        self.assertLessEqual(round(mine + theirs, 2), round(payments, 2))

    @given(st.lists(st.sets(st.integers(0, 6)), max_size=8))
    @examples(200)
    def test_promises_in_different_groups_share_nothing(self, drawn):
        own = dict(enumerate(drawn))
        groups = group_by_items(own)
        self.assertEqual(sorted(key for group in groups for key in group), [*own])
        covered = [set().union(*(own[key] for key in group)) for group in groups]
        self.assertFalse(any(x & y for x, y in combinations(covered, 2)))
        for group in groups:
            reached, more = set(own[group[0]]), True
            while more:
                size = len(reached)
                reached.update(*(own[k] for k in group if own[k] & reached))
                more = len(reached) > size
            self.assertTrue(len(group) == 1 or all(own[k] <= reached for k in group))

    @given(promises(), receipts, residuals)
    @examples(300)
    def test_no_promise_is_kept_or_paid_in_part_without_new_money(
        self, made, paid, left
    ):
        settled = settle(made, paid, left, TODAY, 2)
        for promise in made:
            new = [
                receipt
                for receipt in paid
                if receipt.payment
                and receipt.item in promise.items
                and receipt.date <= TODAY
                and receipt.entry not in promise.known
            ]
            standings = [settled.standings[line.key] for line in promise.instalments]
            received = sum(standing.received for standing in standings)
            if not new:
                self.assertFalse(received)
            state = settled.states[promise.key]
            if state in (KEPT, PARTLY_KEPT):
                self.assertGreater(received, 0)
            in_time = sum(standing.in_time for standing in standings)
            if state in (BROKEN, VOID):
                self.assertEqual(in_time, 0)

    @given(promises(), receipts, residuals, st.integers(0, 25))
    @examples(300)
    def test_what_is_dated_in_the_future_counts_on_its_day(
        self, made, paid, left, number
    ):
        day = DAY + timedelta(days=number)
        known = [receipt for receipt in paid if receipt.date <= day]
        # As if nobody had entered yet what comes later.
        later = left | {
            item: round(left[item] + sum(x.amount for x in paid if x.item == item), 2)
            - round(sum(x.amount for x in known if x.item == item), 2)
            for item in ITEMS
        }
        with_it = settle(made, paid, left, day, 2)
        without = settle(made, known, later, day, 2)
        self.assertEqual(with_it.states, without.states)
        self.assertEqual(with_it.sources, without.sources)
        for key, standing in without.standings.items():
            self.assertEqual(with_it.standings[key]._replace(ahead=0.0), standing)
        self.assertFalse(without.next_dates)
        for promise in made:
            dates = [x.date for x in paid if x.item in promise.items and x.date > day]
            self.assertEqual(
                with_it.next_dates.get(promise.key), min(dates, default=None)
            )

    @given(
        st.lists(st.sampled_from([OPEN, KEPT, PARTLY_KEPT, BROKEN, VOID]), min_size=1),
        st.booleans(),
    )
    @examples(100)
    def test_a_promise_is_kept_when_all_of_it_is(self, states, partly):
        state, judged = summarize(states, partly), {*states} - {VOID}
        self.assertEqual(state == KEPT, judged == {KEPT})
        self.assertEqual(state == BROKEN, judged == {BROKEN} and not partly)
        self.assertEqual(state == OPEN, OPEN in states)
        self.assertEqual(state == VOID, not judged)

    @given(
        st.integers(1, 10**9).map(lambda n: n / 100),
        st.integers(1, 60),
        st.dates(Date(2020, 1, 1), Date(2030, 12, 31)),
        st.sampled_from([instalments.WEEK, instalments.MONTH]),
        st.integers(1, 3),
    )
    @examples(300)
    def test_instalments_add_up_and_come_one_after_the_other(
        self, amount, number, first, unit, every
    ):
        if round(amount * 100) < number:
            with self.assertRaises(ValueError):
                instalments.split(amount, number, first, unit, every)
            return
        parts = instalments.split(amount, number, first, unit, every)
        dates, amounts = zip(*parts, strict=True)
        self.assertEqual(round(sum(amounts), 2), amount)
        self.assertEqual(len(parts), number)
        self.assertGreater(min(amounts), 0)
        self.assertLess(round(max(amounts) - min(amounts), 2), number / 100)
        self.assertEqual(dates[0], first)
        self.assertEqual(sorted(set(dates)), [*dates])
