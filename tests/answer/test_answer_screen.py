import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from ...models.answer.dunning_portal_act_details import DETAILS
from ..test_upgrade import load
from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestAnswerScreen(AnswerCommon):
    """The collector's side: what customers have answered, and what was decided."""

    def _ask_details(self, **details):
        return self._ask("details", {"details": details or {"phone": "123"}})

    def test_the_screen_begins_with_what_i_have_to_decide(self):
        request = self._ask_details()
        action = self.env.ref("account_dunning.action_portal_request")
        self.assertIn("search_default_mine", action.context)
        found = self.env["dunning.portal.request"].with_user(self.collector)
        domain = [("decision", "=", "open"), ("responsible_id", "=", self.collector.id)]
        self.assertEqual(found.search(domain), request.sudo(False))

    def test_who_stands_in_gets_the_answers_of_who_has_left(self):
        self.collector.active = False
        request = self._ask_details()
        self.assertTrue(request.responsible_id)
        self.assertNotEqual(request.responsible_id, self.collector)

    def test_answers_and_decisions_stand_in_the_timeline(self):
        request = self._ask_details()
        request.with_user(self.collector).action_refuse("No")
        partner = self.customer.with_user(self.collector)
        entries = partner.dunning_get_timeline()["entries"]
        told = next(e for e in entries if e["key"].startswith("portal_request"))
        self.assertEqual(told["who"], "Marie Visitor")
        self.assertIn("Phone", told["text"])
        self.assertTrue(any("Refused what" in (e["text"] or "") for e in entries))

    def test_what_is_asked_for_is_called_in_the_language_of_who_reads_it(self):
        request = self._ask_details()
        called, request.title = request.title, "Mes coordonnées"
        self.assertEqual(request.own_title, called)
        request.with_user(self.collector).action_refuse("No")
        partner = self.customer.with_user(self.collector)
        entries = partner.dunning_get_timeline()["entries"]
        told = [entry["text"] for entry in entries if "Refused what" in entry["text"]]
        self.assertIn(called, told[0])

    def test_what_is_asked_for_is_told_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        act = type(self.env["dunning.portal.act.details"])
        labels = {"fr_FR": "Téléphone", "en_US": "Phone"}

        def get_labels(act):
            return dict.fromkeys(DETAILS, labels.get(act.env.lang))

        with patch.object(act, "_get_labels", get_labels):
            request = self._ask_details()
        for code, label in labels.items():
            told = request.with_context(lang=code)
            self.assertTrue(told.text.startswith(label), told.text)
            own = self.customer.with_context(lang=code)
            entries = own.dunning_get_timeline()["entries"]
            self.assertTrue(any(label in (e["text"] or "") for e in entries))
        # What was asked for before a language came is told as it was.
        self.env["res.lang"]._activate_lang("de_DE")
        self.assertTrue(request.with_context(lang="de_DE").text)

    def test_what_a_former_version_has_kept_is_told_as_it_was(self):
        request = self._ask_details()
        pairs = [["Téléphone", "1 → 2"]]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_portal_request SET details = %s WHERE id = %s",
            [json.dumps(pairs), request.id],
        )
        for _update in range(2):
            load("post-answers", "19.0.1.19.0").migrate(self.env.cr, "19.0.1.18.0")
        request.invalidate_recordset(["details", "text"])
        self.assertEqual(request._get_details(), pairs)

    def test_refusing_several_at_once_by_the_dialog(self):
        requests = self._ask_details() | self._ask_details(phone="456")
        dialog = (
            self.env["dunning.answer.refusal"]
            .with_user(self.collector)
            .with_context(active_ids=requests.ids)
            .create({"note": "Please call"})
        )
        dialog.action_apply()
        self.assertEqual(set(requests.mapped("decision")), {"refused"})

    def test_a_refusal_proposes_what_to_tell_in_the_language_of_the_customer(self):
        dialog = self._prepare_refusal(self._ask_details())
        self.assertIn("We have kept what we had", dialog.note)
        with self.mock_mail_gateway():
            dialog.action_apply()
            self.flush_tracking()
        [mail] = self._new_mails
        self.assertIn("We have kept what we had", mail.body_html)

    def test_who_wants_to_tell_nothing_tells_nothing(self):
        request = self._ask_details()
        dialog = self._prepare_refusal(request, is_told=False)
        with self.mock_mail_gateway():
            dialog.action_apply()
            self.flush_tracking()
        self.assertFalse(self._new_mails)
        self.assertEqual(request.decision, "refused")
        self.assertFalse(request.decision_note)

    def test_different_answers_are_refused_in_words_of_their_own(self):
        details = self._ask_details()
        paid = self._ask(
            "paid",
            {
                "item_ids": self.item.ids,
                "date": self._as_text(0),
                "means": "transfer",
            },
        )
        dialog = self._prepare_refusal(details | paid)
        self.assertFalse(dialog.note)
        dialog.action_apply()
        self.assertIn("kept what we had", details.decision_note)
        self.assertIn("found no such payment", paid.decision_note)

    def _prepare_refusal(self, requests, **values):
        return (
            self.env["dunning.answer.refusal"]
            .with_user(self.collector)
            .with_context(active_ids=requests.ids)
            .create(values)
        )

    def test_what_follows_is_opened_from_the_answer(self):
        request = self._ask(
            "paid",
            {
                "item_ids": self.item.ids,
                "date": self._as_text(0),
                "means": "transfer",
            },
        )
        action = request.with_user(self.collector).action_open_result()
        self.assertEqual(
            (action["res_model"], action["res_id"]),
            ("dunning.action", request.action_id.id),
        )

    def test_what_was_decided_is_told_to_the_customer_on_its_page(self):
        self._ask_details().with_user(self.collector).action_refuse("Please call us")
        base = self._log_in()
        shown = self.url_open(base).text
        self.assertIn("Please call us", shown)
        self.assertIn("Not accepted", shown)

    def test_a_refusal_with_its_reason_comes_by_email(self):
        self._speak_french("portal_refusal_mail")
        request = self._ask_details()
        with self.mock_mail_gateway():
            request.with_user(self.collector).action_refuse("Appelez-nous <vite>")
        [mail] = self._mails
        self.assertEqual(mail["email_to"], ["visited.customer@example.com"])
        self.assertIn("Appelez-nous &lt;vite&gt;", mail["body"])
        self.assertIn("Bonjour", mail["body"])
        self.assertIn("dunning_collector@example.com", mail["reply_to"])

    def test_a_refusal_without_a_reason_writes_nothing(self):
        request = self._ask_details()
        with self.mock_mail_gateway():
            request.with_user(self.collector).action_refuse()
        self.assertFalse(self._mails)

    def test_who_has_no_address_is_told_of_no_refusal(self):
        request = self._ask_details()
        self.customer.email = False
        with self.mock_mail_gateway():
            request.with_user(self.collector).action_refuse("Call us")
        self.assertFalse(self._mails)
        self.assertEqual(
            (request.decision, request.decision_note), ("refused", "Call us")
        )

    def test_what_nobody_confirms_is_forgotten_with_its_files(self):
        request = self._ask_details()
        waiting = request.copy({"state": "waiting"})
        # As the page does, for whoever visits has no rights.
        waiting.attachment_ids = waiting.env["ir.attachment"].create(
            {
                "name": "a.pdf",
                "raw": b"%PDF-1",
                "res_model": waiting._name,
                "res_id": waiting.id,
            }
        )
        file = waiting.attachment_ids
        waiting.date = fields.Datetime.now() - timedelta(days=31)
        self.env["dunning.portal.request"].sudo()._gc_unconfirmed()
        self.assertFalse(waiting.exists())
        self.assertFalse(file.exists())
        self.assertTrue(request.exists())
