from hashlib import sha256
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.sql import add_foreign_key, drop_constraint

from ..email.test_mail_failures import MailFailuresCommon


class SendingCommon(MailFailuresCommon):
    """An e-mail with a file that was carried out, and what was recorded of it."""

    def setUp(self):
        super().setUp()
        self.file = self.env["ir.attachment"].create(
            {
                "name": "terms.txt",
                "raw": b"Pay in thirty days",
                "mimetype": "text/plain",
            }
        )
        self.mail_template.write(
            {
                "attachment_ids": [Command.set(self.file.ids)],
                "email_cc": "boss@example.com",
                "use_default_to": False,
            }
        )

    def _plan_sent(self):
        """Return an action that was carried out; its e-mails wait in the queue."""
        _invoice, action = self._plan_action()
        return action

    def _as_collector(self, records):
        return records.with_user(self.collector)

    def _states(self, action):
        return {line.address: line.state for line in action.sending_id.recipient_ids}

    def _two_recipients(self):
        """Have each action write to the customer and to somebody else."""
        self.second = self._create_customer(
            "Second", parent_id=self.customer.id, email="second@example.com"
        )
        actions = self.env.registry["dunning.action"]
        return self.startPatcher(
            patch.object(
                actions,
                "_get_recipients",
                lambda action: action.contact_id | self.second,
            )
        )


