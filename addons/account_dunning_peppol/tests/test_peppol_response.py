from odoo.tests import new_test_user, tagged

from odoo.addons.account_dunning.demo.einvoice_messages import write_cdar, write_peppol
from odoo.addons.account_dunning.tests.einvoice.common_einvoice import EinvoiceCommon


@tagged("post_install", "-at_install")
class TestPeppolResponse(EinvoiceCommon):
    """What buyers answer through Odoo's access point steers dunning."""

    def _store(self, content, name="lifecycle.xml", move=None):
        """Store a message as Odoo does."""
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/xml",
                "res_model": "account.move",
                "res_id": (move or self.invoice).id,
            }
        )

    def _answer(self, code, move=None, **values):
        """Keep an answer as Odoo does, and return what dunning knows since."""
        events = self.events.sudo()
        before = events.search([])
        response = self.env["account.peppol.response"].create(
            {
                "peppol_message_uuid": f"uuid-{len(before)}",
                "response_code": code,
                "peppol_state": "done",
                "move_id": (move or self.invoice).id,
                **values,
            }
        )
        self.assertTrue(response)
        return events.search([]) - before

    def test_the_stored_document_is_read(self):
        status = self._say("207", "QTE_ERR", text="Two boxes are missing")
        self._store(b"<Invoice/>", "invoice.xml")
        self._store(write_cdar([status]))
        event = self._answer("contested", pdp_flow_number="2")
        self.assertRecordValues(
            event,
            [
                {
                    "state": "assigned",
                    "source": "peppol",
                    "code": "207",
                    "reason_codes": "QTE_ERR",
                    "reason_text": "Two boxes are missing",
                    "move_id": self.invoice.id,
                }
            ],
        )
        self.assertEqual(event.attachment_id.name, "lifecycle.xml")
        # A platform that sends it beside says nothing new.
        self.assertFalse(self._take(status).new_ids)

    def test_a_response_of_peppol_is_read(self):
        self._store(write_peppol(self._say("210", "UNR"), "RE"), "response.xml")
        event = self._answer("RE")
        self.assertEqual((event.code, event.reason_codes), ("210", "UNR"))

    def test_without_a_document_the_fields_are_told(self):
        for code, neutral in (
            ("AB", "202"),
            ("AP", "205"),
            ("RE", "210"),
            ("PD", "211"),
        ):
            event = self._answer(code)
            self.assertEqual((event.code, event.move_id), (neutral, self.invoice))
            self.assertFalse(event.attachment_id)

    def test_the_same_code_means_something_else_for_french_platforms(self):
        for code, neutral in (("RE", "213"), ("PD", "212"), ("refused", "210")):
            event = self._answer(
                code,
                pdp_flow_number="2",
                pdp_issue_date="2026-11-02 08:30:00",
                pdp_status_info="[AUTRE] See our letter",
            )
            self.assertEqual(event.code, neutral)
            self.assertEqual(event.reason_text, "[AUTRE] See our letter")
            self.assertEqual(str(event.date), "2026-11-02 08:30:00")

    def test_what_the_tax_authority_says_is_no_answer_of_the_buyer(self):
        for flow in ("1", "6", "10"):
            self.assertFalse(self._answer("refused", pdp_flow_number=flow))

    def test_answers_to_vendors_are_none_of_dunning(self):
        bill = self._create_invoice(move_type="in_invoice")
        self.assertFalse(self._answer("RE", bill))

    def test_what_is_under_way_waits_until_it_has_arrived(self):
        events = self.events.sudo()
        self.assertFalse(self._answer("AP", peppol_state="processing"))
        response = self.invoice.peppol_response_ids
        response.peppol_state = "error"
        self.assertFalse(events.search([]))
        response.peppol_state = "done"
        self.assertEqual(events.search([]).code, "205")
        response.peppol_state = "done"
        self.assertEqual(len(events.search([])), 1)

    def test_odoo_knows_the_invoice_whose_number_was_changed(self):
        self._store(write_cdar([self._say("207", number="OLD/1")]))
        event = self._answer("contested", pdp_flow_number="2")
        self.assertEqual((event.state, event.move_id), ("assigned", self.invoice))

    def test_what_others_have_attached_to_the_invoice_is_not_believed(self):
        forged = write_cdar([self._say("210", "UNR")])
        portal = new_test_user(
            self.env(context={"no_reset_password": True}),
            "peppol_customer",
            "base.group_portal",
        )
        # By an e-mail to the invoice, on the customer's portal, and on neither: as the
        # mail server writes it.
        invoice_sudo = self.invoice.sudo()
        for values in (
            {"message_type": "email", "author_id": self.customer.id},
            {"message_type": "comment", "author_id": portal.partner_id.id},
        ):
            invoice_sudo.message_post(
                body="See our answer",
                attachments=[("answer.xml", forged)],
                **values,
            )
        self.env["ir.attachment"].sudo().with_user(portal).sudo().create(
            {
                "name": "answer.xml",
                "raw": forged,
                "res_model": "account.move",
                "res_id": self.invoice.id,
            }
        )
        event = self._answer("AP")
        self.assertEqual((event.code, event.reason_codes), ("205", False))
