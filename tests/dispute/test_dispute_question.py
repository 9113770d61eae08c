from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeQuestion(DisputeCommon):
    """Departments are asked by activities, and their answers kept."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        env = cls.env(su=True, context={"no_reset_password": True})
        cls.asked = new_test_user(env, "asked", company_id=cls.company.id)
        cls.asked.notification_type = "inbox"
        cls.other = new_test_user(env, "other", company_id=cls.company.id)
        cls.collector.notification_type = "inbox"
        cls.department = cls.env["dunning.department"].create(
            {"name": "Quality", "user_id": cls.asked.id}
        )
        cls.dispute = cls._dispute(cls._create_invoice(due=-10), 60)

    def _ask(self, question="Was it broken?", **values):
        question_id = self.dispute.action_ask(self.department.id, question, **values)
        return self.env["dunning.dispute.question"].browse(question_id)

    def _get_notified(self, user):
        """Return what a user was notified of, the last first."""
        return (
            self.env["mail.message"]
            .sudo()
            .search(
                [("notified_partner_ids", "in", user.partner_id.ids)], order="id desc"
            )
        )

    # ------------------------------------------------------------------
    # ASKED
    # ------------------------------------------------------------------

    def test_a_department_is_asked_by_an_activity_with_a_deadline(self):
        question = self._ask()
        self.assertRecordValues(
            question,
            [
                {
                    "user_id": self.asked.id,
                    "state": "open",
                    "date": self.today,
                    # Three working days.
                    "date_deadline": self._day(3),
                }
            ],
        )
        self.assertRecordValues(
            question.activity_id,
            [
                {
                    "res_model": "dunning.dispute",
                    "res_id": self.dispute.id,
                    "user_id": self.asked.id,
                    "date_deadline": self._day(3),
                }
            ],
        )
        self.assertIn("Was it broken?", question.activity_id.note)
        self.assertEqual(self.dispute.state, "waiting_department")
        self.assertTrue(self._get_notified(self.asked))

    def test_a_question_is_called_by_whom_it_asks(self):
        question = self._ask()
        self.assertEqual(question.display_name, f"Quality, {self.asked.name}")
        self.department.user_id = False
        alone = self._ask(user_id=self.asked.id).with_context(lang="en_US")
        self.assertEqual(alone.display_name, f"Quality, {self.asked.name}")

    def test_somebody_else_may_answer_by_another_day(self):
        question = self._ask(user_id=self.other.id, date_deadline=self._day(10))
        self.assertEqual(question.activity_id.user_id, self.other)
        self.assertEqual(question.activity_id.date_deadline, self._day(10))

    def assertRefused(self, words, department=None, question="Why?", **values):
        department = self.department if department is None else department
        with self.assertRaisesRegex(UserError, words):
            self.dispute.action_ask(department.id, question, **values)

    def test_a_question_needs_words_time_and_somebody_who_can_answer(self):
        self.assertRefused("Write what", question=" ")
        self.assertRefused("later day", date_deadline=self._day(-1))
        self.assertRefused("Choose who answers", self.env["dunning.department"])
        nobody = self.env["dunning.department"].create({"name": "Sales"})
        self.assertRefused("nobody is named for “Sales”", nobody)
        portal = new_test_user(self.env(su=True), "portal_user", "base.group_portal")
        self.assertRefused("is no user of", user_id=portal.id)
        company = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        elsewhere = new_test_user(
            self.env(su=True, context={"no_reset_password": True}),
            "elsewhere",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        self.assertRefused("is no user of", user_id=elsewhere.id)

    def test_an_answer_may_be_asked_for_on_the_same_day(self):
        self.assertEqual(self._ask(date_deadline=self.today).date_deadline, self.today)

    def test_nothing_is_asked_about_a_closed_dispute(self):
        self.dispute.action_cancel()
        self.assertRefused("closed already")

    # ------------------------------------------------------------------
    # ANSWERED
    # ------------------------------------------------------------------

    def _answer(self, question, text="Yes, two of them.", user=None):
        activity = question.activity_id.with_user(user or self.asked)
        activity.action_feedback(feedback=text)

    def test_the_feedback_is_the_answer_and_the_dispute_goes_on(self):
        question = self._ask()
        self._go_to(1)
        self._answer(question)
        self.assertRecordValues(
            question,
            [
                {
                    "state": "answered",
                    "answer": "Yes, two of them.",
                    "answered_user_id": self.asked.id,
                    "date_answered": self._day(1),
                }
            ],
        )
        self.assertEqual(self.dispute.state, "in_process")
        told = self._get_notified(self.collector)[0]
        self.assertIn("has answered", told.subject)
        self.assertIn("Yes, two of them.", told.body)

    def test_an_answer_has_words(self):
        question = self._ask()
        with self.assertRaisesRegex(UserError, "Write your answer"):
            question.activity_id.with_user(self.asked).action_done()
        self.assertEqual(question.state, "open")

    def test_a_dispute_waits_for_the_last_answer(self):
        first, last = self._ask(), self._ask(user_id=self.other.id)
        self._answer(first)
        self.assertEqual(self.dispute.state, "waiting_department")
        self._answer(last, user=self.other)
        self.assertEqual(self.dispute.state, "in_process")

    def test_an_answer_does_not_move_a_dispute_that_waits_for_the_customer(self):
        question = self._ask()
        self.dispute.action_wait_customer()
        self._answer(question)
        self.assertEqual(self.dispute.state, "waiting_customer")

    def test_who_settles_the_dispute_is_not_told_of_their_own_answer(self):
        question = self._ask(user_id=self.collector.id)
        self._answer(question, user=self.collector)
        self.assertFalse(self._get_notified(self.collector))

    def test_deleting_the_activity_cancels_the_question(self):
        question = self._ask()
        question.activity_id.with_user(self.asked).unlink()
        self.assertEqual(question.state, "cancelled")
        self.assertEqual(self.dispute.state, "in_process")
        told = self._get_notified(self.collector)[0]
        self.assertIn("does not answer", told.subject)

    def test_a_question_goes_with_its_activity_to_somebody_else(self):
        question = self._ask()
        question.activity_id.with_user(self.collector).write(
            {"user_id": self.other.id, "date_deadline": self._day(9)}
        )
        self.assertEqual(question.user_id, self.other)
        self.assertEqual(question.date_deadline, self._day(9))
        self.assertTrue(self.dispute.with_user(self.other).has_access("read"))

    def test_a_question_is_answered_where_it_was_asked(self):
        activity = self._ask().activity_id.with_user(self.collector)
        place = {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": self.customer.id,
        }
        with self.assertRaisesRegex(UserError, "about its dispute"):
            activity.write(place)

    def test_a_question_goes_to_nobody_who_could_not_be_asked(self):
        question = self._ask()
        env = self.env(su=True, context={"no_reset_password": True})
        other = self._create_second_company()
        left = new_test_user(env, "left", company_id=self.company.id, active=False)
        for user in (
            new_test_user(env, "visitor", "base.group_portal"),
            self._create_user("neighbour", "group_dunning_collector", other),
            left,
            env["res.users"],
        ):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                question.activity_id.with_user(self.collector).user_id = user
        self.assertEqual(question.user_id, self.asked)

    def test_a_closed_dispute_asks_nothing_any_more(self):
        question = self._ask()
        activity = question.activity_id
        self._pay(self.dispute.move_line_ids.move_id)
        self.assertEqual(self.dispute.state, "cancelled")
        self.assertEqual(question.state, "cancelled")
        self.assertFalse(activity.exists())
        self.assertFalse(self._get_notified(self.collector))

    def test_other_activities_of_a_dispute_answer_nothing(self):
        question = self._ask()
        other = self.dispute.activity_schedule(user_id=self.collector.id)
        other.action_done()
        other = self.dispute.activity_schedule(user_id=self.collector.id)
        other.unlink()
        self.assertEqual(question.state, "open")

    # ------------------------------------------------------------------
    # REMINDED
    # ------------------------------------------------------------------

    def _get_reminders(self, day):
        self._go_to(day)
        self._trigger_cron("account_dunning.cron_remind")
        reminders = self._get_notified(self.asked)
        return len(reminders.filtered(lambda m: "Reminder" in (m.subject or "")))

    def test_who_does_not_answer_in_time_is_reminded_every_few_days(self):
        self.company.dunning_question_reminder_days = 3
        question = self._ask(date_deadline=self._day(1))
        self.assertEqual(self._get_reminders(1), 0)
        self.assertEqual(self._get_reminders(2), 1)
        self.assertEqual(question.date_reminded, self._day(2))
        self.assertEqual(self._get_reminders(4), 1)
        # Saturday is off.
        self.assertEqual(self._get_reminders(5), 1)
        self.assertEqual(self._get_reminders(7), 2)
        self.assertEqual(self._get_reminders(7), 2)
        self._answer(question)
        self.assertEqual(self._get_reminders(14), 2)

    def test_a_company_may_remind_nobody(self):
        self.company.dunning_question_reminder_days = 0
        self._ask(date_deadline=self._day(1))
        self.assertEqual(self._get_reminders(4), 0)

    def test_reminders_are_in_the_language_of_who_is_asked(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.asked.lang = "fr_FR"
        self._ask(date_deadline=self._day(1))
        self._get_reminders(2)
        dispute = self.dispute.with_context(lang="fr_FR")
        self.assertIn(dispute.display_name, self._get_notified(self.asked)[0].subject)

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_who_is_asked_reads_that_dispute_and_nothing_else(self):
        question = self._ask()
        hidden = self._dispute(self._create_invoice())
        theirs = self.dispute.with_user(self.asked)
        self.assertEqual(
            theirs.search([]).with_user(self.env.user), self.dispute, "and no other"
        )
        self.assertTrue(theirs.display_name)
        [shown] = theirs.web_read(
            {"amount": {}, "reason_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(shown["reason_id"]["display_name"], "Wrong Price")
        self.assertEqual(question.with_user(self.asked).question, "Was it broken?")
        for name in ("hold_ids", "stage_ids", "credit_ids", "move_line_ids"):
            with self.assertRaises(AccessError):
                theirs.read([name])
        with self.assertRaises(AccessError):
            hidden.with_user(self.asked).read(["amount"])
        for change in ({"amount": 1}, {"state": "in_process"}):
            with self.assertRaises(AccessError):
                theirs.write(change)
        self.assertFalse(self.dispute.with_user(self.other).has_access("read"))

    def test_the_form_of_a_dispute_opens_for_who_is_asked(self):
        self._ask()
        theirs = self.dispute.with_user(self.asked)
        form = etree.fromstring(theirs.get_view(view_type="form")["arch"])
        names = {
            node.get("name")
            for node in form.iter("field")
            if not list(node.iterancestors("field"))
        }
        self.assertIn("description", names)
        self.assertTrue(theirs.read(list(names)))

    def test_the_lists_of_disputes_open_for_who_is_asked(self):
        # The menu of activities shows them.
        self._ask()
        self.env.invalidate_all()
        disputes = self.env["dunning.dispute"].with_user(self.asked)
        for kind in ("list", "kanban"):
            with self.subTest(view=kind):
                arch = disputes.get_view(view_type=kind)["arch"]
                shown = etree.fromstring(arch).xpath("//field")
                names = {node.get("name") for node in shown} & {*disputes._fields}
                found = disputes.web_search_read([], {name: {} for name in names})
                self.assertEqual(found["length"], 1)

    def test_who_is_asked_sees_the_documents_of_that_dispute_only(self):
        self._ask()
        hidden = self._dispute(self._create_invoice())
        vals = [
            {"dispute_id": dispute.id, "name": "Delivery note"}
            for dispute in (self.dispute, hidden)
        ]
        mine, others = self.env["dunning.dispute.document"].create(vals)
        theirs = (mine + others).with_user(self.asked)
        self.assertEqual(
            theirs.search([]).sudo(), self.dispute.document_ids, "and no other"
        )
        self.assertIn(mine, self.dispute.document_ids)
        with self.assertRaises(AccessError):
            mine.with_user(self.asked).received = True

    def test_nobody_writes_questions_by_hand(self):
        question = self._ask().with_user(self.collector)
        with self.assertRaises(AccessError):
            question.write({"answer": "Never asked"})
        with self.assertRaises(UserError):
            self.dispute.write({"question_ids": [Command.clear()]})

    def test_departments_are_offered_in_the_order_in_which_they_are_asked_most(self):
        names = ("billing", "sales", "logistics", "quality")
        shipped = [self.env.ref(f"account_dunning.department_{x}").id for x in names]
        found = self.department.search([("id", "in", shipped)])
        self.assertEqual(found.ids, shipped)

    def test_a_department_that_was_asked_is_archived_not_deleted(self):
        self._ask()
        with self.assertRaisesRegex(UserError, "Archive it"):
            self.department.unlink()
        self.env["dunning.department"].create({"name": "Never asked"}).unlink()
