from unittest.mock import patch

from psycopg2 import OperationalError

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon
from ..query_counts import QueryCountsCommon
from ..web_client import WebForm

LEVELS = (
    ("Reminder", 5, {"execution": "validate"}),
    ("Call", 20, {"channel": "call", "execution": "manual"}),
)


@tagged("post_install", "-at_install")
class TestWaiting(DunningCommon):
    """Amounts that wait for people are true, whatever only time has changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.call = cls._set_levels(LEVELS)
        cls.invoice = cls._create_invoice(due=-10)

    def _open_list(self, user=None, domain=()):
        actions = self.env["dunning.action"].with_user(user or self.collector)
        return actions.refresh_waiting(domain)

    def test_what_comes_back_later_waits_from_that_day(self):
        self.reminder.write({"channel": "call", "execution": "manual"})
        call = self._run(0).action_ids
        payment = self._pay(self.invoice)
        self.assertEqual(call.state, "cancelled")
        self._go_to(7)
        self._items(self.invoice).remove_move_reconcile()
        payment.action_draft()
        self.assertEqual((call.state, call.date), ("todo", self._day(7)))
        self.assertEqual(call.activity_ids.date_deadline, self._day(7))

    def test_the_run_adds_to_what_waits_the_item_that_has_fallen_due(self):
        [action] = self._run(0).action_ids
        new = self._create_invoice(due=1, amount=70)
        self._run(3)
        self.assertListed(action, {self.invoice: self.reminder, new: None})
        self.assertEqual((action.state, action.amount), ("to_validate", 170))

    def test_a_list_that_opens_claims_what_is_no_longer_on_hold(self):
        self._create_hold(amount=30, date_end=1)
        [action] = self._run(0).action_ids
        self.assertEqual(action.amount, 70)
        self._go_to(2)
        self._open_list()
        self.assertEqual(action.amount, 100)

    def test_a_list_that_opens_claims_what_is_owed_of_what_failed_too(self):
        self._create_hold(amount=30, date_end=1)
        [action] = self._run(0).action_ids
        action.sudo()._fail("Nobody there")
        self._go_to(2)
        self._open_list()
        self.assertEqual((action.state, action.amount), ("failed", 100))

    def test_a_level_that_does_not_apply_any_more_is_not_validated(self):
        [action] = self._run(0).action_ids
        self.scenario.minimum_amount = 500
        self._open_list()
        self.assertEqual(
            (action.state, action.cancel_cause), ("cancelled", "below_minimum")
        )

    def test_only_what_the_list_shows_is_looked_at(self):
        [action] = self._run(0).action_ids
        self._create_invoice(due=1, amount=70)
        self._go_to(3)
        self._open_list(domain=[("state", "=", "todo")])
        self.assertEqual(action.amount, 100)
        self._open_list(domain=[("state", "=", "to_validate")])
        self.assertEqual(action.amount, 170)

    def test_opening_the_calls_brings_them_in_line(self):
        call = (
            self.env["dunning.action"]
            .with_user(self.collector)
            .create({"partner_id": self.customer.id})
        )
        self._create_invoice(due=1, amount=70)
        self._go_to(3)
        call.browse().action_open_calls()
        self.assertEqual(call.amount, 170)

    def test_an_edited_text_that_waits_is_to_be_looked_at_again(self):
        [action] = self._run(0).action_ids
        action._customize("Pay", "<p>You owe us 100</p>", False)
        self._create_invoice(due=1, amount=70)
        self._run(3)
        self.assertEqual(action.state, "to_validate")
        self.assertIn("items it lists have changed", action.custom_stale)

    def test_nothing_is_written_when_nothing_has_changed(self):
        actions = self._run(0).action_ids
        actions.with_user(self.collector).create(
            {"partner_id": self.customer.id, "channel": "task"}
        )
        self._open_list()
        self.env.flush_all()
        with self._forbidden_writes():
            self._open_list()
            self.env.flush_all()

    def _forbidden_writes(self):
        execute = type(self.env.cr).execute

        def check(cursor, query, *args, **kwargs):
            text = getattr(query, "code", query).strip().upper()
            self.assertFalse(text.startswith(("UPDATE", "INSERT", "DELETE")), text)
            return execute(cursor, query, *args, **kwargs)

        return patch.object(type(self.env.cr), "execute", check)

    def test_what_somebody_else_carries_out_is_left_to_them(self):
        [action] = self._run(0).action_ids
        self._create_invoice(due=1, amount=70)
        self._go_to(3)
        model = self.registry["dunning.action"]
        with patch.object(model, "_refresh", side_effect=OperationalError("locked")):
            self.assertTrue(self._open_list())
        self.assertEqual(action.amount, 100)

    def test_auditors_see_what_is_true_and_others_nothing(self):
        [action] = self._run(0).action_ids
        self._create_invoice(due=1, amount=70)
        self._go_to(3)
        employee = new_test_user(self.env, "employee", "base.group_user")
        with self.assertRaises(AccessError):
            self._open_list(employee)
        self._open_list(self._create_user("auditor", "group_dunning_readonly"))
        self.assertEqual(action.amount, 170)

    def test_a_list_of_one_company_leaves_the_other_alone(self):
        [action] = self._run(0).action_ids
        self._create_invoice(due=1, amount=70)
        self._go_to(3)
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", company=other)
        self._open_list(stranger)
        self.assertEqual(action.amount, 100)


@tagged("post_install", "-at_install")
class TestWaitingQueries(QueryCountsCommon):
    """A list opens in as many queries for few as for many customers."""

    def _wait(self, _invoices):
        self.scenario.level_ids.write({"execution": "validate"})
        return self.company._dunning_run().action_ids

    def test_opening_a_list_makes_as_many_queries_for_many(self):
        self.assertConstant(
            lambda _invoices, actions: actions.browse().refresh_waiting(), self._wait
        )

    def test_a_run_over_what_waits_makes_as_many_queries_for_many(self):
        self.assertConstant(
            lambda _invoices, _actions: self.company._dunning_run(), self._wait
        )


@tagged("post_install", "-at_install")
class TestSingle(DunningCommon):
    """Two open actions of a customer for the same money are one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call, cls.mail = cls._set_levels(
            [("Call", 5, {"channel": "call", "execution": "manual"}), ("Mail", 20, {})]
        )
        cls.invoice = cls._create_invoice(due=-10)

    def _plan_call(self, **values):
        actions = self.env["dunning.action"].with_user(self.collector)
        return actions.create({"partner_id": self.customer.id} | values)

    def _open(self):
        return self._actions().filtered(lambda x: x.state != "cancelled")

    def test_a_call_planned_by_hand_is_the_one_that_is_open(self):
        [step] = self._run(0).action_ids
        planned = self._plan_call(note="After lunch", date=self._day(2))
        self.assertEqual(planned, step)
        self.assertRecordValues(
            self._open(),
            [{"note": "After lunch", "date": self._day(2), "level_id": self.call.id}],
        )
        self.assertListed(step, {self.invoice: self.call})

    def test_the_form_leads_to_the_call_that_is_open_and_says_so(self):
        [step] = self._run(0).action_ids
        form = WebForm(self.env["dunning.action"].with_user(self.collector))
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as told:
            found = form.fill({"partner_id": self.customer}).save()
        self.assertIn("there will not be two", told.output[0])
        self.assertEqual(found, step)
        self.assertIn("one for the same items", step.message_ids[0].body)

    def test_two_calls_planned_by_hand_are_one(self):
        first = self._plan_call(note="First")
        self.assertEqual(self._plan_call(note="Second"), first)
        self.assertEqual(first.note, "First\nSecond")

    def test_the_step_of_the_run_takes_the_place_of_a_call_planned_by_hand(self):
        planned = self._plan_call(note="Ask for Anna")
        [step] = self._run(0).action_ids
        self.assertEqual(self._open(), step)
        self.assertEqual(
            (planned.state, planned.cancel_cause), ("cancelled", "replaced")
        )
        self.assertEqual((step.note, step.amount), ("Ask for Anna", 100))
        # It does not come back when a payment is undone.
        payment = self._pay(self.invoice, 40)
        payment.action_draft()
        self.assertEqual(self._open(), step)

    def _fail_first_of_two(self, *delays):
        """Have the last e-mail about an item fail before one about another is due."""
        self._set_levels([(f"Mail {delay}", delay, {}) for delay in delays])
        for day in range(len(delays) - 1):
            self._step(day)
        [failed] = self._run(len(delays) - 1).action_ids
        failed.sudo()._fail("Nobody there")
        self.later = self._create_invoice(due=-3, amount=70)
        return failed

    def test_the_next_step_takes_the_place_of_one_that_has_failed(self):
        failed = self._fail_first_of_two(5)
        [step] = self._run(3).action_ids
        self.assertEqual(self._open(), step)
        self.assertEqual((failed.state, failed.cancel_cause), ("cancelled", "replaced"))
        level = step.level_id
        self.assertListed(step, {self.invoice: level, self.later: level})
        self.assertEqual(step.amount, 170)
        self.assertPlanned(self.invoice, "out", reason="open_action")
        self._execute(step)
        again = self._run(4).action_ids.filtered("level_id")
        self.assertFalse(again, "nothing is said twice")

    def test_a_softer_step_does_not_take_the_place_of_a_failed_one(self):
        failed = self._fail_first_of_two(5, 10)
        self.assertEqual(failed.level_id.delay_days, 10)
        self.assertEqual(self._run(3).action_ids.level_id.delay_days, 5)
        self.assertEqual(failed.state, "failed")

    def test_a_call_does_not_take_the_place_of_a_failed_mail(self):
        failed = self._fail_first_of_two(5)
        failed.sudo().channel = "sms"
        self._run(3)
        self.assertEqual(failed.state, "failed")

    def _ask_again(self, channel):
        """Have the same call or task be due about another item some days later.

        :return: the first one
        """
        self._set_levels([("Ask", 5, {"channel": channel, "execution": "manual"})])
        [first] = self._run(0).action_ids
        self.later = self._create_invoice(due=-3, amount=70)
        return first

    def test_the_same_task_about_another_item_is_one_task(self):
        first = self._ask_again("task")
        first.note = "Ask for Anna"
        [again] = self._run(3).action_ids
        self.assertEqual(self._open(), again)
        self.assertEqual((first.state, first.cancel_cause), ("cancelled", "replaced"))
        level = again.level_id
        self.assertListed(again, {self.invoice: level, self.later: level})
        self.assertEqual((again.note, again.amount), ("Ask for Anna", 170))
        self.assertEqual(again.date, first.date, "it waits since then")
        self._execute(again)
        later = self._run(4).action_ids.filtered("level_id")
        self.assertFalse(later, "nobody is asked twice")

    def test_the_same_call_about_another_item_is_one_call(self):
        first = self._ask_again("call")
        [again] = self._run(3).action_ids
        self.assertEqual(self._open(), again)
        self.assertEqual(first.state, "cancelled")

    def test_a_call_that_somebody_has_begun_stays(self):
        first = self._ask_again("call")
        first.sudo().attempts = 1
        self._run(3)
        self.assertEqual(first.state, "todo")

    def test_a_task_of_another_level_is_another_task(self):
        self._set_levels(
            [
                ("Ask", 5, {"channel": "task", "execution": "manual"}),
                ("Ask More", 8, {"channel": "task", "execution": "manual"}),
            ]
        )
        self._step(0)
        [first] = self._run(1).action_ids
        self._create_invoice(due=-3, amount=70)
        [other] = self._run(3).action_ids
        self.assertEqual((first.state, other.state), ("todo", "todo"))

    def test_a_call_agreed_for_a_later_day_stays_and_holds_up_nothing(self):
        planned = self._plan_call(date=self._day(8))
        [step] = self._run(0).action_ids
        self.assertEqual(step.level_id, self.call)
        self.assertEqual(planned.state, "todo")

    def test_a_call_besides_a_mail_that_waits_is_another_contact_and_told(self):
        self.call.delay_days = 30
        self.mail.write({"delay_days": 6, "execution": "validate"})
        [step] = self._run(0).action_ids
        self.assertEqual(step.channel, "email")
        new = step.new({"partner_id": self.customer.id, "channel": "call"})
        self.assertIn(
            step.display_name, new._onchange_open_actions()["warning"]["message"]
        )
        self.assertNotEqual(self._plan_call(), step)

    def test_what_says_nothing_of_the_items_is_no_second_one(self):
        other = self._create_customer("Owes Nothing")
        first = self._plan_call(partner_id=other.id)
        self.assertNotEqual(self._plan_call(partner_id=other.id), first)

    def test_every_item_still_has_its_next_action(self):
        self._plan_call()
        self._run(0)
        self.assertPlanned(self.invoice, "out", reason="open_action")
