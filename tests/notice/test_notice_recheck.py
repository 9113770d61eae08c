from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..call.test_call_outcome import CallCommon
from .test_notice import NoticeCommon


@tagged("post_install", "-at_install")
class TestNoticeRecheck(NoticeCommon):
    """What is not true any more is not written to anybody."""

    def test_a_confirmation_of_a_promise_that_ended_is_not_sent(self):
        promise = self._create_promise()
        notice = promise._plan_confirmation()
        promise.action_withdraw()
        self.assertRecordValues(
            notice, [{"state": "cancelled", "cancel_cause": "promise_closed"}]
        )
        self.assertFalse(notice.mail_id)
        self.assertIn("does not run", notice.cancel_label)

    def test_what_was_cancelled_does_not_come_back(self):
        promise = self._create_promise()
        invoice = promise.move_line_ids.move_id
        notice = promise._plan_confirmation()
        payment = self._pay(invoice)
        self.assertEqual((promise.state, notice.state), ("kept", "cancelled"))
        payment.move_id.line_ids.remove_move_reconcile()
        self.assertEqual((promise.state, notice.state), ("open", "cancelled"))
        self.assertNotEqual(promise._plan_confirmation(), notice)

    def test_a_promise_broken_since_is_not_confirmed(self):
        promise = self._create_promise([(5, 100)])
        notice = promise._plan_confirmation(execution="automatic")
        # Nobody was there to run or send anything.
        self._go_to(14)
        self._cron_execute()
        self.assertEqual(promise.state, "broken")
        self.assertRecordValues(
            notice, [{"state": "cancelled", "cancel_cause": "promise_closed"}]
        )

    def test_a_refusal_is_sent_only_while_the_dispute_is_rejected(self):
        notice = self._refuse()
        notice.dispute_id.action_reopen()
        self.assertFalse(notice.mail_id)
        self.assertRecordValues(
            notice, [{"state": "cancelled", "cancel_cause": "dispute_not_rejected"}]
        )
        self.assertIn("not rejected", notice.cancel_label)

    def test_a_refusal_that_nothing_has_told_yet_is_stopped_when_it_is_sent(self):
        for state in ("accepted", "corrected", "cancelled"):
            notice = self._refuse()
            self._set_state(notice.dispute_id, state)
            notice.action_execute()
            with self.subTest(state=state):
                self.assertEqual(notice.state, "cancelled")
                self.assertFalse(notice.mail_id)

    def test_a_refusal_of_what_was_paid_is_not_sent(self):
        invoice = self._create_invoice(due=-10, amount=100)
        notice = self._refuse(invoice=invoice)
        self._pay(invoice)
        self.assertRecordValues(
            notice, [{"state": "cancelled", "cancel_cause": "paid"}]
        )

    def test_what_waits_in_the_queue_is_stopped_when_the_promise_ends(self):
        self.env["mail.mail"].search([]).unlink()
        promise = self._create_promise()
        notice = promise._plan_confirmation()
        notice.action_execute()
        mail = notice.mail_id
        promise.action_withdraw()
        mail._dunning_stop_outdated()
        self.assertEqual(mail.state, "cancel")
        self.assertRecordValues(
            notice, [{"state": "cancelled", "cancel_cause": "promise_closed"}]
        )

    def test_what_waits_in_the_queue_goes_out_while_it_is_true(self):
        notice = self._create_promise()._plan_confirmation()
        notice.action_execute()
        notice.mail_id._dunning_stop_outdated()
        self.assertRecordValues(notice, [{"state": "done"}])
        self.assertEqual(notice.mail_id.state, "outgoing")


@tagged("post_install", "-at_install")
class TestNoticeChoice(NoticeCommon):
    """Whether promises are confirmed without being asked for: as the company says."""

    def test_a_new_promise_is_confirmed_as_the_company_has_chosen(self):
        self.assertFalse(self._create_promise().notice_ids)
        self.company.dunning_promise_confirm = "propose"
        self.assertRecordValues(
            self._create_promise().notice_ids,
            [{"state": "todo", "execution": "manual"}],
        )
        self.company.dunning_promise_confirm = "automatic"
        promise = self._create_promise()
        self._cron_execute()
        self.assertEqual(promise.notice_ids.state, "done")

    def test_a_call_confirms_by_itself_what_was_agreed_in_it(self):
        self.company.dunning_promise_confirm = "automatic"
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        self.assertFalse(self._create_promise(call_id=call.id).notice_ids)

    def test_a_promise_is_confirmed_once_it_is_approved(self):
        self.company.write(
            {"dunning_promise_max_amount": 50, "dunning_promise_confirm": "propose"}
        )
        items = self._items(self._create_invoice(due=-10, amount=100))
        promises = self.env["dunning.promise"].with_user(self.collector)
        promise = promises.create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(items.ids)],
                "line_ids": [Command.create({"date": self._day(9), "amount": 100})],
            }
        )
        self.assertEqual(promise.approval, "waiting")
        self.assertFalse(promise.notice_ids)
        with self.assertRaisesRegex(UserError, "nothing to confirm"):
            promise.action_send_confirmation()
        manager = self._create_user("manager", "group_dunning_manager")
        promise.with_user(manager).action_approve()
        self.assertEqual(promise.notice_ids.mapped("state"), ["todo"])


@tagged("post_install", "-at_install")
class TestNoticeAfterCall(CallCommon):
    """What was promised on the phone is confirmed once."""

    def test_a_call_proposes_its_own_e_mail_where_promises_are_confirmed(self):
        for choice, confirmed in (("never", False), ("automatic", True)):
            self.company.dunning_promise_confirm = choice
            window = self.call.action_open_outcome("promise")
            dialog = self.call.env["dunning.call.outcome"]
            dialog = dialog.with_context(**window["context"]).create({})
            with self.subTest(choice=choice):
                self.assertEqual(dialog.confirm, confirmed)
        self.customer.email = False
        self.env.invalidate_all()
        dialog = self.call.env["dunning.call.outcome"]
        self.assertFalse(dialog.with_context(**window["context"]).create({}).confirm)

    def test_a_promise_made_on_the_phone_is_confirmed_by_one_e_mail(self):
        self.company.dunning_promise_confirm = "automatic"
        before = self._get_mails()
        self._answer("promise", date=self._day(8))
        self._cron_execute()
        self.assertEqual(len(self._get_mails() - before), 1)
        self.assertFalse(self._get_promises().notice_ids)
