import random
from datetime import datetime

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.demo.einvoice_messages import make_all, write_cdar
from odoo.addons.account_dunning.tools import einvoice_message
from odoo.addons.account_dunning.tools.einvoice_message import Document

from .common_einvoice import BUYER, SIREN, EinvoiceCommon


@tagged("post_install", "-at_install")
class TestEinvoiceEvent(EinvoiceCommon):
    """What was said is kept once, as it was said, by whatever way it came."""

    # ------------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------------

    def test_a_message_becomes_an_event_of_its_invoice(self):
        status = self._say(text="Two boxes are missing")
        xml = write_cdar([status])
        event = self.events._receive(xml, name="dispute.xml")
        self.assertRecordValues(
            event,
            [
                {
                    "state": "assigned",
                    "move_id": self.invoice.id,
                    "company_id": self.company.id,
                    "partner_id": self.customer.id,
                    "code": "207",
                    "reason_codes": "QTE_ERR",
                    "reason_text": "Two boxes are missing",
                    "seller": SIREN,
                    "buyer": BUYER,
                    "number": self.invoice.name,
                    "date": status.date,
                    "problem": False,
                }
            ],
        )
        self.assertEqual(event._get_reasons(), ["QTE_ERR"])
        self.assertEqual(event.attachment_id.raw, xml)
        self.assertEqual(event.attachment_id.name, "dispute.xml")

    def test_of_a_message_of_many_statuses_no_copy_is_read_for_its_words(self):
        document = Document("a.xml", write_cdar([self._say("205", ""), self._say()]))
        files = self.events._receive_all([document], "file").events.attachment_id
        self.assertEqual(len(files), 2)
        self.assertFalse(any(files.mapped("index_content")))

    def test_more_statuses_than_one_file_can_have_are_refused(self):
        first, second = (
            Document(
                f"{day}.xml", write_cdar([self._say(message=f"{day}{n}") for n in "ab"])
            )
            for day in (1, 2)
        )
        size = len(first.content)
        for name, most in (("MAX_STATUSES", 3), ("MAX_KEPT", 3 * size)):
            self.patch(einvoice_message, name, most)
            # Of strangers, all that they bring together.
            receipt = self.events._receive_all([first, second], "mail", trusted=False)
            self.assertEqual(receipt.refused, [(second, "size")])
            receipt = self.events._receive_all([first, second], "file")
            self.assertFalse(receipt.refused)
            self.patch(einvoice_message, name, most // 3)
            receipt = self.events._receive_all([first], "file")
            self.assertEqual(receipt.refused, [(first, "size")])
            self.patch(einvoice_message, name, 10**9)

    def test_the_same_message_twice_is_once(self):
        status = self._say()
        first = self._take(status)
        again = self._take(status, status, source="mail")
        self.assertEqual(len(first.new_ids), 1)
        self.assertFalse(again.new_ids)
        self.assertEqual(again.events, first.events)
        self.assertEqual(first.events.source, "file")
        # Laid out or encoded in another way, it says the same.
        spaced = write_cdar([status], "UTF-16")
        self.assertEqual(self.events._receive(spaced), first.events.sudo(False))

    def test_a_number_that_a_platform_uses_twice_loses_nothing(self):
        first = self._say("207", message="1")
        second = self._say("210", "DOUBLON", message="1")
        self.assertEqual(len(self._take(first, second).new_ids), 2)

    def test_nothing_was_said_after_it_was_received(self):
        now = self.env.cr.now()
        ahead, before = datetime(now.year + 4, 1, 1), datetime(now.year - 1, 1, 1)
        statuses = (self._say("205", "", date=ahead), self._say(date=before))
        events = self._take(*statuses).events.sorted("date")
        self.assertEqual(events.mapped("date"), [before, now])

    def test_every_status_and_reason_shuffled_and_repeated_gives_the_same(self):
        found = [s for _name, s in make_all(SIREN, [self.invoice.name])]
        shuffled = found * 2
        random.Random(21).shuffle(shuffled)
        half = len(shuffled) // 2
        for part in (shuffled[:half], shuffled[half:]):
            self._take(*part)
        events = self.events.sudo().search([("move_id", "=", self.invoice.id)])
        self.assertEqual(
            {(event.code, event.reason_codes or "") for event in events},
            {(one.code, ",".join(one.reasons)) for one in found},
        )
        self.assertEqual(len(events), len(found))

    def test_unknown_codes_are_kept_as_they_are(self):
        event = self._take(self._say("299", "BRAND_NEW")).events
        self.assertEqual((event.code, event.reason_codes), ("299", "BRAND_NEW"))
        self.assertEqual((event.name, event.reason_names), ("299", "BRAND_NEW"))
        self.assertEqual(event.state, "assigned")

    def test_what_cannot_be_read_changes_nothing_of_the_others(self):
        documents = [
            Document("bad.xml", b"<a>"),
            Document("good.xml", write_cdar([self._say()])),
            Document("other.xml", b"<Invoice/>"),
        ]
        receipt = self.events._receive_all(documents, "file")
        self.assertEqual(len(receipt.new_ids), 1)
        self.assertEqual(
            [(document.name, problem) for document, problem in receipt.refused],
            [("bad.xml", "syntax"), ("other.xml", "kind")],
        )
        with self.assertRaisesRegex(UserError, "no XML"):
            self.events._receive(b"<a>")

    def test_a_batch_costs_as_many_queries_as_a_message(self):
        def take(count):
            statuses = [self._say(message=f"{count}-{n}") for n in range(count)]
            before = self.cr.sql_log_count
            self._take(*statuses)
            self.env.flush_all()
            return self.cr.sql_log_count - before

        take(1)
        few = take(3)
        # Where nothing is dunned, nothing follows.
        self.assertLessEqual(take(60), few + 5)

    # ------------------------------------------------------------------
    # NAMES
    # ------------------------------------------------------------------

    def test_codes_have_names_in_both_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        event = self._take(self._say()).events
        self.assertEqual(
            (event.name, event.reason_names), ("In dispute", "Quantity wrong")
        )
        french = event.with_context(lang="fr_FR")
        self.assertEqual(
            (french.name, french.reason_names),
            ("En litige", "Quantité facturée incorrecte"),
        )

    # ------------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------------

    def test_what_was_said_cannot_be_changed_or_deleted(self):
        event = self._take(self._say()).events
        manager = self._create_user("boss", "group_dunning_manager")
        for vals in (
            {"code": "205"},
            {"amount_stated": 5},
            {"number": "X"},
            {"message_number": "X"},
            {"message_ref": "X"},
        ):
            with self.assertRaises(UserError):
                event.sudo().write(vals)
            with self.assertRaises(UserError):
                event.with_user(manager).write(vals)
        with self.assertRaises(UserError):
            event.with_user(manager).write({"state": "ignored"})
        with self.assertRaises(UserError):
            event.sudo().unlink()
        with self.assertRaises(AccessError):
            self.events.with_user(manager).create({"message_ref": "x"})

    def test_its_document_cannot_be_changed_or_deleted(self):
        file = self._take(self._say()).events.attachment_id
        for change in (
            lambda: file.write({"raw": b"<a/>"}),
            lambda: file.write({"name": "x"}),
            file.unlink,
        ):
            with self.assertRaisesRegex(UserError, "proves"):
                change()

    def test_its_invoice_cannot_be_deleted(self):
        self._take(self._say())
        self.invoice.button_draft()
        with self.assertRaisesRegex(UserError, "history of dunning"):
            self.invoice.with_context(force_delete=True).unlink()

    # ------------------------------------------------------------------
    # WHO SEES IT
    # ------------------------------------------------------------------

    def test_a_company_s_statuses_are_its_own(self):
        other = self._create_second_company(company_registry="888777666")
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        event = self._take(self._say()).events
        self.assertTrue(event.with_user(self.collector).has_access("read"))
        self.assertFalse(event.with_user(stranger).has_access("read"))
        file = event.attachment_id.with_user(stranger)
        with self.assertRaises(AccessError):
            file.read(["raw"])

    def test_while_the_seller_is_unknown_managers_alone_see_it(self):
        manager = self._create_user("boss", "group_dunning_manager")
        event = self._take(self._say(seller="111222333")).events
        self.assertFalse(event.company_id)
        self.assertTrue(event.with_user(manager).has_access("read"))
        self.assertFalse(event.with_user(self.collector).has_access("read"))

    def test_a_document_about_two_sellers_is_shown_to_neither(self):
        other = self._create_second_company(company_registry="888777666")
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        foreign = self._create_invoice(company=other, amount=50)
        statuses = [
            self._say(message="M"),
            self._say(invoice=foreign, seller="888777666", message="M"),
        ]
        document = Document("both.xml", write_cdar(statuses))
        events = self.events._receive_all([document], "file").events
        self.assertEqual(events.company_id, self.company | other)
        for user in (stranger, self.collector):
            own = events.with_user(user)._filtered_access("read")
            self.assertEqual(len(own), 1)
            with self.assertRaises(AccessError):
                own.attachment_id.read(["raw"])

    def test_portal_users_and_employees_see_none(self):
        event = self._take(self._say()).events
        for group in ("base.group_user", "base.group_portal"):
            user = self._create_user(
                group.split("_")[-1],
                "group_dunning_readonly",
                group_ids=[Command.set(self.env.ref(group).ids)],
            )
            self.assertFalse(event.with_user(user).has_access("read"))
