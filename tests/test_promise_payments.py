from odoo import Command
from odoo.tests import tagged

from .promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromisePayments(PromiseCommon):
    """What counts for a promise, and when: the states follow the ledger."""

    # ------------------------------------------------------------------
    # IN TIME
    # ------------------------------------------------------------------

    def test_a_payment_in_time_keeps_the_promise(self):
        promise = self._promise((5, 200))
        self._go_to(8)
        self._pay(self.old + self.new, group_payment=True)
        self.assertStates(promise, "kept")
        self.assertEqual((promise.amount_received, promise.amount_left), (200, 0))
        self.assertFalse(self._get_active_holds())

    def test_a_payment_before_its_day_keeps_the_promise_at_once(self):
        promise = self._promise((5, 100))
        self._pay(self.old)
        self.assertStates(promise, "kept")

    def test_a_part_in_time_keeps_the_promise_partly(self):
        promise = self._promise((5, 100))
        self._pay(self.old, 40)
        self.assertStates(promise, "open")
        self.assertEqual(self._get_active_holds(), {self.old: 60})
        self._run(9)
        self.assertStates(promise, "partly_kept")
        self.assertEqual(promise.amount_received, 40)

    def test_nothing_in_time_breaks_the_promise(self):
        promise = self._promise((5, 200))
        self._run(8)
        self.assertStates(promise, "open")
        self._run(9)
        self.assertStates(promise, "broken")
        self.assertFalse(self._get_active_holds())

    def test_a_payment_too_late_is_received_but_keeps_nothing(self):
        promise = self._promise((5, 100))
        self._go_to(9)
        self._pay(self.old)
        self.assertStates(promise, "broken")
        self.assertEqual(promise.amount_received, 100)

    def test_a_payment_imported_late_but_dated_in_time_keeps_the_promise(self):
        promise = self._promise((5, 100))
        self._run(9)
        self.assertStates(promise, "broken")
        self._pay(self.old, date=8)
        self.assertStates(promise, "kept")
        self.assertFalse(promise.activity_ids)
        self.assertFalse(promise.hold_ids.filtered("resume"))

    def test_a_payment_of_before_the_promise_counts_when_it_is_reconciled_after(self):
        payment = self._create_payment(amount=100, date=-1)
        promise = self._promise((5, 100))
        (self._items(self.old) | self._items(payment.move_id)).reconcile()
        self.assertStates(promise, "kept")

    def test_what_was_reconciled_before_the_promise_does_not_count(self):
        self._pay(self.old, 40)
        promise = self._promise((5, 60), items=self.old)
        self.assertEqual(promise.amount_received, 0)
        payment = self._items(self.old).matched_credit_ids.credit_move_id
        self._items(self.old).remove_move_reconcile()
        (self._items(self.old) | payment).reconcile()
        self.assertEqual((promise.state, promise.amount_received), ("open", 0))

    def test_the_tolerance_in_amount_forgives_a_shortage(self):
        self.company.dunning_promise_tolerance_amount = 2
        promise = self._promise((5, 100))
        self._pay(self.old, 97.99)
        self.assertStates(promise, "open")
        self._pay(self.old, 0.01)
        self.assertStates(promise, "kept")
        self.assertFalse(self._get_active_holds())

    def test_a_tolerance_above_the_amount_does_not_keep_what_nobody_paid(self):
        self.company.dunning_promise_tolerance_amount = 500
        promise = self._promise((5, 100))
        self.assertStates(promise, "open")
        self._run(9)
        self.assertStates(promise, "broken")

    def test_the_tolerance_in_amount_is_converted_to_the_currency(self):
        dollar = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": self._day(-60), "rate": 2}
        )
        self.company.dunning_promise_tolerance_amount = 5
        abroad = self._create_invoice(due=-5, amount=300, currency=dollar)
        promise = self._promise((5, 300), items=abroad)
        self.assertEqual(promise.currency_id, dollar)
        self.assertEqual(promise.tolerance_amount, 10)

    def test_a_payment_in_another_currency_counts_by_what_it_pays(self):
        dollar = self._enable_currency("USD")
        abroad = self._create_invoice(due=-5, amount=300, currency=dollar)
        promise = self._promise((5, 300), items=abroad)
        euro = self.company.currency_id
        self._pay(abroad, abroad.amount_residual_signed, currency_id=euro.id)
        self.assertStates(promise, "kept")
        self.assertEqual(promise.amount_received, 300)

    def test_an_overpayment_keeps_the_promise_and_no_other(self):
        promise = self._promise((5, 60), items=self.old)
        other = self._promise((5, 60), items=self.new)
        self._pay(self.old, 130)
        self.assertEqual((promise.state, promise.amount_received), ("kept", 60))
        self.assertEqual((other.state, other.amount_received), ("open", 0))

    # ------------------------------------------------------------------
    # BOUNCES
    # ------------------------------------------------------------------

    def test_a_payment_that_bounces_reopens_the_promise(self):
        promise = self._promise((5, 100))
        self._pay(self.old)
        self._items(self.old).remove_move_reconcile()
        self.assertEqual((promise.state, promise.amount_received), ("open", 0))
        self.assertEqual(self._get_active_holds(), {self.old: 100})

    def test_a_payment_that_bounces_after_the_time_breaks_the_promise(self):
        promise = self._promise((5, 100))
        self._pay(self.old)
        self._go_to(9)
        self._items(self.old).remove_move_reconcile()
        self.assertStates(promise, "broken")
        self.assertEqual(promise.hold_ids.resume, "next")
        self.assertEqual(promise.activity_ids.user_id, self.collector)

    # ------------------------------------------------------------------
    # CREDIT NOTES
    # ------------------------------------------------------------------

    def test_a_credit_note_takes_first_what_nobody_promised(self):
        promise = self._promise((5, 60), items=self.old)
        self._credit_note(self.old, 40)
        self.assertEqual((promise.state, promise.amount_left), ("open", 60))
        self._credit_note(self.old, 20)
        self.assertEqual(promise.amount_left, 40)
        self.assertEqual(self._get_active_holds(), {self.old: 40})

    def test_a_credit_note_takes_then_the_last_instalment(self):
        promise = self._promise((5, 50), (10, 50), items=self.old)
        self._credit_note(self.old, 70)
        self.assertEqual(promise.line_ids.mapped("amount_credited"), [20, 50])
        self.assertStates(promise, "open", "open", "kept")
        self._pay(self.old)
        self.assertStates(promise, "kept", "kept", "kept")

    def test_a_credit_note_of_everything_leaves_nothing_to_keep(self):
        promise = self._promise((5, 100))
        credit = self._credit_note(self.old)
        self.assertStates(promise, "kept")
        self.assertEqual(promise.amount_received, 0)
        self._items(credit).remove_move_reconcile()
        self.assertStates(promise, "open")

    def test_a_credit_note_after_the_time_does_not_keep_a_broken_promise(self):
        promise = self._promise((5, 100))
        self._run(9)
        self._credit_note(self.old)
        self.assertStates(promise, "broken")

    def test_a_write_off_is_no_payment(self):
        promise = self._promise((5, 100))
        write_off = self._create_entry(amount=-30)
        (self._items(self.old) | self._items(write_off)).reconcile()
        self.assertEqual((promise.amount_received, promise.amount_left), (0, 70))

    # ------------------------------------------------------------------
    # INVOICES THAT CHANGE
    # ------------------------------------------------------------------

    def test_an_invoice_that_is_changed_keeps_its_promise(self):
        self._pay(self.old, 30)
        old_payment = self._items(self.old).matched_credit_ids.credit_move_id
        promise = self._promise((5, 70), items=self.old)
        before = promise.move_line_ids
        self.old.button_draft()
        self.assertEqual(promise.state, "open")
        self.old.invoice_line_ids = [Command.clear()]
        self.old.invoice_line_ids = [
            Command.create({"name": "Other", "price_unit": 120, "tax_ids": []})
        ]
        self.assertFalse(before.exists())
        self.old.action_post()
        self.assertEqual(promise.move_line_ids, self._items(self.old))
        self.assertEqual(self._get_active_holds(), {self.old: 70})
        (self._items(self.old) | old_payment).reconcile()
        self.assertEqual(promise.amount_received, 0)
        self._pay(self.old)
        self.assertStates(promise, "kept")

    def test_an_invoice_that_is_cancelled_leaves_nothing_to_keep(self):
        promise = self._promise((5, 100))
        self.old.button_draft()
        self.old.button_cancel()
        self.assertStates(promise, "kept")
        self.assertFalse(self._get_active_holds())
