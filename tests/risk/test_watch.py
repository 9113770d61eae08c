from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestWatch(RiskCommon):
    """Who is on the watch list, by a rule and by hand, and who leaves it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["dunning.watch.rule"].sudo().search([]).active = False
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.rule = cls._create_rule()

    @classmethod
    def _create_rule(cls, **values):
        return cls.env["dunning.watch.rule"].create(
            {
                "name": "Pays badly",
                "company_id": cls.company.id,
                "domain": "[('rating', 'in', ['d', 'e'])]",
            }
            | values
        )

    def _night(self):
        """Let the night pass: all profiles, then the rules."""
        self._trigger_cron("account_dunning.cron_profile")
        self.env.invalidate_all()

    def _watches(self, partner=None):
        return self.env["dunning.watch"].search(
            [("partner_id", "=", (partner or self.customer).id)], order="id"
        )

    def _make_bad(self, partner=None):
        self._pay_late(partner or self.customer, 40, 40, 40)

    # ------------------------------------------------------------------
    # BY RULE
    # ------------------------------------------------------------------

    def test_who_meets_the_conditions_comes_on_the_list(self):
        good = self._create_customer("Good")
        self._pay_late(good, 0, 0, 0)
        self._make_bad()
        self._night()
        watch = self._watches()
        self.assertEqual(watch.rule_id, self.rule)
        self.assertEqual(watch.reason, "Pays badly")
        self.assertEqual(watch.date, self.today)
        self.assertFalse(self._watches(good))
        self.assertTrue(self.customer.dunning_watch)
        found = self.env["res.partner"].search([("dunning_watch", "=", True)])
        self.assertEqual(found, self.customer)

    def test_the_customer_says_why_it_is_watched_and_leads_there(self):
        customer = self.customer.with_user(self.collector)
        self.assertFalse(customer.dunning_watch_text)
        self.assertEqual(customer.action_dunning_watch()["res_model"], "dunning.watch")
        values = {"partner_id": self.customer.id, "reason": "A rumour"}
        watch = self.env["dunning.watch"].create(values | {"effect": "block"})
        told = customer.dunning_watch_text
        for part in ("A rumour", format_date(self.env, self.today)):
            self.assertIn(part, told)
        self.assertEqual(customer.action_dunning_watch()["res_id"], watch.id)

    def test_a_rule_without_condition_would_watch_everybody_and_is_refused(self):
        rules = self.env["dunning.watch.rule"]
        with self.assertRaisesRegex(ValidationError, "“All” has no condition"):
            rules.create({"name": "All", "company_id": self.company.id})
        with self.assertRaisesRegex(ValidationError, "add one"):
            self.rule.domain = "[]"

    def test_who_is_watched_by_a_rule_leaves_with_it(self):
        self._make_bad()
        for end in (self.rule.action_archive, self.rule.unlink):
            self.rule.active = True
            self._night()
            watch = self._watches()[-1:]
            self.assertTrue(watch.is_open)
            end()
            self.assertEqual(watch.closed_by, "rule")
            self.assertFalse(self.customer.dunning_watch)

    def test_who_is_watched_by_a_rule_stays_while_it_is_described_anew(self):
        self._make_bad()
        self._night()
        self.rule.with_user(self.manager).name = "Pays late"
        self.assertTrue(self._watches().is_open)

    def test_who_stays_until_somebody_takes_them_off_stays_without_the_rule(self):
        self.rule.leaves = False
        self._make_bad()
        self._night()
        self.rule.unlink()
        self.assertTrue(self._watches().is_open)

    def test_why_is_said_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rule.with_context(lang="fr_FR").name = "Paie mal"
        self.company.partner_id.lang = "fr_FR"
        self._make_bad()
        self._night()
        self.assertEqual(self._watches().reason, "Paie mal")

    def test_soon_after_a_payment_the_rules_are_looked_at_too(self):
        self._make_bad()
        self._trigger_cron("account_dunning.cron_profile_changed")
        self.assertTrue(self._watches())

    def test_nobody_is_put_on_twice_nor_told_twice(self):
        self._make_bad()
        self._night()
        self._night()
        self.assertEqual(len(self._watches()), 1)
        told = self.customer.activity_ids.filtered(
            lambda activity: activity.user_id == self.collector
        )
        self.assertEqual(len(told), 1)
        self.assertIn("Pays badly", told.summary)

    def test_many_at_a_time_are_told_of_together(self):
        customers = [self._create_customer(f"Bad {number}") for number in range(12)]
        for customer in customers:
            self._create_invoice(customer, due=-100)
        self.rule.domain = "[('overdue', '>', 0)]"
        self._night()
        told = self.env["mail.activity"].search([("user_id", "=", self.collector.id)])
        self.assertEqual(len(told), 1)
        self.assertIn("12", told.summary)
        self.assertIn("Bad 11", told.note)

    def test_who_does_not_meet_them_any_more_leaves(self):
        self._create_invoice(due=-100)
        self.rule.domain = "[('overdue', '>', 0)]"
        self._night()
        self._pay(
            self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        )
        self._night()
        watch = self._watches()
        self.assertEqual(watch.closed_by, "rule")
        self.assertEqual(watch.date_closed, self.today)
        self.assertFalse(self.customer.dunning_watch)

    def test_a_rule_that_keeps_lets_nobody_leave(self):
        self.rule.leaves = False
        self._create_invoice(due=-100)
        self.rule.domain = "[('overdue', '>', 0)]"
        self._night()
        self._pay(
            self.env["account.move"].search([("partner_id", "=", self.customer.id)])
        )
        self._night()
        self.assertTrue(self._watches().is_open)

    def test_who_comes_back_has_a_history(self):
        self._make_bad()
        self._night()
        self._watches().action_close()
        self._night()
        first, second = self._watches()
        self.assertEqual((first.is_open, second.is_open), (False, True))
        self.assertEqual(first.closed_by, "user")

    def test_its_time_is_over(self):
        self.rule.write({"days": 10, "leaves": False})
        self._make_bad()
        self._night()
        self.rule.active = False
        self._go_to(10)
        self._night()
        self.assertTrue(self._watches().is_open)
        self._go_to(11)
        self._night()
        self.assertEqual(self._watches().closed_by, "expired")

    def test_a_rule_that_cannot_be_used_leaves_all_as_it_is(self):
        self._make_bad()
        self._night()
        self.env.cr.execute("UPDATE dunning_watch_rule SET domain = '[(1'")
        self.env.invalidate_all()
        self._night()
        self.assertTrue(self._watches().is_open)

    def test_each_company_watches_its_own(self):
        other = self._create_second_company()
        self.rule.sudo().company_id = False
        self._make_bad()
        self._night()
        self.assertEqual(self._watches().company_id, self.company)
        self.assertFalse(self.customer.with_company(other).dunning_watch)

    def test_a_scenario_may_be_for_those_who_are_watched(self):
        strict = self._create_scenario(
            [("Call at Once", 1, {"channel": "call"})],
            partner_domain="[('dunning_watch', '=', True)]",
        )
        invoice = self._create_invoice(due=-20)
        self.assertPlanned(invoice, "step", level=self.scenario.level_ids[0])
        self.env["dunning.watch"].create(
            {"partner_id": self.customer.id, "reason": "Bad news"}
        )
        self.assertPlanned(invoice, "step", level=strict.level_ids)

    def test_a_scenario_may_be_for_a_rating(self):
        strict = self._create_scenario(
            [("Call at Once", 1, {"channel": "call"})],
            partner_domain="[('dunning_rating', 'in', ['d', 'e'])]",
        )
        invoice = self._create_invoice(due=-20)
        self._make_bad()
        self.assertPlanned(invoice, "step", level=strict.level_ids)

    # ------------------------------------------------------------------
    # RULES AS PEOPLE WRITE THEM
    # ------------------------------------------------------------------

    def test_conditions_that_are_none_are_refused(self):
        rule = self.rule.with_user(self.manager)
        for domain in ("[('nothing', '=', 1)]", "[('rating', '=', 10**10**9)]", "x"):
            with self.assertRaisesRegex(ValidationError, "cannot be used"):
                rule.domain = domain

    def test_conditions_ask_nothing_that_their_author_may_not_read(self):
        rule = self.rule.with_user(self.manager)
        values = {
            "name": "Never signed up",
            "company_id": self.company.id,
            "domain": "[('partner_id.signup_type', '=', False)]",
        }
        for enter in (rule.create, rule.write):
            with self.assertRaisesRegex(ValidationError, "signup_type"):
                enter(values)

    def test_a_manager_writes_a_rule_and_applies_it_at_once(self):
        self._make_bad()
        rules = self.env["dunning.watch.rule"].with_user(self.manager)
        with Form(rules) as form:
            form.name = "Owes something"
            form.domain = "[('item_count', '>', 2)]"
            form.effect = "block"
        rule = form.record
        rule.action_apply()
        self.assertEqual(self._watches().effect, "block")
        self.assertEqual(rule.watch_count, 1)
        with self.assertRaises(AccessError):
            rule.with_user(self.collector).action_apply()

    def test_a_manager_applies_a_rule_that_all_companies_share(self):
        self._make_bad()
        self.rule.sudo().company_id = False
        self.rule.with_user(self.manager).action_apply()
        self.assertEqual(self._watches().company_id, self.company)

    def test_a_rule_of_another_company_is_applied_there(self):
        other = self._create_second_company()
        self.manager.company_ids |= other
        self._make_bad()
        self.rule.company_id = other
        self.rule.with_user(self.manager).with_context(
            allowed_company_ids=(self.company + other).ids
        ).action_apply()
        self.assertFalse(self._watches())

    def test_a_digest_counts_who_came_on_the_list_of_its_company_in_its_period(self):
        other = self._create_second_company()
        self.manager.company_ids |= other
        for company, day in ((self.company, -7), (self.company, -6), (other, -6)):
            watch = self.env["dunning.watch"].create(
                {
                    "partner_id": self._create_customer("Watched").id,
                    "company_id": company.id,
                    "reason": "Bad news",
                }
            )
            watch.sudo().date = self._day(day)
        digest = self.env["digest.digest"].create(
            {"name": "Dunning", "company_id": self.company.id}
        )
        now = fields.Datetime.now()
        digest = digest.with_user(self.manager).with_context(
            start_datetime=now - timedelta(days=7), end_datetime=now
        )
        self.assertEqual(digest.kpi_dunning_watched_value, 1)

    # ------------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------------

    def test_a_collector_watches_somebody(self):
        watches = self.env["dunning.watch"].with_user(self.collector)
        with Form(watches) as form:
            form.partner_id = self.customer
            form.reason = "Bad news in the press"
            form.effect = "warn"
            form.date_end = self._day(30)
        watch = form.record
        self.assertEqual(watch.date, self.today)
        self._night()
        self.assertTrue(watch.is_open, "no rule takes off who was put on by hand")
        watch.action_close()
        self.assertEqual(watch.closed_user_id, self.collector)
        with self.assertRaises(UserError):
            watch.reason = "Something else"
        with self.assertRaises(UserError):
            watch.action_close()
        with self.assertRaises(AccessError):
            watch.unlink()

    def test_nobody_leaves_before_joining(self):
        values = {"partner_id": self.customer.id, "reason": "Bad news"}
        watches = self.env["dunning.watch"]
        with self.assertRaises(ValidationError):
            watches.create({**values, "date_end": self._day(-1)})
        self.assertTrue(watches.create({**values, "date_end": self.today}))

    def test_what_the_system_sets_is_not_entered(self):
        watches = self.env["dunning.watch"].with_user(self.collector)
        for name, value in (
            ("date", self._day(-50)),
            ("rule_id", self.rule.id),
            ("date_closed", self.today),
        ):
            with self.assertRaises(UserError):
                watches.create(
                    {"partner_id": self.customer.id, "reason": "x", name: value}
                )
