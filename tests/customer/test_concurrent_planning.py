from threading import Barrier

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestConcurrentPlanning(ConcurrencyCommon):
    """What is planned in two windows at the same moment, or by a click that was two, is
    planned once."""

    customer_count = 1

    def _plan_together(self, plan):
        """Have two people plan who have both seen that nothing is planned.

        :param plan: called with the customer, as a person reads it
        :return: channel and note of the actions there are afterwards
        """
        seen = Barrier(2)

        def look_and_plan(env):
            env = env(user=env.ref("base.user_admin"))
            [move] = env["account.move"].browse(self.invoice_ids)
            if not self._get_actions(env):
                seen.wait(timeout=30)
            plan(move.partner_id)

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            results = self._in_threads(look_and_plan, look_and_plan)
        self.assertEqual(results, [None, None])
        with self._env() as env:
            return [(x.channel, x.note) for x in self._get_actions(env)]

    def test_a_call_planned_by_two_is_one(self):
        def call(customer):
            vals = {"partner_id": customer.id, "channel": "call", "note": "Ask"}
            customer.env["dunning.action"].create(vals)

        self.assertEqual(self._plan_together(call), [("call", "Ask")])

    def test_a_reminder_asked_for_by_two_is_one(self):
        def remind(customer):
            customer.action_dunning_remind()

        self.assertEqual(self._plan_together(remind), [("email", False)])

    def test_a_statement_of_account_asked_for_by_two_is_one(self):
        def state(customer):
            customer.action_dunning_send_statement()

        self.assertEqual(self._plan_together(state), [("email", False)])
