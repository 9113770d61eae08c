from odoo.tests import tagged

from ..test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestToursDecisions(TourCommon):
    """What a collector decides in a real browser, and takes back."""

    def _wait_for_customers(self, count, execution):
        scenario = self._create_scenario("email")
        scenario.level_ids.execution = execution
        for number in range(1, count + 1):
            partner = self.env["res.partner"].create(
                {
                    "name": f"Customer {number}",
                    "email": f"customer{number}@example.com",
                    "dunning_scenario_id": scenario.id,
                }
            )
            self._create_overdue_invoice(partner, amount=1000 - number)
        actions = self.company._dunning_run(self.day).action_ids
        return actions.sorted(lambda action: action.partner_id.name)

    def test_undoing_an_approval_returns_to_what_was_approved(self):
        actions = self._wait_for_customers(3, "validate")
        self.start_tour("/odoo", "dunning_approval_undone", login=self.collector.login)
        self.assertEqual(
            actions.mapped("state"), ["todo", "to_validate", "to_validate"]
        )

    def test_the_last_approval_is_undone_by_its_key_from_the_list(self):
        actions = self._wait_for_customers(1, "validate")
        self.start_tour(
            "/odoo", "dunning_last_approval_undone", login=self.collector.login
        )
        self.assertEqual(actions.state, "to_validate")

    def test_the_heads_of_columns_are_not_cut(self):
        self._wait_for_customers(1, "automatic")
        self.start_tour("/odoo", "dunning_whole_heads", login=self.collector.login)

    def test_sending_now_is_asked_for_because_it_cannot_be_undone(self):
        actions = self._wait_for_customers(1, "automatic")
        self.start_tour("/odoo", "dunning_send_asked", login=self.collector.login)
        self.assertEqual(actions.mapped("state"), ["done"])
