from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.models.answer import dunning_portal_act_invoice
from odoo.addons.account_dunning.models.portal import dunning_portal_attempt

from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestInvoiceMail(AnswerCommon):
    """Invoices that the customer has not got are sent by one click."""

    def setUp(self):
        super().setUp()
        self._give_pdf(self.item)

    def _give_pdf(self, items):
        for move in items.move_id:
            move.invoice_pdf_report_file = b"JVBERi0xLjQK"
            move.invalidate_recordset(["invoice_pdf_report_id"])

    def _click(self, base, items, **values):
        """Click on the button of a comparison.

        :return: what is answered
        """
        shown = self._fill(
            f"{base}/compare",
            files=[("ledger.csv", b"Invoice;Amount\nOTHER/1;5.00\n", "file")],
        )
        self.assertIn(f'action="{base}/send"', shown.text)
        for item in items:
            self.assertIn(f'name="item_ids" value="{item.id}"', shown.text)
        with self.mock_mail_gateway():
            answer = self._fill(f"{base}/send", item_ids=items.ids, **values)
        return answer

    def test_one_click_sends_the_invoice_to_the_address_that_is_known(self):
        answer = self._click(self._log_in(), self.item)
        self.assertIn("We have sent it to v", answer.text)
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ["visited.customer@example.com"])
        self.assertIn(self.item.move_id.name, mail["subject"])
        self.assertIn(self.item.move_id.name, mail["body"])
        self.assertEqual(len(mail["attachments"]), 1)
        self.assertEqual(
            mail["attachments"][0][0], self.item.move_id.invoice_pdf_report_id.name
        )
        [request] = self._get_requests("invoice")
        self.assertEqual((request.state, request.decision), ("done", "none"))
        self.assertEqual(request.user_id, self.visitor)
        self.assertFalse(self.customer.activity_ids)

    def test_by_a_link_it_goes_to_that_address_without_a_confirmation(self):
        answer = self._click(self._enter(), self.item)
        self.assertIn("We have sent it to v", answer.text)
        self.assertNotIn("visited.customer@example.com", answer.text)
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ["visited.customer@example.com"])
        self.assertEqual(self._get_requests("invoice").state, "done")

    def test_several_invoices_come_in_one_email(self):
        other = self._create_item(amount=80)
        self._give_pdf(other)
        items = self.item | other
        self._click(self._log_in(), items)
        [mail] = self._mails
        self.assertEqual(len(mail["attachments"]), 2)

    def test_the_email_speaks_the_language_of_the_customer(self):
        self._speak_french("portal_invoice_mail")
        with self.mock_mail_gateway():
            self._ask("invoice", {"item_ids": self.item.ids})
        [mail] = self._mails
        self.assertIn("Bonjour", mail["body"])

    def test_it_stands_in_the_timeline(self):
        self._ask("invoice", {"item_ids": self.item.ids})
        partner = self.customer.with_user(self.collector)
        entries = partner.dunning_get_timeline()["entries"]
        told = next(e for e in entries if e["key"].startswith("portal_request"))
        self.assertIn(self.item.move_id.name, told["text"])
        self.assertIn("visited.customer@example.com", told["text"])

    def test_a_form_that_is_sent_twice_sends_one_email(self):
        base = self._log_in()
        with self.mock_mail_gateway():
            for _time in range(2):
                self._post(f"{base}/send", item_ids=self.item.ids, once="same")
        self.assertEqual(len(self._mails), 1)

    def test_who_asks_too_often_has_to_wait_logged_in_or_not(self):
        self.patch(dunning_portal_attempt, "MOST_MAILS", 1)
        base = self._log_in()
        with self.mock_mail_gateway():
            answers = [
                self._fill(f"{base}/send", item_ids=self.item.ids) for _time in range(2)
            ]
        self.assertEqual(answers[1].status_code, 429)
        self.assertEqual(len(self._mails), 1)

    def test_items_of_others_and_too_many_are_refused_beside_the_field(self):
        foreign = self._create_item(self.other)
        problems = self._get_problems("invoice", {"item_ids": foreign.ids})
        self.assertEqual(set(problems), {"item_ids"})
        self.assertEqual(
            set(self._get_problems("invoice", {"item_ids": []})), {"item_ids"}
        )
        self.patch(dunning_portal_act_invoice, "MOST_INVOICES", 1)
        items = self.item | self._create_item(amount=80)
        problems = self._get_problems("invoice", {"item_ids": items.ids})
        self.assertIn("at most", problems["item_ids"])

    def test_invoices_that_cannot_be_made_or_sent_together_are_not(self):
        items = self.item | self._create_item(amount=80)
        names = ", ".join(items.move_id.mapped("name"))
        move = self.registry["account.move"]
        problems = dict.fromkeys(items.move_id, "No layout")
        with (
            patch.object(move, "_dunning_make_pdfs", lambda _self: problems),
            self.assertRaisesRegex(UserError, f"^We cannot send {names} by e-mail now"),
        ):
            self._ask("invoice", {"item_ids": items.ids})
        self._give_pdf(items)
        self.company.dunning_attachment_size = 1
        half = dunning_portal_act_invoice.MEGABYTE // 2
        self._set_size(items[0], half)
        self._set_size(items[1], half + 1)
        with self.assertRaisesRegex(UserError, "^These invoices are too large for one"):
            self._ask("invoice", {"item_ids": items.ids})
        self._set_size(items[1], half)
        with self.mock_mail_gateway():
            self._ask("invoice", {"item_ids": items.ids})
            self._set_size(items[0], 9 * half)
            self._ask("invoice", {"item_ids": items[0].ids})
        self.assertEqual(len(self._mails), 2)

    def _set_size(self, item, size):
        """Say that the PDF of an invoice is so large, without making it so."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_attachment SET file_size = %s WHERE id = %s",
            [size, item.move_id.invoice_pdf_report_id.id],
        )
        self.env.invalidate_all()

    def test_what_has_no_pdf_and_who_has_no_address_is_told(self):
        balance = self._create_opening_balance()
        problems = self._get_problems("invoice", {"item_ids": balance.ids})
        self.assertIn("no invoices", problems["item_ids"])
        self.customer.email = False
        problems = self._get_problems("invoice", {"item_ids": self.item.ids})
        self.assertIn("no e-mail address", problems["item_ids"])
