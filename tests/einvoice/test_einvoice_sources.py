import base64
import io
import time
import zipfile
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.demo.einvoice_messages import write_cdar
from odoo.addons.mail.tests.common import MailCommon

from ...tools import einvoice_message
from ...wizards.einvoice.dunning_einvoice_upload import SHOWN
from .common_einvoice import SIREN, EinvoiceCommon

MAIL = """Return-Path: <{sender}>
From: {sender}
To: statuses@{domain}
Subject: Life cycle
Message-ID: <{number}@platform.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="XX"

--XX
Content-Type: text/plain; charset=utf-8

See the attachments.
{parts}
--XX--
"""
PART = """--XX
Content-Type: {kind}; name="{name}"
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{content}
"""


@tagged("post_install", "-at_install")
class TestEinvoiceUpload(EinvoiceCommon):
    """Files that somebody drops into the dialog."""

    def _upload(self, *files, user=None):
        dialog = self.env["dunning.einvoice.upload"].with_user(user or self.collector)
        # As the web client uploads them.
        attachments = (
            self.env["ir.attachment"]
            .with_user(user or self.collector)
            .create(
                [
                    {
                        "name": name,
                        "datas": base64.b64encode(content),
                        "res_model": dialog._name,
                        "res_id": 0,
                    }
                    for name, content in files
                ]
            )
        )
        dialog = dialog.create({"attachment_ids": [Command.set(attachments.ids)]})
        dialog.action_receive()
        return dialog

    def test_a_status_about_another_company_is_looked_at_by_its_people(self):
        other = self._create_second_company("Other")
        stranger = self._create_user(
            "stranger", "group_dunning_collector", company=other
        )
        self._upload(("a.xml", write_cdar([self._say()])), user=stranger)
        event = self.events.sudo().search([])
        self.assertEqual((event.state, event.problem_kind), ("waiting", "untrusted"))
        self.assertFalse(event.move_id)
        self.assertIn("not working in this company", event.problem)
        self.assertFalse(self.env["dunning.dispute"].search([]))

    def test_what_a_stranger_has_brought_first_counts_when_its_people_bring_it(self):
        other = self._create_second_company("Other")
        stranger = self._create_user(
            "stranger", "group_dunning_collector", company=other
        )
        file = ("a.xml", write_cdar([self._say()]))
        for _time in range(2):
            self._upload(file, user=stranger)
            self.assertEqual(self.events.sudo().search([]).state, "waiting")
        self._upload(file)
        event = self.events.sudo().search([])
        self.assertEqual((event.state, event.move_id), ("assigned", self.invoice))
        self.assertTrue(self.env["dunning.dispute"].search([]))

    def test_it_tells_what_became_of_the_files(self):
        known = self._say("205", "")
        self._take(known)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("in/one.xml", write_cdar([self._say("207")]))
            archive.writestr("in/two.xml", write_cdar([known]))
            archive.writestr("readme.txt", b"Hello")
        dialog = self._upload(
            ("all.zip", buffer.getvalue()),
            ("other.xml", write_cdar([self._say("211", "", number="X-1")])),
            ("invoice.xml", b"<Invoice/>"),
        )
        self.assertRecordValues(
            dialog,
            [
                {
                    "is_done": True,
                    "taken_count": 2,
                    "known_count": 1,
                    "waiting_count": 1,
                    "refused_count": 2,
                }
            ],
        )
        self.assertIn("1 × There is no invoice X-1", dialog.waiting_detail)
        self.assertIn("readme.txt: It is no XML", dialog.refused_detail)
        self.assertIn("invoice.xml: It is no status", dialog.refused_detail)
        self.assertEqual(len(dialog.event_ids), 3)
        action = dialog.action_open()
        self.assertEqual(action["res_model"], "dunning.einvoice.event")

    def test_it_tells_how_many_are_of_companies_that_are_not_looked_at(self):
        other = self._create_second_company("Other")
        stranger = self._create_user(
            "stranger", "group_dunning_collector", company=other
        )
        dialog = self._upload(("a.xml", write_cdar([self._say()])), user=stranger)
        told = (dialog.taken_count, dialog.elsewhere_count, dialog.event_ids.ids)
        self.assertEqual(told, (1, 1, []))

    def test_what_was_attached_elsewhere_or_by_others_stays(self):
        dialogs = self.env["dunning.einvoice.upload"].with_user(self.collector)
        values = {"raw": write_cdar([self._say()]), "public": True}
        invoice = {"res_model": "account.move", "res_id": self.invoice.id}
        theirs = self.env["ir.attachment"].create(
            {"name": "theirs.xml", "res_model": dialogs._name, "res_id": 0} | values
        )
        # Written as the collector, on an invoice that collectors do not write on.
        papers_sudo = theirs.with_user(self.collector).sudo()
        paper = papers_sudo.create({"name": "paper.xml"} | invoice | values)
        files = theirs | paper.with_env(theirs.env)
        dialog = dialogs.create({"attachment_ids": [Command.set(files.ids)]})
        dialog.action_receive()
        self.assertEqual(files.exists(), files)

    def test_uploads_are_not_kept_twice(self):
        dialog = self._upload(("one.xml", write_cdar([self._say()])))
        self.assertFalse(dialog.attachment_ids)
        files = self.env["ir.attachment"].sudo().search([("name", "=", "one.xml")])
        self.assertEqual(files, dialog.event_ids.sudo().attachment_id)

    def test_without_a_file_it_says_so(self):
        dialog = (
            self.env["dunning.einvoice.upload"].with_user(self.collector).create({})
        )
        with self.assertRaisesRegex(UserError, "Choose"):
            dialog.action_receive()

    def test_auditors_take_none(self):
        auditor = self._create_user("looker", "group_dunning_readonly")
        with self.assertRaises(AccessError):
            self.env["dunning.einvoice.upload"].with_user(auditor).create({})

    def test_of_many_files_the_first_are_named(self):
        upload = self.env["dunning.einvoice.upload"]
        lines = [f"No {number}" for number in range(SHOWN + 2)]
        for count, more in ((SHOWN, []), (SHOWN + 1, ["… and 1 more"])):
            told = upload._list(iter(lines[:count])).split("\n")
            self.assertEqual(told, lines[:SHOWN] + more)
        told = upload._list(lines).split("\n")
        self.assertEqual(told[SHOWN:], ["… and 2 more"])


