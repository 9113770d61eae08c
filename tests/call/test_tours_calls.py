from odoo.tests import tagged
from odoo.tools import mute_logger

from ..test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestCallTours(TourCommon):
    """The call screen by its keys, and while a colleague works too."""

    def test_a_collector_goes_to_and_fro_and_meets_what_a_colleague_did(self):
        self.company.dunning_scenario_id = self._create_scenario("call")
        colleague = self._create_user("dunning_colleague", "collector")
        for name, amount in (
            ("Alpha Owes", 2000),
            ("Beta Owes", 1000),
            ("Gamma Owes", 3000),
        ):
            partner = self.env["res.partner"].create({"name": name})
            if name == "Gamma Owes":
                partner.dunning_user_id = colleague
            self._create_overdue_invoice(partner, amount)
        actions = self.company._dunning_run(self.day).action_ids
        actions.date = self.company._dunning_today()
        # Whose colleague was faster is told so.
        with mute_logger("odoo.http"):
            self.start_tour("/odoo", "dunning_call_keys", login=self.collector.login)
        self.assertEqual(
            {action.partner_id.name: action.state for action in actions},
            {"Alpha Owes": "cancelled", "Beta Owes": "todo", "Gamma Owes": "todo"},
        )
