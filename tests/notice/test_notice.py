from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import SQL, html2plaintext, mute_logger

from ..common import DunningCommon


class NoticeCommon(DunningCommon):
    """Promises and disputes to write about."""

    @classmethod
    def _create_promise(cls, payments=((10, 100),), items=None, **values):
        """Create a promise; without items, about a new overdue invoice.

        :param payments: pairs of day, see :meth:`_day`, and amount
        """
        if items is None:
            total = sum(amount for _day, amount in payments)
            items = cls._items(cls._create_invoice(due=-10, amount=total))
        # Tests say what the system knows, too.
        promise_sudo = cls.env["dunning.promise"].sudo()
        promise_sudo = promise_sudo.create(
            {
                "partner_id": items.partner_id.commercial_partner_id.id,
                "company_id": items.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "line_ids": [
                    Command.create({"date": cls._day(day), "amount": amount})
                    for day, amount in payments
                ],
            }
            | values
        )
        return promise_sudo.sudo(False)

    @classmethod
    def _create_plan(cls, count=3, amount=100, **values):
        """Create a promise of several payments, one every ten days."""
        payments = [(10 * (number + 1), amount) for number in range(count)]
        return cls._create_promise(payments, **values)

    @classmethod
    def _create_dispute(cls, invoice=None, amount=40, **values):
        """Create a dispute about a part of an overdue invoice."""
        items = cls._items(invoice or cls._create_invoice(due=-10, amount=100))
        return cls.env["dunning.dispute"].create(
            {
                "partner_id": items.partner_id.commercial_partner_id.id,
                "company_id": items.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "amount": amount,
                "reason_id": cls.env.ref("account_dunning.reason_price").id,
            }
            | values
        )

    def _refuse(self, text="The price is that of the order.", **values):
        """Return the refusal of a dispute that was rejected, not sent yet."""
        dispute = self._create_dispute(**values)
        dispute.action_reject(text=text)
        return dispute._plan_refusal(text)

    def _set_state(self, record, state):
        """Change a state without anybody being told."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET state = %s WHERE id = %s",
                SQL.identifier(record._table),
                state,
                record.id,
            )
        )
        self.env.invalidate_all()

    def _get_text(self, action):
        """Return what the e-mail of an action says."""
        return html2plaintext(action.mail_id.body_html)


@tagged("post_install", "-at_install")
class TestNotice(NoticeCommon):
    """Notices pass through the same pipeline as any action, and claim nothing."""

    # ------------------------------------------------------------------
    # ONE AT A TIME
    # ------------------------------------------------------------------

    def test_a_confirmation_asked_for_twice_is_one_notice(self):
        promise = self._create_promise()
        first = promise._plan_confirmation()
        self.assertEqual(promise._plan_confirmation(), first)
        self.assertRecordValues(
            first,
            [
                {
                    "kind": "notice",
                    "notice": "confirmation",
                    "partner_id": self.customer.id,
                    "channel": "email",
                    "state": "todo",
                    "execution": "manual",
                    "line_ids": [],
                }
            ],
        )

    def test_a_confirmation_can_be_sent_again_once_it_went_out(self):
        promise = self._create_promise()
        first = promise._plan_confirmation()
        first.action_execute()
        self.assertEqual(first.state, "done")
        second = promise._plan_confirmation()
        self.assertNotEqual(second, first)
        self.assertEqual(promise.notice_ids, first | second)

    def test_what_is_not_due_yet_is_to_be_paid_on_its_day(self):
        for due, told in ((20, self._day(20)), (-10, None)):
            dispute = self._create_dispute(self._create_invoice(due=due))
            dispute.action_reject(date_restart=self.today, text="As ordered")
            notice = dispute._plan_refusal("As ordered")
            wanted = "as soon as possible"
            if told:
                wanted = f"no later than {notice._format_day(told)}"
            self.assertEqual(notice.deadline_text, wanted)
            # What is not due yet is not reminded of from before its day either.
            resumed = notice._format_day(told or self.today)
            self.assertEqual(notice.resume_text, resumed)
            notice.action_execute()
            self.env.flush_all()
            self.env.invalidate_all()
            self.assertEqual((notice.state, notice.deadline_text), ("done", wanted))

    def test_a_refusal_asked_for_again_says_the_new_text(self):
        notice = self._refuse("Because.")
        again = notice.dispute_id._plan_refusal("Because of the order.")
        self.assertEqual(again, notice)
        self.assertEqual(notice.refusal_reason, "Because of the order.")

    def test_a_refusal_asked_for_again_in_the_same_words_keeps_what_was_edited(self):
        notice = self._refuse("Because.")
        notice._customize("Refused", "<p>My words</p>", False)
        notice.dispute_id._plan_refusal("Because.")
        self.assertIn("My words", notice.custom_body)
        notice.dispute_id._plan_refusal("Because of the order.")
        self.assertFalse(notice.custom_body)

    def test_a_refusal_without_a_word_asked_for_again_keeps_what_was_edited(self):
        notice = self._refuse(text=False)
        notice._customize("Refused", "<p>My words</p>", False)
        notice.dispute_id._plan_refusal(False)
        self.assertIn("My words", notice.custom_body)

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_a_second_open_notice(self):
        notices = (
            self._create_promise()._plan_confirmation(),
            self._refuse(),
        )
        for notice in notices:
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                notice.sudo().copy(
                    {
                        "promise_id": notice.promise_id.id,
                        "dispute_id": notice.dispute_id.id,
                        "state": "todo",
                    }
                )

    # ------------------------------------------------------------------
    # OUTSIDE THE PLAN
    # ------------------------------------------------------------------

    def test_a_notice_leaves_the_plan_as_it_is(self):
        self.scenario.contact_gap_days = 7
        invoice = self._create_invoice(due=-5)
        promise = self._create_promise(
            items=self._items(self._create_invoice(due=20, amount=100))
        )
        before = self._plan()
        notice = promise._plan_confirmation(execution="automatic")
        self.assertEqual(self._plan(), before)
        self.assertPlanned(invoice, "step")
        notice.action_execute()
        self.assertEqual(self._plan(), before)
        self.assertEqual(len(self._step().line_ids), 1)

    def test_a_notice_goes_out_between_two_contacts(self):
        self.scenario.contact_gap_days = 30
        self._create_invoice(due=-5)
        self._step()
        promise = self._create_promise()
        promise._plan_confirmation(execution="automatic")
        self._cron_execute()
        self.assertEqual(promise.notice_ids.state, "done")

    def test_a_notice_gives_no_deadline_and_no_more_time(self):
        [level] = self._set_levels(
            [("Notice", 5, {"deadline_days": 8, "deadline_channel": "call"})]
        )
        self._create_invoice(due=-5)
        letter = self._step()
        self._go_to(5)
        notice = self._create_promise([(60, 1)])._plan_confirmation()
        notice.action_execute()
        self.assertFalse(notice.date_deadline)
        run = self._run(9)
        deadline = run.action_ids.filtered(lambda action: action.kind == "deadline")
        self.assertEqual(deadline.origin_id, letter)
        self.assertEqual(letter.level_id, level)

    def test_a_notice_goes_out_by_itself_on_a_working_day_only(self):
        promise = self._create_promise([(30, 100)])
        self._go_to(5)
        promise._plan_confirmation(execution="automatic")
        self._cron_execute()
        self.assertRecordValues(
            promise.notice_ids, [{"state": "todo", "date": self._day(7)}]
        )
        self._go_to(7)
        self._cron_execute()
        self.assertEqual(promise.notice_ids.state, "done")

    def test_a_person_sends_on_any_day(self):
        promise = self._create_promise([(30, 100)])
        self._go_to(5)
        promise.action_send_confirmation(at_once=True)
        self.assertEqual(promise.notice_ids.state, "done")

    # ------------------------------------------------------------------
    # ASKED FOR BY PEOPLE
    # ------------------------------------------------------------------

    def test_a_confirmation_is_shown_before_it_is_sent(self):
        promise = self._create_promise()
        shown = promise.with_user(self.collector).action_send_confirmation()
        self.assertEqual(shown["res_model"], "dunning.action")
        self.assertEqual(shown["res_id"], promise.notice_ids.id)
        self.assertEqual(promise.notice_ids.state, "todo")

    def test_a_collector_sends_a_confirmation_at_once(self):
        promise = self._create_promise(user_id=self.collector.id)
        promise.with_user(self.collector).action_send_confirmation(at_once=True)
        self.assertRecordValues(
            promise.notice_ids,
            [{"state": "done", "done_user_id": self.collector.id}],
        )
        self.assertIn("100.00", self._get_text(promise.notice_ids))

    def test_several_promises_are_confirmed_together(self):
        promises = self._create_promise() | self._create_promise()
        promises.action_send_confirmation(at_once=True)
        self.assertEqual(promises.notice_ids.mapped("state"), ["done", "done"])

    def test_what_does_not_run_is_not_confirmed(self):
        promise = self._create_promise()
        promise.action_withdraw()
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            promise.action_send_confirmation()

    def test_of_several_promises_those_that_run_are_confirmed_and_others_named(self):
        closed, running = self._create_promise(), self._create_promise()
        closed.action_withdraw()
        told = (closed | running).action_send_confirmation()
        self.assertEqual(told["tag"], "display_notification")
        self.assertIn(closed.display_name, told["params"]["message"])
        self.assertEqual(told["params"]["next"]["res_id"], running.notice_ids.id)
        self.assertFalse(closed.notice_ids)

    def test_a_notice_goes_out_in_writing_only(self):
        promise = self._create_promise()
        with self.assertRaisesRegex(ValidationError, "no choice"):
            promise.action_send_confirmation("sms")
        notice = promise._plan_confirmation()
        with self.assertRaisesRegex(ValidationError, "registered letter"):
            notice.channel = "sms"

    # ------------------------------------------------------------------
    # CHANNELS
    # ------------------------------------------------------------------

    def test_without_address_it_is_a_letter(self):
        self.customer.email = False
        notice = self._create_promise()._plan_confirmation()
        self.assertEqual(notice.channel, "letter")

    def test_the_customer_may_prefer_letters(self):
        self.customer.dunning_channel = "letter"
        notice = self._create_promise()._plan_confirmation()
        self.assertEqual(notice.channel, "letter")

    def test_another_channel_can_be_chosen_while_it_waits(self):
        promise = self._create_promise()
        notice = promise._plan_confirmation()
        self.assertEqual(promise._plan_confirmation("registered"), notice)
        self.assertEqual(notice.channel, "registered")
        notice.with_user(self.collector).channel = "email"
        with self.assertRaises(ValidationError):
            notice.with_user(self.collector).channel = "call"

    def test_an_e_mail_without_address_becomes_a_letter_to_print(self):
        self.customer.write({"street": "2 rue des Lilas", "zip": "1", "city": "Lyon"})
        promise = self._create_promise()
        notice = promise._plan_confirmation(execution="automatic")
        self.customer.email = False
        self._cron_execute()
        self.assertRecordValues(
            notice,
            [{"channel": "letter", "replaced_channel": "email", "state": "todo"}],
        )

    def test_a_registered_letter_does_not_become_an_e_mail_by_itself(self):
        notice = self._create_promise()._plan_confirmation("registered")
        notice.action_execute()
        self.assertRecordValues(notice, [{"channel": "registered", "state": "failed"}])
        self.assertIn("street", notice.failure)
        self.assertFalse(notice.proposed_channel)

    def test_a_notice_that_came_back_has_failed_and_can_be_posted(self):
        self.customer.write({"street": "2 rue des Lilas", "zip": "1", "city": "Lyon"})
        notice = self._create_promise()._plan_confirmation()
        notice.action_execute()
        notice.sudo()._fail_after_sending("Came back")
        self.assertRecordValues(
            notice,
            [{"state": "failed", "notice_details": False, "date_done": False}],
        )
        self.assertEqual(notice.proposed_channel, "letter")
        notice.action_use_fallback()
        self.assertRecordValues(notice, [{"state": "todo", "channel": "letter"}])

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def test_a_notice_to_send_is_among_the_activities_of_its_collector(self):
        promise = self._create_promise(user_id=self.collector.id)
        notice = promise._plan_confirmation()
        self.assertRecordValues(
            notice.activity_ids,
            [{"user_id": self.collector.id, "summary": "Confirmation of a Promise"}],
        )
        notice.action_execute()
        self.assertFalse(notice.activity_ids)

    def test_the_timeline_tells_what_was_written(self):
        promise = self._create_plan()
        promise._plan_confirmation().action_execute()
        entries = self.customer.dunning_get_timeline()["entries"]
        [entry] = [e for e in entries if e["model"] == "dunning.action"]
        self.assertEqual(entry["title"], "Confirmation of a Promise")
        self.assertIn("300.00", entry["text"])
        self.assertIn("04/01/2026", entry["text"])

    def test_the_invoices_note_that_the_customer_was_written_to(self):
        promise = self._create_promise()
        promise._plan_confirmation().action_execute()
        [message, *_] = promise.move_line_ids.move_id.message_ids
        self.assertIn("Confirmation of a Promise", message.body)
