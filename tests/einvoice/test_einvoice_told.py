import io
import zipfile

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..einvoice_effects import EinvoiceCommon


@tagged("post_install", "-at_install")
class TestEinvoiceTold(EinvoiceCommon):
    """Where it is told what buyers say: texts, calls, history, proof, lists."""

    def _get_text(self, action):
        return str(action.items_table)

    # ------------------------------------------------------------------
    # REMINDERS AND CALLS
    # ------------------------------------------------------------------

    def test_a_reminder_repeats_the_buyers_own_words(self):
        other = self._create_invoice(due=-30, amount=50)
        self._say("207", "PU_ERR", text="Price of 2025", invoice=other, day=-8)
        self._say("205", day=-9)
        action = self._run(0).action_ids
        text = self._get_text(action)
        self.assertIn("reported a dispute", text)
        self.assertIn("“Price of 2025”", text)
        self.assertIn(other.name, text)
        self.assertIn(f"You approved {self.invoice.name}", text)
        self.assertNotIn(self._items(other), action.line_ids.move_line_id)

    def test_a_french_customer_is_told_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self._say("207", "PU_ERR", amount=100, day=-8)
        action = self._run(0).action_ids.with_context(lang="fr_FR")
        self.assertIn("vous avez signalé un litige", self._get_text(action))

    def test_a_payment_that_was_announced_and_did_not_come_is_told(self):
        self._say("211", day=-1, paid=0, amount=1000)
        action = self._run(7).action_ids
        self.assertIn("announced a payment", self._get_text(action))

    def test_a_payment_that_may_still_come_is_not_told(self):
        self._say("211", day=-1, paid=0, amount=300)
        action = self._run(1).action_ids
        self.assertIn(self.item, action.line_ids.move_line_id)
        self.assertNotIn("announced a payment", self._get_text(action))
        matter = self._get_matters(topic="payment")
        words = matter._get_effect()._get_words
        self._get_promises().with_user(self.collector).action_withdraw("Not true")
        # The day after it was to be sent, it may be on its way.
        self.assertFalse(words(matter))
        self._go_to(2)
        self.assertIn("has not reached us", words(matter))

    def test_of_what_is_not_claimed_it_is_told_why(self):
        for code, reason, amount, told in (
            ("206", "LIVR_INCOMP", 400, "you approved a part of {}"),
            ("206", "LIVR_INCOMP", 0, "you approved a part of {}"),
            ("210", "DOUBLON", 0, "you refused {}"),
            ("208", "JUSTIF_ABS", 0, "something is missing for {}"),
        ):
            with self.subTest(code=code, amount=amount):
                customer = self._create_customer(f"Buyer {code} {amount}")
                other = self._create_invoice(customer, due=-30, amount=50)
                invoice = self._create_invoice(customer, due=-40, amount=1000)
                self._say(code, reason, invoice=invoice, amount=amount, day=-8)
                self._run(0)
                action = self._actions(customer)
                self.assertIn(self._items(other), action.line_ids.move_line_id)
                self.assertIn(told.format(invoice.name), self._get_text(action))

    def test_of_what_was_resumed_it_is_not_told_that_it_is_not_claimed(self):
        self._create_invoice(due=-30, amount=50)
        self._say("208", "JUSTIF_ABS", day=-8)
        matter = self._get_matters(topic="suspension")
        matter.with_user(self.collector).action_resume()
        action = self._run(0).action_ids
        self.assertNotIn("something is missing", self._get_text(action))

    def test_only_of_what_is_listed_it_is_told_that_it_was_approved(self):
        other = self._create_invoice(due=30, amount=50)
        self._say("205", invoice=other, day=-8)
        action = self._run(0).action_ids
        self.assertNotIn(other.name, self._get_text(action))

    def test_what_has_become_of_what_was_said_is_told(self):
        self._say("207", "PU_ERR", day=-8)
        contest = self._get_matters(topic="contest")
        dispute = self._get_dispute()
        self.assertEqual(contest.action_open_made()["res_id"], dispute.id)
        self._say("205", day=-5)
        ended = "Holds no more: what was said later counts."
        self.assertEqual(contest._tell_matter(), ended)
        self._say("211", day=-1, paid=0, amount=300)
        payment = self._get_matters(topic="payment")
        made = payment.action_open_made()
        self.assertEqual(made["res_model"], "dunning.promise")
        self.assertEqual(made["res_id"], self._get_promises().id)
        approval = self._get_matters(topic="approval")
        with self.assertRaisesRegex(UserError, "^Nothing was made of it"):
            approval.action_open_made()

    def test_what_holds_no_more_is_not_told(self):
        self._say("207", "PU_ERR", day=-8)
        self._say("204", day=-7)
        self._say("205", day=-5)
        action = self._run(0).action_ids
        self.assertNotIn("dispute", self._get_text(action))

    def test_the_words_of_a_buyer_are_no_page(self):
        self._say("207", "PU_ERR", text="<script>alert(1)</script>", amount=5)
        action = self._run(0).action_ids
        self.assertNotIn("<script>", self._get_text(action))

    def test_the_script_of_a_call_answers_did_not_get_it(self):
        self._say("203", day=-30)
        self._say("207", "PU_ERR", amount=100, day=-8)
        call = self._plan_call()
        self.assertIn("proves that it was received", call.script)
        self.assertIn("reported a dispute", call.script)
        dialog = self.env["dunning.call.outcome"].new(
            {"action_id": call.id, "outcome": "not_received"}
        )
        self.assertIn(self.invoice.name, dialog.receipt_text)

    def _plan_call(self):
        self._set_levels([("Call", 5, {"channel": "call", "execution": "manual"})])
        return self._run(0).action_ids

    # ------------------------------------------------------------------
    # HISTORY AND PROOF
    # ------------------------------------------------------------------

    def test_the_timeline_shows_each_status_on_its_own_date(self):
        self._say("203", day=-30)
        self._say("207", "PU_ERR", text="Too much", day=-8)
        customer = self.customer.with_user(self.collector)
        entries = customer.dunning_get_timeline()["entries"]
        told = [entry for entry in entries if entry["key"].startswith("einvoice")]
        self.assertEqual([x["channel"] for x in told], ["In dispute", "Made available"])
        self.assertIn("Too much", told[0]["text"])
        only = customer.dunning_get_timeline("einvoice")["entries"]
        self.assertEqual(len(only), 2)

    def test_the_timeline_shows_what_is_said_to_the_company_it_is_read_in(self):
        other = self._create_second_company()
        theirs = self._create_invoice(due=-20, company=other)
        self._say("203", day=-30)
        self._say("203", day=-10, invoice=theirs)
        for company in (self.company, other):
            customer = self.customer.with_company(company)
            entries = customer.dunning_get_timeline("einvoice")["entries"]
            self.assertEqual(len(entries), 1)

    def test_a_proof_file_has_what_the_buyer_said(self):
        event = self._say("203", day=-30)
        document = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "status.xml",
                    "raw": b"<Message/>",
                    "res_model": event._name,
                    "res_id": event.id,
                }
            )
        )
        event.sudo().attachment_id = document
        proofs = self.env["dunning.proof"].with_user(self.collector)
        proofs._ask_for(self.customer, self.invoice)
        proof = self.env["dunning.proof"].search([], limit=1)
        target, _name = proof.with_user(self.collector)._make()
        with zipfile.ZipFile(io.BytesIO(target.read())) as package:
            names = [name for name in package.namelist() if "e-invoice" in name]
            self.assertEqual(len(names), 1)
            self.assertEqual(package.read(names[0]), b"<Message/>")

    def test_a_proof_file_has_nothing_of_invoices_it_is_not_about(self):
        event = self._say("203", day=-30)
        other = self._create_invoice(due=-20)
        insolvency = self.env["dunning.litigation"].create(
            {
                "partner_id": self.customer.id,
                "kind": "insolvency",
                "date_published": self.today,
            }
        )
        self.assertFalse(insolvency.move_ids)
        proofs = self.env["dunning.proof"]
        for about, found in (
            ({}, event),
            ({"move": self.invoice}, event),
            ({"move": other}, event.browse()),
            ({"litigation": insolvency}, event.browse()),
        ):
            proofs.with_user(self.collector)._ask_for(self.customer, **about)
            with self.subTest(about=about):
                self.assertEqual(proofs.search([], limit=1)._find_events(), found)

    # ------------------------------------------------------------------
    # LISTS AND FIGURES
    # ------------------------------------------------------------------

    def test_invoices_and_items_are_found_and_grouped_by_the_buyers_status(self):
        other = self._create_invoice(due=-20)
        self._say("207", "PU_ERR")
        moves = self.env["account.move"].with_user(self.collector)
        own = [("id", "in", (self.invoice + other).ids)]
        contested = [*own, ("dunning_einvoice_status", "=", "207")]
        self.assertEqual(moves.search(contested), self.invoice)
        unset = [*own, ("dunning_einvoice_status", "=", False)]
        self.assertEqual(moves.search(unset), other)
        groups = dict(moves._read_group(own, ["dunning_einvoice_status"], ["__count"]))
        self.assertEqual(groups, {"207": 1, False: 1})
        items = self.env["dunning.item"].with_user(self.collector)
        self.assertEqual(
            items.search([("einvoice_status", "=", "207")]).move_id, self.invoice
        )
        groups = items._read_group(
            [("partner_id", "=", self.customer.id)], ["einvoice_status"], ["__count"]
        )
        self.assertEqual(dict(groups), {"207": 1, False: 1})

    def test_reasons_of_buyers_are_counted_with_the_time_until_settled(self):
        self._say("207", "PU_ERR", "QTE_ERR", amount=300, day=-10)
        self._say("210", day=-8, invoice=self._create_invoice(due=-20, amount=80))
        answers = self.env["dunning.einvoice.answer"].with_user(self.collector)
        found = answers.search([], order="buyer_reason nulls last")
        self.assertEqual(
            found.mapped(lambda x: (x.buyer_reason, x.amount, x.is_open)),
            [("PU_ERR", 150, True), ("QTE_ERR", 150, True), (False, 80, True)],
        )
        self.assertAlmostEqual(found[0].days, 10.08, 1)
        self._pay(self.invoice, date=0)
        answers.invalidate_model()
        found = answers.search([("code", "=", "207")])
        self.assertEqual(set(found.mapped("date_settled")), {self.today})

    def test_reasons_of_buyers_are_grouped_by_code_and_words(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._say("207", "PU_ERR", amount=300, day=-10)
        self._say("207", "ZZ_NEW", invoice=self._create_invoice(due=-20), day=-8)
        self._say("210", day=-8, invoice=self._create_invoice(due=-20))
        answers = self.env["dunning.einvoice.answer"].with_user(self.collector)
        for lang, words in (("en_US", "Unit price wrong"), ("fr_FR", "Prix unitaire")):
            spoken = answers.with_context(lang=lang)
            groups = dict(spoken._read_group([], ["reason_name"], ["__count"]))
            self.assertEqual(sorted(filter(None, groups))[1], "ZZ_NEW")
            self.assertIn(False, groups)
            name = sorted(filter(None, groups))[0]
            self.assertIn("PU_ERR – " + words, name)
            found = spoken.search([("reason_name", "ilike", words)])
            self.assertEqual(found.buyer_reason, "PU_ERR")

    def test_a_status_that_came_too_late_was_settled_when_it_was_overtaken(self):
        self._say("205", day=-5)
        self._say("207", "PU_ERR", day=-8)
        found = self.env["dunning.einvoice.answer"].search([])
        self.assertFalse(found.is_open)
        self.assertEqual(found.days, 3)
