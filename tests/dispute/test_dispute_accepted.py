from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeAccepted(DisputeCommon):
    """An accepted dispute waits for its credit notes, whatever becomes of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-10)
        cls.dispute = cls._dispute(cls.invoice, 60)

    def _accept(self, dispute=None, **values):
        """Accept as the collector does.

        :return: the credit notes
        """
        (dispute or self.dispute).action_accept(**values)
        return (dispute or self.dispute).credit_note_ids.with_user(self.env.user)

    # ------------------------------------------------------------------
    # WAITING
    # ------------------------------------------------------------------

    def test_an_accepted_dispute_gets_a_draft_and_stays_out(self):
        window = self.dispute.action_accept(text="Agreed on the phone")
        credit_note = self.dispute.credit_note_ids
        self.assertEqual(window["res_id"], credit_note.id)
        self.assertRecordValues(
            self.dispute,
            [{"state": "accepted", "closed_by": "user", "date_credited": False}],
        )
        self.assertRecordValues(
            credit_note,
            [
                {
                    "state": "draft",
                    "move_type": "out_refund",
                    "amount_total": 60,
                    "reversed_entry_id": self.invoice.id,
                }
            ],
        )
        self.assertEqual(self._get_withheld(self.invoice), 60)
        action = self._run().action_ids
        self.assertEqual(action.line_ids.amount_claimed, 40)

    def test_the_posted_credit_note_takes_the_place_of_the_hold(self):
        self._go_to(2)
        self._accept().action_post()
        self.assertRecordValues(
            self.dispute,
            [{"state": "accepted", "date_credited": self._day(2), "amount_held": 0}],
        )
        self.assertEqual(self.invoice.amount_residual, 40)
        self.assertFalse(self.dispute.activity_ids)
        action = self._run().action_ids
        self.assertEqual(action.line_ids.amount_claimed, 40)

    def test_a_credit_that_is_not_reconciled_is_deducted_once(self):
        self._accept().action_post()
        self._items(self.invoice).remove_move_reconcile()
        self.assertFalse(self._get_withheld(self.invoice))
        self.assertEqual(self._run().action_ids.amount, 40)

    def test_a_whole_invoice_is_credited_line_by_line(self):
        invoice = self._create_invoice(due=-10)
        credit_note = self._accept(self._dispute(invoice))
        self.assertEqual(credit_note.invoice_line_ids.name, "Goods")
        credit_note.action_post()
        self.assertEqual(invoice.payment_state, "reversed")

    def test_each_invoice_gets_its_own_credit_note(self):
        old, new = (self._create_invoice(due=due) for due in (-9, -3))
        dispute = self._dispute(old | new, 130)
        first, last = self._accept(dispute).sorted("amount_total", reverse=True)
        self.assertEqual((first.amount_total, last.amount_total), (100, 30))
        self.assertEqual((first.reversed_entry_id, last.reversed_entry_id), (old, new))
        first.action_post()
        self.assertFalse(dispute.date_credited)
        self.assertEqual(self._get_withheld(new), 30)
        last.action_post()
        self.assertTrue(dispute.date_credited)
        self.assertFalse(self._get_withheld(old | new))

    def test_no_more_is_credited_than_what_a_payment_left(self):
        self._pay(self.invoice, 70)
        self.assertEqual(self._accept().amount_total, 30)

    # ------------------------------------------------------------------
    # OTHERWISE THAN PLANNED
    # ------------------------------------------------------------------

    def test_a_deleted_draft_keeps_the_amount_out_and_is_told(self):
        self._accept().unlink()
        self.assertEqual(self.dispute.state, "accepted")
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self.assertEqual(self.dispute.credit_ids.state, "missing")
        self.assertIn("prepare it again", self.dispute.activity_ids.summary)
        self.dispute.action_prepare_credit_notes()
        self.assertEqual(self.dispute.credit_note_ids.amount_total, 60)
        self.assertFalse(self.dispute.activity_ids)
        with self.assertRaisesRegex(UserError, "No credit note is missing"):
            self.dispute.action_prepare_credit_notes()

    def test_a_cancelled_credit_note_is_as_good_as_deleted(self):
        credit_note = self._accept()
        credit_note.action_post()
        credit_note.button_draft()
        # Odoo lets it go on counting until it is changed.
        self.assertEqual(self.invoice.amount_residual, 40)
        self.assertFalse(self._get_withheld(self.invoice))
        credit_note.button_cancel()
        self.assertEqual(self.invoice.amount_residual, 100)
        self.assertFalse(self.dispute.date_credited)
        self.assertEqual(self.dispute.credit_ids.state, "missing")
        self.assertEqual(self._get_withheld(self.invoice), 60)

    def test_what_the_accounting_credits_less_is_dunned(self):
        credit_note = self._accept()
        credit_note.invoice_line_ids.price_unit = 45
        self.assertEqual(self._get_withheld(self.invoice), 60)
        credit_note.action_post()
        self.assertFalse(self._get_withheld(self.invoice))
        self.assertEqual(self._run().action_ids.line_ids.amount_claimed, 55)
        self.assertIn("45.00", self.dispute.message_ids[0].body)

    def test_a_payment_before_the_credit_note_leaves_less_to_keep_out(self):
        self._accept()
        self._pay(self.invoice, 70)
        self.assertEqual(self._get_withheld(self.invoice), 30)
        self.assertEqual(self.dispute.state, "accepted")

    def test_a_credit_note_that_is_there_already_is_linked(self):
        credit_note = self._credit_note(self.invoice, 60, reconcile=False)
        self._accept(credit_note_ids=credit_note.ids)
        self.assertEqual(self.dispute.credit_note_ids, credit_note)
        self.assertTrue(self.dispute.date_credited)
        self.assertFalse(self._get_withheld(self.invoice))

    def test_a_credit_note_of_somebody_else_is_refused(self):
        other = self._create_invoice(self._create_customer("Other"))
        strange = self._credit_note(other, reconcile=False)
        for entry in (strange, self.invoice):
            with self.assertRaisesRegex(UserError, "does not credit this customer"):
                self._accept(credit_note_ids=entry.ids)
        self.assertEqual(self.dispute.state, "new")

    def test_a_credit_note_that_the_user_may_not_see_is_refused(self):
        second = self._create_second_company()
        strange = self._create_invoice(company=second)
        dispute = self.dispute.with_user(self.collector)
        with self.assertRaises(AccessError):
            dispute.action_accept(credit_note_ids=strange.ids)

    def test_what_is_no_invoice_is_credited_by_an_entry(self):
        self.company.dunning_include_misc = True
        balance = self._create_entry(due=-10)
        dispute = self._dispute(balance)
        with self.assertRaisesRegex(UserError, "no invoice"):
            dispute.action_accept()
        entry = self._create_entry(due=0, amount=-100)
        self._accept(dispute, credit_note_ids=entry.ids)
        self.assertFalse(self._get_withheld(balance))

    def test_nothing_is_credited_where_nothing_is_open(self):
        self.invoice.button_draft()
        with self.assertRaisesRegex(UserError, "Nothing is left open"):
            self.dispute.action_accept()

    # ------------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------------

    def test_taking_the_decision_back_deletes_the_draft(self):
        credit_note = self._accept()
        self.dispute.action_reopen()
        self.assertFalse(credit_note.exists())
        self.assertEqual(self.dispute.state, "new")
        self.assertFalse(self.dispute.credit_ids)
        self.assertEqual(self._get_withheld(self.invoice), 60)
        self.assertEqual(len(self.dispute.activity_ids), 1)

    def test_a_credit_note_made_otherwise_stays_when_the_decision_is_taken_back(self):
        credit_note = self._create_invoice(
            due=0, amount=60, move_type="out_refund", post=False
        )
        self._accept(credit_note_ids=credit_note.ids)
        self.dispute.action_reopen()
        self.assertTrue(credit_note.exists())

    def test_a_posted_credit_note_is_taken_back_in_the_accounting(self):
        self._accept().action_post()
        with self.assertRaisesRegex(UserError, "is posted: reset it to draft"):
            self.dispute.action_reopen()

    def test_a_dispute_of_two_instalments_credits_one_invoice(self):
        terms = self._create_terms((50, 0), (50, 30))
        invoice = self._create_invoice(date=-20, terms=terms, amount=200)
        dispute = self._dispute(invoice, 150)
        credit_note = self._accept(dispute)
        self.assertEqual(credit_note.amount_total, 150)
        credit_note.action_post()
        self.assertEqual(invoice.amount_residual, 50)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_the_collector_prepares_what_only_accountants_may_post(self):
        self.dispute.action_accept()
        credit_note = self.dispute.credit_note_ids
        self.assertFalse(credit_note.has_access("write"))
        self.assertEqual(credit_note.create_uid, self.collector)
        self.assertEqual(
            self.dispute.sudo().credit_ids.with_user(self.collector).state, "draft"
        )

    def test_nobody_writes_credits_by_hand(self):
        self.dispute.action_accept()
        with self.assertRaises(UserError):
            self.dispute.credit_ids.amount = 1
        with self.assertRaises(UserError):
            self.dispute.write({"credit_ids": [Command.clear()]})
