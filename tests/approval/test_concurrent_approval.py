from odoo.exceptions import UserError
from odoo.tests import tagged

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestConcurrentApproval(ConcurrencyCommon):
    """An approval that is taken back while what was approved goes out."""

    customer_count = 1

    def _create_data(self, env):
        partners = super()._create_data(env)
        partners.dunning_scenario_id.level_ids.execution = "validate"
        env.company._dunning_run()
        self._get_actions(env).action_validate()
        return partners

    def test_who_takes_back_what_is_just_going_out_is_told_at_once(self):
        with self._env() as first, self._env(commit=False) as second:
            self._get_actions(first).action_execute()
            with self.assertRaisesRegex(UserError, "dealing with this"):
                self._get_actions(second).action_withdraw_approval()
        self.assertEachContactedOnce()
