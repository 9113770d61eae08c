from datetime import datetime, timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import DunningCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestAbsences(DunningCommon):
    """While a collector is away the substitute does the work, and what is still open
    comes back by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.paul = cls._create_user("paul", "group_dunning_collector")
        cls.sophie = cls._create_user("sophie", "group_dunning_collector")
        cls.third = cls._create_user("third", "group_dunning_collector")
        cls.customer.dunning_user_id = cls.paul
        cls.paul.dunning_substitute_id = cls.sophie
        cls.scenario.level_ids.write({"channel": "call", "execution": "manual"})

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)

    def _leave(self, first=0, last=4, user=None):
        """Have somebody say in the preferences that they are out of office."""
        user = user or self.paul
        user.write(
            {
                "out_of_office_from": datetime.combine(
                    self._day(first), datetime.min.time()
                ),
                "out_of_office_to": datetime.combine(
                    self._day(last), datetime.min.time()
                ),
            }
        )

    def _hour(self, day=None):
        """Let the scheduled action look who is away."""
        if day is not None:
            self._go_to(day)
        self._trigger_cron("account_dunning.cron_substitution")
        self.env.invalidate_all()

    def _create_promise(self, user):
        return self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(self.invoice).ids)],
                "line_ids": [Command.create({"date": self._day(20), "amount": 50})],
                "user_id": user.id,
            }
        )

    def _create_dispute(self, user):
        return self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(self.invoice).ids)],
                "amount": 10,
                "reason_id": self.env["dunning.reason"].search([], limit=1).id,
                "user_id": user.id,
            }
        )

    def _tell(self, user):
        """Have something told to somebody on the customer, as an answer is."""
        customer = self.customer._dunning_discreetly(self.company)
        return customer.activity_schedule(
            "mail.mail_activity_data_todo", summary="Answer", user_id=user.id
        )

    def _substitutions(self):
        return self.env["dunning.substitution"].search([], order="id")

    # ------------------------------------------------------------------
    # THERE AND BACK
    # ------------------------------------------------------------------

    def test_all_that_is_open_goes_to_the_substitute_and_comes_back(self):
        [action] = self._run().action_ids
        promise, dispute = (
            self._create_promise(self.paul),
            self._create_dispute(self.paul),
        )
        answer = self._tell(self.paul)
        self.assertEqual(action.user_id, self.paul)
        self._leave()
        for record in (action, promise, dispute, answer):
            with self.subTest(record=record._name):
                self.assertEqual(record.user_id, self.sophie)
        self.assertEqual(action.activity_ids.user_id, self.sophie)
        self.assertEqual(self.customer.dunning_stand_in_id, self.sophie)
        self.assertIn("from Paul to Sophie", action.message_ids[0].body)
        self._hour(4)
        self.assertEqual(action.user_id, self.sophie)
        self._hour(5)
        for record in (action, promise, dispute, answer):
            with self.subTest(record=record._name):
                self.assertEqual(record.user_id, self.paul)
        self.assertEqual(action.activity_ids.user_id, self.paul)
        self.customer.invalidate_recordset()
        self.assertFalse(self.customer.dunning_stand_in_id)
        self.assertIn("from Sophie to Paul", action.message_ids[0].body)
        substitution = self._substitutions()
        self.assertEqual(len(substitution), 1)
        self.assertEqual(substitution.date_start, self._day(0))
        self.assertEqual(substitution.date_end, self._day(5))
        self.assertEqual((substitution.given_count, substitution.back_count), (4, 4))

    def test_an_absence_to_come_begins_by_itself(self):
        [action] = self._run().action_ids
        self._leave(3, 4)
        self.assertEqual(action.user_id, self.paul)
        self._hour(2)
        self.assertEqual(action.user_id, self.paul)
        self._hour(3)
        self.assertEqual(action.user_id, self.sophie)

    def test_new_work_goes_to_the_substitute_and_comes_back(self):
        self._leave()
        [action] = self._run().action_ids
        by_hand = self.env["dunning.action"].create(
            {"partner_id": self._create_customer("B", dunning_user_id=self.paul.id).id}
        )
        answer = self._tell(self.sophie)
        self.assertEqual(action.user_id, self.sophie)
        self.assertEqual(by_hand.user_id, self.sophie)
        item = self.env["dunning.item"].browse(self._items(self.invoice).id)
        self.assertEqual(item.user_id, self.sophie)
        self._hour(5)
        self.assertEqual(action.user_id, self.paul)
        self.assertEqual(by_hand.user_id, self.paul)
        self.assertEqual(answer.user_id, self.paul)

    def test_the_customers_of_the_default_collector_come_back_too(self):
        other = self._create_customer("Without Collector")
        self._create_invoice(other, due=-5)
        self.company.dunning_user_id = self.paul
        self._leave()
        self._run()
        action = self._actions(other)
        self.assertEqual(action.user_id, self.sophie)
        self._hour(5)
        self.assertEqual(action.user_id, self.paul)

    def test_what_is_the_substitutes_own_stays(self):
        own = self._create_customer("Own", dunning_user_id=self.sophie.id)
        self._create_invoice(own, due=-5)
        self._run()
        [given] = self._actions(self.customer)
        given.user_id = self.sophie
        self._leave()
        new = self.env["dunning.action"].create(
            {"partner_id": own.id, "channel": "task"}
        )
        self._hour(5)
        self.assertEqual(self._actions(own).user_id, self.sophie)
        self.assertEqual(new.user_id, self.sophie)
        self.assertEqual(given.user_id, self.sophie)

    def test_what_was_done_or_given_away_meanwhile_stays(self):
        other = self._create_customer("Other", dunning_user_id=self.paul.id)
        self._create_invoice(other, due=-5)
        self._run()
        done, given = self._actions(self.customer), self._actions(other)
        self._leave()
        done.with_user(self.sophie).action_execute()
        given.with_user(self.manager).user_id = self.third
        self._hour(5)
        self.assertEqual(done.user_id, self.sophie)
        self.assertEqual(given.user_id, self.third)

    def test_work_given_to_who_is_away_goes_to_the_substitute_and_comes_back(self):
        other = self._create_customer("Other")
        action = self.env["dunning.action"].create({"partner_id": other.id})
        self._leave()
        action.with_user(self.manager).user_id = self.paul
        self._hour()
        self.assertEqual(action.user_id, self.sophie)
        self._hour(5)
        self.assertEqual(action.user_id, self.paul)

    def test_who_comes_back_early_gets_it_at_once(self):
        [action] = self._run().action_ids
        self._leave()
        self.assertEqual(action.user_id, self.sophie)
        self.paul.write({"out_of_office_from": False, "out_of_office_to": False})
        self.assertEqual(action.user_id, self.paul)

    def test_running_twice_is_running_once(self):
        [action] = self._run().action_ids
        self._leave()
        self._hour()
        self._hour()
        self._run(1)
        self.assertEqual(len(self._substitutions()), 1)
        self.assertEqual(action.user_id, self.sophie)
        self._hour(5)
        messages = action.message_ids
        self._hour()
        self.assertEqual(action.message_ids, messages)

    # ------------------------------------------------------------------
    # WHO STANDS IN
    # ------------------------------------------------------------------

    def test_without_a_substitute_nothing_moves(self):
        self.paul.dunning_substitute_id = False
        [action] = self._run().action_ids
        self._leave()
        self._hour()
        self.assertEqual(action.user_id, self.paul)

    def test_a_substitute_who_is_away_too_is_replaced(self):
        self.sophie.dunning_substitute_id = self.third
        [action] = self._run().action_ids
        self._leave()
        self._leave(1, 2, self.sophie)
        self._hour(1)
        self.assertEqual(action.user_id, self.third)
        self._hour(3)
        self.assertEqual(action.user_id, self.sophie)
        self._hour(5)
        self.assertEqual(action.user_id, self.paul)

    def test_a_substitute_who_leaves_for_good_is_replaced_and_it_still_comes_back(self):
        [action] = self._run().action_ids
        self._leave()
        self.sophie.action_archive()
        self.assertEqual(action.user_id, self.paul)
        self.paul.dunning_substitute_id = self.third
        self.assertEqual(action.user_id, self.third)
        self._hour(5)
        self.assertEqual(action.user_id, self.paul)

    def test_who_leaves_for_good_while_away_gets_nothing_back(self):
        [action] = self._run().action_ids
        self._leave()
        self.paul.action_archive()
        self._hour(5)
        self.assertEqual(action.user_id, self.sophie)
        self.assertTrue(self._substitutions().date_end)

    def test_a_customer_given_to_the_substitute_meanwhile_stays_there(self):
        [action] = self._run().action_ids
        self._leave()
        self.customer.dunning_user_id = self.sophie
        self._hour(5)
        self.assertEqual(action.user_id, self.sophie)

    def test_a_leave_that_takes_the_day_counts_and_half_a_day_does_not(self):
        [action] = self._run().action_ids
        resource = (
            self.env["resource.resource"]
            .sudo()
            .create({"name": "Paul", "user_id": self.paul.id, "resource_type": "user"})
        )
        noon = self._noon(self.today)
        leave = (
            self.env["resource.calendar.leaves"]
            .sudo()
            .create(
                {
                    "name": "Off",
                    "resource_id": resource.id,
                    "date_from": noon - timedelta(hours=4),
                    "date_to": noon,
                }
            )
        )
        self._hour()
        self.assertEqual(action.user_id, self.paul)
        leave.date_to = noon + timedelta(hours=5)
        self._hour()
        self.assertEqual(action.user_id, self.sophie)
        self._hour(1)
        self.assertEqual(action.user_id, self.paul)

    def test_figures_of_own_customers_are_those_of_the_substitute_meanwhile(self):
        self.company.dunning_collector_view = "own"
        self._leave()
        self.env.flush_all()
        for user, expected in ((self.sophie, self.customer), (self.paul, False)):
            found = self.company.with_user(user)._dunning_get_customers_of(user)
            self.assertEqual(self.customer & found, expected or self.customer.browse())

    # ------------------------------------------------------------------
    # MANAGERS AND USERS
    # ------------------------------------------------------------------

    def test_a_manager_enters_an_absence_and_ends_it(self):
        [action] = self._run().action_ids
        dialogs = self.env["dunning.absence.dialog"].with_user(self.manager)
        with WebForm(dialogs) as form:
            form.user_id = self.paul
            self.assertFalse(form.is_away)
            self.assertEqual(form.substitute_id, self.sophie)
            self.assertEqual(form.date_from, self.today)
            form.substitute_id = self.third
            form.date_to = self._day(2)
        form.record.action_apply()
        self.assertEqual(action.user_id, self.third)
        away = self.company._dunning_get_local(self.paul.out_of_office_to)
        self.assertEqual(away.date(), self._day(2))
        self._go_to(1)
        with WebForm(dialogs) as form:
            form.user_id = self.paul
            self.assertTrue(form.is_away)
            self.assertEqual(form.date_to, self._day(2))
        form.record.action_end()
        self.assertEqual(action.user_id, self.paul)

    def test_an_absence_needs_somebody_else_and_days_in_order(self):
        dialogs = self.env["dunning.absence.dialog"].with_user(self.manager)
        values = {
            "user_id": self.paul.id,
            "substitute_id": self.sophie.id,
            "date_from": self._day(0),
            "date_to": self._day(2),
        }
        stranger = self._create_user("stranger", "group_dunning_readonly")
        for change, message in (
            ({"substitute_id": self.paul.id}, "somebody else"),
            ({"substitute_id": False}, "somebody else"),
            ({"date_to": self._day(-1)}, "end before it begins"),
            ({"date_from": False}, "end before it begins"),
            ({"substitute_id": stranger.id}, "Stranger cannot work"),
        ):
            dialog = dialogs.create(values | change)
            dialog.write(change)
            with self.subTest(change=change):
                with self.assertRaisesRegex(UserError, message):
                    dialog.action_apply()
        self.assertFalse(self.paul.out_of_office_from)

    def test_collectors_enter_no_absence_of_others(self):
        with self.assertRaises(AccessError):
            self.env["dunning.absence.dialog"].with_user(self.third).create(
                {"user_id": self.paul.id, "substitute_id": self.third.id}
            )
        with self.assertRaises(AccessError):
            self.paul.with_user(self.third).dunning_substitute_id = self.third

    def test_a_collector_chooses_a_substitute_in_the_preferences(self):
        own = self.paul.with_user(self.paul)
        own.write({"dunning_substitute_id": self.third.id})
        self.assertEqual(self.paul.dunning_substitute_id, self.third)
        self.assertEqual(own.read(["dunning_substitute_id"])[0]["id"], self.paul.id)

    def test_what_others_were_asked_stays_with_them(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        asked = self._tell(auditor)
        self._run()
        self._hour()
        auditor.group_ids = self.env.ref("base.group_user")
        self.assertEqual(asked.user_id, auditor)

    def test_who_stood_in_is_written_by_nobody(self):
        self._leave()
        substitution = self._substitutions()
        for user in (self.manager, self.collector):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                substitution.with_user(user).write({"date_end": self.today})
        other = self._create_second_company()
        stranger = self._create_user("elsewhere", "group_dunning_manager", other)
        found = self.env["dunning.substitution"].with_user(stranger).search([])
        self.assertFalse(found)
