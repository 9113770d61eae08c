from odoo.tests import tagged

from .disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestReopening(DisputeCommon):
    """What is taken back of an accepted dispute."""

    def test_a_draft_that_was_posted_stays_with_the_accounting(self):
        dispute = self._dispute(self._create_invoice(due=-5), 60)
        dispute.action_accept()
        [credit_note] = dispute.sudo().credit_note_ids
        credit_note.action_post()
        credit_note.button_draft()
        dispute.action_reopen()
        self.assertEqual(credit_note.exists().state, "draft")
        self.assertEqual(dispute.state, "new")
        self.assertFalse(dispute.credit_ids)

    def test_a_draft_that_nobody_posted_goes_with_the_decision(self):
        dispute = self._dispute(self._create_invoice(due=-5), 60)
        dispute.action_accept()
        [credit_note] = dispute.sudo().credit_note_ids
        dispute.action_reopen()
        self.assertFalse(credit_note.exists())
