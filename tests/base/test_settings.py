import re
from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestSettings(DunningCommon):
    """The credit manager sets what the guide names, in his company, without being an
    administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")

    def _open(self, user=None, **context):
        settings = self.env["dunning.settings"].with_user(user or self.manager)
        return WebForm(settings.with_context(**context))

    def test_every_setting_of_dunning_can_be_set_by_the_credit_manager(self):
        names = {
            name
            for name in self.env["res.config.settings"]._fields
            if name.startswith("dunning_")
        }
        self.assertGreater(len(names), 15)
        form = self._open()
        self.assertEqual({name for name in names if not form.has_field(name)}, set())

    def test_the_credit_manager_changes_limits(self):
        form = self._open()
        self.assertEqual(form.dunning_user_id, self.collector)
        form.dunning_promise_max_days = 60
        form.dunning_promise_max_amount = 5000
        form.dunning_call_attempts = 5
        form.save().execute()
        self.assertRecordValues(
            self.company,
            [
                {
                    "dunning_promise_max_days": 60,
                    "dunning_promise_max_amount": 5000,
                    "dunning_call_attempts": 5,
                    "dunning_user_id": self.collector.id,
                }
            ],
        )
        self.assertEqual(self._open().dunning_promise_max_days, 60)

    def test_settings_are_those_of_the_company_one_works_in(self):
        other = self._create_second_company()
        self.manager.company_ids = [Command.link(other.id)]
        form = self._open(allowed_company_ids=[other.id, self.company.id])
        form.dunning_call_attempts = 9
        form.save()
        self.assertEqual(other.dunning_call_attempts, 9)
        self.assertEqual(self.company.dunning_call_attempts, 3)

    def test_another_company_is_refused(self):
        other = self._create_second_company()
        settings = self.env["dunning.settings"].with_user(self.manager)
        with self.assertRaises(AccessError):
            settings.create({"company_id": other.id, "dunning_call_attempts": 9})
        mine = settings.create({})
        with self.assertRaises(AccessError):
            mine.write({"company_id": other.id, "dunning_call_attempts": 9})
        self.assertEqual(other.dunning_call_attempts, 3)

    def test_defaults_name_no_other_company(self):
        other = self._create_second_company()
        settings = self.env["dunning.settings"].with_user(self.manager)
        with self.assertRaises(AccessError):
            settings.with_context(default_company_id=other.id).create(
                {"dunning_call_attempts": 9}
            )
        scenario = self._create_scenario(company_id=other.id)
        with self.assertRaises(AccessError):
            settings.with_context(default_dunning_scenario_id=scenario.id).create({})
        self.env["ir.default"].set(
            "dunning.settings", "company_id", other.id, user_id=self.manager.id
        )
        with self.assertRaises(AccessError):
            settings.create({"dunning_call_attempts": 9})
        self.assertEqual(other.dunning_call_attempts, 3)
        self.assertEqual(self.company.dunning_scenario_id, self.scenario)

    def test_what_is_of_another_company_cannot_be_chosen(self):
        other = self._create_second_company()
        stranger = self._create_user("far", "group_dunning_collector", company=other)
        theirs = self._create_scenario(name="Theirs", company_id=other.id)
        settings = self.env["dunning.settings"].with_user(self.manager)
        with self.assertRaisesRegex(ValidationError, "does not work in"):
            settings.create({"dunning_user_id": stranger.id})
        with self.assertRaises(AccessError):
            settings.create({"dunning_scenario_id": theirs.id})

    def test_others_have_no_settings(self):
        for group in ("group_dunning_collector", "group_dunning_readonly"):
            user = self._create_user(group, group)
            settings = self.env["dunning.settings"].with_user(user)
            with self.assertRaises(AccessError):
                settings.create({"dunning_enabled": False})
            with self.assertRaises(AccessError):
                settings.get_views([(False, "form")])

    def test_others_write_into_nobody_s_settings(self):
        settings = self.env["dunning.settings"].with_user(self.manager).create({})
        for group in ("group_dunning_collector", "group_dunning_readonly"):
            user = self._create_user(group, group)
            with self.subTest(group=group), self.assertRaises(AccessError):
                settings.with_user(user).write({"dunning_promise_max_days": 7})

    def test_the_page_is_in_the_menu_of_the_credit_manager(self):
        menu = self.env.ref("account_dunning.menu_settings")
        menus = self.env["ir.ui.menu"].with_user(self.manager)
        self.assertIn(menu.id, menus._visible_menu_ids())

    def test_who_enters_too_much_is_told_how_much_can_be_entered(self):
        limits = {
            name: rule
            for name, rule in self.env["res.company"]._table_objects.items()
            if "dunning" in name and "CHECK" in getattr(rule, "_definition", "")
        }
        self.assertGreater(len(limits), 15)
        for name, rule in limits.items():
            for most in re.findall(r"(?:AND|<=) (\d+)", rule._definition):
                with self.subTest(name):
                    self.assertIn(most, rule.message)

    def test_nothing_is_written_that_was_not_changed(self):
        with patch.object(type(self.env["res.company"]), "write") as write:
            self._open().save()
        write.assert_not_called()

    def test_the_page_has_nothing_of_other_apps(self):
        settings = self.env["dunning.settings"].with_user(self.manager)
        arch = settings.get_views([(False, "form")])["views"]["form"]["arch"]
        apps = etree.fromstring(arch).xpath("//app/@name")
        self.assertEqual(apps, ["account_dunning"])
