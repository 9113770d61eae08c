from odoo.tests import tagged

from ...tools.dates import shift
from ..test_tours import TourCommon


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
                {"channel": "task", "note": "Ask for the new address"},
                {"channel": "call", "note": "Call before noon\nAsk for Mrs Durand"},
            ],
        )
        for action in actions:
            self.assertRecordValues(
                action, [{"kind": "manual", "state": "todo", "amount": 1000}]
            )

    def test_who_leaves_the_page_while_a_dialog_is_open_has_planned_nothing(self):
        partner = self._create_overdue_customer()
        self.start_tour(
            f"/odoo/res.partner/{partner.id}",
            "dunning_left_in_a_dialog",
            login=self.collector.login,
        )
        planned = self.env["dunning.action"].search([("partner_id", "=", partner.id)])
        self.assertFalse(planned)

    def test_a_level_that_is_switched_off_is_switched_on_again(self):
        scenario = self._create_scenario("email")
        self.start_tour(
            f"/odoo/dunning.scenario/{scenario.id}",
            "dunning_level_switched_off",
            login=self.manager.login,
        )
        self.assertTrue(scenario.level_ids[0].active)

    def _create_agenda(self):
        """Let the collector have an e-mail, a call and a task."""
        for channel, name in (
            ("email", "Alpha Mail"),
            ("call", "Beta Call"),
            ("task", "Gamma Task"),
        ):
            scenario = self._create_scenario(channel)
            scenario.level_ids.execution = "manual"
            self._create_overdue_customer(name, dunning_scenario_id=scenario.id)
        actions = self.company._dunning_run(self.day).action_ids
        actions.date = self.company._dunning_today()
        return actions

    def test_a_collector_finishes_in_the_list(self):
        actions = self._create_agenda()
        self.start_tour(
            "/odoo", "dunning_finish_in_the_list", login=self.collector.login
        )
        found = self.env["dunning.action"].search(
            [("partner_id", "in", actions.partner_id.ids)]
        )
        self.assertEqual(
            sorted((a.partner_id.name, a.state, a.attempts) for a in found),
            [
                ("Alpha Mail", "done", 0),
                ("Beta Call", "todo", 0),
                ("Gamma Task", "done", 0),
                ("Gamma Task", "done", 0),
            ],
        )

    def test_who_has_nothing_of_his_own_sees_what_all_have(self):
        self._create_agenda()
        self.start_tour("/odoo", "dunning_nothing_of_my_own", login=self.manager.login)

    def test_days_beside_today_are_told_in_words_and_others_by_their_date(self):
        actions = self._create_agenda()
        today = self.company._dunning_today()
        for name, days in (("Alpha Mail", 1), ("Beta Call", 2)):
            own = actions.filtered(lambda a, name=name: a.partner_id.name == name)
            own.date = shift(today, days)
        self.start_tour("/odoo", "dunning_days_in_words", login=self.collector.login)
