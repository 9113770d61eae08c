from odoo.tests import tagged

from ..web_client import WebForm
from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestWatchApproval(RiskCommon):
    """What goes out to who is on the watch list for that is validated before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dunning.watch.rule"].sudo().search([]).active = False
        cls.other = cls._create_customer("Other")

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)
        self._create_invoice(self.other, due=-5)

    def _watch(self, partner=None, **values):
        return self.env["dunning.watch"].create(
            {
                "partner_id": (partner or self.customer).id,
                "effect": "approve",
                "reason": "New owner",
            }
            | values
        )

    def _get_ways(self, actions):
        return {
            action.partner_id.name: (action.state, action.execution)
            for action in actions
        }

    def test_what_a_run_plans_waits_for_approval(self):
        self._watch()
        self.assertEqual(
            self._get_ways(self._run().action_ids),
            {
                "Customer": ("to_validate", "validate"),
                "Other": ("todo", "automatic"),
            },
        )
        self._cron_execute()
        self.assertEqual(self._actions().state, "to_validate")
        self.assertEqual(self._actions(self.other).state, "done")

    def test_what_another_company_has_planned_goes_out(self):
        company = self._create_second_company()
        company.dunning_scenario_id = self._create_scenario(company_id=company.id)
        self._create_invoice(due=-5, company=company)
        [action] = self._run(company=company).action_ids
        self._watch()
        self.assertEqual((action.state, action.execution), ("todo", "automatic"))

    def test_once_validated_it_goes_out(self):
        self._watch()
        action = self._run().action_ids.filtered(
            lambda one: one.partner_id == self.customer
        )
        action.with_user(self.collector).action_validate()
        self.assertEqual(action.approved_user_id, self.collector)
        self._cron_execute()
        self.assertEqual(action.state, "done")

    def test_approval_can_be_taken_back(self):
        self._watch()
        action = self._run().action_ids.filtered(
            lambda one: one.partner_id == self.customer
        )
        action.with_user(self.collector).action_validate()
        action.with_user(self.collector).action_withdraw_approval()
        self.assertEqual(action.state, "to_validate")
        self.assertFalse(action.approved_user_id)
        self._cron_execute()
        self.assertEqual(action.state, "to_validate")

    def test_what_was_planned_before_waits_as_soon_as_somebody_is_watched(self):
        self._run()
        action = self._actions()
        self.assertEqual(action.state, "todo")
        watch = self._watch(effect="alert")
        self.assertEqual(action.state, "todo")
        watch.effect = "approve"
        self.assertEqual(action.state, "to_validate")
        self.assertIn("watch list", action.message_ids[0].body)
        self.assertEqual(self._actions(self.other).state, "todo")

    def test_what_comes_back_after_a_payment_undone_waits_too(self):
        self._run()
        action = self._actions()
        payment = self._pay(self.invoice)
        self.assertEqual(action.state, "cancelled")
        self._watch()
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.assertEqual(action.state, "todo")
        self._cron_execute()
        self.assertEqual(action.state, "to_validate")

    def test_calls_and_other_customers_are_as_before(self):
        self._watch()
        self.scenario.level_ids.write({"channel": "call", "execution": "manual"})
        ways = self._get_ways(self._run().action_ids)
        self.assertEqual(set(ways.values()), {("todo", "manual")})

    def test_what_a_person_sends_needs_nobody_else(self):
        self._run()
        self._watch()
        action = self._actions()
        action.with_user(self.collector).action_execute()
        self.assertEqual(action.state, "done")

    def test_who_has_left_the_list_is_written_to_again(self):
        watch = self._watch()
        watch.action_close()
        self._run()
        self.assertEqual(self._actions().state, "todo")
        self._cron_execute()
        self.assertEqual(self._actions().state, "done")

    def test_another_company_is_not_asked(self):
        other = self._create_second_company()
        self._watch(company_id=other.id)
        self._run()
        self.assertEqual(self._actions().state, "todo")
        self._cron_execute()
        self.assertEqual(self._actions().state, "done")

    def test_a_rule_asks_for_it(self):
        manager = self._create_user("manager", "group_dunning_manager")
        with WebForm(self.env["dunning.watch.rule"].with_user(manager)) as form:
            form.name = "Owes much"
            form.domain = "[('overdue', '>', 0)]"
            form.effect = "approve"
        self._trigger_cron("account_dunning.cron_profile")
        self._run()
        self.assertEqual(self._actions().state, "to_validate")
        self.assertEqual(self._actions(self.other).state, "to_validate")

    def test_the_dry_run_shows_the_same(self):
        self._watch()
        query = self.env["dunning.level"]._get_approval_sql(self.company)
        self.assertIn("dunning_watch", query.code)
        self.env["dunning.watch"].search([]).action_close()
        query = self.env["dunning.level"]._get_approval_sql(self.company)
        self.assertEqual(query.code, "FALSE")
