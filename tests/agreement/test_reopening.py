from odoo.tests import tagged
from odoo.tools import SQL

from ..disputes import DisputeCommon
from .test_concurrent_claims import TestConcurrentClaims as ClaimsCommon


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


@tagged("post_install", "-at_install")
class TestConcurrentReopening(ClaimsCommon):
    """Who lets a promise or a dispute go on, or approves one, waits for those who claim
    the same items, and the later of both looks again."""

    def _make(self, make, close):
        """Make a record and close it.

        :return: its id
        """
        with self._env() as env:
            id_ = make(env)
        with self._env() as env:
            close(env, id_)
        return id_

    def _assert_items_are_touched(self, model, id_, method="action_reopen"):
        """Check that the items are claimed by who decides, before it commits."""
        with self._env(commit=False) as deciding, self._env(commit=False) as other:
            getattr(deciding[model].browse(id_), method)()
            deciding.flush_all()
            # Who only refers to an item does not keep others from claiming it.
            other.cr.execute(
                SQL(
                    """
                    SELECT id
                      FROM account_move_line
                     WHERE id = %s
                       FOR NO KEY UPDATE SKIP LOCKED
                    """,
                    self._get_item(other).id,
                )
            )
            self.assertFalse(
                other.cr.fetchall(), "somebody else could claim the item, too"
            )

    def test_a_promise_that_goes_on_claims_its_items(self):
        id_ = self._make(
            self._promise,
            lambda env, id_: env["dunning.promise"].browse(id_).action_withdraw(),
        )
        self._assert_items_are_touched("dunning.promise", id_)

    def test_a_promise_that_is_approved_claims_its_items(self):
        def ask(env, id_):
            env["dunning.promise"].sudo().browse(id_).approval = "waiting"

        id_ = self._make(self._promise, ask)
        self._assert_items_are_touched("dunning.promise", id_, "action_approve")

    def test_a_dispute_that_goes_on_claims_its_items(self):
        id_ = self._make(
            self._dispute,
            lambda env, id_: env["dunning.dispute"].browse(id_).action_cancel(),
        )
        self._assert_items_are_touched("dunning.dispute", id_)
