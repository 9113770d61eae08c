from datetime import datetime, time, timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import format_date
from odoo.tools.safe_eval import safe_eval

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestAbsencesPlanned(DunningCommon):
    """Absences that somebody has entered and that have not begun, or are over."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.paul = cls._create_user("paul", "group_dunning_collector")
        cls.third = cls._create_user("third", "group_dunning_collector")
        cls.paul.dunning_substitute_id = cls.third

    def _leave(self, day, first, last, user=None):
        """Have a collector be away some days before or after a day."""
        noon = datetime.combine(day, time(12))
        (user or self.paul).write(
            {
                "out_of_office_from": noon + timedelta(days=first),
                "out_of_office_to": noon + timedelta(days=last),
            }
        )

    def test_an_absence_to_come_is_told_listed_and_can_be_cancelled(self):
        dialogs = self.env["dunning.absence.dialog"].with_user(self.manager)
        with WebForm(dialogs) as form:
            form.user_id = self.paul
            form.substitute_id = self.third
            form.date_from = self._day(3)
            form.date_to = self._day(4)
        told = form.record.action_apply()["params"]["message"]
        for part in (self.paul.name, self.third.name):
            self.assertIn(part, told)
        with WebForm(dialogs) as form:
            form.user_id = self.paul
            self.assertEqual((form.is_planned, form.is_away), (True, False))
            self.assertEqual(form.date_from, self._day(3))
        form.record.action_end()
        self.assertFalse(self.paul.out_of_office_from)

    def test_an_absence_is_told_to_come_from_tomorrow_on(self):
        dialogs = self.env["dunning.absence.dialog"].with_user(self.manager)
        for first, is_told in ((0, False), (1, True)):
            with self.subTest(first=first):
                with WebForm(dialogs) as form:
                    form.user_id = self.paul
                    form.date_from = self._day(first)
                    form.date_to = self._day(4)
                told = form.record.action_apply()
                self.assertIs("message" in told.get("params", {}), is_told)

    def test_a_collector_may_be_away_for_ever(self):
        dialogs = self.env["dunning.absence.dialog"].with_user(self.manager)
        for last in ("9999-12-31", "9000-12-31"):
            with WebForm(dialogs) as form:
                form.user_id = self.paul
                form.substitute_id = self.third
                form.date_from = self._day(0)
                form.date_to = last
            form.record.action_apply()
            self.assertGreater(self.paul.out_of_office_to, datetime(9000, 12, 30))

    def test_who_is_away_reads_on_the_own_agenda_who_does_the_work_and_until_when(self):
        def get_told(user):
            return self.env["dunning.substitution"].with_user(user).get_own_absence()

        self.assertFalse(get_told(self.paul))
        self._leave(self.today, -1, 3)
        told = get_told(self.paul)
        self.assertIn(self.third.name, told)
        self.assertIn(format_date(self.env, self._day(3)), told)
        self.paul.out_of_office_to = False
        self.assertIn(self.third.name, get_told(self.paul))
        for user in (self.third, self.manager):
            self.assertFalse(get_told(user))

    def test_who_is_away_or_will_be_is_listed_for_managers(self):
        window = self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_absence_planned"
        )
        users = self.env["res.users"].with_user(self.manager)
        domain = safe_eval(window["domain"])
        self.assertNotIn(self.paul, users.search(domain))
        # The web client asks by the day of the browser.
        now = fields.Datetime.now()
        self._leave(now, 3, 4)
        found = users.search(domain)
        self.assertIn(self.paul, found)
        found.web_read({"dunning_substitute_id": {}, "out_of_office_from": {}})
        self._leave(now, -4, -2)
        self.assertNotIn(self.paul, users.search(domain))

    def test_an_absence_that_is_over_is_not_proposed_again(self):
        self._leave(self.today, -9, -5)
        with WebForm(
            self.env["dunning.absence.dialog"].with_user(self.manager)
        ) as form:
            form.user_id = self.paul
            self.assertFalse(form.is_away)
            self.assertEqual(form.date_from, self.today)
            self.assertFalse(form.date_to)

    def test_the_first_manager_who_is_there_is_told_of_what_is_left(self):
        def get_told():
            return self.company._dunning_get_manager(
                self.company._dunning_get_workers()
            )

        second = self._create_user("second", "group_dunning_manager")
        first = get_told()
        self.assertLess(first.id, second.id)
        first.dunning_substitute_id = self.third
        self._leave(self.today, -1, 3, first)
        self.assertNotIn(get_told(), first | second | self.third)

    def test_an_absence_that_another_job_has_begun_is_left_to_it(self):
        substitutions = self.env["dunning.substitution"].sudo()
        self._leave(self._day(0), 0, 4)
        self._trigger_cron("account_dunning.cron_substitution")
        before = substitutions.search([])
        self.assertEqual(before.user_id, self.paul)
        # It began after this transaction did, which does not see it.
        workers = self.company._dunning_get_workers()
        substitutions._begin(self.company, workers, self.paul.ids)
        self.assertEqual(substitutions.search([]), before)

    def test_an_absence_takes_note_of_what_its_own_company_gives_away(self):
        companies = [self.company, self._create_second_company()]
        away = {"user_id": self.paul.id, "substitute_id": self.third.id}
        substitutions = self.env["dunning.substitution"].sudo()
        running = substitutions.create(
            [
                away | {"company_id": company.id, "date_start": self.today}
                for company in companies
            ]
        )
        calls = self.env["dunning.action"].create(
            [
                {"partner_id": self.customer.id, "company_id": company.id}
                for company in companies
            ]
        )
        substitutions._remember(self.paul, self.third, calls)
        for substitution, call in zip(running, calls, strict=True):
            self.assertEqual(substitution.work, {"dunning.action": call.ids})
