from odoo.tests import tagged

from ..portal.common_portal import TOKEN
from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestAnswerTours(AnswerCommon):
    """What customers do on their page, and what collectors do about it, in a real
    browser and in both languages."""

    def setUp(self):
        super().setUp()
        self._create_item(amount=600, days=20)

    def _speak(self, lang):
        self.env["res.lang"]._activate_lang(lang)
        (self.customer | self.contact | self.collector.partner_id).lang = lang

    def _play(self, act, login=True):
        """Play a visitor's act.

        :return: the request that it makes
        """
        tour = f"dunning_answer_{act}"
        if login:
            path = f"/my/dunning/{self.company.id}"
            self.start_tour(path, tour, login="dunning_visitor")
        else:
            self.start_tour(self._get_link(), tour)
        self.env.invalidate_all()
        return self.env["dunning.portal.request"].search([], limit=1)

    def _decide(self, tour):
        action = self.env.ref("account_dunning.action_portal_request")
        self.start_tour(
            f"/odoo/action-{action.id}",
            f"dunning_answer_{tour}",
            login=self.collector.login,
        )
        self.env.invalidate_all()

    def _open_as_collector(self, record, tour):
        """Play what a collector does on the form of a record."""
        self.start_tour(
            f"/odoo/{record._name}/{record.id}",
            f"dunning_answer_{tour}",
            login=self.collector.login,
        )
        self.env.invalidate_all()

    def test_who_has_no_answers_of_his_own_sees_those_of_all(self):
        asked = self._ask("details", {"details": {"email": "new@example.com"}})
        self.assertEqual(asked.responsible_id, self.collector)
        action = self.env.ref("account_dunning.action_portal_request")
        self.start_tour(
            f"/odoo/action-{action.id}",
            "dunning_answers_of_all",
            login=self.manager.login,
        )

    def _answer_all(self):
        """Each act by somebody who is logged in, and the collector's side."""
        paid = self._play("paid")
        self.assertTrue(paid.hold_id)
        self.assertEqual(paid.attachment_ids.name, "proof.pdf")
        self._decide("accepted")
        self.assertEqual(paid.decision, "accepted")
        self.assertEqual(paid.action_id.state, "done")
        promised = self._play("promise")
        promise = promised.promise_id
        self.assertEqual(len(promise.line_ids), 2)
        self._open_as_collector(promised, "follows")
        promise.action_withdraw("Played")
        dispute = self._play("dispute").dispute_id
        self.assertEqual(dispute.amount, 100)
        self.assertTrue(dispute.activity_ids)
        self._open_as_collector(dispute, "replied")
        self.assertEqual(dispute.state, "waiting_customer")
        self._play("follow")
        self.assertEqual(dispute.state, "in_process")
        self.assertEqual(len(dispute.document_ids.attachment_ids), 2)
        details = self._play("details")
        self._decide("refused")
        self.assertEqual(details.decision_note, "Please call us")
        self._play("compare")
        self._check_sent()

    def _check_sent(self, login=True):
        """Have an invoice sent from a comparison."""
        items = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.customer.id),
                ("display_type", "=", "payment_term"),
            ]
        )
        items.move_id.invoice_pdf_report_file = b"JVBERi0xLjQK"
        with self.mock_mail_gateway():
            request = self._play("send", login)
        self.assertEqual((request.kind, request.state), ("invoice", "done"))
        [mail] = self._mails
        self.assertEqual(mail["email_to"], [request.address])
        self.assertTrue(mail["attachments"])

    def test_answers_after_login_in_english(self):
        self._speak("en_US")
        self._answer_all()

    def test_answers_after_login_in_french(self):
        self._speak("fr_FR")
        self._answer_all()

    def _answer_by_link(self):
        """Each act by a link: nothing is done before it is confirmed, in the browser,
        from the e-mail."""
        for act in ("paid", "promise", "dispute", "follow", "details"):
            with self.mock_mail_gateway():
                request = self._play(act, login=False)
            kind = {"follow": "dispute_reply"}.get(act, act)
            self.assertEqual((request.kind, request.state), (kind, "waiting"))
            self.assertFalse(request.responsible_id)
            [mail] = self._mails
            self.assertEqual(mail["email_to"], [request.address])
            with self.mock_mail_gateway():
                self.start_tour(TOKEN.search(mail["body"])[0], "dunning_answer_confirm")
            self.env.invalidate_all()
            self.assertEqual(request.state, "done")
            request.promise_id.action_withdraw("Played")
            if act == "dispute":
                with self.mock_mail_gateway():
                    request.dispute_id.with_user(self.collector)._answer(
                        "Please send us your order", waits=True
                    )
        self._play("compare", login=False)
        self._check_sent(login=False)

    def test_answers_by_the_link_in_english(self):
        self._speak("en_US")
        self._answer_by_link()

    def test_answers_by_the_link_in_french(self):
        self._speak("fr_FR")
        self._answer_by_link()
