from odoo.tests import tagged

from .common import DunningCommon


@tagged("post_install", "-at_install")
class TestRule1OneLevelAtATime(DunningCommon):
    """Rule 1: one level at a time, never two on one date, never before the gap."""

    def test_rule_1_the_first_level_comes_on_its_day(self):
        reminder = self.scenario.level_ids[0]
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(
            invoice, "later", -1, level=reminder, date=0, reason="level_date"
        )
        self.assertPlanned(invoice, "step", 0, level=reminder, date=0)
        action = self._step()
        self.assertEqual(action.state, "done")
        self.assertListed(action, {invoice: reminder})
        self.assertEqual(self._reached(invoice), reminder)

    def test_rule_1_an_item_never_goes_up_two_levels_on_one_date(self):
        reminder, second, _notice = self.scenario.level_ids
        invoice = self._create_invoice(due=-100)
        self._step()
        self.assertFalse(self._run().action_ids)
        self.assertEqual(self._reached(invoice), reminder)
        self.assertPlanned(invoice, "later", level=second, date=1, reason="level_gap")
