from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.demo.einvoice_messages import write_cdar
from odoo.addons.account_dunning.tools.einvoice_message import Document

from .common_einvoice import BUYER, SIREN, EinvoiceCommon


@tagged("post_install", "-at_install")
class TestEinvoiceFind(EinvoiceCommon):
    """An invoice is found by number and seller, never by amount."""

    def _assert_waits(self, event, problem, company=True):
        self.assertRecordValues(
            event,
            [
                {
                    "state": "waiting",
                    "problem_kind": problem,
                    "move_id": False,
                    "company_id": self.company.id if company else False,
                }
            ],
        )
        self.assertTrue(event.problem)

    # ------------------------------------------------------------------
    # SELLER
    # ------------------------------------------------------------------

    def test_the_seller_is_known_by_siren_siret_or_vat_number(self):
        for number in (SIREN, f"{SIREN}00012", f"FR12{SIREN}", f"{SIREN}_STATUTS"):
            event = self._take(self._say(seller=number, message=number)).events
            self.assertEqual((event.state, event.move_id), ("assigned", self.invoice))

    def test_a_company_without_registry_is_known_by_its_vat_number(self):
        self.company.company_registry = False
        self.company.vat = "FR23334175221"
        event = self._take(self._say(seller="334175221")).events
        self.assertEqual(event.move_id, self.invoice)

    def test_an_unknown_seller_waits(self):
        event = self._take(self._say(seller="111222333")).events
        self._assert_waits(event, "unknown_seller", company=False)
        self.assertIn("111222333", event.problem)

    def test_without_a_seller_it_waits(self):
        status = self._say()
        event = self._take(status.__class__(**(vars(status) | {"sellers": ()}))).events
        self._assert_waits(event, "no_seller", company=False)

    def test_what_is_about_a_vendor_bill_is_put_aside(self):
        status = self._say(seller="111222333")
        status = status.__class__(**(vars(status) | {"buyers": (SIREN,)}))
        event = self._take(status).events
        self.assertEqual((event.state, event.problem_kind), ("ignored", "purchase"))

    # ------------------------------------------------------------------
    # NUMBER
    # ------------------------------------------------------------------

    def test_an_unknown_number_waits_whatever_the_amount(self):
        status = self._say("211", "", number="X-1", amount=Decimal("1000.00"))
        self._assert_waits(self._take(status).events, "no_invoice")

    def test_an_invoice_of_another_company_is_not_found(self):
        other = self._create_second_company()
        foreign = self._create_invoice(company=other, amount=70)
        foreign.name = "OTHER/001"
        event = self._take(self._say(invoice=foreign)).events
        self._assert_waits(event, "no_invoice")

    def test_the_same_number_in_two_companies_is_told_apart_by_the_seller(self):
        other = self._create_second_company(company_registry="888777666")
        foreign = self._create_invoice(company=other, amount=70)
        foreign.name = self.invoice.name
        ours = self._take(self._say()).events
        theirs = self._take(self._say(seller="888777666")).events
        self.assertEqual(ours.move_id, self.invoice)
        self.assertEqual((theirs.move_id, theirs.company_id), (foreign, other))

    def test_a_branch_with_the_same_siren_is_found_by_the_number(self):
        branch = self._create_branch(company_registry=f"{SIREN}00038")
        own = self._create_invoice(company=branch, amount=30)
        own.name = "BRANCH/001"
        event = self._take(self._say(invoice=own)).events
        self.assertEqual((event.move_id, event.company_id), (own, branch))

    def test_several_invoices_of_a_number_are_told_apart_by_their_date(self):
        journal = self.invoice.journal_id.copy({"code": "SAL2"})
        twin = self._create_invoice(
            amount=500, due=-3, journal_id=journal.id, name=self.invoice.name
        )
        event = self._take(self._say()).events
        self._assert_waits(event, "several")
        status = self._say(invoice_date=twin.invoice_date, message="dated")
        self.assertEqual(self._take(status).events.move_id, twin)

    def test_a_credit_note_is_found_as_such(self):
        note = self._credit_note(self.invoice, 10)
        as_invoice = self._take(self._say(invoice=note)).events
        self._assert_waits(as_invoice, "no_invoice")
        status = self._say(invoice=note, document_type="381")
        self.assertEqual(self._take(status).events.move_id, note)

    def test_a_cancelled_invoice_gets_its_statuses(self):
        self.invoice.button_draft()
        self.invoice.button_cancel()
        event = self._take(self._say()).events
        self.assertEqual((event.state, event.move_id), ("assigned", self.invoice))

    def test_bills_of_vendors_are_none(self):
        bill = self._create_invoice(move_type="in_invoice", name="BILL-77")
        self._assert_waits(self._take(self._say(invoice=bill)).events, "no_invoice")

    def test_without_status_or_number_it_waits(self):
        self._assert_waits(
            self._take(self._say(code="", reason="")).events, "no_code", company=False
        )
        self._assert_waits(self._take(self._say(number="")).events, "no_number")

    # ------------------------------------------------------------------
    # LATER
    # ------------------------------------------------------------------

    def test_posting_the_invoice_gives_it_what_waits(self):
        draft = self._create_invoice(post=False)
        draft.name = "LATE/0001"
        event = self._take(self._say(invoice=draft)).events
        self._assert_waits(event, "draft")
        draft.action_post()
        self.assertEqual((event.state, event.move_id), ("assigned", draft))
        self.assertFalse(event.problem)

    def test_what_comes_while_an_invoice_is_reset_to_draft_waits_until_it_is_posted(
        self,
    ):
        before = self._take(self._say("205", "")).events
        self.invoice.button_draft()
        event = self._take(self._say()).events
        self._assert_waits(event, "draft")
        self.invoice.action_post()
        self.assertEqual(event.move_id, self.invoice)
        self.assertEqual(before.move_id, self.invoice)

    def test_an_accountant_without_rights_on_dunning_posts_it(self):
        draft = self._create_invoice(post=False)
        draft.name = "LATE/0002"
        event = self._take(self._say(invoice=draft)).events
        accountant = self._create_user(
            "clerk",
            "group_dunning_readonly",
            group_ids=[Command.set(self.env.ref("account.group_account_invoice").ids)],
        )
        draft.with_user(accountant).action_post()
        self.assertEqual(event.state, "assigned")

    def test_a_completed_company_gets_what_waits_when_asked(self):
        manager = self._create_user("boss", "group_dunning_manager")
        event = self._take(self._say(seller="111222333")).events.sudo(False)
        event.with_user(manager).action_retry()
        self.assertEqual(event.sudo().state, "waiting")
        self.company.company_registry = "111222333"
        event.with_user(manager).action_retry()
        self.assertEqual(event.sudo().move_id, self.invoice)

    def test_each_batch_of_newly_assigned_events_is_applied_once(self):
        applied = []
        events = self.registry["dunning.einvoice.event"]
        former = events._apply
        self.patch(events, "_apply", lambda own: (applied.append(own), former(own)))
        draft = self._create_invoice(post=False)
        draft.name = "LATE/0003"
        said = [self._say(), self._say("205", ""), self._say(invoice=draft)]
        new = self._take(*said).events
        self._take(*said)
        ready = new.filtered(lambda event: event.state == "assigned")
        self.assertEqual([set(own.ids) for own in applied if own], [set(ready.ids)])
        draft.action_post()
        self.assertEqual(applied[-1], new - ready)

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def _get_amount(self, code, kind, amount, invoice=None, **values):
        status = self._say(
            code,
            "AUTRE",
            invoice=invoice,
            amount_kind=kind,
            amount=Decimal(amount),
            currency="EUR",
            message=f"{kind}{amount}",
            **values,
        )
        event = self._take(status).events
        self.assertEqual(event.amount_stated, float(amount))
        self.assertEqual(event.amount_kind, kind)
        return event.amount

    def test_what_is_at_stake_is_what_was_not_approved(self):
        taxed = self._create_invoice(amount=1000)
        taxed.button_draft()
        taxed.invoice_line_ids.tax_ids = self.percent_tax(20)
        taxed.action_post()
        self.assertEqual(taxed.amount_total, 1200)
        for kind, stated, amount in (
            ("MNATTC", "120.00", 120),
            ("MAPTTC", "900.00", 300),
            ("MNA", "100.00", 120),
            ("MAP", "750.00", 300),
            ("MAPTTC", "5000.00", 0),
        ):
            self.assertEqual(self._get_amount("206", kind, stated, taxed), amount)
        self.assertEqual(self._get_amount("211", "MPA", "500.00", taxed), 500)

    def test_what_was_approved_is_worked_out_once_the_invoice_is_known(self):
        draft = self._create_invoice(amount=1000, post=False)
        draft.name = "LATE/0004"
        self.assertEqual(self._get_amount("206", "MAPTTC", "400.00", draft), 0)
        draft.action_post()
        event = self.events.sudo().search([("move_id", "=", draft.id)])
        self.assertEqual((event.amount, event.amount_stated), (600, 400))

    def test_why_it_waits_is_told_in_words_that_say_what_to_do(self):
        for kind, source, words in (
            ("unreadable", "file", "cannot be read as a status message"),
            ("no_code", "file", "names no status"),
            ("no_number", "file", "names no invoice"),
            ("no_seller", "file", "assign invoice TYPO-1 by hand"),
            ("unknown_seller", "file", "No company has the number 123:"),
            ("purchase", "file", "about a bill of a vendor: nothing is due"),
            ("draft", "file", "Invoice TYPO-1 is not posted"),
            ("untrusted", "file", "choose the company above"),
            ("untrusted", "mail", "from a sender who is not known"),
            ("taken_back", "file", "taken back from an invoice"),
            ("several", "file", "Several documents have the number TYPO-1"),
            ("unknown", "file", "There is no invoice TYPO-1 of this seller"),
        ):
            with self.subTest(kind=kind, source=source):
                values = {"number": "TYPO-1", "seller": "123", "source": source}
                event = self.events.new(values | {"problem_kind": kind})
                self.assertIn(words, event._tell_problem())

    def test_why_a_document_cannot_be_read_is_told(self):
        for problem, words in (
            ("size", "larger than any message: split it"),
            ("doctype", "what no message of a platform has"),
            ("depth", "what no message of a platform has"),
            ("nodes", "what no message of a platform has"),
            ("kind", "no status of an invoice"),
            ("empty", "It names no invoice."),
            ("zip", "broken, encrypted or too large"),
            ("syntax", "no XML, or a part of it is missing"),
        ):
            with self.subTest(problem=problem):
                self.assertIn(words, self.events._tell_unreadable(problem))
        good = Document("good.xml", write_cdar([self._say()]))
        bad = Document("bad.zip", b"PK\x03\x04 and no more")
        receipt = self.events._receive_all([bad, good], "file")
        self.assertEqual(receipt.refused, [(bad, "zip")])
        self.assertEqual(receipt.events.move_id, self.invoice)

    def test_what_is_put_aside_is_not_looked_at_first(self):
        for state, doubted in (("ignored", False), ("assigned", True)):
            vals = {"state": state, "move_id": self.invoice.id, "code": "205"}
            found = self.events._prepare_doubt(vals)
            doubt = {"state": "waiting", "move_id": False, "problem_kind": "untrusted"}
            self.assertEqual(found, vals | doubt if doubted else vals)

    # ------------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------------

    def _decide(self, events, user=None, **values):
        dialog = self.env["dunning.einvoice.decision"].with_user(user or self.collector)
        return dialog.create({"event_ids": [Command.set(events.ids)], **values})

    def test_a_collector_assigns_what_waits(self):
        event = self._take(self._say(number="TYPO-1")).events
        self._decide(event, move_id=self.invoice.id).action_apply()
        self.assertEqual((event.state, event.move_id), ("assigned", self.invoice))
        self.assertEqual(event.number, "TYPO-1")

    def test_a_collector_ignores_what_waits_and_says_why(self):
        event = self._take(self._say(number="TYPO-1")).events
        with self.assertRaisesRegex(UserError, "Say why"):
            self._decide(event, decision="ignore", reason=" ").action_apply()
        self._decide(event, decision="ignore", reason="A test").action_apply()
        self.assertEqual((event.state, event.ignored_reason), ("ignored", "A test"))
        # It can still be assigned, and posting changes nothing of it by itself.
        self._decide(event, move_id=self.invoice.id).action_apply()
        self.assertEqual((event.state, event.ignored_reason), ("assigned", False))

    def test_what_has_its_invoice_is_not_decided_again(self):
        event = self._take(self._say()).events
        other = self._create_invoice()
        with self.assertRaisesRegex(UserError, "already"):
            self._decide(event, move_id=other.id).action_apply()

    def test_what_is_of_one_company_is_not_assigned_to_an_invoice_of_another(self):
        event = self._take(self._say(number="TYPO-1")).events
        other = self._create_second_company()
        self.collector.company_ids |= other
        dialog = self._decide(event, move_id=self.invoice.id).with_context(
            allowed_company_ids=(self.company | other).ids
        )
        # Meanwhile it was found out who sold.
        event.sudo().company_id = other
        with self.assertRaisesRegex(UserError, f"is about an invoice of {other.name}"):
            dialog.action_apply()
        self.assertFalse(event.move_id)
        event.sudo().company_id = self.company
        dialog.action_apply()
        self.assertEqual(event.move_id, self.invoice)

    def test_what_names_no_status_is_assigned_to_no_invoice(self):
        event = self._take(self._say("", "", number="TYPO-1")).events
        manager = self._create_user("chief", "group_dunning_manager")
        with self.assertRaisesRegex(UserError, "names no status"):
            self._decide(event, manager, move_id=self.invoice.id).action_apply()

    def test_only_a_posted_invoice_of_the_seller_can_be_chosen(self):
        event = self._take(self._say(number="TYPO-1")).events
        draft = self._create_invoice(post=False)
        entry = self._create_entry()
        for move in (draft, entry, self.invoice.browse()):
            with self.assertRaises(UserError):
                self._decide(event, move_id=move.id).action_apply()
        other = self._create_second_company()
        foreign = self._create_invoice(company=other)
        manager = self._create_user(
            "both",
            "group_dunning_manager",
            company_ids=[Command.set((self.company | other).ids)],
        )
        with self.assertRaisesRegex(UserError, "belongs to another company"):
            self._decide(
                event,
                manager.with_context(allowed_company_ids=(self.company | other).ids),
                move_id=foreign.id,
            ).action_apply()

    def test_an_invoice_is_chosen_for_what_names_no_seller(self):
        status = self._say()
        event = self._take(status.__class__(**(vars(status) | {"sellers": ()}))).events
        manager = self._create_user("chief", "group_dunning_manager")
        self._decide(event, manager, move_id=self.invoice.id).action_apply()
        self.assertEqual(event.move_id, self.invoice)

    def test_buyers_words_come_with_it(self):
        status = self._say(text="Line one\nLine two")
        self.assertEqual(self._take(status).events.reason_text, "Line one\nLine two")
        self.assertEqual(self._take(status).events.buyer, BUYER)
