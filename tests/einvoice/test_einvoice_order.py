import json
import random
from datetime import timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import file_open

from ..einvoice_effects import (
    HELD,
    EinvoiceCommon,
    get_contested,
    get_open_topics,
    numbers,
)
from ..plan_strategies import examples

# Of statuses that keep an invoice out of dunning, wholly or for a part.
NEVER_DUNNED = ("207", "208", "210", "213")


@cache
def get_codes():
    """Return every status and the reasons that it may have."""
    with file_open("account_dunning/data/einvoice_codes.json") as file:
        codes = json.load(file)
    return {code: codes["reasons_by_status"].get(code, []) for code in codes["status"]}


def get_cases():
    """Return every status without reason, and with each that it may have."""
    return [
        (code, reasons)
        for code, allowed in get_codes().items()
        for reasons in ((), *((reason,) for reason in allowed))
    ]


# Small days make ties and overtaking likely.
one = st.tuples(
    st.sampled_from(get_cases()),
    st.integers(-12, -1),
    st.sampled_from([0, 0, 150, 400]),
    st.integers(-3, 5),
)
histories = st.lists(one, min_size=1, max_size=7)


@tagged("post_install", "-at_install")
class TestEinvoiceOrder(EinvoiceCommon):
    """Whatever is said, in whatever order, late or twice: what was said decides."""

    def _prepare_all(self, drawn):
        return [
            self._prepare_said(code, *reasons, day=day, amount=amount, paid=paid)
            for (code, reasons), day, amount, paid in drawn
        ]

    def _play(self, values, batches):
        """Let statuses come in on a fresh invoice, and return how it ends.

        :param batches: how many come in at once
        """
        invoice = self._create_invoice(due=-40, amount=1000)
        values = [dict(one, move_id=invoice.id) for one in values]
        for start in range(0, len(values), batches):
            part = values[start : start + batches]
            for place, one in enumerate(part):
                one["message_ref"] = f"{invoice.id}-{start + place}"
            self._receive(*part)
        return invoice, self._get_end_state(invoice)

    @given(histories, st.integers(0, 1000))
    @examples(40)
    def test_order_and_repetition_change_nothing(self, drawn, seed):
        savepoint = self.env.cr.savepoint()
        try:
            values = self._prepare_all(drawn)
            _invoice, expected = self._play(values, len(values))
            chance = random.Random(seed)
            shuffled = [*values, *chance.sample(values, (len(values) + 1) // 2)]
            chance.shuffle(shuffled)
            _invoice, found = self._play(shuffled, 1)
            self.assertEqual(found, expected)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    @given(histories)
    @examples(40)
    def test_what_holds_is_what_the_model_says(self, drawn):
        savepoint = self.env.cr.savepoint()
        try:
            invoice, found = self._play(self._prepare_all(drawn), 2)
            said = [
                (self._moment(day), code, reasons, amount, paid)
                for (code, reasons), day, amount, paid in drawn
            ]
            topics = get_open_topics(said, 1000)
            open_topics = {topic for topic, *_rest in found["matters"]}
            # A payment whose time is over, and one that the ledger knows, are settled.
            settled = {"payment", "received"}
            self.assertEqual(open_topics - settled, topics - settled)
            self.assertLessEqual(open_topics & {"payment"}, topics)
            self._check_dunned(invoice, topics, said)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)

    def _check_dunned(self, invoice, topics, said):
        """Check that exactly what may be claimed is claimed: planned, run and sent."""
        item = self._items(invoice)
        contested = 1000
        if "contest" in topics:
            contested = get_contested(said, 1000) or 1000
        kept_out = contested if "contest" in topics else 0
        if topics & HELD:
            kept_out = 1000
        row = self._plan()[item]
        if kept_out == 1000:
            self.assertEqual((row.decision, row.reason), ("out", "held"))
        claimed = self._get_claimed(invoice)
        self.assertLessEqual(claimed, 1000 - kept_out)
        free = not topics & {*HELD, "payment"} and not self._is_restarted(said)
        if free and kept_out < 1000:
            self.assertEqual(claimed, 1000 - kept_out)

    def _is_restarted(self, said):
        return any(code == "209" for _moment, code, *_rest in said)

    def test_each_status_with_each_reason_ends_the_same_twice_and_in_any_order(self):
        chance = random.Random(21)
        cases = get_cases()
        once, again, said = [], [], []
        for place, (code, reasons) in enumerate(cases):
            values = [
                self._prepare_said(code, *reasons, paid=0, day=-5),
                self._prepare_said("203", day=-20),
            ]
            # Customers of their own: what one pays is no matter to another.
            customer = self._create_customer(f"Buyer {place}")
            invoices = [
                self._create_invoice(customer, due=-40, amount=1000) for _ in range(2)
            ]
            once.append(invoices[0])
            again.append(invoices[1])
            said.append(values)
        self._receive_for(once, said)
        shuffled = [
            (invoice, dict(one))
            for invoice, values in zip(again, said, strict=True)
            for one in values * 2
        ]
        chance.shuffle(shuffled)
        for start in range(0, len(shuffled), 100):
            part = shuffled[start : start + 100]
            self._receive_for(
                [invoice for invoice, _one in part], [[one] for _invoice, one in part]
            )
        for case, first, second in zip(cases, once, again, strict=True):
            with self.subTest(case=case):
                expected = self._get_end_state(first)
                self.assertEqual(self._get_end_state(second), expected)
                self.assertTrue(expected["received"])

    def _receive_for(self, invoices, said):
        """Let what is said of several invoices come in at once."""
        self._receive(
            *(
                dict(one, move_id=invoice.id, message_ref=f"many-{next(numbers)}")
                for invoice, values in zip(invoices, said, strict=True)
                for one in values
            )
        )

    def test_what_is_contested_suspended_refused_or_rejected_is_never_dunned(self):
        codes = get_codes()
        invoices = self.env["account.move"]
        for code in NEVER_DUNNED:
            for reason in codes[code]:
                invoice = self._create_invoice(due=-40)
                self._say(code, reason, invoice=invoice)
                invoices += invoice
        items = self._items(invoices)
        for day in (0, 10, 40, 90):
            self._go_to(day)
            plan = self._plan()
            self.assertEqual({plan[item].reason for item in items}, {"held"})
            actions = self._step()
            listed = actions.line_ids.filtered(lambda line: line.state != "dropped")
            self.assertFalse(listed.move_line_id & items)

    def test_what_waits_to_be_sent_is_not_sent_once_it_is_contested(self):
        run = self._run(0)
        action = run.action_ids
        self.assertEqual(action.line_ids.move_line_id, self.item)
        self._say("207", "PU_ERR", day=0)
        self.assertEqual(action.state, "cancelled")
        self._cron_execute()
        self.assertFalse(action.sending_ids)

    def test_a_status_of_the_same_moment_keeps_out_rather_than_lets_through(self):
        moment = self._moment(-5)
        approved = self._prepare_said("205", day=moment)
        contested = self._prepare_said("207", "PU_ERR", day=moment)
        _invoice, expected = self._play([approved, contested], 1)
        _invoice, found = self._play([contested, approved], 1)
        self.assertEqual(found, expected)
        self.assertEqual(found["withheld"], 1000)

    def test_a_message_that_comes_days_later_counts_by_its_own_date(self):
        self._say("205", day=-5)
        self._say("207", "PU_ERR", day=-8)
        self.assertFalse(self._get_dispute())
        self._say("207", "PU_ERR", day=self._moment(-5) + timedelta(minutes=1))
        self.assertEqual(self._get_dispute().amount, 1000)
