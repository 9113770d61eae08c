from odoo import Command
from odoo.tests import tagged

from ..promises import PromiseCommon


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

    def test_a_payment_in_cash_or_by_card_keeps_the_promise(self):
        account = self.inbound_payment_method_line.payment_account_id
        for kind, invoice in (("cash", self.old), ("credit", self.new)):
            journal = self.env["account.journal"].create(
                {"name": kind, "code": kind.upper(), "type": kind}
            )
            journal.inbound_payment_method_line_ids.payment_account_id = account
            promise = self._promise((5, 100), items=invoice)
            payment = self._pay(invoice, journal_id=journal.id)
            with self.subTest(journal=kind):
                self.assertEqual(payment.move_id.journal_id, journal)
                self.assertStates(promise, "kept")
                self.assertEqual(promise.amount_received, 100)

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

    def test_money_on_account_before_the_promise_is_no_payment_of_it(self):
        payment = self._create_payment(amount=60, date=-1)
        promise = self._promise((5, 100))
        (self._items(self.old) | self._items(payment.move_id)).reconcile()
        self.assertEqual((promise.amount_received, promise.amount_left), (0, 40))
        self._pay(self.old)
        self.assertStates(promise, "kept")
        self.assertEqual(promise.amount_received, 40)

    def test_a_promise_paid_with_money_that_was_there_is_void(self):
        payment = self._create_payment(amount=100, date=-1)
        promise = self._promise((5, 100))
        (self._items(self.old) | self._items(payment.move_id)).reconcile()
        self.assertStates(promise, "void")
        self.assertIn("there before", promise.outcome_text)

    def test_what_was_a_draft_when_it_was_promised_counts_once_it_is_posted(self):
        bank = self.company_data["default_journal_bank"].default_account_id
        entry = self._create_entry(amount=-100, counterparts={bank: 100})
        entry.button_draft()
        promise = self._promise((5, 100), items=self.old)
        entry.action_post()
        (self._items(self.old) | self._items(entry)).reconcile()
        self.assertStates(promise, "kept")

    def test_a_payment_entered_late_and_dated_before_the_promise_counts(self):
        promise = self._promise((5, 100))
        self._pay(self.old, date=-1)
        self.assertStates(promise, "kept")

    # ------------------------------------------------------------------
    # WHAT IS NOT RECEIVED
    # ------------------------------------------------------------------

    def _write_off(self, amount, account="default_account_expense"):
        return self._pay(
            self.old,
            amount,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data[account].id,
        )

    def test_what_is_written_off_while_paying_is_not_received(self):
        promise = self._promise((5, 100), items=self.old)
        self._write_off(60)
        self.assertEqual(self.old.amount_residual, 0)
        self.assertEqual(
            (promise.amount_received, promise.line_ids.amount_credited), (60, 40)
        )
        self.assertStates(promise, "kept")

    def test_what_is_written_off_of_several_invoices_is_shared_out(self):
        promise = self._promise((5, 200), items=self.old + self.new)
        self._pay(
            self.old + self.new,
            150,
            group_payment=True,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(promise.amount_received, 150)

    def test_an_entry_on_a_bank_account_is_money_whatever_its_journal(self):
        promise = self._promise((5, 100), items=self.old)
        bank = self.company_data["default_journal_bank"].default_account_id
        entry = self._create_entry(amount=-100, counterparts={bank: 100})
        (self._items(self.old) | self._items(entry)).reconcile()
        self.assertStates(promise, "kept")

    # ------------------------------------------------------------------
    # DATED IN THE FUTURE
    # ------------------------------------------------------------------

    def test_a_payment_dated_in_the_future_counts_on_its_day(self):
        promise = self._promise((5, 100), items=self.old)
        self._pay(self.old, date=4)
        self.assertStates(promise, "open")
        self.assertRecordValues(
            promise,
            [
                {
                    "amount_received": 0,
                    "amount_left": 100,
                    "amount_ahead": 100,
                    "date_ahead": self._day(4),
                }
            ],
        )
        self._run(3)
        self.assertStates(promise, "open")
        self._run(4)
        self.assertStates(promise, "kept")
        self.assertEqual((promise.amount_received, promise.date_ahead), (100, False))

    def test_a_payment_dated_after_the_time_is_over_does_not_keep_the_promise(self):
        promise = self._promise((5, 100), items=self.old)
        self._pay(self.old, date=20)
        self.assertStates(promise, "open")
        self._run(9)
        self.assertStates(promise, "broken")
        self.assertEqual(promise.amount_received, 0)
        self._run(20)
        self.assertStates(promise, "broken")
        self.assertEqual((promise.amount_received, promise.amount_in_time), (100, 0))

    def test_what_a_payment_dated_in_the_future_will_pay_is_not_kept_out_elsewhere(
        self,
    ):
        promise = self._promise((5, 100), items=self.old + self.new)
        self.assertEqual(self._get_active_holds(), {self.old: 100})
        self._pay(self.old, date=4)
        self.assertFalse(self._get_active_holds())
        self.assertEqual(promise.amount_left, 100)

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
        self.assertStates(promise, "open", "open", "void")
        self._pay(self.old)
        self.assertStates(promise, "kept", "kept", "void")

    def test_a_credit_note_of_everything_leaves_nothing_to_keep(self):
        promise = self._promise((5, 100))
        credit = self._credit_note(self.old)
        self.assertStates(promise, "void")
        self.assertEqual(promise.outcome_text, "Its invoices were credited.")
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

    def test_what_is_given_up_is_not_moved_with_what_somebody_else_takes_over(self):
        item = self._items(self.old)
        expense = self.company_data["default_account_expense"]
        counterparts = {expense: 60, item.account_id: 40}
        entry = self._create_entry(amount=-100, counterparts=counterparts)
        owed = self._items(entry).filtered(lambda line: line.balance > 0)
        owed.partner_id = self._create_customer("Somebody Else")
        (item | self._items(entry) - owed).reconcile()
        closings = item._dunning_get_closings()
        self.assertEqual(closings[item.id], [("written_off", 100)])

    def test_what_a_payment_moves_to_another_account_is_not_paid(self):
        item = self._items(self.old)
        bank = self.company_data["default_journal_bank"].default_account_id
        counterparts = {bank: 60, item.account_id.copy(): 40}
        entry = self._create_entry(amount=-100, counterparts=counterparts)
        owed = self._items(entry).filtered(lambda line: line.balance > 0)
        (item | self._items(entry) - owed).reconcile()
        closings = item._dunning_get_closings()
        self.assertEqual(closings[item.id], [("paid", 60), ("written_off", 40)])

    def test_a_promise_moved_to_doubtful_debts_is_void(self):
        promise = self._promise((5, 100))
        self._move_to_doubtful(self.old)
        self.assertStates(promise, "void")
        self.assertIn("moved to another account", promise.outcome_text)
        self.assertFalse(promise.activity_ids)

    def test_a_credit_note_within_the_tolerance_leaves_nothing_to_miss(self):
        self.company.dunning_promise_tolerance_amount = 5
        promise = self._promise((5, 100), items=self.old)
        self._credit_note(self.old, 97)
        self.assertStates(promise, "open")
        self._run(9)
        self.assertStates(promise, "void")

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
        self.assertStates(promise, "void")
        self.assertIn("cancelled", promise.outcome_text)
        self.assertFalse(self._get_active_holds())
