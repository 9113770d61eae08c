from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestCollectorsLeft(DunningCommon):
    """Who has left collects no longer: a credit manager is told what that leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.paul = cls._create_user("paul", "group_dunning_collector")
        cls.sophie = cls._create_user("sophie", "group_dunning_collector")
        cls.customer.dunning_user_id = cls.paul
        cls.paul.dunning_substitute_id = cls.sophie
        cls.scenario.level_ids.write({"channel": "call", "execution": "manual"})

    def test_a_manager_is_told_once_what_somebody_has_left(self):
        invoice = self._create_invoice(due=-5)
        self._run()
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "line_ids": [Command.create({"date": self._day(20), "amount": 50})],
                "user_id": self.paul.id,
            }
        )
        self.paul.action_archive()
        told = self.paul.partner_id.activity_ids
        self.assertEqual(len(told), 1)
        self.assertTrue(told.user_id.has_group("account_dunning.group_dunning_manager"))
        self.assertIn("Paul collects no longer", told.summary)
        self.assertIn("Sophie", told.note)
        self.assertIn("dunning-without-collector", told.note)
        self.assertRegex(told.note, r"Action: 1\b")
        self.assertRegex(told.note, r"Promise.*: 1\b")
        self._run(1)
        self.assertEqual(self.paul.partner_id.activity_ids, told)
        found = self.env["res.partner"].search([("dunning_is_unassigned", "=", True)])
        self.assertIn(self.customer, found)
        self.assertTrue(self.customer.dunning_is_unassigned)
        self.assertNotIn(
            self.customer, self.customer.search([("dunning_is_unassigned", "=", False)])
        )

    def test_a_manager_is_told_of_customers_without_open_work(self):
        """As when a substitute has it, or nothing was planned."""
        self.paul.action_archive()
        told = self.paul.partner_id.activity_ids
        self.assertEqual(len(told), 1)
        self.assertTrue(told.user_id.has_group("account_dunning.group_dunning_manager"))
        self.assertIn("dunning-without-collector", told.note)
        self.assertNotIn("Went to", told.note)

    def test_nobody_is_told_of_who_leaves_neither_work_nor_customers(self):
        self.sophie.action_archive()
        self.assertFalse(self.sophie.partner_id.activity_ids)
