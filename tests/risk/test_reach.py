from datetime import datetime

from odoo.tests import tagged

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestReach(RiskCommon):
    """By which channel and when a customer is best reached."""

    def _reach(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.customer.dunning_reach

    def _call(self, day, hour=9, outcome="other"):
        """Have a call end on a day, at an hour of UTC."""
        self._go_to(datetime(2026, 2, day, hour, 30))
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        # What ended a call is written by the system.
        call_sudo = call.sudo()
        call_sudo.outcome = outcome
        call_sudo._mark_done(self.company._dunning_today())
        # As the change of its state does when the transaction ends.
        call_sudo._log_decision("Done")
        return call

    def test_two_contacts_say_nothing(self):
        self._call(3)
        self._call(10)
        self._go_to(0)
        self.assertFalse(self._reach())

    def test_who_answers_calls_is_called_when_it_answers(self):
        for day in (3, 10, 17):
            self._call(day)
        self._call(18, outcome="no_answer")
        self._go_to(0)
        # In the time of Paris.
        self.assertEqual(self._reach(), "Phone Call, Tuesday, 10:00–12:00 (3 of 4)")

    def test_who_does_not_answer_calls_is_not_called(self):
        for day in (3, 10, 17):
            self._call(day, outcome="no_answer")
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        call._retry_call({}, self._day(1))
        self._go_to(0)
        self.assertFalse(self._reach())

    def test_who_replies_to_e_mails_is_written_to(self):
        for due in (-60, -50, -40):
            self._create_invoice(due=due)
            action = self._step(due + 5)
            messages_sudo = self.env["mail.message"].sudo()  # As the mail gateway does.
            messages_sudo.create(
                {
                    "model": "res.partner",
                    "res_id": self.customer.id,
                    "parent_id": action.sent_message_id.id,
                    "message_type": "email",
                    "author_id": self.customer.id,
                    "body": "I shall pay",
                }
            )
        self._go_to(0)
        self.assertIn("E-mail", self._reach())
        self.assertIn("(3 of 3)", self._reach())

    def test_what_is_noted_below_an_e_mail_is_no_answer_to_it(self):
        for due in (-60, -50, -40):
            self._create_invoice(due=due)
            action = self._step(due + 5)
            self.customer.message_post(
                body="Noted", parent_id=action.sent_message_id.id
            )
        self._go_to(0)
        self.assertFalse(self._reach())

    def test_who_pays_after_an_e_mail_is_written_to(self):
        for due in (-60, -50, -40):
            invoice = self._create_invoice(due=due)
            self._step(due + 5)
            self._pay(invoice, date=due + 8)
        self._go_to(0)
        self.assertEqual(self._reach(), "E-mail (3 of 3)")

    def test_the_gap_between_two_contacts_holds(self):
        for day in (3, 10, 17):
            self._call(day)
        self._go_to(0)
        self._create_invoice(due=-20)
        self.scenario.contact_gap_days = 21
        self.assertIn("not before 03/10/2026", self._reach())

    def test_a_contact_of_another_company_is_no_contact_of_this_one(self):
        for day in (3, 10, 17):
            self._call(day)
        self._go_to(0)
        self._create_invoice(due=-20)
        self.scenario.contact_gap_days = 21
        other = self._create_second_company()
        theirs = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "company_id": other.id}
        )
        # What ended a call is written by the system.
        theirs.sudo()._mark_done(self.today)
        self.assertIn("not before 03/10/2026", self._reach())

    def test_a_starting_level_is_no_contact_either(self):
        for day in (3, 10, 17):
            self._call(day)
        self._go_to(0)
        self._create_invoice(due=-20)
        self.scenario.contact_gap_days = 21
        manager = self._create_user("manager", "group_dunning_manager")
        self.env["dunning.start.levels"].with_user(manager).create({}).action_apply()
        self.assertEqual(self._actions(kind="start").date_done, self.today)
        self.assertIn("not before 03/10/2026", self._reach())

    def test_it_proposes_and_plans_nothing(self):
        for day in (3, 10, 17):
            self._call(day)
        actions = self._actions()
        self._reach()
        self.assertEqual(self._actions(), actions)
