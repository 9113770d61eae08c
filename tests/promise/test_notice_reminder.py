from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..notice.test_notice import NoticeCommon


class ReminderCommon(NoticeCommon):
    """Reminders go out three days before a payment; the clock begins on a Monday."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_promise_reminder_days = 3

    def _receive(self, line, amount):
        """Let a payment come in without anybody being told."""
        invoice = line.promise_id.move_line_ids.move_id
        with patch.object(
            self.registry["account.move.line"],
            "_dunning_ledger_changed",
            lambda *args, **kwargs: None,
        ):
            self._pay(invoice, amount)

    def _get_reminders(self, promise):
        return promise.notice_ids.filtered(
            lambda action: action.notice == "promise_reminder"
        )


@tagged("post_install", "-at_install")
class TestPromiseReminder(ReminderCommon):
    """The customer is reminded of each promised payment, once and in time."""

    # ------------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------------

    def test_the_run_reminds_three_days_before(self):
        promise = self._create_promise([(10, 100)])
        self._run(6)
        self.assertFalse(promise.notice_ids)
        run = self._run(7)
        self.assertRecordValues(
            promise.notice_ids,
            [
                {
                    "notice": "promise_reminder",
                    "promise_line_id": promise.line_ids.id,
                    "run_id": run.id,
                    "channel": "email",
                    "execution": "automatic",
                    "state": "todo",
                    "date": self._day(7),
                }
            ],
        )
        self.assertIn(promise.notice_ids, run.action_ids)
        self._cron_execute()
        self.assertEqual(promise.notice_ids.state, "done")
        self.assertIn("100.00", self._get_text(promise.notice_ids))

    def test_a_reminder_of_a_day_off_goes_out_on_the_working_day_before(self):
        promises = {day: self._create_promise([(day, 100)]) for day in range(14, 19)}
        for day in range(18):
            self._run(day)
        # Friday the 13th is day 11.
        self.assertEqual(
            {day: promise.notice_ids.date for day, promise in promises.items()},
            {
                14: self._day(11),
                15: self._day(11),
                16: self._day(11),
                17: self._day(14),
                18: self._day(15),
            },
        )

    def test_a_holiday_is_a_day_off(self):
        self._add_holiday(7)
        promise = self._create_promise([(10, 100)])
        self._run(3)
        self.assertFalse(promise.notice_ids)
        self._run(4)
        self.assertEqual(promise.notice_ids.date, self._day(4))

    def test_a_missed_run_is_made_up_for_until_the_day_before(self):
        promise = self._create_promise([(10, 100)])
        self._run(9)
        self.assertEqual(promise.notice_ids.date, self._day(9))

    def test_nobody_is_reminded_on_the_day_itself(self):
        promise = self._create_promise([(10, 100)])
        self._run(10)
        self.assertFalse(promise.notice_ids)

    def test_a_run_on_a_day_off_reminds_on_the_next_working_day(self):
        promise = self._create_promise([(10, 100)])
        self._run(6)
        self.company.dunning_promise_reminder_days = 5
        # Saturday; the reminder was due on Friday.
        self._run(5)
        self.assertEqual(promise.notice_ids.date, self._day(7))

    def test_nobody_is_reminded_of_what_was_just_agreed(self):
        self._go_to(7)
        promise = self._create_promise([(10, 100)])
        for day in (7, 8, 9):
            self._run(day)
        self.assertFalse(promise.notice_ids)

    def test_without_days_there_are_no_reminders(self):
        self.company.dunning_promise_reminder_days = 0
        # On a Thursday, and on the Saturday after the last run.
        promises = [self._create_promise([(day, 100)]) for day in (10, 12)]
        for day in range(12):
            self._run(day)
        for promise in promises:
            self.assertFalse(promise.notice_ids)

    def test_a_confirmation_of_the_same_day_is_enough(self):
        promise = self._create_promise([(10, 100)])
        self._go_to(7)
        promise._plan_confirmation().action_execute()
        self._run(7)
        self.assertFalse(self._get_reminders(promise))

    # ------------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------------

    def test_running_twice_reminds_once(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        self._run(7)
        self._cron_execute()
        self._run(8)
        self.assertEqual(len(promise.notice_ids), 1)

    def test_each_payment_of_a_plan_is_reminded_of(self):
        promise = self._create_plan()
        for day in range(31):
            self._run(day)
            self._cron_execute()
            if day in (10, 20):
                self._pay(promise.move_line_ids.move_id, 100)
        self.assertEqual(promise.notice_ids.promise_line_id, promise.line_ids)
        self.assertEqual(len(promise.notice_ids), 3)

    def test_a_reminder_that_somebody_skipped_is_not_made_again(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        promise.notice_ids.action_skip("They know")
        self._run(8)
        self.assertEqual(promise.notice_ids.mapped("state"), ["cancelled"])

    def test_a_reminder_that_was_pointless_for_a_while_is_made_again(self):
        promise = self._create_promise([(10, 100), (20, 100)])
        self._run(7)
        payment = self._pay(promise.move_line_ids.move_id, 100)
        self.assertEqual(promise.notice_ids.cancel_cause, "promised_payment_settled")
        payment.move_id.line_ids.remove_move_reconcile()
        self._run(8)
        states = promise.notice_ids.sorted("id").mapped("state")
        self.assertEqual(states, ["cancelled", "todo"])

    def test_those_left_out_of_the_run_are_not_reminded(self):
        promise = self._create_promise([(10, 100)])
        self._run(7, excluded_partners=promise.partner_id)
        self._run(7, excluded_lines=promise.move_line_ids)
        self.assertFalse(promise.notice_ids)

    # ------------------------------------------------------------------
    # RE-CHECK
    # ------------------------------------------------------------------

    def test_a_payment_that_came_in_is_not_reminded_of(self):
        promise = self._create_plan(count=2)
        self._pay(promise.move_line_ids.move_id, 100)
        self._run(7)
        self.assertFalse(promise.notice_ids)

    def test_a_payment_that_comes_in_before_sending_stops_the_reminder(self):
        promise = self._create_plan(count=2)
        self._run(7)
        self._receive(promise.line_ids[0], 100)
        self._cron_execute()
        self.assertRecordValues(
            promise.notice_ids,
            [{"state": "cancelled", "cancel_cause": "promised_payment_settled"}],
        )
        self.assertFalse(promise.notice_ids.mail_id)

    def test_a_part_that_came_in_is_not_asked_for(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        self._pay(promise.move_line_ids.move_id, 30)
        self._cron_execute()
        text = self._get_text(promise.notice_ids)
        self.assertIn("70.00", text)
        self.assertNotIn("100.00", text)

    def test_a_part_that_comes_in_while_it_waits_in_the_queue_is_taken_off(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        self._cron_execute()
        reminder = promise.notice_ids
        former = reminder.mail_id
        self._pay(promise.move_line_ids.move_id, 30)
        former._dunning_stop_outdated()
        self.assertEqual((former.state, reminder.state), ("cancel", "todo"))
        self._cron_execute()
        self.assertNotEqual(reminder.mail_id, former)
        self.assertIn("70.00", self._get_text(reminder))

    def test_a_reminder_that_comes_too_late_is_not_sent(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        self._go_to(10)
        self._cron_execute()
        self.assertRecordValues(
            promise.notice_ids,
            [{"state": "cancelled", "cancel_cause": "promised_day_come"}],
        )

    def test_a_reminder_of_a_promise_that_ended_is_not_sent(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        promise.action_withdraw()
        self.assertEqual(promise.notice_ids.cancel_cause, "promise_closed")

    # ------------------------------------------------------------------
    # EDITED TEXTS
    # ------------------------------------------------------------------

    def test_an_edited_reminder_is_approved_again_when_its_amount_changes(self):
        promise = self._create_promise([(10, 100)])
        self._run(7)
        reminder = promise.notice_ids
        reminder._customize("Soon", "<p>Please pay 100.00</p>", False)
        self._pay(promise.move_line_ids.move_id, 30)
        self._cron_execute()
        self.assertEqual(reminder.state, "to_validate")
        self.assertIn("amounts have changed", reminder.custom_stale)

    def test_an_edited_text_goes_out_on_another_day_all_the_same(self):
        notice = self._create_promise([(30, 100)])._plan_confirmation()
        notice._customize("Agreed", "<p>Thank you, Marie</p>", False)
        self._go_to(1)
        notice.action_execute()
        self.assertEqual(notice.state, "done")
        self.assertIn("Marie", self._get_text(notice))


@tagged("post_install", "-at_install")
class TestNoticeRights(ReminderCommon):
    """Collectors have notices written, in their company."""

    def test_an_auditor_confirms_nothing(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        promise = self._create_promise()
        with self.assertRaises(AccessError):
            promise.with_user(auditor).action_send_confirmation()
        self.assertFalse(promise.notice_ids)

    def test_a_notice_is_not_made_by_hand(self):
        promise = self._create_promise()
        for values in (
            {"kind": "notice", "notice": "confirmation"},
            {"promise_id": promise.id},
            {"dispute_id": self._create_dispute().id},
            {"refusal_reason": "Because"},
            {"notice_details": {"payments": []}},
        ):
            actions = self.env["dunning.action"].with_user(self.collector)
            with self.subTest(values=values), self.assertRaises(UserError):
                actions.create({"partner_id": self.customer.id, **values})
        notice = promise._plan_confirmation().with_user(self.collector)
        for values in (
            {"kind": "step"},
            {"notice": "refusal"},
            {"promise_id": False},
            {"dispute_id": self._create_dispute().id},
            {"refusal_reason": "Because"},
            {"notice_details": {"payments": []}},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                notice.write(values)

    def test_another_company_neither_sees_nor_confirms(self):
        other = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", other)
        promise = self._create_promise()
        notice = promise._plan_confirmation()
        with self.assertRaises(AccessError):
            promise.with_user(outsider).action_send_confirmation()
        self.assertFalse(
            self.env["dunning.action"].with_user(outsider).search([]) & notice
        )

    def test_each_company_reminds_of_its_own_promises(self):
        other = self._create_second_company()
        other.dunning_promise_reminder_days = 3
        promise = self._create_promise([(10, 100)])
        self._run(7, company=other)
        self.assertFalse(promise.notice_ids)

    def test_what_was_written_cannot_be_changed(self):
        notice = self._create_promise()._plan_confirmation()
        notice.action_execute()
        with self.assertRaises(UserError):
            notice.sudo().write({"notice_details": False})
        with self.assertRaises(UserError):
            notice.sudo().unlink()
