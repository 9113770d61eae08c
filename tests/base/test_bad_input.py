from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from odoo.addons.account_dunning.models.scenario import dunning_scenario_rule

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestBadInput(DunningCommon):
    """Bad input gives a clear message and loses nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.second, cls.notice = cls.scenario.level_ids

    def assertRefused(self, constraint, function, *args):
        """Check that the database refuses, and that people are told why.

        :param constraint: name of the attribute that declares it, in its model
        """
        model, name = constraint
        declared = getattr(self.env.registry[model], name)
        self.assertTrue(declared.get_error_message(self.env[model], None))
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            function(*args)
            self.env.flush_all()

    def test_what_is_wrong_with_a_value_is_told_in_words(self):
        guard = self.env["dunning.guard"]
        for problem, words in (
            ("number", "“x” is no number: enter one."),
            ("too_large", "“x” is too large: enter less."),
            ("date", "“x” is no date: write it as in 2026-12-31."),
            ("too_early", "“x” is too long ago: choose a date from the year 1900 on."),
            ("character", "The text has a character that cannot be kept"),
            ("too_long", "The text is too long: shorten it to 200000 characters."),
            ("choice", "There is no choice “x”: choose another."),
            ("record", "“x” is no record: choose one of the list."),
            ("records", "“x” is no record: choose one of the list."),
            ("single", "“x” is not what is expected here: enter it again."),
        ):
            with self.subTest(problem=problem):
                self.assertIn(words, guard._tell_problem(problem, "x"))
        shown = guard._tell_problem("number", "a\0\ud800" + "b" * 999)
        self.assertIn("“a\N{REPLACEMENT CHARACTER}?b", shown)
        self.assertLess(len(shown), 200)

    def test_only_who_is_somebody_is_asked_what_the_values_are(self):
        guard = self.env["dunning.guard"].with_user(self.collector)
        reasons = self.env["dunning.reason"]
        with self.assertRaisesRegex(ValidationError, "is not what is expected here"):
            guard._check_entered(reasons, "x")
        with self.assertRaisesRegex(ValidationError, "^Name: .* is too long"):
            guard._check_entered(reasons, {"name": "x" * 200_001})
        guard._check_entered(reasons, {"name": "x" * 200_000})
        guard._check_entered(reasons, {"no_such_field": [1]})
        guard.sudo()._check_entered(reasons, "x")

    # ------------------------------------------------------------------
    # SCENARIOS AND LEVELS
    # ------------------------------------------------------------------

    def test_a_negative_gap_is_refused(self):
        self.assertRefused(
            ("dunning.level", "_gap_not_negative"),
            self.reminder.write,
            {"gap_days": -1},
        )

    def test_a_negative_deadline_is_refused(self):
        self.assertRefused(
            ("dunning.level", "_deadline_not_negative"),
            self.reminder.write,
            {"deadline_days": -1},
        )

    def test_a_negative_gap_between_contacts_is_refused(self):
        self.assertRefused(
            ("dunning.scenario", "_contact_gap_not_negative"),
            self.scenario.write,
            {"contact_gap_days": -1},
        )

    def test_a_negative_minimum_is_refused(self):
        self.assertRefused(
            ("dunning.scenario", "_minimum_amount_not_negative"),
            self.scenario.write,
            {"minimum_amount": -1},
        )

    def test_amounts_of_a_rule_the_wrong_way_round_are_refused(self):
        self.assertRefused(
            ("dunning.scenario", "_amounts_ordered"),
            self.scenario.write,
            {"amount_from": 100, "amount_to": 100},
        )

    def test_two_levels_on_one_day_are_refused(self):
        self.assertRefused(
            ("dunning.level", "_one_level_a_day"),
            self.second.write,
            {"delay_days": self.reminder.delay_days},
        )

    def test_an_archived_level_leaves_its_day_to_another(self):
        self.reminder.active = False
        self.second.delay_days = self.reminder.delay_days
        self.env.flush_all()
        self.assertPlanned(self._create_invoice(due=-5), "step", level=self.second)

    def test_a_scenario_without_levels_puts_its_items_out_and_keeps_them_in_sight(self):
        self.customer.dunning_scenario_id = self._create_scenario([])
        invoice = self._create_invoice(due=-5)
        self.assertFalse(self._run().action_ids)
        self.assertPlanned(invoice, "out", reason="no_level")

    def test_a_template_of_another_model_is_refused(self):
        template = self._create_mail_template(
            name="Partner Mail",
            model_id=self.env["ir.model"]._get_id("res.partner"),
            subject="Hello",
            body_html="<p>Hello</p>",
            lang=False,
        )
        with self.assertRaisesRegex(ValidationError, "Partner Mail.*Reminder"):
            self.reminder.mail_template_id = template

    def test_a_template_in_use_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self._delete(self.mail_template)
        self.assertTrue(self.mail_template.exists())

    def test_a_rule_that_cannot_be_read_is_refused(self):
        for rule in ("[('name'", "[('no_such_field', '=', 1)]", "import os", "12"):
            with (
                self.assertRaisesRegex(ValidationError, "Test Scenario"),
                self.env.cr.savepoint(),
            ):
                self.scenario.partner_domain = rule
        self.assertFalse(self.scenario.partner_domain)

    def test_a_rule_is_read_and_never_calculated(self):
        nested = "[('child_ids', 'any', {})]"
        deep = "[('name', '=', 'x')]"
        for __ in range(20):
            deep = nested.format(deep)
        for rule, problem in (
            ("[('id', '<', 10**10**9)]", "values only"),
            ("[('name', '=', 'x' * 10**10)]", "values only"),
            ("[('id', 'in', [i for i in range(10**9)])]", "values only"),
            ("[('id', 'in', " + "[" * 5000 + "]" * 5000 + ")]", "conditions"),
            ("[('id', '=', 9)]" + " " * 20_000, "conditions"),
            (str([("id", "=", 9)] * 300), "conditions"),
            (deep, "conditions"),
            ("{'id': 9}", "conditions"),
            # Plans that read it would go too deep.
            ("[('" + "parent_id." * 300 + "name', '=', 'x')]", "too many conditions"),
            ("[['" + "parent_id." * 9 + "name', '=', 'x']]", "too many conditions"),
            ("[('id', '=', " + "9" * 5000 + ")]", "Test Scenario"),
        ):
            with (
                self.subTest(rule[:50]),
                self.assertRaisesRegex(ValidationError, problem),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.scenario.partner_domain = rule
        self.assertFalse(self.scenario.partner_domain)

    def test_a_rule_that_takes_too_long_is_refused(self):
        def search(partners, *_args, **_kwargs):
            partners.env.cr.execute("SELECT pg_sleep(5)")

        with (
            patch.object(self.env.registry["res.partner"], "search", search),
            patch(f"{dunning_scenario_rule.__name__}.RULE_TIME_LIMIT", 0.1),
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(ValidationError, "too long"),
            self.env.cr.savepoint(),
        ):
            self.scenario.partner_domain = "[('name', '=', 'x')]"

    def test_a_level_in_use_cannot_be_deleted(self):
        self._create_invoice(due=-5)
        for _state in ("open", "done"):
            action = self._step()
            with self.assertRaisesRegex(UserError, "switch off “In Use”"):
                self.reminder.unlink()
            with self.assertRaisesRegex(UserError, "Archive it instead"):
                self.scenario.unlink()
            self.assertEqual(self._actions().level_id, self.reminder)
            self.assertFalse(action - self._actions())

    def test_a_level_that_another_company_has_used_cannot_be_deleted(self):
        # Who shares it works in all companies, as who deletes its level does.
        scenario_sudo = self.scenario.sudo()
        scenario_sudo.company_id = False
        self._create_invoice(due=-5)
        self._step()
        other = self.env["res.company"].create({"name": "Other"})
        everywhere = self.env["res.company"].sudo().search([]).ids
        manager = self._create_user(
            "manager",
            "group_dunning_manager",
            other,
            company_ids=[Command.set(everywhere)],
        )
        with self.assertRaisesRegex(UserError, "switch off “In Use”"):
            self.reminder.with_user(manager).unlink()

    def test_a_level_archived_while_an_action_waits_cancels_it_at_execution(self):
        invoice = self._create_invoice(due=-50)
        action = self._run().action_ids
        self.reminder.active = False
        action.action_execute()
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "superseded"}]
        )
        self.assertPlanned(invoice, "step", level=self.second)

    def test_the_default_scenario_of_a_company_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self._delete(self.scenario)
        self.assertEqual(self.company.dunning_scenario_id, self.scenario)

    @mute_logger("odoo.sql_db")
    def _delete(self, record):
        """Delete as over RPC: a foreign key that refuses becomes a message."""
        try:
            with self.env.cr.savepoint():
                record.unlink()
        except IntegrityError as error:
            raise UserError(str(error)) from error

    # ------------------------------------------------------------------
    # PARTNERS AND COMPANIES
    # ------------------------------------------------------------------

    def test_a_customer_that_is_archived_is_not_contacted_any_more(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        self.customer.active = False
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "archived"}]
        )
        self.assertPlanned(invoice, "out", reason="archived")

    def test_a_customer_archived_meanwhile_is_not_contacted(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        # By another transaction, of which the action has heard nothing.
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE res_partner SET active = FALSE WHERE id = %s", self.customer.id)
        )
        self.env.invalidate_all()
        action.action_execute()
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "archived"}]
        )
        self.assertPlanned(invoice, "out", reason="archived")

    def test_an_archived_dunning_contact_is_passed_over(self):
        contact = self.env["res.partner"].create(
            {"name": "Gone", "parent_id": self.customer.id, "email": "gone@example.com"}
        )
        self.customer.dunning_contact_id = contact
        contact.active = False
        self._create_invoice(due=-5)
        self.assertEqual(self._run().action_ids.contact_id, self.customer)

    def test_a_customer_with_actions_cannot_be_deleted(self):
        customer = self._create_customer("Planned")
        self.env["dunning.action"].create({"partner_id": customer.id})
        with self.assertRaises(UserError):
            self._delete(customer)
        self.assertTrue(customer.exists())

    def test_an_archived_company_is_not_dunned(self):
        other = self.env["res.company"].create({"name": "Closed Company"})
        other.active = False
        with self.assertRaisesRegex(UserError, "Closed Company.*archived"):
            other._dunning_run()

    def test_the_collector_of_a_customer_can_be_archived(self):
        self.customer.dunning_user_id = self.collector
        self.reminder.write({"execution": "manual", "channel": "call"})
        self.collector.active = False
        self._create_invoice(due=-5)
        self.assertTrue(self._step())

    # ------------------------------------------------------------------
    # DATES, HOLDS, ACTIONS
    # ------------------------------------------------------------------

    def test_a_date_that_is_none_is_refused(self):
        for day in ("yesterday", "2026-02-30", "31/12/2026"):
            with self.assertRaises(ValueError):
                self.company._dunning_plan(day)
            with self.assertRaises(ValueError):
                self.company._dunning_run(day)
        self.assertFalse(
            self.env["dunning.run"].search([("company_id", "=", self.company.id)])
        )

    def test_a_hold_that_ends_in_the_past_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "end in the past"):
            self._create_hold(date_end=-1)
        hold = self._create_hold(date_end=5)
        with self.assertRaisesRegex(ValidationError, "end in the past"):
            hold.date_end = self._day(-1)

    def test_a_hold_of_a_negative_amount_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self._create_hold(amount=-1)
        hold = self._create_hold(self._create_invoice(), amount=5)
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            hold.amount = -1

    def test_a_hold_of_one_amount_on_several_currencies_is_refused(self):
        dollar = self.setup_other_currency("USD", rates=[("2020-01-01", 2.0)])
        euros = self._create_invoice(due=-5)
        dollars = self._create_invoice(due=-5, currency=dollar)
        with self.assertRaisesRegex(ValidationError, "its own currency"):
            self._create_hold(euros | dollars, amount=50)
        # Without an amount, both are held entirely.
        self._create_hold(euros | dollars)
        self.assertPlanned(euros, "out", reason="held")
        self.assertPlanned(dollars, "out", reason="held")

    def test_what_the_system_sets_on_an_action_is_refused_from_people(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        for name, value in (
            ("state", "done"),
            ("date_done", self.today),
            ("amount", 1),
            ("level_id", self.notice.id),
            ("partner_id", self.env.user.partner_id.id),
            ("kind", "manual"),
            ("execution", "manual"),
            ("mail_id", self.env["mail.mail"].create({}).id),
            ("run_id", False),
        ):
            with self.assertRaisesRegex(UserError, "set by the system", msg=name):
                action.write({name: value})
        with self.assertRaisesRegex(UserError, "set by the system"):
            self.env["dunning.action"].create(
                {"partner_id": self.customer.id, "state": "done"}
            )

    def test_lines_of_an_action_cannot_be_made_by_people(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids.with_user(self.collector)
        with self.assertRaises(UserError):
            action.line_ids = [Command.clear()]
        with self.assertRaises(AccessError):
            action.line_ids.write({"amount_residual": 1})
        with self.assertRaises(AccessError):
            action.line_ids.unlink()

    def test_a_run_with_actions_cannot_be_deleted(self):
        self._create_invoice(due=-5)
        run = self._run()
        with self.assertRaisesRegex(UserError, "part of the history"):
            run.sudo().unlink()

    def test_an_unknown_reason_of_the_plan_is_not_found(self):
        self._create_invoice(due=-5)
        moves = self.env["account.move"]
        self.assertFalse(moves.search([("dunning_out_reason", "=", "no_such_reason")]))
