from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.errors import RuleError
from ...tools.words import READERS
from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestBrokenRules(DunningCommon):
    """A rule of which a field has been removed, as with a module or a custom field:
    nothing but the rule stops working."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager", lang="fr_FR")
        accountant = cls.env.ref("account.group_account_manager")
        cls.manager.group_ids |= accountant

    def _create_field(self, kind="integer"):
        return self.env["ir.model.fields"].create(
            {
                "name": "x_region",
                "field_description": "Region",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "ttype": kind,
            }
        )

    def _create_rule(self, rule="[('x_region', '=', 5)]", **values):
        levels = [("Rule", 3, {})]
        values.setdefault("name", "By Region")
        return self._create_scenario(levels, partner_domain=rule, sequence=1, **values)

    def _break(self, **values):
        """Return a scenario whose rule was valid until its field was deleted."""
        field = self._create_field()
        scenario = self._create_rule(**values)
        invoice = self._create_invoice(due=-5)
        self.customer.x_region = 5
        self.assertEqual(self._get_scenario(invoice), scenario)
        self.env.flush_all()
        field.unlink()
        return scenario

    def _get_scenario(self, invoice):
        [item] = self.env["dunning.item"].search([("move_id", "=", invoice.id)])
        return item.scenario_id

    def _get_notes(self, scenario):
        # Whoever was told, and nobody else, reads it.
        messages_sudo = self.env["mail.message"].sudo()
        return messages_sudo.search(
            [
                ("model", "=", "dunning.scenario"),
                ("res_id", "=", scenario.id),
                ("message_type", "=", "user_notification"),
            ]
        )

    # ------------------------------------------------------------------
    # THE LEDGER AND DUNNING GO ON
    # ------------------------------------------------------------------

    def test_a_broken_rule_chooses_nobody(self):
        self._break()
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._get_scenario(invoice), self.scenario)
        self.assertPlanned(invoice, "step", level=self.scenario.level_ids[0])

    def test_a_broken_rule_with_amounts_chooses_nobody_by_them(self):
        self._break(amount_from=1)
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._get_scenario(invoice), self.scenario)

    def test_invoices_are_posted_paid_and_reset_with_a_broken_rule(self):
        self._break()
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        self._pay(invoice, 40)
        self.assertEqual(invoice.amount_residual, 60)
        self.assertIn(60, action.line_ids.mapped("amount_residual"))
        self._pay(invoice)
        item = self._items(invoice)
        self.assertTrue(item.reconciled)
        item.remove_move_reconcile()
        self.assertFalse(item.reconciled)
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self.assertEqual(self._get_scenario(invoice), self.scenario)

    def test_a_hold_can_be_placed_and_released_with_a_broken_rule(self):
        self._break()
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(invoice)
        self.assertPlanned(invoice, "out", reason="held")
        hold.action_release()
        self.assertPlanned(invoice, "step")

    def test_the_form_of_an_invoice_works_with_a_broken_rule(self):
        self._break()
        invoice = self._create_invoice(due=-5)
        move = invoice.with_user(self.manager)
        form = WebForm(move, "account.view_move_form")
        form.ref = "By phone"
        form.save()
        self.assertEqual(move.dunning_next_date, self.today)
        new = self.env["account.move"].with_user(self.manager)
        new = new.with_context(default_move_type="out_invoice")
        with WebForm(new, "account.view_move_form") as form:
            form.partner_id = self.customer
            with form.invoice_line_ids.new() as line:
                line.name = "Work"
                line.price_unit = 10
        self.assertEqual(form.record.amount_untaxed, 10)

    def test_the_daily_run_duns_with_a_broken_rule(self):
        self._break()
        invoice = self._create_invoice(due=-5)
        self._cron_run()
        run = self.env["dunning.run"].search([], limit=1)
        self.assertEqual(run.state, "done")
        self.assertIn(invoice, run.action_ids.line_ids.move_id)

    def test_a_value_that_no_longer_suits_its_field_is_a_broken_rule(self):
        scenario = self._break()
        self._create_field("html")
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._get_scenario(invoice), self.scenario)
        self.assertIn("does not suit", scenario.rule_problem)

    def test_a_rule_whose_field_comes_back_applies_again(self):
        scenario = self._break()
        self._create_field()
        self.customer.x_region = 5
        invoice = self._create_invoice(due=-5)
        self.assertEqual(self._get_scenario(invoice), scenario)
        self.assertFalse(scenario.rule_problem)

    # ------------------------------------------------------------------
    # WHO IS TOLD
    # ------------------------------------------------------------------

    def test_the_form_of_the_scenario_says_what_to_do(self):
        scenario = self._break()
        form = WebForm(scenario.with_user(self.manager).with_context(lang="en_US"))
        self.assertIn("no field “x_region” any more", form.rule_problem)
        self.assertIn("Change that condition", form.rule_problem)
        form.name = "Renamed"
        form.save()
        self.assertEqual(scenario.name, "Renamed")
        form.partner_domain = "[]"
        self.assertFalse(form.rule_problem)
        form.save()
        self.assertFalse(scenario.rule_problem)
        self.assertEqual(self._get_scenario(self._create_invoice(due=-5)), scenario)

    def test_a_field_that_is_missing_further_on_is_named(self):
        scenario = self.env["dunning.scenario"]
        for rule, name in (
            ("[('country_id.x_zone', '=', 1)]", "x_zone"),
            ("['|', ('name', '=', 'a'), ('x_a.name', '=', 'b')]", "x_a"),
            ("[('child_ids', 'any', [('x_b', '=', 1)])]", "x_b"),
            ("[('create_date.month_number', '=', 2), ('x_c', '=', 1)]", "x_c"),
        ):
            with self.subTest(rule):
                self.assertIn(f"“{name}”", scenario._find_rule_problem(rule))

    def test_why_a_rule_cannot_be_used_is_told_whatever_it_is(self):
        scenarios = self.env["dunning.scenario"]
        rule = "[('name', '=', 'x')]"
        partners = self.env["res.partner"]
        self.assertIsNotNone(scenarios._get_rule_customers(rule, partners))
        for error, told in (
            (RuleError("syntax"), scenarios._get_rule_problem(RuleError("syntax"))),
            (psycopg2.DataError(), "a value does not suit its field any more."),
            (ValueError("Out of order"), "Out of order"),
        ):
            with (
                self.subTest(error=error),
                patch.object(type(scenarios), "_compile_rule", side_effect=error),
                patch.object(type(scenarios), "_is_rule_usable", lambda *_args: False),
            ):
                problem = scenarios._find_rule_problem(rule)
                self.assertIn(f"it cannot be used: {told}", problem)
                self.assertIsNone(scenarios._get_rule_customers(rule, partners))
        for error in (psycopg2.OperationalError(), psycopg2.DataError()):
            with (
                patch.object(type(scenarios), "_compile_rule", side_effect=error),
                patch.object(type(scenarios), "_is_rule_usable", lambda *_args: True),
                self.assertRaises(psycopg2.Error),
            ):
                scenarios._get_rule_customers(rule, partners)
        with (
            patch.object(
                type(scenarios), "_compile_rule", side_effect=ValueError("Gone")
            ),
            patch.object(type(scenarios), "_is_rule_usable", lambda *_args: True),
        ):
            self.assertIsNone(scenarios._get_rule_customers(rule, partners))
        with (
            patch.object(
                type(scenarios),
                "_compile_rule",
                side_effect=psycopg2.OperationalError(),
            ),
            self.assertRaises(psycopg2.OperationalError),
        ):
            scenarios._find_rule_error(rule)

    def test_sound_rules_have_no_problem(self):
        scenario = self.env["dunning.scenario"]
        for rule in ("[]", "[('trust', '=', 'bad')]", "[('parent_id', 'child_of', 1)]"):
            self.assertFalse(scenario._find_rule_problem(rule))
        self.assertFalse(self.scenario.rule_problem)

    def test_the_dry_run_says_which_rules_are_broken(self):
        scenario = self._break()
        for view in ("view_preview_form", "view_preview_confirm_form"):
            form = WebForm(
                self.env["dunning.preview"].with_user(self.manager),
                f"account_dunning.{view}",
            )
            self.assertTrue(form.rule_problems.startswith("By Region: "))
            self.assertIn("x_region", form.rule_problems)
        preview = form.save()
        preview.action_preview()
        self.assertIn(self.scenario, preview.line_ids.scenario_id)
        scenario.active = False
        preview.invalidate_recordset()
        self.assertFalse(preview.rule_problems)

    def test_managers_are_told_once_by_the_daily_run(self):
        self._create_user("reader", "group_dunning_readonly")
        scenario = self._break()
        self._cron_run()
        note = self._get_notes(scenario)
        self.assertIn(self.manager.partner_id, note.notified_partner_ids)
        self.assertNotIn(self.collector.partner_id, note.notified_partner_ids)
        self.assertTrue(
            all(user.has_group(READERS) for user in note.notified_partner_ids.user_ids)
        )
        mine = note.filtered(lambda n: self.manager.partner_id in n.partner_ids)
        self.assertEqual(len(mine), 1)
        self.assertIn("By Region", mine.subject)
        self.assertIn("x_region", mine.body)
        self._go_to(1)
        self._cron_run()
        self.assertEqual(self._get_notes(scenario), note)

    def test_managers_are_told_again_when_it_is_something_else(self):
        scenario = self._break()
        self._cron_run()
        first = self._get_notes(scenario)
        field = self._create_field()
        self._cron_run()
        self.assertFalse(scenario.rule_problem_told)
        self.assertEqual(self._get_notes(scenario), first)
        self.env.flush_all()
        field.unlink()
        self._cron_run()
        self.assertEqual(len(self._get_notes(scenario)), 2 * len(first))

    def test_managers_of_other_companies_are_not_told(self):
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        scenario = self._break()
        self._cron_run()
        notes = self._get_notes(scenario)
        self.assertNotIn(stranger.partner_id, notes.notified_partner_ids)

    def test_nobody_has_to_be_there_to_be_told(self):
        scenario = self._break()
        nobody = self.env["res.users"]
        with patch.object(
            self.env.registry["dunning.scenario"],
            "_get_managers_sudo",
            lambda _scenario: nobody,
        ):
            self._cron_run()
        self.assertTrue(scenario.rule_problem_told)
        self.assertFalse(self._get_notes(scenario))

    @mute_logger("odoo.sql_db")
    def test_a_savepoint_that_is_taken_back_loses_nothing(self):
        self._break()
        self._create_field("html")
        self.customer.street = "Written before"
        self.env["dunning.scenario"]._is_rule_usable("[('x_region', '=', 5)]")
        self.env.invalidate_all()
        self.assertEqual(self.customer.street, "Written before")