@tagged("post_install", "-at_install")
class TestSendings(SendingCommon):
    """What left is kept, whatever becomes of mails, messages, files and users."""

    def test_what_leaves_is_recorded(self):
        action = self._plan_sent()
        sending = action.sending_id
        self.assertRecordValues(
            sending,
            [
                {
                    "action_id": action.id,
                    "partner_id": self.customer.id,
                    "company_id": self.company.id,
                    "channel": "email",
                    "state": "waiting",
                    "subject": "Reminder for Customer",
                    "body": action.mail_id.body_html,
                    "email_from": action.mail_id.email_from,
                    "email_cc": "boss@example.com",
                    "header_id": action.mail_id.message_id,
                }
            ],
        )
        self.assertEqual(
            self._states(action),
            {"customer@example.com": "waiting", "boss@example.com": "waiting"},
        )
        self.assertRecordValues(
            sending.file_ids,
            [
                {
                    "name": "terms.txt",
                    "file_size": 18,
                    "sha256": sha256(b"Pay in thirty days").hexdigest(),
                }
            ],
        )
        self._process_queue()
        self.assertEqual(sending.state, "sent")
        self.assertEqual(set(self._states(action).values()), {"sent"})

    def test_what_is_recorded_is_what_arrives(self):
        action = self._plan_sent()
        self._process_queue()
        received = {name: message for name, message in self.server.messages}
        message = received["customer@example.com"]
        self.assertEqual(message["Message-Id"], action.sending_id.header_id)
        self.assertEqual(message["Subject"], action.sending_id.subject)
        [file] = message.iter_attachments()
        self.assertEqual(
            sha256(file.get_content().encode()).hexdigest(),
            action.sending_id.file_ids.sha256,
        )

    def test_each_recipient_gets_a_token_of_its_own(self):
        self._plan_sent()
        self._process_queue()
        tokens = {message["X-Dunning-Token"] for _name, message in self.server.messages}
        self.assertEqual(len(tokens), 2)
        self.assertNotIn(None, tokens)

    def test_nobody_changes_or_deletes_what_was_sent(self):
        sending = self._plan_sent().sending_id
        records = (
            (sending, {"body": "Nothing"}),
            (sending.recipient_ids, {"address": "other@example.com"}),
            (sending.file_ids, {"sha256": "0"}),
        )
        users = (self.collector, self.env.ref("base.user_admin"), self.env.user)
        for record, values in records:
            for user in users:
                with self.subTest(record=record._name, user=user.name):
                    # The last one is the superuser.
                    kept = record.with_user(user).sudo(user == self.env.user)
                    with self.assertRaises(UserError):
                        kept.write(values)
                    with self.assertRaises(UserError):
                        kept.unlink()
        with self.assertRaises(AccessError):
            self._as_collector(sending).create({"action_id": sending.action_id.id})
        with self.assertRaises(AccessError):
            self._as_collector(sending.recipient_ids).write({"state": "bounced"})

    def test_the_file_is_protected(self):
        kept = self._plan_sent().sending_id.file_ids.attachment_id
        self.file.unlink()
        self.assertEqual(kept.raw, b"Pay in thirty days")
        for change in (
            lambda: kept.unlink(),
            lambda: kept.write({"raw": b"Forged"}),
            lambda: kept.write({"name": "other.txt"}),
        ):
            with self.assertRaises(UserError):
                change()

    def test_the_token_is_read_by_nobody(self):
        recipients = self._plan_sent().sending_id.recipient_ids
        for user in (self.collector, self.env.ref("base.user_admin")):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                recipients.with_user(user).read(["token"])
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                recipients.with_user(user).search([("token", "like", "a")])

    def test_i6_another_company_reads_nothing_of_it(self):
        sending = self._plan_sent().sending_id
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        for record in (sending, sending.recipient_ids, sending.file_ids):
            self.assertFalse(record.with_user(stranger).search([]))
            with self.assertRaises(AccessError):
                record.with_user(stranger).read(["id"])

    def test_who_has_no_part_in_dunning_reads_nothing_of_it(self):
        sending = self._plan_sent().sending_id
        user = self._create_user("visitor", "group_dunning_readonly")
        user.group_ids = [Command.set(self.env.ref("base.group_user").ids)]
        for record in (sending, sending.recipient_ids, sending.file_ids):
            with self.assertRaises(AccessError):
                record.with_user(user).read(["id"])
        with self.assertRaises(AccessError):
            sending.file_ids.attachment_id.with_user(user).read(["raw"])

    def test_deleting_mail_and_message_leaves_the_proof(self):
        action = self._plan_sent()
        self._process_queue()
        body = action.sending_id.body
        shown = self._as_collector(action)._get_sent_preview()
        action.mail_id.mail_message_id.sudo().unlink()  # As the system does.
        self.assertFalse(action.mail_id.exists())
        self.assertFalse(action.sent_message_id)
        self.assertRecordValues(action, [{"state": "done", "has_preview": True}])
        self.assertEqual(action.sending_id.body, body)
        self.assertEqual(self._as_collector(action)._get_sent_preview(), shown)
        self.assertIn("You owe", shown["body"])
        entries = self._as_collector(self.customer).dunning_get_timeline()["entries"]
        self.assertIn("Reminder", str(entries))

    def test_what_is_written_on_the_message_changes_nothing(self):
        action = self._plan_sent()
        message = action.sent_message_id
        changed = {"subject": "A gift", "body": "Pay nothing"}
        with self.assertRaises(AccessError):
            self._as_collector(message).write(changed)
        # As the system may.
        message_sudo = message.sudo()
        message_sudo.write(changed)
        message_sudo.attachment_ids = [Command.clear()]
        self._process_queue()
        received = dict(self.server.messages)["customer@example.com"]
        self.assertEqual(received["Subject"], "Reminder for Customer")
        self.assertEqual(len(list(received.iter_attachments())), 1)
        self.assertEqual(
            self._as_collector(action)._get_sent_preview()["subject"],
            "Reminder for Customer",
        )

    def test_who_gets_it_is_not_changed_in_the_queue(self):
        action = self._plan_sent()
        stranger = self._create_customer("Stranger")
        action.mail_id.recipient_ids = stranger
        action.mail_id.email_cc = "spy@example.com"
        self._process_queue()
        self.assertEqual(
            self.server.recipients, ["boss@example.com", "customer@example.com"]
        )

    def test_a_message_deleted_before_it_leaves_was_no_contact(self):
        action = self._plan_sent()
        action.sent_message_id.sudo().unlink()  # As the system does.
        self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertEqual(action.state, "failed")
        self.assertIn("deleted", action.failure)

    def test_a_message_is_deleted_where_its_email_goes_first(self):
        self._check_deleted_in_order("mail_mail", "dunning_action")

    def test_a_message_is_deleted_where_the_action_lets_go_first(self):
        self._check_deleted_in_order("dunning_action", "mail_mail")

    def _check_deleted_in_order(self, *tables):
        """The database follows references in the order of the names that it gave them,
        by numbers that count on."""
        action = self._plan_sent()
        references = {
            "mail_mail": ("mail_message_id", "cascade"),
            "dunning_action": ("sent_message_id", "set null"),
        }
        for table in tables:
            column, rule = references[table]
            drop_constraint(self.cr, table, f"{table}_{column}_fkey")
            add_foreign_key(self.cr, table, column, "mail_message", "id", rule)
        action.sent_message_id.sudo().unlink()  # As the system does.
        self.assertEqual(action.state, "failed")

    def test_an_email_deleted_before_it_leaves_was_no_contact(self):
        action = self._plan_sent()
        action.mail_id.unlink()
        self.assertEqual(action.state, "failed")
        self.assertIn("deleted", action.failure)

    def test_users_who_sent_are_archived_not_deleted(self):
        action = self._plan_sent()
        self.assertEqual(action.user_id, self.collector)
        with self.assertRaisesRegex(UserError, "part of the history of dunning"):
            self.collector.unlink()
        self.collector.active = False
        self.assertEqual(action.user_id.name, "Collector")

    def test_a_new_address_before_it_leaves_is_written_to_anew(self):
        action = self._plan_sent()
        self.customer.email = "new@example.com"
        self._process_queue()
        self.assertNotIn("new@example.com", self.server.recipients)
        self.assertEqual(action.state, "todo")
        self._cron_execute()
        self._process_queue()
        self.assertEqual(
            self._states(action),
            {"new@example.com": "sent", "boss@example.com": "sent"},
        )

    def test_what_is_stopped_in_the_queue_is_noted_as_cancelled(self):
        action = self._plan_sent()
        former = action.sending_id
        self.assertEqual(set(self._states(action).values()), {"waiting"})
        self.customer.email = "new@example.com"
        self._process_queue()
        self.assertEqual(set(former.recipient_ids.mapped("state")), {"cancelled"})

    def test_the_database_keeps_what_was_sent(self):
        action = self._plan_sent()
        for table, id_ in (
            ("dunning_action", action.id),
            ("ir_attachment", action.sending_id.file_ids.attachment_id.id),
            ("dunning_sending", action.sending_id.id),
        ):
            with (
                self.subTest(table=table),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.cr.savepoint(),
            ):
                self.cr.execute(f"DELETE FROM {table} WHERE id = %s", [id_])


