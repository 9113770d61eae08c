from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestDisputeAnswer(AnswerCommon):
    """What a collector answers about a dispute is read by the customer, and nothing
    else is."""

    def setUp(self):
        super().setUp()
        request = self._ask(
            "dispute",
            {
                "item_ids": self.item.ids,
                "reason_id": self.reason.id,
                "text": "The price is wrong",
            },
        )
        self.dispute = request.dispute_id.sudo(False).with_user(self.collector)
        self.base = f"/my/dunning/{self.company.id}"

    def _answer(self, text="Please send us your order", waits=False):
        """Answer as the dialog does.

        :return: the e-mails that left
        """
        dialog = self.env["dunning.dispute.answer.dialog"].with_user(self.collector)
        with self.mock_mail_gateway():
            dialog.with_context(active_id=self.dispute.id).create(
                {"text": text, "waits": waits}
            ).action_apply()
        self.env.flush_all()
        return self._mails

    def test_the_answer_is_on_the_page_and_comes_by_email(self):
        [mail] = self._answer()
        self.assertEqual(mail["email_to"], ["visited.customer@example.com"])
        self.assertIn("Please send us your order", mail["body"])
        self.assertIn(self.item.move_id.name, mail["subject"])
        self.assertIn("/dunning/", mail["body"])
        self.assertIn("dunning_collector@example.com", mail["reply_to"])
        self._log_in()
        shown = self.url_open(f"{self.base}/dispute/{self.dispute.id}").text
        self.assertIn("Please send us your order", shown)
        self.assertIn("dunning_collector", shown)
        self.assertIn("We have answered you", self.url_open(self.base).text)

    def test_where_no_links_are_sent_the_email_leads_to_the_account(self):
        company_sudo = self.company.sudo()  # Collectors have no settings.
        company_sudo.dunning_portal_days = 0
        [mail] = self._answer()
        self.assertIn(self.base, mail["body"])

    def test_an_answer_whose_button_is_pressed_twice_leaves_once(self):
        dialog = self.env["dunning.dispute.answer.dialog"].with_user(self.collector)
        dialog = dialog.create({"dispute_id": self.dispute.id, "text": "Look"})
        with self.mock_mail_gateway():
            dialog.action_apply()
            with self.assertRaises(UserError):
                dialog.action_apply()
        self.assertEqual(len(self._mails), 1)

    def test_each_dispute_has_a_page_of_its_own(self):
        item = self._create_item()
        values = {"item_ids": item.ids, "reason_id": self.reason.id, "text": "Late"}
        second = self._ask("dispute", values).dispute_id
        self._log_in()
        numbers = [self.item.move_id.name, item.move_id.name]
        for dispute, (own, other) in (
            (self.dispute, numbers),
            (second, numbers[::-1]),
        ):
            answer = self.url_open(f"{self.base}/dispute/{dispute.id}")
            self.assertEqual(answer.status_code, 200)
            self.assertIn(own, answer.text)
            self.assertNotIn(other, answer.text)

    def test_what_people_note_is_not_on_the_page(self):
        self._answer()
        self.dispute.message_post(body="Let us not tell him")
        self.dispute.description = "<p>Secret thought</p>"
        self._log_in()
        for path in (self.base, f"{self.base}/dispute/{self.dispute.id}"):
            shown = self.url_open(path).text
            self.assertNotIn("Let us not tell him", shown)
            self.assertNotIn("Secret thought", shown)

    def test_what_is_written_is_shown_as_text(self):
        [mail] = self._answer("<b>No</b>")
        self.assertIn("&lt;b&gt;No", mail["body"])
        self._log_in()
        shown = self.url_open(f"{self.base}/dispute/{self.dispute.id}").text
        self.assertIn("&lt;b&gt;No", shown)

    def test_an_answer_takes_the_dispute_up_or_waits_for_the_customer(self):
        self.assertEqual(self.dispute.state, "new")
        self._answer()
        self.assertEqual(self.dispute.state, "in_process")
        self._answer(waits=True)
        self.assertEqual(self.dispute.state, "waiting_customer")

    def test_the_last_word_is_the_customers_again_once_it_answers(self):
        self._answer(waits=True)
        self.dispute.sudo().answer_ids.date = "2020-01-01"
        self._log_in()
        self._fill(f"{self.base}/dispute/{self.dispute.id}", text="Here it is")
        self.env.invalidate_all()
        self.assertEqual(self.dispute.state, "in_process")
        self.assertNotIn("We have answered you", self.url_open(self.base).text)

    def test_without_an_address_it_stands_on_the_page_alone(self):
        self.customer.email = False
        self.assertFalse(self._answer())
        self.assertFalse(self.dispute.answer_ids.address)
        self._log_in()
        shown = self.url_open(f"{self.base}/dispute/{self.dispute.id}").text
        self.assertIn("Please send us your order", shown)

    def test_the_email_speaks_the_language_of_the_customer(self):
        self._speak_french("portal_dispute_mail")
        [mail] = self._answer()
        self.assertIn("Bonjour", mail["body"])

    def test_it_stands_in_the_timeline_with_who_answered(self):
        self._answer()
        partner = self.customer.with_user(self.collector)
        entries = partner.dunning_get_timeline()["entries"]
        told = next(e for e in entries if e["key"].startswith("dispute_answer"))
        self.assertEqual(told["text"], "Please send us your order")
        self.assertEqual(told["who"], "dunning_collector")
        self.assertEqual((told["model"], told["res_id"]), self._get_opened())

    def _get_opened(self):
        return ("dunning.dispute", self.dispute.id)

    def test_an_answer_stays_as_it_was_given(self):
        self._answer()
        with self.assertRaises(AccessError):
            self.dispute.answer_ids.text = "Something else"
        with self.assertRaises(AccessError):
            self.dispute.answer_ids.unlink()

    def test_neither_nothing_nor_about_a_closed_dispute(self):
        with self.assertRaisesRegex(UserError, "is to read"):
            self._answer("  ")
        self.dispute.action_cancel("Settled")
        with self.assertRaisesRegex(UserError, "closed"):
            self._answer()

    def test_only_who_may_change_disputes_answers(self):
        auditor = self._create_user("dunning_auditor", "readonly")
        with self.assertRaises(AccessError):
            self.dispute.with_user(auditor)._answer("Hello")
