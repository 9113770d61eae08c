import io
from unittest.mock import patch

from PIL import Image

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import image, remove_accents

from odoo.addons.account_dunning.controllers.answer import forms
from odoo.addons.account_dunning.models.portal import dunning_portal_attempt

from .common_answer import PDF, AnswerCommon


@tagged("post_install", "-at_install")
class TestDisputePage(AnswerCommon):
    """A dispute that a customer begins on its page, and follows there."""

    def _prepare(self, **values):
        return {
            "item_ids": self.item.ids,
            "reason_id": self.reason.id,
            "text": "The price is <b>wrong</b>",
            "amount": "200",
            "amount_text": "200",
        } | values

    def _get_file(self):
        return {"name": "order.pdf", "raw": PDF, "mimetype": "application/pdf"}

    # ------------------------------------------------------------------
    # BEGINNING ONE
    # ------------------------------------------------------------------

    def test_only_what_a_customer_would_say_is_offered(self):
        offered = self.env["dunning.portal.act.dispute"]._get_reasons()
        self.assertIn(self.reason, offered)
        for name in ("reason_einvoice", "reason_legal", "reason_insolvency"):
            self.assertNotIn(self.env.ref(f"account_dunning.{name}"), offered)

    def test_reasons_are_offered_by_name_and_none_of_them_twice(self):
        offered = self.env["dunning.portal.act.dispute"]._get_reasons()
        names = [remove_accents(name.lower()) for name in offered.mapped("name")]
        self.assertGreater(len(names), 10)
        self.assertEqual(names, sorted(names))
        for general in ("reason_delivery", "reason_credit_note"):
            self.assertNotIn(self.env.ref(f"account_dunning.{general}"), offered)

    def test_it_is_a_dispute_with_its_amount_reason_words_and_files(self):
        request = self._ask("dispute", self._prepare(), files=[self._get_file()])
        dispute = request.dispute_id
        self.assertEqual((dispute.amount, dispute.amount_held), (200, 200))
        self.assertEqual(dispute.reason_id, self.reason)
        self.assertIn("&lt;b&gt;wrong", dispute.description)
        self.assertEqual(dispute.user_id, self.collector)
        self.assertEqual(dispute.contact_id, self.contact)
        files = dispute.document_ids.attachment_ids
        self.assertEqual(files.name, "order.pdf")
        self.assertEqual(files.res_model, "dunning.dispute.document")
        self.assertEqual(request.attachment_ids.res_model, request._name)

    def test_pictures_are_kept_as_they_were_sent_and_never_unpacked(self):
        large = io.BytesIO()
        Image.new("1", (3000, 2000)).save(large, "PNG")
        file = {"name": "a.png", "raw": large.getvalue(), "mimetype": "image/png"}
        with patch.object(image.ImageProcess, "resize") as resize:
            request = self._ask("dispute", self._prepare(), files=[file])
        self.assertFalse(resize.called)
        document = request.dispute_id.document_ids
        for kept in (request.attachment_ids, document.attachment_ids):
            self.assertEqual(kept.raw, large.getvalue())

    def test_who_settles_it_is_told_once(self):
        settler = self._create_user("dunning_settler", "collector")
        self.company.dunning_dispute_user_id = settler
        request = self._ask("dispute", self._prepare())
        self.assertEqual(request.dispute_id.activity_ids.user_id, settler)
        self.assertFalse(self.customer.activity_ids)

    def test_without_an_amount_all_that_is_open_is_contested(self):
        request = self._ask("dispute", self._prepare(amount="", amount_text=""))
        self.assertEqual(request.dispute_id.amount, 1000)

    def test_what_is_wrong_is_said_of_its_field(self):
        forgotten = self.env.ref("account_dunning.reason_cash")
        for field, values in (
            ("item_ids", {"item_ids": []}),
            ("reason_id", {"reason_id": 0}),
            ("reason_id", {"reason_id": forgotten.id}),
            ("text", {"text": " "}),
            ("amount", {"amount": "", "amount_text": "much"}),
            ("amount", {"amount": "-5"}),
            ("amount", {"amount": "0"}),
            ("amount", {"amount": "0.001"}),
            ("amount", {"amount": "1000.01"}),
        ):
            with self.subTest(values):
                problems = self._get_problems("dispute", self._prepare(**values))
                self.assertEqual(set(problems), {field})

    def test_of_what_is_in_dispute_no_more_can_be(self):
        values = self._prepare(amount="600", amount_text="600")
        self._ask("dispute", values)
        problems = self._get_problems("dispute", values)
        self.assertEqual(set(problems), {"amount"})
        self.assertIn("At most $ 400.00 ", problems["amount"].replace("\xa0", " "))
        values = self._prepare(amount="400", amount_text="400")
        self.assertFalse(self._get_problems("dispute", values))
        self._ask("dispute", values)
        told = "All of this is in dispute already."
        values = self._prepare(amount="0.01", amount_text="0.01")
        self.assertEqual(self._get_problems("dispute", values), {"item_ids": told})

    # ------------------------------------------------------------------
    # FOLLOWING IT
    # ------------------------------------------------------------------

    def test_the_customer_sees_its_stage_and_no_notes(self):
        dispute = self._ask("dispute", self._prepare()).dispute_id
        dispute.with_user(self.collector).message_post(
            body="Let us not tell him",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        dispute.with_user(self.collector).state = "in_process"
        base = self._log_in()
        answer = self.url_open(f"{base}/dispute/{dispute.id}")
        self.assertIn("We are looking into it", answer.text)
        self.assertIn("The price is &lt;b&gt;wrong", answer.text)
        self.assertNotIn("Let us not tell him", answer.text)
        self.assertIn(f"{base}/dispute/{dispute.id}", self.url_open(base).text)

    def test_the_customer_reads_how_a_dispute_ended_by_itself(self):
        # The ledger closes it.
        dispute_sudo = self._ask("dispute", self._prepare()).dispute_id.sudo()
        base = self._log_in()
        for closed_by, told in (
            ("paid", "Paid"),
            ("credited", "Settled by a credit note"),
            ("written_off", "Closed"),
        ):
            dispute_sudo._close("cancelled", closed_by=closed_by)
            page = self.url_open(f"{base}/dispute/{dispute_sudo.id}").text
            self.assertRegex(page, rf">\s*{told}\s*<")
            dispute_sudo.state = "new"

    def test_what_was_asked_for_goes_as_far_as_the_dispute(self):
        dispute = self._ask("dispute", self._prepare()).dispute_id
        base = self._log_in()
        self.assertEqual(self.url_open(base).text.count("Received"), 2)
        dispute.action_reject()
        self.env.flush_all()
        shown = self.url_open(base).text
        self.assertEqual((shown.count("Received"), shown.count("Not accepted")), (0, 2))

    def test_an_answer_takes_the_dispute_up_again(self):
        dispute = self._ask("dispute", self._prepare()).dispute_id
        dispute.state = "waiting_customer"
        base = self._log_in()
        answer = self._fill(
            f"{base}/dispute/{dispute.id}", files=[("note.pdf", PDF)], text="Here it is"
        )
        self.assertIn("added it to your dispute", answer.text)
        self.env.invalidate_all()
        self.assertEqual(dispute.state, "in_process")
        self.assertIn("note.pdf", dispute.document_ids.attachment_ids.mapped("name"))
        self.assertIn("Here it is", "".join(dispute.message_ids.mapped("body")))
        shown = self.url_open(f"{base}/dispute/{dispute.id}").text
        self.assertIn("Here it is", shown)
        self.assertIn("note.pdf", shown)

    def test_who_gets_the_invoice_reads_nothing_of_what_another_customer_has_said(self):
        asked = self._ask("dispute", self._prepare(), files=[self._get_file()])
        dispute = asked.dispute_id
        dispute._answer("Dear Visited Customer, we look into it")
        file_id = asked.attachment_ids.id
        self._readdress(self.other)
        self.assertEqual(dispute.partner_id, self.other)
        page = self._enter(self.other)
        shown = self.url_open(f"{page}/dispute/{dispute.id}")
        self.assertEqual(shown.status_code, 200)
        self.assertNotIn("The price is", shown.text)
        self.assertNotIn("order.pdf", shown.text)
        self.assertNotIn("Dear Visited Customer", shown.text)
        self.assertNotIn("answered", self.url_open(page).text)
        self.assertEqual(self.url_open(f"{page}/file/{file_id}").status_code, 404)
        # What it is answered itself, it reads.
        dispute._answer("Dear Other Customer, it is yours")
        shown = self.url_open(f"{page}/dispute/{dispute.id}")
        self.assertIn("Dear Other Customer", shown.text)
        self.assertNotIn("Dear Visited Customer", shown.text)

    def test_what_is_added_to_a_dispute_was_received_whatever_becomes_of_it(self):
        dispute = self._ask("dispute", self._prepare()).dispute_id
        self._ask("dispute_reply", {"dispute_id": dispute.id, "text": "x"})
        # Whoever settles it.
        dispute_sudo = dispute.sudo()
        dispute_sudo.action_reject(text="Not so")
        shown = self.url_open(self._log_in()).text
        # The dispute, and what has begun it.
        self.assertEqual(shown.count("Not accepted"), 2)

    def test_who_becomes_a_contact_takes_along_what_was_said_of_disputes(self):
        asked = self._ask("dispute", self._prepare(), files=[self._get_file()])
        asked.dispute_id._answer("We look into it")
        self.customer.write({"is_company": False, "parent_id": self.other.id})
        self.env.flush_all()
        page = self._enter(self.other)
        shown = self.url_open(f"{page}/dispute/{asked.dispute_id.id}").text
        self.assertIn("The price is", shown)
        self.assertIn("We look into it", shown)

    def test_what_is_handed_in_stays_as_it_came_whoever_has_handed_it_in(self):
        self._ask("dispute", self._prepare(), files=[self._get_file()])
        dispute = self.env["dunning.dispute"].search([], order="id DESC", limit=1)
        document = dispute.document_ids.filtered("attachment_ids")
        # The account may be deleted afterwards.
        files_sudo = document.attachment_ids.sudo()
        files_sudo.create_uid = self.env.user
        document = document.with_user(self.collector)
        for change in (
            lambda: document.attachment_ids.write({"raw": b"%PDF-1.4 forged"}),
            lambda: document.attachment_ids.write({"name": "forged.pdf"}),
            lambda: document.attachment_ids.unlink(),
            lambda: document.write({"date": "2020-01-01"}),
            lambda: document.write({"attachment_ids": [Command.clear()]}),
            lambda: document.unlink(),
        ):
            with self.assertRaises(UserError):
                change()
        self.assertEqual(document.attachment_ids.raw, PDF)
        # What its reason asks for is ticked off, and made another by another reason.
        asked = dispute.document_ids.with_user(self.collector) - document
        self.assertTrue(asked)
        asked[0].received = True
        dispute.with_user(self.collector).reason_id = self.env.ref(
            "account_dunning.reason_quality"
        )

    def test_who_has_recorded_a_dispute_may_delete_their_access(self):
        # As the page does for whoever is logged in.
        disputes_sudo = self.env["dunning.dispute"].with_user(self.visitor).sudo()
        items = {"move_line_ids": [Command.set(self.item.ids)]}
        items |= {"user_id": self.collector.id}
        dispute_sudo = disputes_sudo.create(items | {"reason_id": self.reason.id})
        self.assertTrue(dispute_sudo.stage_ids)
        self.assertFalse(dispute_sudo.stage_ids.user_id)
        # As the job that deletes accounts does.
        visitor_sudo = self.visitor.sudo()
        visitor_sudo.unlink()
        self.assertTrue(self.env["dunning.dispute"].browse(dispute_sudo.id).exists())

    def test_files_are_handed_over_to_be_kept_never_shown(self):
        dispute = self._ask("dispute", self._prepare(), files=[self._get_file()])
        base = self._log_in()
        answer = self.url_open(f"{base}/file/{dispute.attachment_ids.id}")
        self.assertEqual(answer.content, PDF)
        self.assertTrue(answer.headers["Content-Disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["Content-Type"], "application/octet-stream")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_files_of_who_sends_too_much_are_not_looked_at(self):
        base = self._log_in()
        self.patch(dunning_portal_attempt, "MOST_OF_CUSTOMER", 1)
        with patch.object(forms, "check_files", wraps=forms.check_files) as look:
            answers = [
                self._fill(f"{base}/dispute", [("a.txt", b"no paper")], text="Wrong")
                for _time in range(2)
            ]
        self.assertEqual([a.status_code for a in answers], [422, 429])
        self.assertEqual(look.call_count, 1)
        self.assertIn("in a short time", answers[1].text)
        self.assertIn("Wrong", answers[1].text)

    def test_words_or_a_file_are_added_to_a_dispute_and_not_nothing(self):
        dispute = self._ask("dispute", self._prepare()).dispute_id
        reply = {"dispute_id": dispute.id}
        told = {"text": "Write something, or choose a file."}
        for values, problems in (
            ({}, told),
            ({"text": " "}, told),
            ({"text": "x"}, {}),
            ({"files": 1}, {}),
            ({"text": "x", "dispute_id": 0}, {"text": "This dispute is closed."}),
        ):
            found = self._get_problems("dispute_reply", reply | values)
            self.assertEqual(found, problems)
        before = dispute.message_ids
        dispute.sudo().state = "in_process"
        file = self._get_file()
        asked = self._ask("dispute_reply", reply | {"files": 1}, files=[file])
        self.assertEqual(asked.dispute_id, dispute)
        self.assertEqual(dispute.state, "in_process")
        self.assertEqual(
            dispute.document_ids.attachment_ids.mapped("name"), ["order.pdf"]
        )
        self.assertFalse([m for m in dispute.message_ids - before if m.body])

    def test_nothing_is_added_to_a_closed_dispute(self):
        dispute = self._ask("dispute", self._prepare()).dispute_id
        dispute.sudo()._close("cancelled", closed_by="user")
        problems = self._get_problems(
            "dispute_reply", {"dispute_id": dispute.id, "text": "x"}
        )
        self.assertIn("closed", problems["text"])

    def test_a_visitor_contests_by_the_form_in_french_decimals(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.contact.lang = "fr_FR"
        base = self._log_in()
        self.opener.cookies.set("frontend_lang", "fr_FR")
        self._fill(
            f"{base}/dispute?items={self.item.id}",
            item_ids=self.item.id,
            reason_id=self.reason.id,
            text="Prix",
            amount="1\xa0000,00",
        )
        self.assertEqual(self._get_requests("dispute").dispute_id.amount, 1000)
