from odoo.tests import tagged

from .test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestBrowserTours(TourCommon):
    """What people do by hand in a real browser, beside what the day brings."""

    def _create_overdue_customer(self, name="Alpha Mail", **values):
        partner = self.env["res.partner"].create(
            {"name": name, "email": "customer@example.com"} | values
        )
        self._create_overdue_invoice(partner)
        return partner

    def test_a_collector_plans_by_hand_from_the_agenda_and_from_the_customer(self):
        partner = self._create_overdue_customer()
        self.start_tour("/odoo", "dunning_planned_by_hand", login=self.collector.login)
        actions = self.env["dunning.action"].search([("partner_id", "=", partner.id)])
        self.assertRecordValues(
            actions.sorted("id"),
            [
                {"kind": "manual", "state": "todo", "note": "Ask for the new address"},
                {"kind": "manual", "state": "todo", "note": "Call before noon"},
            ],
        )
        self.assertEqual(actions.mapped("amount"), [1000, 1000])
