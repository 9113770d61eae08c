from unittest.mock import patch

from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestSignature(DunningCommon):
    """What stands under letters that are made together."""

    def test_each_letter_of_a_batch_has_the_code_of_its_own_customer(self):
        for name in ("One", "Two"):
            self._create_invoice(self._create_customer(name), due=-5)
        actions = self._run().action_ids.with_context(dunning_paper=True)
        self.assertEqual(len(actions.user_id), 1)
        with patch.object(
            type(actions), "_get_page_code", lambda action: f"code {action.id}."
        ):
            for action in actions:
                self.assertIn(f"code {action.id}.", action.signature_block)
        self.assertEqual(len(actions), 2)
