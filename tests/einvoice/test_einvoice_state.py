from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import TransactionCase, tagged

from ...tools.einvoice_state import (
    APPROVAL,
    CONTEST,
    DELIVERY,
    PAYMENT,
    SUSPENSION,
    Said,
    get_state,
    share_payments,
)
from ..plan_strategies import examples

KINDS = [
    ("205", APPROVAL, {CONTEST, DELIVERY, SUSPENSION}),
    ("206", CONTEST, {APPROVAL, DELIVERY, SUSPENSION}),
    ("207", CONTEST, {APPROVAL, DELIVERY}),
    ("208", SUSPENSION, {APPROVAL, DELIVERY}),
    ("209", None, {SUSPENSION}),
    ("211", PAYMENT, {DELIVERY, SUSPENSION}),
    ("213", DELIVERY, {APPROVAL}),
]


def _make(number, day, kind, reason, amount):
    code, opens, closes = KINDS[kind]
    return Said(
        key=number,
        when=datetime(2026, 3, 1) + timedelta(days=day),
        code=code,
        content=(code, reason, amount),
        opens=opens,
        closes=frozenset(closes),
        amount=amount,
        proves=code != "213",
        restarts=code == "209",
    )


one = st.tuples(
    st.integers(0, 4),
    st.integers(0, len(KINDS) - 1),
    st.sampled_from(["", "PU_ERR", "DOUBLON"]),
    st.sampled_from([0, 10, 20]),
)
statuses = st.lists(one, max_size=8).map(
    lambda drawn: [_make(number, *values) for number, values in enumerate(drawn)]
)


@tagged("post_install", "-at_install")
class TestEinvoiceState(TransactionCase):
    """The pure function: what holds depends on what was said, not on its arrival."""

    @given(statuses, st.randoms())
    @examples(300)
    def test_order_and_repetition_change_nothing(self, said, random):
        shuffled = [*said, *random.sample(said, len(said) // 2)]
        random.shuffle(shuffled)
        self.assertEqual(get_state(shuffled), get_state(said))

    @given(statuses)
    @examples(300)
    def test_what_is_open_is_what_nothing_has_ended_later(self, said):
        expected = set()
        for one in said:
            ended = any(
                one.opens in other.closes and other.when > one.when for other in said
            )
            if one.opens and not ended:
                expected.add(one.opens)
        contests = [x for x in said if x.opens == CONTEST]
        if CONTEST in expected:
            last = max(contests, key=lambda x: (x.when, x.code, x.content))
            if not last.amount:
                expected.discard(PAYMENT)
        found = {matter.topic for matter in get_state(said).matters}
        self.assertEqual(found, expected)

    @given(statuses)
    @examples(200)
    def test_receipt_is_proved_by_the_first_that_proves_it(self, said):
        dates = [one.when for one in said if one.proves]
        self.assertEqual(get_state(said).received, min(dates, default=None))

    @given(statuses)
    @examples(200)
    def test_a_later_suspension_is_not_restarted_by_an_earlier_answer(self, said):
        state = get_state(said)
        answers = [one.when for one in said if one.restarts]
        if state.restart:
            self.assertIn(state.restart, answers)
            before = [
                one
                for one in said
                if one.opens == SUSPENSION and one.when < state.restart
            ]
            self.assertTrue(before)

    def test_the_same_payment_said_twice_is_one(self):
        first = _make(1, 0, 5, "", 10)
        again = _make(2, 3, 5, "", 10)
        other = _make(3, 3, 5, "", 20)
        matters = get_state([other, again, first]).matters
        self.assertEqual([m.keys for m in matters], [(1, 2), (3,)])

    @given(st.lists(st.sampled_from([0, 5, 30, 100])), st.sampled_from([0, 40, 100]))
    @examples(100)
    def test_payments_never_exceed_what_is_not_contested(self, amounts, contested):
        shares = share_payments(amounts, 100, contested)
        self.assertEqual(len(shares), len(amounts))
        self.assertLessEqual(sum(shares), 100 - contested)
        self.assertGreaterEqual(min(shares, default=0), 0)
