from lxml import etree

from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestTotals(DunningCommon):
    """Two actions may claim the same money from a customer: no sum of them is told."""

    def _plan_twice(self):
        """Have a task and a letter claim the same invoice."""
        invoice = self._create_invoice(amount=100, due=-10)
        actions = self.env["dunning.action"].with_user(self.collector)
        both = actions.create(
            [
                {"partner_id": self.customer.id, "channel": channel}
                for channel in ("task", "letter")
            ]
        )
        self.assertEqual(both.line_ids.move_id, invoice)
        self.assertEqual(both.mapped("amount"), [100, 100])
        return both

    def test_lists_of_actions_add_up_no_amounts(self):
        views = self.env["ir.ui.view"].search(
            [("model", "=", "dunning.action"), ("type", "=", "list")]
        )
        self.assertTrue(views)
        for view in views:
            with self.subTest(view=view.name):
                tree = etree.fromstring(view.arch)
                self.assertFalse(tree.xpath("//field[@name='amount'][@sum]"))

    def test_groups_of_actions_add_up_no_amounts(self):
        told = self.env["dunning.action"].fields_get(["amount"])["amount"]
        self.assertFalse(told.get("aggregator"))

    def test_the_worklist_counts_the_money_of_two_actions_once(self):
        both = self._plan_twice()
        self.env.flush_all()
        rows = self.env["dunning.worklist"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(len(both), 2)
        self.assertEqual(rows.mapped("to_collect"), [100])

    def test_before_sending_the_same_money_is_not_added_up(self):
        both = self._plan_twice()
        dialogs = self.env["dunning.action.send"].with_user(self.collector)
        dialog = dialogs.with_context(active_ids=both.ids).create({})
        *rows, total = dialog._get_rows(both)
        self.assertEqual([row["customers"] for row in rows], [1, 1])
        self.assertTrue(all(row["amount"] for row in rows))
        self.assertEqual(total["customers"], 1)
        self.assertFalse(total["amount"])
