from contextlib import suppress
from hashlib import sha256

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..email.test_replies import RepliesCommon
from ..letter.test_post import PostCommon
from ..sms.test_sms import SmsActionCommon

BOUNCE_OF_NOBODY = """\
Return-Path: <>
From: MAILER-DAEMON@example.com
To: bounce@dunning.example.com
Subject: Undelivered Mail Returned to Sender
Message-Id: <made.up@example.com>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; customer@example.com
Action: failed
Status: 5.1.1

--b
Content-Type: text/rfc822-headers

From: us@example.com
Message-Id: {message_id}

--b--
"""


@tagged("post_install", "-at_install")
class TestForgedBounces(RepliesCommon):
    """A failure is believed only from who had the e-mail in hand."""

    def test_a_bounce_without_token_changes_nothing(self):
        action = self._send()
        for token in ("", "made up"):
            self._bounce(action, token=token)
            self.assertEqual(action.state, "done")

    def test_an_employee_who_makes_up_a_bounce_changes_nothing(self):
        action = self._send()
        user = self._create_user("visitor", "group_dunning_readonly")
        user.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        for sender in (user, self.collector):
            thread = self.env["mail.thread"].with_user(sender)
            text = BOUNCE_OF_NOBODY.format(message_id=action.sending_id.header_id)
            with (
                mute_logger("odoo.addons.mail.models.mail_thread"),
                suppress(AccessError),
            ):
                thread.message_process(False, text)
            self.env.invalidate_all()
            self.assertEqual(action.state, "done")
        self.assertEqual(action.sending_id.state, "waiting")

    def test_a_token_outside_of_the_returned_message_is_none(self):
        action = self._send()
        text = BOUNCE_OF_NOBODY.format(message_id=action.sending_id.header_id)
        self._receive(f"X-Dunning-Token: {self._get_token(action)}\n{text}")
        self.assertEqual(action.state, "done")

    def test_a_bounce_whose_message_was_deleted_is_followed(self):
        action = self._send()
        action.sending_id.recipient_ids.sudo()._note("sent")
        former = {"message_id": action.sending_id.header_id}
        action.sent_message_id.sudo().unlink()  # As the system does.
        self._bounce(action, **former)
        self.assertEqual(action.state, "failed")

    def test_a_bounce_tells_its_address(self):
        action = self._send()
        self._bounce(action)
        self.assertRecordValues(
            action.sending_id.recipient_ids,
            [{"address": "customer@example.com", "state": "bounced"}],
        )
        self.assertIn("User unknown", action.sending_id.recipient_ids.failure)

    def test_a_made_up_notification_changes_nothing(self):
        action = self._send()
        values = {
            "mail_message_id": action.sent_message_id.id,
            "res_partner_id": self.collector.partner_id.id,
        }
        for kind in ("email", "sms", "snail"):
            for status in ("bounce", "exception"):
                with self.subTest(kind=kind, status=status):
                    self._forge(values | {"notification_type": kind}, status)
                    self.assertEqual(action.state, "done")
        self.assertEqual(action.sending_id.state, "waiting")

    def test_nobody_makes_something_else_of_a_message_that_was_sent(self):
        action = self._send()
        message = action.sent_message_id
        for values in (
            {"message_type": "comment"},
            {"model": "account.move"},
            {"res_id": self.collector.partner_id.id},
            {"message_id": "<made.up@example.com>"},
            {"record_company_id": False},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                message.with_user(self.collector).write(values)
        note = self.customer.with_user(self.collector).message_post(body="Hello")
        note.write({"message_type": "notification"})

    def test_nobody_is_told_that_a_message_is_one_that_was_sent(self):
        message = self._send().sent_message_id
        other = self._create_customer("Other").message_post(
            body="Paid", subtype_id=message.subtype_id.id
        )
        stranger = new_test_user(self.env, "forgery_stranger", "base.group_user")
        told = []
        for record in (message, other):
            with self.assertRaises(AccessError) as refusal:
                record.with_user(stranger).write({"message_type": "comment"})
            told.append(str(refusal.exception).replace(str(record.id), "#"))
        self.assertEqual(*told)

    def _forge(self, values, status):
        notifications = self.env["mail.notification"].with_user(self.collector)
        try:
            with self.cr.savepoint(), mute_logger("odoo.sql_db"):
                made = notifications.create(values | {"notification_status": "ready"})
                made.write({"notification_status": status, "failure_reason": "Forged"})
        except (AccessError, IntegrityError):
            return


@tagged("post_install", "-at_install")
class TestSmsSendings(SmsActionCommon):
    """The same of SMS."""

    def test_an_sms_is_recorded(self):
        action = self._send()
        sending = action.sending_id
        self.assertEqual(sending.channel, "sms")
        self.assertIn("Please pay", sending.text)
        self.assertRecordValues(
            sending.recipient_ids, [{"address": "+33612345678", "state": "sent"}]
        )

    def test_a_made_up_notification_of_an_sms_changes_nothing(self):
        action = self._send()
        notification = action.sent_message_id.sudo().notification_ids
        notification.write({"notification_status": "bounce"})
        self.assertEqual(action.state, "done")

    def test_deleting_the_message_hides_no_failure(self):
        action = self._send()
        tracker = action.sent_message_id.sudo().notification_ids.sms_tracker_ids
        action.sent_message_id.sudo().unlink()  # As the system does.
        tracker._action_update_from_provider_error("invalid_destination")
        self.assertEqual(action.state, "failed")

    def test_an_sms_whose_message_is_deleted_before_it_leaves_was_no_contact(self):
        _invoice, action = self._plan_action(channel="sms")
        self._execute(action)
        action.sent_message_id.sudo().unlink()  # As the system does.
        self.assertEqual(action.state, "failed")
        with self.mockSMSGateway():
            self.env["sms.sms"]._process_queue()
        self.assertFalse(self._sms)

    def test_an_sms_handed_over_is_not_handed_over_again(self):
        _invoice, action = self._plan_action(channel="sms")
        self._execute(action)
        sms = self.env["sms.sms"].search([("state", "=", "outgoing")])
        self.env["dunning.handover"]._note(sms)
        with self.mockSMSGateway():
            sms.send()
        self.assertFalse(self._sms)
        self.assertEqual(action.state, "failed")
        self.assertIn("interrupted", action.failure)


@tagged("post_install", "-at_install")
class TestPostedSendings(PostCommon):
    """The same of letters."""

    def test_a_posted_letter_is_recorded(self):
        action, letter = self._post()
        sending = action.sending_id
        self.assertEqual(sending.channel, "letter")
        self.assertEqual(sending.recipient_ids.sudo().post_id, letter)
        self.assertIn("75002 Paris", sending.recipient_ids.address)
        self.assertEqual(
            sending.file_ids.sha256, sha256(action.letter_id.raw).hexdigest()
        )

    def test_an_employee_changes_no_letter_in_the_queue(self):
        _action, letter = self._post()
        for values in ({"street": "Elsewhere"}, {"attachment_id": False}):
            with self.assertRaises(UserError):
                letter.with_user(self.collector).write(values)

    def test_a_made_up_state_of_a_letter_changes_nothing(self):
        action, letter = self._post()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        for user in (self.collector, auditor):
            for state in ("sent", "error", "pending"):
                with self.subTest(state=state), self.assertRaises(UserError):
                    letter.with_user(user).write({"state": state})
        with self.assertRaises(UserError):
            letter.with_user(auditor).cancel()
        self.assertEqual((letter.state, action.state), ("pending", "done"))
        letter.notification_ids.sudo().write({"notification_status": "exception"})
        self.assertEqual(action.state, "done")

    def test_a_letter_cancelled_before_it_is_posted_was_no_contact(self):
        action, letter = self._post()
        letter.cancel()
        self.assertEqual(action.state, "failed")

    def test_a_letter_handed_over_is_not_handed_over_again(self):
        action, letter = self._post()
        self.env["dunning.handover"]._note(letter)
        letter._snailmail_print_valid_address()
        self.assertEqual(letter.state, "canceled")
        self.assertEqual(action.state, "failed")
        self.assertIn("interrupted", action.failure)
