from lxml import etree

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..common import DunningCommon

TONES = ("courteous", "firm", "formal")


@tagged("post_install", "-at_install")
class TestShippedScenarios(DunningCommon):
    """The scenarios that come with the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shipped = {
            name: cls.env.ref(f"account_dunning.scenario_{name}").sudo()
            for name in ("regular", "at_risk", "sensitive", "small_amounts")
        }
        cls.env["dunning.scenario"].sudo().concat(*cls.shipped.values()).active = True
        cls.company.dunning_scenario_id = cls.shipped["regular"]

    def test_a_scenario_has_no_more_levels_than_a_plan_can_read(self):
        scenario = self.env["dunning.scenario"].create(
            {
                "name": "Long",
                "level_ids": [
                    Command.create({"name": "Level", "delay_days": day})
                    for day in range(1, 101)
                ],
            }
        )
        with self.assertRaisesRegex(ValidationError, "100 levels at most"):
            scenario.level_ids = [Command.create({"name": "More", "delay_days": 200})]

    def test_a_level_that_is_switched_off_stays_in_the_list_and_comes_back(self):
        level = self.shipped["regular"].level_ids[0]
        level.active = False
        arch = etree.fromstring(self.env["dunning.scenario"].get_view()["arch"])
        [listed] = arch.xpath("//field[@name='level_ids']")
        self.assertIn("'active_test': False", listed.get("context"))
        [switch] = listed.xpath("./list/field[@name='active']")
        self.assertEqual(switch.get("widget"), "boolean_toggle")
        self.assertFalse(switch.get("column_invisible"))

    def test_scenarios_are_shared_and_explained(self):
        for scenario in self.shipped.values():
            self.assertFalse(scenario.company_id)
            self.assertTrue(scenario.description)
            self.assertGreater(len(scenario.level_ids), 1)
            self.assertTrue(all(level.instructions for level in scenario.level_ids))

    def test_levels_rise_and_the_first_after_the_due_date_is_courteous(self):
        for scenario in self.shipped.values():
            levels = scenario.level_ids.sorted("delay_days")
            days = levels.mapped("delay_days")
            self.assertEqual(days, sorted(set(days)))
            late = levels.filtered(lambda level: level.delay_days >= 0)
            self.assertEqual(late[0].tone, "courteous")
            self.assertGreater(late[0].delay_days, 0)
            severity = [TONES.index(tone) for tone in levels.mapped("tone")]
            self.assertEqual(severity, sorted(severity))

    def test_gaps_fit_between_the_levels(self):
        for scenario in self.shipped.values():
            levels = scenario.level_ids.sorted("delay_days")
            for earlier, later in zip(levels, levels[1:], strict=False):
                self.assertLessEqual(
                    max(later.gap_days, scenario.contact_gap_days),
                    later.delay_days - earlier.delay_days,
                    later.name,
                )

    def test_e_mail_levels_have_templates(self):
        levels = self.env["dunning.level"].concat(
            *(scenario.level_ids for scenario in self.shipped.values())
        )
        mailed = levels.filtered(lambda level: level.channel == "email")
        self.assertEqual(mailed.scenario_id, levels.scenario_id)
        for level in mailed:
            self.assertTrue(level.mail_template_id, level.name)
            self.assertEqual(level.mail_template_id.model, "dunning.action")

    def test_a_copy_says_in_each_language_that_it_is_one(self):
        scenario = self.shipped["regular"]
        for lang in ("en_US", "fr_FR"):
            copy = scenario.with_context(lang=lang).copy()
            self.assertEqual(
                copy.with_context(lang="en_US").name, "Regular customers (copy)"
            )
            self.assertEqual(
                copy.with_context(lang="fr_FR").name, "Clients courants (copie)"
            )
        self.assertEqual(scenario.copy({"name": "Ours"}).name, "Ours")

    def test_a_scenario_tells_which_of_its_e_mails_have_no_text(self):
        scenario = self.shipped["regular"]
        self.assertFalse(scenario.level_problem)
        first = scenario.level_ids.sorted("delay_days")[0]
        first.mail_template_id = False
        self.assertIn(first.name, scenario.level_problem)
        # As is a template that somebody created by its name alone.
        first.mail_template_id = self.env["mail.template"].create(
            {"name": "Soft", "model_id": self.env["ir.model"]._get_id("dunning.action")}
        )
        self.assertIn(first.name, scenario.level_problem)
        first.channel = "call"
        self.assertFalse(scenario.level_problem)

    def test_a_scenario_tells_which_letters_and_sms_have_no_text(self):
        scenario = self.shipped["regular"]
        first = scenario.level_ids.sorted("delay_days")[0]
        model = self.env["ir.model"]._get_id("dunning.action")
        values = {"name": "Own", "model_id": model}
        texts = {
            "letter": ("letter_template_id", "mail.template", "body_html"),
            "registered": ("letter_template_id", "mail.template", "body_html"),
            "sms": ("sms_template_id", "sms.template", "body"),
        }
        for channel, (field, template, words) in texts.items():
            with self.subTest(channel):
                first.write({"channel": channel, field: False})
                self.assertIn("Without text", scenario.level_problem)
                first[field] = self.env[template].create(values | {words: "Pay"})
                self.assertFalse(scenario.level_problem)

    def test_a_scenario_tells_which_of_its_texts_are_softer_than_an_earlier_one(self):
        for scenario in self.shipped.values():
            self.assertFalse(scenario.level_problem, scenario.name)
        scenario = self.shipped["regular"]
        last = scenario.level_ids.sorted("delay_days")[-1]
        soft = last.copy(
            {"name": "Late", "delay_days": 90, "channel": "call", "tone": "courteous"}
        )
        # A call is made, whatever was written before.
        self.assertFalse(scenario.level_problem)
        soft.write(
            {"channel": "letter", "letter_template_id": last.letter_template_id.id}
        )
        self.assertIn("than a text that comes earlier: Late.", scenario.level_problem)
        soft.tone = "formal"
        self.assertFalse(scenario.level_problem)
        soft.write({"tone": "courteous", "delay_days": 2})
        self.assertFalse(scenario.level_problem)

    def test_only_at_risk_customers_are_written_to_before_the_due_date(self):
        for name, scenario in self.shipped.items():
            preventive = scenario.level_ids.filtered(lambda level: level.delay_days < 0)
            self.assertEqual(bool(preventive), name == "at_risk")

    def test_sensitive_customers_get_nothing_automatic_nor_formal(self):
        levels = self.shipped["sensitive"].level_ids
        self.assertNotIn("automatic", levels.mapped("execution"))
        self.assertNotIn("formal", levels.mapped("tone"))

    def test_formal_steps_wait_for_approval(self):
        levels = self.env["dunning.level"].concat(
            *(scenario.level_ids for scenario in self.shipped.values())
        )
        formal = levels.filtered(lambda level: level.tone == "formal")
        self.assertGreater(len(formal.scenario_id), 1)
        self.assertEqual(set(formal.mapped("execution")), {"validate"})

    def test_customers_take_the_scenario_one_expects(self):
        large = self._create_customer("Large")
        small = self._create_customer("Small")
        risky = self._create_customer("Risky", trust="bad")
        self.shipped["small_amounts"].amount_to = 100
        expected = {
            self._create_invoice(large, due=-3, amount=100): ("regular", "reminder"),
            self._create_invoice(small, due=-7, amount=99): (
                "small_amounts",
                "reminder",
            ),
            self._create_invoice(risky, due=-1, amount=60): ("at_risk", "reminder"),
            self._create_invoice(risky, due=5, amount=60): ("at_risk", "preventive"),
        }
        for invoice, (scenario, level) in expected.items():
            level = self.env.ref(f"account_dunning.level_{scenario}_{level}")
            self.assertPlanned(invoice, "step", 0, level=level)

    def test_small_amounts_are_only_chosen_by_hand_until_a_limit_is_set(self):
        small = self._create_customer("Small")
        invoice = self._create_invoice(small, due=-7, amount=99)
        level = self.env.ref("account_dunning.level_regular_reminder")
        self.assertPlanned(invoice, "step", 0, level=level)

    def test_tiny_amounts_are_left_alone(self):
        invoice = self._create_invoice(due=-30, amount=5)
        self.assertPlanned(invoice, "out", 0, reason="below_minimum")

    def test_a_customer_goes_through_the_whole_scenario(self):
        address = {"street": "1 rue de la Paix", "zip": "75002", "city": "Paris"}
        self.customer.write(address)
        # A formal notice names both parties with their addresses.
        self.company.write(address)
        invoice = self._create_invoice(due=0, amount=1000)
        reached = []
        for day in range(1, 90):
            for action in self._run(day).action_ids:
                if action.kind == "step":
                    action.action_execute()
                    self.assertEqual(action.state, "done", action.failure)
                    reached.append((day, action.level_id))
        levels = self.shipped["regular"].level_ids.sorted("delay_days")
        self.assertEqual([level for _day, level in reached], list(levels))
        for day, level in reached:
            self.assertLessEqual(day - level.delay_days, 6, level.name)
        self.assertPlanned(invoice, "out", reason="last_level")


@tagged("post_install", "-at_install")
class TestInstallation(DunningCommon):
    """What installation does with companies that were there before."""

    def test_a_company_with_open_receivables_is_not_dunned_at_once(self):
        self._create_invoice(due=-5)
        quiet = self._create_second_company()
        companies = self.company | quiet
        companies.write({"dunning_scenario_id": False, "dunning_enabled": True})
        self.env["res.company"]._dunning_set_up_existing()
        regular = self.env.ref("account_dunning.scenario_regular")
        self.assertEqual(companies.dunning_scenario_id, regular)
        self.assertFalse(self.company.dunning_enabled)
        self.assertTrue(quiet.dunning_enabled)

    def test_paid_invoices_and_credits_do_not_count(self):
        invoice = self._create_invoice(due=-5)
        self._pay(invoice)
        self._create_payment(amount=50)
        self._create_invoice(due=-5, post=False)
        self.assertFalse(self.company._dunning_filter_with_receivables())

    def test_a_company_that_is_set_up_stays_as_it_is(self):
        self._create_invoice(due=-5)
        self.env["res.company"]._dunning_set_up_existing()
        self.assertEqual(self.company.dunning_scenario_id, self.scenario)
        self.assertTrue(self.company.dunning_enabled)

    def test_a_new_company_gets_the_shipped_scenario_and_is_dunned(self):
        regular = self.env.ref("account_dunning.scenario_regular")
        regular.sudo().active = True
        company = self.env["res.company"].create(
            {"name": "New", "currency_id": self.company.currency_id.id}
        )
        self.assertEqual(company.dunning_scenario_id, regular)
        self.assertTrue(company.dunning_enabled)
        self.assertEqual(
            self.env["dunning.scenario"].search_count(
                [("company_id", "=", False), ("id", "=", regular.id)]
            ),
            1,
        )
