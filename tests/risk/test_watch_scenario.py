from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..plan.test_plan_kept import KeptCommon
from ..web_client import WebForm
from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestWatchScenario(KeptCommon, RiskCommon):
    """Who is watched for that is dunned by another scenario meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dunning.watch.rule"].sudo().search([]).active = False
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.usual = cls.company._dunning_get_default_scenario()
        # After all others, and for nobody by its rule.
        cls.strict = cls._create_scenario(
            sequence=900, partner_domain="[('id', '=', 0)]"
        )
        cls.shared = cls.strict.copy({"sequence": 903})
        # Whoever works in some companies alone cannot share anything.
        cls.shared.sudo().company_id = False
        cls.invoice = cls._create_invoice(due=-5)

    def _watch(self, **values):
        return self.env["dunning.watch"].create(
            {
                "partner_id": self.customer.id,
                "effect": "scenario",
                "scenario_id": self.strict.id,
                "reason": "New owner",
            }
            | values
        )

    def _get_scenario(self):
        self.env.invalidate_all()
        items = self.env["dunning.item"].with_user(self.collector)
        return items.search([("move_id", "=", self.invoice.id)]).scenario_id

    # ------------------------------------------------------------------
    # WHICH SCENARIO
    # ------------------------------------------------------------------

    def test_the_scenario_holds_as_long_as_the_customer_is_watched(self):
        self.assertEqual(self._get_scenario(), self.usual)
        watch = self._watch()
        self.assertEqual(self._get_scenario(), self.strict)
        watch.action_close()
        self.assertEqual(self._get_scenario(), self.usual)

    def test_another_effect_leaves_the_scenario_alone(self):
        self._watch(effect="alert")
        self.assertEqual(self._get_scenario(), self.usual)

    def test_a_scenario_chosen_on_the_customer_comes_first(self):
        own = self._create_scenario(sequence=901, partner_domain="[('id', '=', 0)]")
        self.customer.dunning_scenario_id = own
        self._watch()
        self.assertEqual(self._get_scenario(), own)

    def test_it_comes_before_the_rules_of_scenarios(self):
        self._create_scenario(
            sequence=0, partner_domain=f"[('id', '=', {self.customer.id})]"
        )
        self._watch()
        self.assertEqual(self._get_scenario(), self.strict)

    def test_of_two_scenarios_the_first_in_their_order_holds(self):
        later = self._create_scenario(sequence=902, partner_domain="[('id', '=', 0)]")
        self._watch(scenario_id=later.id)
        first = self._watch()
        self.assertEqual(self._get_scenario(), self.strict)
        first.action_close()
        self.assertEqual(self._get_scenario(), later)

    def test_an_archived_scenario_chooses_nobody(self):
        self._watch()
        self.strict.active = False
        self.assertEqual(self._get_scenario(), self.usual)

    def test_who_is_watched_in_another_company_is_dunned_as_before(self):
        other = self._create_second_company()
        self._watch(company_id=other.id, scenario_id=self.shared.id)
        self.assertEqual(self._get_scenario(), self.usual)

    def test_a_rule_has_who_meets_it_dunned_by_its_scenario(self):
        rule = self.env["dunning.watch.rule"].create(
            {
                "name": "Pays badly",
                "company_id": self.company.id,
                "domain": "[('rating', 'in', ['d', 'e'])]",
                "effect": "scenario",
                "scenario_id": self.strict.id,
            }
        )
        self._pay_late(self.customer, 40, 40, 40)
        rule.action_apply()
        self.assertEqual(self.customer.dunning_watch_ids.scenario_id, self.strict)
        self.assertEqual(self._get_scenario(), self.strict)
        self._pay_late(self.customer, *[0] * 30)
        rule.action_apply()
        self.assertFalse(self.customer.dunning_watch)
        self.assertEqual(self._get_scenario(), self.usual)

    # ------------------------------------------------------------------
    # WHAT FOLLOWS
    # ------------------------------------------------------------------

    def test_a_run_plans_by_it(self):
        self._watch()
        action = self._run().action_ids
        self.assertEqual(action.level_id.scenario_id, self.strict)

    def test_a_change_sends_nothing_before_the_gap_between_contacts_is_over(self):
        self.usual.contact_gap_days = self.strict.contact_gap_days = 7
        self._run()
        self._cron_execute()
        self.assertEqual(self._actions().state, "done")
        self._create_invoice(due=-60)
        self._watch()
        self.assertFalse(self._run().action_ids)

    def test_what_is_kept_follows(self):
        self._keep()
        self.assertKeptIsPlan()
        watch = self._watch()
        self.env.flush_all()
        self.assertIn(self.customer.id, self._get_reading().marked)
        self.assertKeptIsPlan()
        self._keep()
        self.assertKeptIsPlan()
        watch.effect = "warn"
        self.env.flush_all()
        self.assertKeptIsPlan()
        watch.write({"effect": "scenario"})
        self._keep()
        watch.action_close()
        self.env.flush_all()
        self.assertKeptIsPlan()

    def test_to_watch_somebody_leaves_what_is_kept_of_others(self):
        other = self._create_customer("Other")
        self._create_invoice(other, due=-5)
        self._keep()
        self._watch()
        self.env.flush_all()
        reading = self._get_reading()
        self.assertTrue(reading.is_kept)
        self.assertNotIn(other.id, reading.marked)

    # ------------------------------------------------------------------
    # WHAT IS ENTERED
    # ------------------------------------------------------------------

    def test_the_effect_asks_for_a_scenario(self):
        with self.assertRaisesRegex(ValidationError, "Choose the scenario"):
            self._watch(scenario_id=False)

    def test_a_scenario_of_another_company_is_refused(self):
        other = self._create_second_company()
        theirs = self.strict.copy({"company_id": other.id})
        with self.assertRaises(UserError):
            self._watch(scenario_id=theirs.id)

    def test_a_rule_of_all_companies_takes_a_scenario_that_all_share(self):
        values = {
            "name": "Pays badly",
            "company_id": False,
            "domain": "[('overdue', '>', 0)]",
            "effect": "scenario",
        }
        rules = self.env["dunning.watch.rule"].sudo()
        with self.assertRaises(UserError):
            rules.create(values | {"scenario_id": self.strict.id})
        rule = rules.create(values | {"scenario_id": self.shared.id})
        self.assertEqual(rule.scenario_id, self.shared)

    def test_a_collector_chooses_it_in_the_browser(self):
        watches = self.env["dunning.watch"].with_user(self.collector)
        with WebForm(watches) as form:
            form.partner_id = self.customer
            form.reason = "Press"
            form.effect = "scenario"
            form.scenario_id = self.strict
        self.assertEqual(self._get_scenario(), self.strict)

    def test_a_manager_writes_such_a_rule_in_the_browser(self):
        rules = self.env["dunning.watch.rule"].with_user(self.manager)
        with WebForm(rules) as form:
            form.name = "Pays badly"
            form.domain = "[('overdue', '>', 0)]"
            form.effect = "scenario"
            form.scenario_id = self.strict
        self.assertEqual(rules.search([]).scenario_id, self.strict)
