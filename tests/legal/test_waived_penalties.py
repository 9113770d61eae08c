from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common_legal import PenaltyCommon


@tagged("post_install", "-at_install")
class TestWaivedPenalties(PenaltyCommon):
    """Letting customers off, of the interest or of the indemnity."""

    def test_a_customer_is_let_off_with_a_reason_and_by_somebody(self):
        dialog = self._open()
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.action_waive()
        dialog.reason_id = self.reason
        dialog.action_waive()
        penalty = self.env["dunning.penalty"].search([])
        self.assertEqual(
            (penalty.state, penalty.amount, penalty.amount_waived), ("waived", 0, 404.4)
        )
        self.assertEqual(penalty.user_id, self.collector)
        self.assertEqual(penalty.reason_id, self.reason)
        self.assertFalse(penalty.move_id)
        self.assertFalse(self._open().line_ids)

    def test_part_of_the_interest_is_let_off_and_the_rest_claimed(self):
        dialog = self._open()
        dialog.line_ids.interest_waived = 64.4
        self.assertEqual(dialog.line_ids.amount, 340)
        dialog.reason_id = self.reason
        dialog.action_claim()
        penalty = self.env["dunning.penalty"].search([])
        self.assertEqual((penalty.amount, penalty.amount_waived), (340, 64.4))
        self.assertEqual(
            penalty.move_id.invoice_line_ids.mapped("price_unit"), [300, 40]
        )

    def test_the_indemnity_is_let_off_as_a_whole_and_the_interest_claimed(self):
        dialog = self._open()
        dialog.line_ids.is_indemnity_waived = True
        self.assertEqual(dialog.line_ids.amount, 364.4)
        with self.assertRaisesRegex(UserError, "Say why"):
            dialog.action_claim()
        dialog.reason_id = self.reason
        dialog.action_claim()
        penalty = self.env["dunning.penalty"].search([])
        self.assertEqual((penalty.amount, penalty.amount_waived), (364.4, 40))
        [line] = penalty.move_id.invoice_line_ids
        self.assertEqual(line.price_unit, 364.4)
        self.assertFalse(self._open().line_ids)

    def test_what_was_let_off_stays_so_when_the_invoice_beside_it_is_reversed(self):
        dialog = self._open()
        dialog.line_ids.is_indemnity_waived = True
        dialog.reason_id = self.reason
        dialog.action_claim()
        penalty = self.env["dunning.penalty"].search([])
        penalty.move_id.action_post()
        penalty.move_id._reverse_moves(cancel=True)
        self.assertRecordValues(
            penalty, [{"state": "waived", "amount": 0, "amount_waived": 40}]
        )
        [line] = self._open().line_ids
        self.assertEqual((line.interest, line.indemnity), (364.4, 0))
        # Unless somebody takes that back, too.
        penalty.with_user(self.collector).action_reopen()
        self.assertEqual(penalty.state, "cancelled")
        self.assertEqual(self._open().line_ids.amount, 404.4)

    def test_what_was_let_off_stays_so_while_its_draft_is_cancelled(self):
        dialog = self._open()
        dialog.line_ids.is_indemnity_waived = True
        dialog.reason_id = self.reason
        dialog.action_claim()
        penalty = self.env["dunning.penalty"].search([])
        penalty.move_id.button_cancel()
        self.assertEqual((penalty.state, penalty.amount_waived), ("waived", 40))
        penalty.move_id.button_draft()
        self.assertEqual((penalty.state, penalty.amount), ("draft", 364.4))
        self.assertFalse(self._open().line_ids)
        penalty.move_id.unlink()
        self.assertEqual((penalty.state, penalty.amount), ("waived", 0))
        self.assertEqual(self._open().line_ids.amount, 364.4)

    def test_where_no_indemnity_is_owed_none_is_let_off(self):
        self._create_late_invoice(partner=self.customer)
        dialog = self._open(self.customer)
        dialog.line_ids.is_indemnity_waived = True
        dialog.action_claim()
        self.assertFalse(self.env["dunning.penalty"].search([]).amount_waived)

    def test_no_part_of_an_indemnity_is_claimed_by_a_draft_that_was_changed(self):
        move = self._claim().move_id
        indemnity = move.invoice_line_ids.sorted("sequence")[1]
        indemnity.price_unit = 26.56
        with self.assertRaisesRegex(UserError, "fixed sum"), self.env.cr.savepoint():
            move.action_post()
        indemnity.price_unit = 0
        move.action_post()
        penalty = self.env["dunning.penalty"].search([])
        self.assertEqual((penalty.amount, penalty.amount_waived), (364.4, 40))

    def test_no_more_interest_is_let_off_than_is_owed(self):
        dialog = self._open()
        dialog.reason_id = self.reason
        for amount in (364.41, -1):
            dialog.line_ids.interest_waived = amount
            with self.assertRaisesRegex(UserError, "no more interest can be let off"):
                dialog.action_claim()

    def test_reasons_are_offered_that_fit_what_one_lets_off(self):
        domain = self.env["dunning.penalty.claim"]._fields["reason_id"].domain
        domain = safe_eval(domain, {"company_id": self.company.id})
        offered = self.env["dunning.reason"].search(domain)
        ref = self.env.ref
        self.assertIn(ref("account_dunning.reason_goodwill"), offered)
        self.assertIn(ref("account_dunning.reason_not_received"), offered)
        self.assertNotIn(ref("account_dunning.reason_promised"), offered)
        self.assertNotIn(ref("account_dunning.reason_forgotten"), offered)

    def test_what_was_let_off_can_be_claimed_after_all(self):
        dialog = self._open()
        dialog.reason_id, dialog.line_ids.interest_waived = self.reason, 364.4
        dialog.line_ids.is_indemnity_waived = True
        window = dialog.action_claim()
        penalty = self.env[window["res_model"]].search([])
        penalty.with_user(self.collector).action_reopen()
        self.assertEqual(self._open().line_ids.amount, 404.4)
        self._claim()
        booked = self.env["dunning.penalty"].search([("state", "=", "draft")])
        with self.assertRaisesRegex(UserError, "is claimed by an invoice"):
            booked.action_reopen()
