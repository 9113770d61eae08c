from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ..web_client import WebForm
from ..workbooks import Reading
from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookSchedule(WorkbookCommon):
    """Workbooks go to chosen people by e-mail, to each as far as they may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._create_second_company()
        cls.other = cls._create_customer("Other Customer")
        cls.peer = cls._create_user("peer", "group_dunning_collector")
        cls.other.dunning_user_id = cls.peer
        cls.company.dunning_collector_view = "own"
        cls._create_invoice(cls.customer, due=-5, amount=100)
        cls._create_invoice(cls.other, due=-5, amount=20)
        cls._create_invoice(cls.other, due=-5, amount=7000, company=cls.second)
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.both = cls._create_user(
            "both", "group_dunning_manager", company_ids=(cls.company | cls.second).ids
        )

    def _schedule(self, *users, **values):
        return self.env["dunning.workbook.schedule"].create(
            {
                "name": "For the Board",
                "date_next": self.today,
                "recipient_ids": [user.id for user in users],
                "company_ids": self.company.ids,
                **values,
            }
        )

    def _send(self):
        """Let the scheduled action work.

        :return: the e-mails by address, with what is read in their files
        """
        mails = self.env["mail.mail"].sudo()
        before = mails.search([])
        self._trigger_cron("account_dunning.cron_workbook")
        self.env.invalidate_all()
        self.mails = mails.search([]) - before
        return {
            mail.email_to: Reading(mail.attachment_ids.raw)
            for mail in self.mails
            if mail.attachment_ids
        }

    def _get_customers(self, read):
        return {row["Customer"]: row["Total"] for row in read.get_list("Customers")}

    def test_each_recipient_gets_what_they_may_read(self):
        companies = (self.company | self.second).ids
        schedule = self._schedule(
            self.collector, self.manager, self.both, company_ids=companies
        )
        sent = self._send()
        found = {to: self._get_customers(read) for to, read in sent.items()}
        self.assertEqual(
            found[self.collector.email_formatted],
            {"Customer": 100},
        )
        self.assertEqual(
            found[self.manager.email_formatted],
            {"Customer": 100, "Other Customer": 20},
        )
        both = sent[self.both.email_formatted]
        self.assertEqual(self._add(both.get_list("Customers"), "Total"), 7120)
        self.assertEqual(len(found), 3)
        self.assertEqual(schedule.date_last, self.today)
        self.assertFalse(schedule.message)

    def test_the_e_mail_says_what_it_brings(self):
        self._schedule(self.manager)
        self._send()
        self.assertEqual(self.mails.subject, "For the Board as of 03/02/2026")
        self.assertIn("is attached", self.mails.body_html)
        self.assertIn("/odoo/dunning.workbook/", self.mails.body_html)
        self.assertEqual(self.mails.attachment_ids.name, "For the Board.xlsx")

    def test_a_workbook_too_large_for_an_e_mail_is_linked(self):
        self.patch(
            __import__(
                "odoo.addons.account_dunning.models.indicator.dunning_workbook_schedule",
                fromlist=["MOST_ATTACHED"],
            ),
            "MOST_ATTACHED",
            10,
        )
        self._schedule(self.manager)
        self.assertEqual(self._send(), {})
        self.assertIn("too large", self.mails.body_html)

    def test_it_goes_out_on_its_days_and_missed_ones_are_not_made_up_for(self):
        schedule = self._schedule(self.manager, interval="week")
        self.assertEqual(len(self._send()), 1)
        self.assertEqual(schedule.date_next, self._day(7))
        self.assertEqual(len(self._send()), 0)
        self._go_to(30)
        self.assertEqual(len(self._send()), 1)
        self.assertEqual(schedule.date_next, self._day(35))

    def test_the_end_of_a_month_stays_the_end_of_months(self):
        schedule = self._schedule(
            self.manager, date_next="2026-01-31", interval="month"
        )
        self._send()
        self.assertEqual(str(schedule.date_next), "2026-03-31")

    def test_a_day_off_puts_it_off_to_the_next_working_day(self):
        self._schedule(self.manager, date_next=self._day(5))
        self._go_to(5)
        self.assertEqual(len(self._send()), 0)
        self._go_to(7)
        self.assertEqual(len(self._send()), 1)

    def test_the_figures_are_of_the_day_that_was_chosen(self):
        schedule = self._schedule(self.manager)
        for as_of, day in (
            ("today", "2026-03-02"),
            ("yesterday", "2026-03-01"),
            ("month_end", "2026-02-28"),
        ):
            schedule.write({"as_of": as_of, "date_next": self.today})
            self._send()
            workbook = self.env["dunning.workbook"].sudo().search([], limit=1)
            self.assertEqual(str(workbook.date), day)

    def test_who_lost_their_rights_is_left_out_and_named(self):
        schedule = self._schedule(self.manager, self.peer)
        self.peer.group_ids = self.env.ref("base.group_user")
        self.assertEqual(set(self._send()), {self.manager.email_formatted})
        self.assertIn("Peer has no rights", schedule.message)
        self.peer.active = False
        schedule.date_next = self.today
        self.assertEqual(set(self._send()), {self.manager.email_formatted})

    def test_who_loses_their_rights_while_it_waits_is_sent_nothing(self):
        for change in (
            {"active": False},
            {"group_ids": [Command.set(self.env.ref("base.group_user").ids)]},
        ):
            with self.subTest(change):
                schedule = self._schedule(self.manager, self.peer)
                schedule.action_send_now()
                self.peer.write(change)
                self.assertEqual(set(self._send()), {self.manager.email_formatted})
                self.assertIn("Peer has no rights", schedule.message)
                schedule.unlink()
                self.peer.write({"active": True})

    def test_who_sends_at_once_again_and_again_sends_once(self):
        schedule = self._schedule(self.manager, date_next=self._day(9))
        for _time in range(3):
            schedule.action_send_now()
        self._send()
        self.assertEqual(len(self.mails), 1)

    def test_recipients_must_be_able_to_get_it(self):
        employee = self._create_user("employee", "group_dunning_readonly")
        employee.group_ids = self.env.ref("base.group_user")
        for user, words in (
            (employee, "no rights"),
            (
                self._create_user("far", "group_dunning_readonly", self.second),
                "in none of the companies",
            ),
            (
                self._create_user("mute", "group_dunning_readonly", email=False),
                "no e-mail address",
            ),
        ):
            with self.subTest(words), self.assertRaisesRegex(ValidationError, words):
                self._schedule(user)
        with self.assertRaisesRegex(ValidationError, "Choose who gets"):
            self._schedule()

    def test_somebody_gets_it_of_some_company(self):
        for values, told in (
            ({"recipient_ids": []}, "^Choose who gets the workbook “For the Board”"),
            ({"company_ids": []}, "^Choose the companies of “For the Board”"),
        ):
            with self.assertRaisesRegex(ValidationError, told):
                self._schedule(self.collector, **values)

    def test_managers_schedule_by_form_and_send_at_once(self):
        records = self.env["dunning.workbook.schedule"].with_user(self.manager)
        form = WebForm(records)
        form.recipient_ids.add(self.collector)
        schedule = form.save()
        schedule.action_send_now()
        recipients = self.collector | self.manager
        self.assertEqual(set(self._send()), set(recipients.mapped("email_formatted")))
        self.assertEqual(str(schedule.date_next), "2026-04-01")

    def test_a_manager_schedules_nothing_of_another_company(self):
        records = self.env["dunning.workbook.schedule"].with_user(self.manager)
        with self.assertRaises(AccessError):
            records.create(
                {"recipient_ids": self.both.ids, "company_ids": self.second.ids}
            )
        theirs = self._schedule(
            self.both, company_ids=self.second.ids, company_id=self.second.id
        )
        with self.assertRaises(AccessError):
            theirs.with_user(self.manager).action_send_now()
