from unittest.mock import patch

from odoo.tests import tagged

from ..send.test_execution import ExecutionCommon


@tagged("post_install", "-at_install")
class TestSealing(ExecutionCommon):
    """When what was done is sealed."""

    def _get_seals(self, action):
        return self.env["dunning.seal"].search(
            [("model", "=", action._name), ("res_id", "=", action.id)]
        )

    def test_an_action_is_looked_at_once_when_it_is_done(self):
        _invoice, action = self._plan_action(channel="call", execution="manual")
        model, asked = type(action), []
        ask = model._get_sealed_contents

        def note(actions):
            asked.append(actions.ids)
            return ask(actions)

        with patch.object(model, "_get_sealed_contents", note):
            action.action_execute()
        self.assertEqual(asked, [action.ids])
        self.assertEqual(self._get_seals(action).mapped("final"), [True])

    def test_nobody_puts_off_a_seal_from_outside(self):
        _invoice, action = self._plan_action(channel="call", execution="manual")
        # Whatever rights one has, the context alone puts off nothing.
        forged_sudo = action.sudo().with_context(dunning_seal_pending=action.ids)
        forged_sudo.write({"state": "done", "date_done": self.today})
        self.assertEqual(self._get_seals(action).mapped("final"), [True])
