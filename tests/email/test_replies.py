from email.message import EmailMessage

from odoo.tests import tagged
from odoo.tools import email_normalize, mute_logger

from ..send.test_channels import ChannelCommon

BOUNCE = """\
Return-Path: <>
From: MAILER-DAEMON@example.com
To: bounce@dunning.example.com
Subject: Undelivered Mail Returned to Sender
Message-Id: <bounce.{outcome}@example.com>
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I am sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; {address}
Action: {outcome}
Status: {status}
Diagnostic-Code: smtp; 550 {status} {said}

--b
Content-Type: message/rfc822

From: us@example.com
To: {address}
Subject: Reminder
Message-Id: {message_id}
X-Dunning-Token: {token}

You owe us money.

--b--
"""


class RepliesCommon(ChannelCommon):
    """A company that receives its mail, and what comes in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create(
            {
                "name": "dunning.example.com",
                "bounce_alias": "bounce",
                "catchall_alias": "catchall",
            }
        )
        cls.company.alias_domain_id = cls.domain

    def _send(self, **level):
        _invoice, action = self._plan_action(**level)
        self._execute(action)
        return action

    def _receive(self, text):
        with mute_logger("odoo.addons.mail.models.mail_thread"):
            self.env["mail.thread"].sudo().message_process(False, text)
        self.env.flush_all()

    def _reply(self, action, text="We pay on Friday", **headers):
        message = EmailMessage()
        message["From"] = headers.get("sender", "Customer <customer@example.com>")
        message["To"] = "catchall@dunning.example.com"
        message["Subject"] = "Re: Reminder"
        message["Message-Id"] = headers.get("message_id", "<answer@example.com>")
        message["In-Reply-To"] = action.sent_message_id.message_id
        message.set_content(text)
        self._receive(message.as_string())

    def _bounce(self, action, **values):
        self._receive(
            BOUNCE.format(
                **{
                    "outcome": "failed",
                    "address": "customer@example.com",
                    "message_id": action.sending_id.header_id,
                    "token": self._get_token(action),
                    "status": "5.1.1",
                    "said": "User unknown",
                }
                | values
            )
        )

    def _get_token(self, action):
        """Return what is in the header of the e-mail that has left."""
        return action.sending_id.sudo().recipient_ids.token


@tagged("post_install", "-at_install")
class TestReplies(RepliesCommon):
    """Answers reach the timeline and the collector; what comes back is a failure."""

    def _reminders(self):
        return self.customer.activity_ids.filtered(
            lambda activity: activity.user_id == self.collector
        )

    # ------------------------------------------------------------------
    # WHERE ANSWERS GO
    # ------------------------------------------------------------------

    def test_answers_go_to_the_catchall_under_the_name_of_the_collector(self):
        action = self._send()
        self.assertEqual(
            action.mail_id.reply_to, '"Collector" <catchall@dunning.example.com>'
        )

    def test_answers_go_to_the_collector_when_odoo_receives_no_mail(self):
        self.company.alias_domain_id = False
        action = self._send()
        self.assertEqual(
            email_normalize(action.mail_id.reply_to), "collector@example.com"
        )

    def test_answers_go_where_the_template_says(self):
        self.mail_template.reply_to = "billing@example.com"
        action = self._send()
        self.assertEqual(action.mail_id.reply_to, "billing@example.com")

    # ------------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------------

    def _get_timeline(self):
        customer = self.customer.with_user(self.collector)
        return str(customer.dunning_get_timeline()["entries"])

    def test_an_answer_is_in_the_timeline_of_the_customer(self):
        self._reply(self._send())
        self.assertIn("We pay on Friday", self._get_timeline())

    def test_an_answer_to_a_contact_is_in_the_timeline_of_the_customer(self):
        self.customer.dunning_contact_id = self._create_customer(
            "Claire", parent_id=self.customer.id
        )
        self._reply(self._send(), sender="claire@example.com")
        self.assertIn("We pay on Friday", self._get_timeline())

    def test_an_answer_reminds_the_collector(self):
        self._reply(self._send())
        self.assertRecordValues(
            self._reminders(),
            [{"summary": "Answer to “Reminder”", "date_deadline": self.today}],
        )
        self.assertIn("We pay on Friday", self._reminders().note)

    def test_two_answers_remind_once(self):
        action = self._send()
        self._reply(action)
        self._reply(action, "Or on Monday", message_id="<second@example.com>")
        self.assertEqual(len(self._reminders()), 1)

    def test_a_colleague_who_answers_reminds_nobody(self):
        self._reply(self._send(), sender="collector@example.com")
        self.assertFalse(self._reminders())

    def test_an_answer_changes_nothing_of_the_action(self):
        action = self._send()
        self._reply(action)
        self.assertEqual(action.state, "done")

    def test_an_answer_to_something_else_reminds_nobody(self):
        message = self.customer.message_post(body="Hello", message_type="comment")
        self._receive(
            "From: customer@example.com\nTo: catchall@dunning.example.com\n"
            "Subject: Re\nMessage-Id: <other@example.com>\n"
            f"In-Reply-To: {message.message_id}\n\nHello too"
        )
        self.assertFalse(self._reminders())

    # ------------------------------------------------------------------
    # BOUNCES
    # ------------------------------------------------------------------

    def test_an_email_that_comes_back_fails_its_action_and_says_why(self):
        action = self._send(fallback_channel="letter")
        self._bounce(action)
        self.assertRecordValues(
            action, [{"state": "failed", "proposed_channel": "letter"}]
        )
        self.assertEqual(
            action.failure,
            "The e-mail to customer@example.com came back: this address does not "
            "exist.\n550 5.1.1 User unknown",
        )
        self.assertEqual(action.line_ids.state, "open")
        self.assertFalse(self._reached(action.line_ids.move_line_id))

    def test_a_full_mailbox_is_told_from_a_wrong_address(self):
        action = self._send()
        self._bounce(action, status="5.2.2", said="Quota exceeded")
        self.assertIn("mailbox is full", action.failure)

    def test_a_delay_is_no_failure(self):
        action = self._send()
        self._bounce(action, outcome="delayed", status="4.4.1")
        self.assertEqual(action.state, "done")

    def test_a_copy_that_comes_back_is_no_failure(self):
        action = self._send()
        self._bounce(action, address="somebody.else@example.com")
        self.assertEqual(action.state, "done")

    def test_a_bounce_that_comes_twice_is_a_failure_once(self):
        action = self._send(fallback_channel="sms")
        former = {
            "message_id": action.sent_message_id.message_id,
            "token": self._get_token(action),
        }
        self._bounce(action)
        action.action_use_fallback()
        self.assertEqual(action.state, "done")
        self._bounce(action, **former)
        self.assertRecordValues(action, [{"state": "done", "channel": "sms"}])

    def test_a_bounce_of_another_message_leaves_actions_alone(self):
        action = self._send()
        other = self.customer.message_post(body="Hello", message_type="comment")
        self._bounce(action, message_id=other.message_id, token="")
        self.assertEqual(action.state, "done")