@tagged("post_install", "-at_install")
class TestEinvoiceMail(EinvoiceCommon, MailCommon):
    """Messages that come by e-mail, from whom they may."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alias = cls.env.ref("account_dunning.mail_alias_einvoice").sudo()
        cls.alias.write(
            {"alias_name": "statuses", "alias_domain_id": cls.mail_alias_domain.id}
        )
        cls.parameters = cls.env["ir.config_parameter"].sudo()
        cls.parameters.set_param(
            "account_dunning.einvoice_senders", "@platform.example; boss@other.example"
        )

    def _mail(self, *parts, sender="robot@platform.example", number="1"):
        mail = MAIL.format(
            sender=sender,
            number=number,
            domain=self.mail_alias_domain.name,
            parts="".join(
                PART.format(
                    name=name,
                    kind=kind,
                    content=base64.encodebytes(content).decode(),
                )
                for name, kind, content in parts
            ),
        )
        before = self.events.sudo().search([])
        with self.mock_mail_gateway():
            self.env["mail.thread"].sudo().message_process(False, mail)
        return self.events.sudo().search([]) - before

    def test_a_known_sender_s_message_is_taken(self):
        content = write_cdar([self._say()])
        for kind in ("application/xml", "text/xml", "application/octet-stream"):
            status = self._say(message=kind)
            event = self._mail(
                ("status.xml", kind, write_cdar([status])),
                number=kind.replace("/", "-"),
            )
            self.assertEqual((event.state, event.source), ("assigned", "mail"))
            self.assertEqual(event.move_id, self.invoice)
        event = self._mail(("latin.xml", "text/xml", content), number="x")
        self.assertEqual(event.message_ids.email_from, "robot@platform.example")
        self.assertFalse(event.message_ids.attachment_ids)

    def test_a_known_sender_is_believed_when_the_mail_server_brings_it_alone(self):
        mail = {
            "attachments": [("a.xml", write_cdar([self._say()]))],
            "email_from": "robot@platform.example",
        }
        event = self.events.sudo().message_new(mail)
        self.assertEqual((event.state, event.problem_kind), ("waiting", "untrusted"))

    def test_an_unknown_sender_s_message_waits_until_it_is_accepted(self):
        content = write_cdar([self._say()])
        event = self._mail(
            ("status.xml", "application/xml", content), sender="eve@evil.example"
        )
        self.assertEqual((event.state, event.problem_kind), ("waiting", "untrusted"))
        self.assertFalse(event.move_id)
        # Neither time nor the ledger makes it true.
        event._retry()
        self.invoice.button_draft()
        self.invoice.action_post()
        self.assertEqual(event.state, "waiting")
        event.with_user(self.collector).sudo(False).action_accept()
        self.assertEqual((event.state, event.move_id), ("assigned", self.invoice))

    def test_what_a_stranger_says_of_a_vendor_bill_is_put_aside(self):
        status = self._say(seller="111222333")
        status = status.__class__(**(vars(status) | {"buyers": (SIREN,)}))
        event = self._mail(
            ("status.xml", "application/xml", write_cdar([status])),
            sender="eve@evil.example",
        )
        self.assertEqual((event.state, event.problem_kind), ("ignored", "purchase"))

    def test_a_known_sender_beside_another_one_is_not_believed(self):
        known, other = "robot@platform.example", "eve@evil.example"
        for number, sender in enumerate(
            (f"{known}, {other}", f"{known}\nFrom: {other}")
        ):
            content = write_cdar([self._say(message=str(number))])
            event = self._mail(
                ("status.xml", "application/xml", content),
                sender=sender,
                number=str(number),
            )
            self.assertEqual(event.problem_kind, "untrusted")

    def test_several_messages_may_come_in_one_mail(self):
        events = self._mail(
            ("one.xml", "application/xml", write_cdar([self._say("205", "")])),
            ("two.xml", "application/xml", write_cdar([self._say("207")])),
            ("logo.png", "image/png", b"\x89PNG"),
        )
        self.assertEqual(sorted(events.mapped("code")), ["205", "207"])
        posted = events.message_ids.attachment_ids
        self.assertEqual(posted.mapped("name"), ["logo.png"])

    def test_a_mail_without_message_is_kept_for_somebody_to_look_at(self):
        event = self._mail(("invoice.pdf", "application/pdf", b"%PDF-1.7"))
        self.assertEqual((event.state, event.problem_kind), ("waiting", "unreadable"))
        self.assertEqual(event.message_number, "Life cycle")
        self.assertEqual(event.message_ids.attachment_ids.name, "invoice.pdf")
        event._retry(accepted=True)
        self.assertEqual(event.problem_kind, "unreadable")

    def test_mails_within_mails_are_not_written_out(self):
        within = b"Subject: within\r\n\r\nsee there"
        with patch.object(EmailMessage, "as_bytes", side_effect=RecursionError):
            mail = message_from_bytes(within, policy=SMTP)
            document = self.events._read_attachment(0, "within.eml", mail)
        self.assertEqual(document.content, b"")

    def test_hostile_files_do_no_harm(self):
        laughs = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
        event = self._mail(("a.xml", "text/xml", laughs))
        self.assertEqual(event.problem_kind, "unreadable")

    def test_of_what_a_stranger_sends_little_is_read(self):
        contents = [write_cdar([self._say(code)]) for code in ("205", "207", "210")]
        parts = [
            (f"{place}.xml", "text/xml", content)
            for place, content in enumerate(contents)
        ]
        room = sum(map(len, contents[:2])) + 99
        with patch.object(einvoice_message, "MAX_UNTRUSTED", room):
            events = self._mail(*parts, sender="eve@evil.example")
            self.assertEqual(sorted(events.mapped("code")), ["205", "207"])
            left = events.message_ids.attachment_ids
            self.assertEqual(left.mapped("name"), ["2.xml"])
            events = self._mail(*parts, number="2")
            self.assertEqual(events.mapped("code"), ["210"])

    def test_nobody_makes_up_a_mail_by_rpc(self):
        content = write_cdar([self._say()])
        mail = {
            "attachments": [("a.xml", content)],
            "email_from": "robot@platform.example",
        }
        for group in ("group_dunning_manager", "group_dunning_readonly"):
            user = self._create_user(f"rpc_{group[-3:]}", group)
            with self.assertRaises(AccessError):
                self.events.with_user(user).message_new(mail)
        self.assertFalse(self.events.sudo().search([]))


@tagged("post_install", "-at_install")
class TestEinvoiceText(BaseCase):
    """Messages that the mail gateway has decoded."""

    def test_what_a_text_says_of_its_encoding_is_left_out(self):
        for mark in ("", "\ufeff", " \n"):
            text = (
                f"{mark}<?xml version='1.0' encoding=\"x\"?><a b='encoding = \"y\"'/>"
            )
            self.assertEqual(
                einvoice_message.encode(text).decode(),
                f"{mark}<?xml version='1.0'?><a b='encoding = \"y\"'/>",
            )

    def test_a_text_of_many_beginnings_takes_no_time(self):
        start = time.thread_time()
        for text in ("<?xml" * 30_000, "<?xml" + " " * 100_000):
            self.assertEqual(einvoice_message.encode(text), text.encode())
        self.assertLess(time.thread_time() - start, 2)
