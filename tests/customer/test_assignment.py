from lxml import html

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_amount

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestAssignment(DunningCommon):
    """Who collects from whom: by rules or one by one, seen before, many at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.paul = cls._create_user("paul", "group_dunning_collector")
        cls.sophie = cls._create_user("sophie", "group_dunning_collector")
        cls.rules = cls.env["dunning.assignment.rule"]
        cls.belgium = cls.env.ref("base.be")
        cls.abel = cls._create_customer("Abel", country_id=cls.belgium.id)
        cls.elan = cls._create_customer("Élan")
        cls.zola = cls._create_customer("Zola")
        cls.customers = cls.abel | cls.elan | cls.zola
        for customer, amount in ((cls.abel, 100), (cls.elan, 500), (cls.zola, 2000)):
            cls._create_invoice(customer, due=-5, amount=amount)

    def _rule(self, user, **values):
        users = user if isinstance(user, type(self.paul)) else self.paul
        return self.rules.create(
            {
                "name": "Rule",
                "company_id": self.company.id,
                "user_ids": [Command.set(users.ids)],
            }
            | values
        )

    def _dialog(self, user=None, **values):
        dialogs = self.env["dunning.assignment.dialog"].with_user(user or self.manager)
        return dialogs.create(values)

    def _collectors(self):
        self.env.invalidate_all()
        return [customer.dunning_user_id for customer in self.customers]

    # ------------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------------

    def test_the_first_rule_that_fits_counts(self):
        self._rule(self.sophie, country_ids=[Command.set(self.belgium.ids)])
        self._rule(self.paul, letter_first="A", letter_last="F")
        self._dialog(scope="all").action_apply()
        nobody = self.env["res.users"]
        self.assertEqual(self._collectors(), [self.sophie, self.paul, nobody])

    def test_by_what_customers_owe(self):
        self._rule(self.paul, balance_from=500, balance_to=1000)
        self._rule(self.sophie, balance_from=1000)
        self._dialog(scope="all").action_apply()
        nobody = self.env["res.users"]
        self.assertEqual(self._collectors(), [nobody, self.paul, self.sophie])

    def test_by_any_condition_on_customers(self):
        self._rule(self.paul, domain="[('name', 'ilike', 'zo')]")
        self._dialog(scope="all").action_apply()
        self.assertEqual(self.zola.dunning_user_id, self.paul)
        self.assertFalse(self.abel.dunning_user_id)

    def test_a_team_shares_customers_out_and_keeps_those_it_has(self):
        self.elan.dunning_user_id = self.sophie
        self._rule(self.paul | self.sophie)
        self._dialog(scope="all").action_apply()
        self.assertEqual(self._collectors(), [self.paul, self.sophie, self.paul])

    def test_who_cannot_work_is_given_nobody(self):
        self._rule(self.paul)
        self._rule(self.sophie)
        self.paul.action_archive()
        self._dialog(scope="all").action_apply()
        self.assertEqual(self._collectors(), [self.sophie] * 3)

    def test_rules_of_another_company_do_not_count(self):
        other = self._create_second_company()
        self.paul.company_ids |= other
        self._rule(self.paul, company_id=other.id)
        with self.assertRaisesRegex(UserError, "Nothing would change"):
            self._dialog(scope="all").action_apply()

    def test_what_cannot_be_a_rule_is_refused_in_words(self):
        for values, message in (
            ({"letter_first": "M", "letter_last": "C"}, "no name is between"),
            ({"letter_first": "…"}, "no name is between"),
            ({"domain": "[('nothing', '=', 1)]"}, "cannot be used"),
            ({"domain": "1+1"}, "cannot be used"),
            ({"user_ids": [Command.clear()]}, "gives customers to nobody"),
        ):
            with self.subTest(values=values):
                with self.assertRaisesRegex(ValidationError, message):
                    self._rule(self.paul, **values)

    def test_a_rule_asks_no_more_than_its_author_may_search(self):
        rule = self._rule(self.paul)
        with self.assertRaisesRegex(ValidationError, "cannot be used"):
            rule.with_user(self.manager).domain = "[('user_ids.password', '=', 'x')]"

    def test_a_manager_enters_a_rule(self):
        with WebForm(self.rules.with_user(self.manager)) as form:
            form.name = "A to F"
            form.letter_first = "A"
            form.letter_last = "F"
            form.user_ids.add(self.paul)
        self.assertTrue(form.record.for_new)
        for user in (self.paul, self._create_user("auditor", "group_dunning_readonly")):
            own = form.record.with_user(user)
            self.assertEqual(own.name, "A to F")
            with self.assertRaises(AccessError):
                own.name = "B"

    # ------------------------------------------------------------------
    # THE DIALOG
    # ------------------------------------------------------------------

    def test_what_would_change_is_shown_before(self):
        self.elan.dunning_user_id = self.sophie
        self._rule(self.paul, name="Everybody")
        dialogs = self.env["dunning.assignment.dialog"].with_user(self.manager)
        with WebForm(dialogs) as form:
            form.scope = "all"
            self.assertEqual(form.change_count, 3)
            for text in ("Abel", "Élan", "Zola", "Everybody", "Paul", "Sophie"):
                self.assertIn(text, form.preview)
            form.way = "user"
            form.user_id = self.sophie
            self.assertEqual(form.change_count, 2)
            self.assertNotIn("Everybody", form.preview)
        self.assertEqual(self.elan.dunning_user_id, self.sophie)
        self.assertFalse(self.abel.dunning_user_id)

    def test_selected_customers_are_given_to_one(self):
        dialogs = self.env["dunning.assignment.dialog"].with_user(self.manager)
        dialogs = dialogs.with_context(
            active_model="res.partner", active_ids=(self.abel | self.zola).ids
        )
        with WebForm(dialogs) as form:
            self.assertEqual(form.scope, "selected")
            form.way = "user"
            form.user_id = self.sophie
        form.record.action_apply()
        nobody = self.env["res.users"]
        self.assertEqual(self._collectors(), [self.sophie, nobody, self.sophie])

    def test_what_each_collector_would_have_is_shown_before(self):
        self.elan.dunning_user_id = self.sophie
        self.zola.dunning_user_id = self.collector
        dialogs = self.env["dunning.assignment.dialog"].with_user(self.manager)
        dialogs = dialogs.with_context(
            active_model="res.partner", active_ids=(self.abel | self.elan).ids
        )
        dialog = dialogs.create({"way": "user", "user_id": self.paul.id})
        [table, _changes] = html.fromstring(f"<div>{dialog.preview}</div>").iter(
            "table"
        )
        rows = [[cell.text for cell in row.iter("td")] for row in table.iter("tr")]
        new, none = (
            format_amount(self.env, amount, self.company.currency_id)
            for amount in (600, 0)
        )
        self.assertEqual(
            rows[1:], [["Paul", "0", "2", new], ["Sophie", "1", "0", none]]
        )

    def test_customers_of_who_has_left_are_found_and_given_to_others(self):
        self.company.dunning_user_id = self.sophie
        (self.abel | self.zola).dunning_user_id = self.paul
        self.paul.action_archive()
        dialog = self._dialog(way="user", user_id=self.sophie.id)
        self.assertEqual(dialog.scope, "unassigned")
        self.assertEqual(dialog.change_count, 2)
        dialog.action_apply()
        nobody = self.env["res.users"]
        self.assertEqual(self._collectors(), [self.sophie, nobody, self.sophie])

    def test_nobody_is_given_to_who_cannot_collect(self):
        stranger = self._create_user("stranger", "group_dunning_readonly")
        dialog = self._dialog(scope="all", way="user", user_id=stranger.id)
        with self.assertRaisesRegex(UserError, "Stranger cannot work"):
            dialog.action_apply()

    def test_collectors_give_nobody_away_by_the_dialog(self):
        with self.assertRaises(AccessError):
            self._dialog(self.paul, scope="all")

    # ------------------------------------------------------------------
    # NEW CUSTOMERS
    # ------------------------------------------------------------------

    def test_a_run_gives_new_customers_to_their_collector_first(self):
        self._rule(self.paul, letter_first="A", letter_last="F")
        self.elan.dunning_user_id = self.sophie
        self._run()
        nobody = self.env["res.users"]
        self.assertEqual(self._collectors(), [self.paul, self.sophie, nobody])
        self.assertEqual(self._actions(self.abel).user_id, self.paul)
        self.assertEqual(self._actions(self.zola).user_id, self.collector)

    def test_rules_for_many_at_once_leave_new_customers_alone(self):
        self._rule(self.paul, for_new=False)
        self._run()
        self.assertFalse(self.abel.dunning_user_id)
