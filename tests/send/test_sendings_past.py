import importlib.util
from pathlib import Path
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ..email.test_mail_failures import MailFailuresCommon
from .test_sendings import SendingCommon


@tagged("post_install", "-at_install")
class TestPastSendings(SendingCommon):
    """What went out before this was kept is recorded when the addon is updated."""

    def _forget(self):
        """Go back to a database that knows nothing of sendings."""
        self.env.flush_all()
        self.cr.execute("DELETE FROM dunning_sending_file")
        self.cr.execute("DELETE FROM dunning_sending_recipient")
        self.cr.execute("DELETE FROM dunning_sending")
        self.env.invalidate_all()

    def _migrate(self):
        path = Path(__file__).parents[2] / "migrations/19.0.1.4.0/post-sendings.py"
        spec = importlib.util.spec_from_file_location("post_sendings", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.cr, "19.0.1.3.0")
        self.env.invalidate_all()

    def _read(self, action):
        sending = action.sending_id
        [values] = sending.read(
            ["channel", "subject", "body", "text", "email_from", "header_id", "state"]
        )
        values.pop("id")
        recipients = sending.recipient_ids.mapped(
            lambda line: (line.kind, line.partner_id.id, line.address, line.state)
        )
        return values, sorted(recipients), sending.file_ids.mapped("sha256")

    def test_emails(self):
        action = self._plan_sent()
        self._process_queue()
        before = self._read(action)
        self._forget()
        self.assertFalse(action.sending_id)
        self._migrate()
        self._migrate()
        self.assertEqual(len(action.sending_ids), 1)
        # The copies had an e-mail of their own, which is not kept in the action.
        after = self._read(action)
        self.assertEqual(after[0], before[0])
        self.assertIn(
            ("to", self.customer.id, "customer@example.com", "sent"), after[1]
        )
        self.assertEqual(after[2], before[2])

    def test_letters(self):
        self.reminder.channel = "letter"
        self.customer.write({"street": "1 rue", "zip": "75002", "city": "Paris"})
        action = self._plan_sent()
        before = self._read(action)
        self._forget()
        self._migrate()
        self.assertEqual(self._read(action), before)
        self.assertEqual(len(before[2]), 1)

    def test_sms(self):
        self.reminder.write(
            {
                "channel": "sms",
                "sms_template_id": self.env["sms.template"]
                .create(
                    {
                        "name": "SMS",
                        "model_id": self.env["ir.model"]._get_id("dunning.action"),
                        "body": "Please pay",
                    }
                )
                .id,
            }
        )
        self.customer.phone = "+33612345678"
        action = self._plan_sent()
        before = self._read(action)
        token = action.sending_id.recipient_ids.sudo().token
        self._forget()
        self._migrate()
        self.assertEqual(self._read(action), before)
        self.assertEqual(action.sending_id.recipient_ids.sudo().token, token)


@tagged("post_install", "-at_install")
class TestOthers(MailFailuresCommon):
    """What is not dunning's costs nothing."""

    def _get_queries(self, function):
        """Return the queries that a function makes and that concern dunning."""
        execute, queries = type(self.env.cr).execute, []

        def record(cursor, query, params=None, log_exceptions=True):
            queries.append(query.code if isinstance(query, SQL) else query)
            return execute(cursor, query, params, log_exceptions)

        with patch.object(type(self.env.cr), "execute", record):
            function()
            self.env.flush_all()
        self.assertTrue(queries)
        return [query for query in queries if "dunning" in query]

    def test_other_emails_ask_nothing_of_dunning(self):
        self.customer.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=self.customer.ids,
        )
        self.assertFalse(self._get_queries(self._process_queue))
        self.assertEqual(self.server.recipients, ["customer@example.com"])

    def test_other_messages_and_files_ask_nothing_of_dunning(self):
        file = self.env["ir.attachment"].create({"name": "a.txt", "raw": b"a"})
        message = self.customer.message_post(body="Hello", attachment_ids=file.ids)
        self.assertFalse(self._get_queries(lambda: file.write({"name": "b.txt"})))
        self.assertFalse(self._get_queries(message.unlink))
