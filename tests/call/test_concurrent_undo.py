from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestConcurrentUndo(ConcurrencyCommon):
    """Who clicks twice, or in two windows, takes back once."""

    customer_count = 1

    def _create_data(self, env):
        # EXTENDS: a call and a task that were just recorded
        partners = super()._create_data(env)
        actions = env["dunning.action"].create(
            [
                {"partner_id": partners.id, "channel": channel}
                for channel in ("call", "task")
            ]
        )
        call, task = actions
        window = call.action_open_outcome("other")
        dialogs = env["dunning.call.outcome"].with_context(**window["context"])
        self._fill(dialogs.create({})).action_apply()
        task.action_execute()
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.call_id, self.task_id = actions.ids
        return partners

    def _fill(self, dialog):
        reasons = dialog.env["dunning.reason"]
        dialog.reason_id = dialog.reason_id or reasons.search([], limit=1)
        return dialog

    def _undo_twice(self, id_, method):
        """Undo the same in two transactions of which neither sees the other.

        :return: what the later one says when it is tried again, as the server does
        """

        def undo(env):
            return getattr(env["dunning.action"].browse(id_), method)()

        with self._env() as later:
            later["dunning.action"].browse(id_).state  # noqa: B018 (begins to read)
            with self._env() as first:
                undo(first)
            with self.assertRaises(SerializationFailure):
                undo(later)
            later.cr.rollback()
        with self._env() as env:
            again = env["dunning.action"].search([("corrects_id", "=", id_)])
            self.assertEqual(len(again), 1)
            with self.assertRaises(UserError) as refused:
                undo(env)
        return str(refused.exception)

    def test_a_task_that_is_taken_back_twice_is_planned_once(self):
        self.assertIn("once", self._undo_twice(self.task_id, "action_take_back"))

    def test_a_call_that_is_undone_twice_is_planned_once(self):
        self.assertIn("already", self._undo_twice(self.call_id, "action_undo_call"))

    def test_what_a_dialog_is_for_is_done_once_though_its_button_is_pressed_twice(self):
        with self._env() as env:
            dialogs = env["dunning.follow.up"]
            dialog_id = dialogs.create({"action_id": self.call_id}).id
        with self._env() as first, self._env() as second:
            dialog, again = (
                env["dunning.follow.up"].browse(dialog_id) for env in (first, second)
            )
            with first["dunning.guard"]._once(dialog):
                with self.assertRaises(UserError):
                    with second["dunning.guard"]._once(again):
                        self.fail("It was done at the same time.")
            second.cr.rollback()
        with self._env() as env:
            self.assertFalse(env["dunning.follow.up"].browse(dialog_id).exists())
