from threading import Barrier

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestConcurrentGroups(ConcurrencyCommon):
    """A customer that two put into a group at the same moment is in one of them."""

    customer_count = 1

    def test_a_customer_put_into_groups_by_two_is_in_one(self):
        seen = Barrier(2)

        def look_and_group(env):
            groups = env["dunning.customer.group"]
            [move] = env["account.move"].browse(self.invoice_ids)
            if not groups.search([("member_ids", "in", move.partner_id.ids)]):
                seen.wait(timeout=30)
            members = [Command.set(move.partner_id.ids)]
            groups.create({"name": "Holding", "member_ids": members})

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            results = self._in_threads(look_and_group, look_and_group)
        [refused] = [result for result in results if result]
        self.assertIsInstance(refused, ValidationError)
        self.assertIn("belongs to one group", str(refused))

    def test_the_turn_of_a_group_that_somebody_has_is_not_waited_for(self):
        with self._env() as env:
            [move] = env["account.move"].browse(self.invoice_ids)
            groups = env["dunning.customer.group"]
            group_id = groups.create(
                {"name": "Holding", "member_ids": [Command.set(move.partner_id.ids)]}
            ).id
        with self._env() as first, self._env() as second:
            for env, got in ((first, {group_id}), (second, set())):
                groups = env["dunning.customer.group"]
                self.assertEqual(groups._take_turn([group_id]), got)
