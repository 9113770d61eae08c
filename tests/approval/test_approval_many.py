from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .test_approval import ApprovalCommon


@tagged("post_install", "-at_install")
class TestValidateMany(ApprovalCommon):
    """Approving the queue, or a part of it, at once."""

    def _plan_many(self, count=3):
        for number in range(count):
            partner = self._create_customer(f"Customer {number}")
            self._create_invoice(partner, due=-5, amount=100)
        return self._run().action_ids.with_user(self.collector)

    def test_counts_and_amounts_are_shown_before(self):
        actions = self._plan_many()
        dialog = self._dialog("dunning.action.validate", actions)
        self.assertEqual(dialog.count, 3)
        text = html2plaintext(dialog.summary)
        self.assertIn("E-mail", text)
        self.assertIn("300.00", text)

    def test_all_are_validated(self):
        actions = self._plan_many()
        self._dialog("dunning.action.validate", actions).action_apply()
        self.assertEqual(set(actions.mapped("state")), {"todo"})
        self._cron_execute()
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_those_out_of_date_stay_in_the_queue(self):
        actions = self._plan_many()
        self._edit(actions[0])
        self._pay(actions[0].sudo().line_ids.move_id, 10)
        dialog = self._dialog("dunning.action.validate", actions)
        self.assertEqual((dialog.count, dialog.stale_count), (2, 1))
        dialog.action_apply()
        self.assertEqual(actions.mapped("state"), ["to_validate", "todo", "todo"])

    def test_those_that_cannot_go_out_are_counted(self):
        actions = self._plan_many()
        actions[0].partner_id.sudo().email = False
        dialog = self._dialog("dunning.action.validate", actions)
        self.assertEqual(dialog.problem_count, 1)

    def test_only_what_waits_is_taken(self):
        actions = self._plan_many()
        actions[0].action_validate()
        dialog = self._dialog("dunning.action.validate", actions)
        self.assertEqual(dialog.action_ids, actions[1:])
        actions.filtered(lambda a: a.state == "to_validate").action_validate()
        with self.assertRaisesRegex(UserError, "None of these"):
            self._dialog("dunning.action.validate", actions)

    def test_the_number_of_queries_does_not_grow_with_the_queue(self):
        actions = self._plan_many(26)
        counts = []
        for batch in (actions[:4], actions[4:8], actions[8:]):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            dialog = self._dialog("dunning.action.validate", batch)
            self.assertTrue(dialog.summary)
            dialog.action_apply()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 2)