@tagged("post_install", "-at_install")
class TestSeveralRecipients(SendingCommon):
    """One action may write to several people: each address has its own fate."""

    def test_each_gets_an_email(self):
        self._two_recipients()
        action = self._plan_sent()
        self._process_queue()
        self.assertEqual(
            self.server.recipients,
            ["boss@example.com", "customer@example.com", "second@example.com"],
        )
        self.assertEqual(set(self._states(action).values()), {"sent"})
        self.assertEqual(len(action.sending_id.recipient_ids.mail_id), 3)
        self.assertEqual(
            action.sending_id.recipient_ids.mail_id.mail_message_id,
            action.sent_message_id,
        )

    def test_one_refused_address_does_not_keep_the_others_from_theirs(self):
        self._two_recipients()
        action = self._plan_sent()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.assertEqual(
            self._states(action),
            {
                "boss@example.com": "sent",
                "customer@example.com": "failed",
                "second@example.com": "sent",
            },
        )
        self.assertEqual(action.state, "done")
        self.assertIn("customer@example.com", action.message_ids[0].body)

    def test_all_refused_is_no_contact(self):
        self._two_recipients()
        action = self._plan_sent()
        self.server.refused |= {"customer@example.com", "second@example.com"}
        self._process_queue()
        self.assertEqual(action.state, "failed")
        self.assertEqual(action.sending_id.state, "failed")

    def test_a_refused_copy_is_no_failure(self):
        action = self._plan_sent()
        self.server.refused.add("boss@example.com")
        self._process_queue()
        self.assertEqual(
            self._states(action),
            {"boss@example.com": "failed", "customer@example.com": "sent"},
        )
        self.assertEqual(action.state, "done")
        self.assertEqual(action.sending_id.state, "sent")
