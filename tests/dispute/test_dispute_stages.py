from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeStages(DisputeCommon):
    """The way of a dispute through its stages, by people and by the ledger."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-10)
        cls.dispute = cls._dispute(cls.invoice, 60)

    def _get_hold(self):
        return self.env["dunning.hold"].search(
            [("dispute_id", "=", self.dispute.id)], order="id desc", limit=1
        )

    # ------------------------------------------------------------------
    # OPEN STAGES
    # ------------------------------------------------------------------

    def test_people_move_a_dispute_among_the_open_stages(self):
        self.dispute.action_process()
        self.assertEqual(self.dispute.state, "in_process")
        self.dispute.action_wait_customer()
        self.assertEqual(self.dispute.state, "waiting_customer")
        self.dispute.state = "waiting_department"
        self.dispute.state = "new"
        self.assertEqual(self._get_withheld(self.invoice), 60)

    def test_nobody_closes_a_dispute_by_writing_its_stage(self):
        for stage in ("accepted", "rejected", "corrected", "cancelled"):
            with self.assertRaisesRegex(UserError, "by its buttons"):
                self.dispute.state = stage

    def test_each_stage_tells_from_when_until_when_and_who(self):
        self._go_to(2)
        self.dispute.action_process()
        self._go_to(datetime(2026, 3, 9, 23))
        self.dispute.with_user(self.env.user).action_wait_customer()
        first, second, third = self.dispute.stage_ids
        self.assertEqual(first.duration, 2)
        self.assertEqual((second.state, second.duration), ("in_process", 5.5))
        self.assertEqual(second.user_id, self.collector)
        self.assertEqual(third.user_id, self.env.user)
        self.assertFalse(third.date_end)

    def test_the_time_that_passed_tells_whom_the_dispute_waited_for(self):
        stages = ("in_process", "waiting_department", "waiting_customer")
        for day, stage in zip((1, 3, 6), stages, strict=True):
            self._go_to(day)
            self.dispute.state = stage
        self._go_to(10)
        self.dispute.action_cancel()
        self._go_to(20)
        self.dispute.invalidate_recordset()
        self.assertRecordValues(
            self.dispute,
            [{"age": 10, "days_us": 3, "days_department": 3, "days_customer": 4}],
        )

    def test_writing_the_same_stage_again_is_no_change(self):
        self.dispute.state = "new"
        self.assertEqual(len(self.dispute.stage_ids), 1)

    # ------------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------------

    def test_a_rejected_dispute_is_dunned_and_the_clock_restarts(self):
        self.dispute.amount = 100
        self._go_to(3)
        self.dispute.action_reject(text="The price is that of the order")
        self.assertRecordValues(
            self.dispute,
            [
                {
                    "state": "rejected",
                    "state_before": "new",
                    "closed_by": "user",
                    "closed_user_id": self.collector.id,
                    "date_closed": self._day(3),
                    "date_restart": self._day(3),
                    "decision": "The price is that of the order",
                }
            ],
        )
        self.assertRecordValues(
            self._get_hold(),
            [
                {
                    "state": "released",
                    "resume": "restart",
                    "date_resume": self._day(3),
                }
            ],
        )
        self.assertFalse(self.dispute.activity_ids)

    def test_the_clock_restarts_on_the_day_that_was_chosen(self):
        self._go_to(10)
        self.dispute.action_reject(date_restart=self._day(4))
        self.assertEqual(self._get_hold().date_resume, self._day(4))

    def test_rejecting_a_part_restarts_nothing_by_itself(self):
        """A pretext of a cent buys no time."""
        self.dispute.amount = 0.01
        self._go_to(3)
        self.dispute.action_reject()
        self.assertEqual(self.dispute.date_restart, False)
        hold = self._get_hold()
        self.assertEqual((hold.state, hold.resume), ("released", False))
        self.assertPlanned(self.invoice, "step")

    def test_rejecting_restarts_for_what_was_contested_as_a_whole_alone(self):
        other = self._create_invoice(due=-5)
        self.dispute.write(
            {"move_line_ids": [Command.link(self._items(other).id)], "amount": 130}
        )
        self.dispute.action_reject()
        restarted = self.dispute.hold_ids.filtered("resume")
        self.assertEqual(restarted.move_line_ids.move_id, self.invoice)

    def test_who_rejects_may_restart_nothing(self):
        self.dispute.amount = 100
        self.dispute.action_reject(date_restart=False)
        self.assertFalse(self._get_hold().resume)

    def test_the_clock_of_what_is_not_due_yet_does_not_start_before(self):
        later = self._dispute(self._create_invoice(due=20))
        later.action_reject()
        self.assertEqual(later.hold_ids.date_resume, self._day(20))

    def test_the_clock_cannot_restart_before_the_dispute_nor_in_years(self):
        for day in (-1, 367):
            with self.assertRaisesRegex(UserError, "choose one from the beginning"):
                self.dispute.action_reject(date_restart=self._day(day))
        self.dispute.action_reject(date_restart=self._day(366))

    def test_a_corrected_invoice_is_one_that_the_customer_got_today(self):
        self._go_to(5)
        self.dispute.action_correct("Purchase order added")
        self.assertEqual(self.dispute.state, "corrected")
        hold = self._get_hold()
        self.assertEqual((hold.resume, hold.date_resume), ("restart", self._day(5)))
        self.assertFalse(self._get_withheld(self.invoice))

    def test_a_cancelled_dispute_leaves_no_trace_in_dunning(self):
        self.dispute.action_cancel("Wrong customer")
        hold = self._get_hold()
        self.assertEqual((hold.state, hold.resume), ("released", False))
        self.assertPlanned(self.invoice, "step")
        self.assertIn("Wrong customer", self.dispute.message_ids[0].body)

    def test_what_is_decided_is_decided(self):
        self.dispute.action_reject()
        for decide in (
            self.dispute.action_accept,
            self.dispute.action_reject,
            self.dispute.action_correct,
            self.dispute.action_cancel,
        ):
            with self.assertRaisesRegex(UserError, "closed already: Rejected"):
                decide()
        for change in (
            {"amount": 10},
            {"state": "new"},
            {"reason_id": False},
            {"user_id": False},
        ):
            with self.assertRaisesRegex(UserError, "reopen it"):
                self.dispute.write(change)

    # ------------------------------------------------------------------
    # REOPENED
    # ------------------------------------------------------------------

    def test_a_decision_can_be_taken_back(self):
        self.dispute.action_process()
        self.dispute.action_reject(text="No")
        self.dispute.action_reopen()
        self.assertRecordValues(
            self.dispute,
            [
                {
                    "state": "in_process",
                    "closed_by": False,
                    "date_closed": False,
                    "date_restart": False,
                    "decision": False,
                }
            ],
        )
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self.assertFalse(self.dispute.hold_ids.filtered("resume"))
        self.assertTrue(self.dispute.activity_ids)

    def test_a_dispute_is_not_reopened_at_the_expense_of_another(self):
        self.dispute.action_cancel()
        self._dispute(self.invoice, 100)
        with self.assertRaisesRegex(UserError, "needs them"):
            self.dispute.action_reopen()

    def test_what_is_open_cannot_be_reopened(self):
        with self.assertRaisesRegex(UserError, "open already"):
            self.dispute.action_reopen()

    # ------------------------------------------------------------------
    # THE LEDGER
    # ------------------------------------------------------------------

    def test_a_payment_takes_first_what_is_not_in_dispute(self):
        self._pay(self.invoice, 30)
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self._pay(self.invoice, 30)
        self.assertEqual(self._get_withheld(self.invoice), 40)
        self.assertRecordValues(
            self.dispute, [{"state": "new", "amount": 60, "amount_open": 40}]
        )

    def test_a_dispute_about_what_is_paid_closes_itself(self):
        self.dispute.action_process()
        messages = len(self.dispute.message_ids)
        self._go_to(2)
        self._pay(self.invoice)
        self.assertRecordValues(
            self.dispute,
            [
                {
                    "state": "cancelled",
                    "state_before": "in_process",
                    "closed_by": "paid",
                    "closed_user_id": False,
                    "date_closed": self._day(2),
                }
            ],
        )
        self.assertFalse(self.dispute.activity_ids)
        self.assertEqual(len(self.dispute.message_ids), messages)
        with self.assertRaisesRegex(UserError, "when a payment is undone"):
            self.dispute.action_reopen()

    def test_how_the_ledger_ended_a_dispute_is_what_it_says_last(self):
        self._credit_note(self.invoice)
        self.assertEqual(self.dispute.closed_by, "credited")
        # As if something else had closed the items before.
        dispute_sudo = self.dispute.sudo()
        dispute_sudo.closed_by = "paid"
        dispute_sudo._settle_states()
        self.assertEqual(self.dispute.closed_by, "credited")

    def test_a_dispute_is_not_closed_as_paid_by_what_is_no_payment(self):
        expense = self.company_data["default_account_expense"]
        entry = self._create_entry(amount=-40, counterparts={expense: 40})
        (self._items(self.invoice) | self._items(entry)).reconcile()
        self.assertEqual(self.dispute.state, "new")
        credit = self._credit_note(self.invoice)
        self.assertRecordValues(
            self.dispute, [{"state": "cancelled", "closed_by": "credited"}]
        )
        self._items(credit).remove_move_reconcile()
        self.assertEqual(self.dispute.state, "new")
        entry = self._create_entry(amount=-60, counterparts={expense: 60})
        (self._items(self.invoice) | self._items(entry)).reconcile()
        self.assertEqual(self.dispute.closed_by, "written_off")

    def test_a_dispute_goes_on_when_its_invoice_is_moved_to_doubtful_debts(self):
        entry = self._move_to_doubtful(self.invoice)
        self.assertRecordValues(
            self.dispute, [{"state": "new", "closed_by": False, "amount_held": 0}]
        )
        entry.line_ids.remove_move_reconcile()
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self.dispute.action_reject()
        self.assertEqual(self.dispute.state, "rejected")

    def test_a_dispute_comes_back_when_the_payment_is_undone(self):
        self.dispute.action_wait_customer()
        payment = self._pay(self.invoice)
        self._go_to(5)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertRecordValues(
            self.dispute,
            [{"state": "waiting_customer", "closed_by": False, "date_closed": False}],
        )
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self.assertTrue(self.dispute.activity_ids)
        self.assertEqual(len(self.dispute.stage_ids), 4)

    def test_what_people_decided_stays_when_a_payment_is_undone(self):
        self.dispute.action_reject()
        payment = self._pay(self.invoice)
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual(self.dispute.state, "rejected")
        self.assertFalse(self._get_withheld(self.invoice))

    def test_an_invoice_that_is_changed_stays_in_dispute(self):
        self.invoice.button_draft()
        self.assertEqual(self.dispute.state, "new")
        self.invoice.invoice_line_ids.price_unit = 90
        self.invoice.action_post()
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self.assertEqual(self.dispute.move_line_ids, self._items(self.invoice))

    def test_a_smaller_invoice_keeps_no_more_out_than_it_is(self):
        self.invoice.button_draft()
        self.invoice.invoice_line_ids.price_unit = 40
        self.invoice.action_post()
        self.assertEqual(self._get_withheld(self.invoice), 40)
        self.assertEqual(self.dispute.amount, 60)

    def test_a_dispute_ends_with_its_invoice(self):
        self.invoice.button_draft()
        self.invoice.button_cancel()
        self.assertRecordValues(
            self.dispute, [{"state": "cancelled", "closed_by": "void"}]
        )
        self.invoice.button_draft()
        self.invoice.action_post()
        self.assertEqual(self.dispute.state, "new")
        self.assertEqual(self._get_withheld(self.invoice), 60)

    def test_a_dispute_ends_with_its_deleted_invoice(self):
        self.invoice.button_draft()
        self.invoice.with_context(force_delete=True).unlink()
        self.assertRecordValues(
            self.dispute, [{"state": "cancelled", "closed_by": "void"}]
        )

    def test_the_disputes_of_merged_customers_are_those_of_one(self):
        double = self._create_customer("Double")
        other = self._dispute(self._create_invoice(double, due=-5), 30)
        self.env["base.partner.merge.automatic.wizard"].sudo()._merge(
            [self.customer.id, double.id], self.customer
        )
        self.env.invalidate_all()
        self.assertEqual(other.partner_id, self.customer)
        self.assertEqual(other.hold_ids.partner_id, self.customer)
        action = self._run().action_ids
        self.assertEqual(action.amount, 40 + 70)
        other.action_reject()
        self.assertEqual(self.dispute.state, "new")
        self._pay(other.move_line_ids.move_id | self.invoice, group_payment=True)
        self.assertEqual(self.dispute.closed_by, "paid")
