import re
from ast import literal_eval

from odoo.tests import tagged
from odoo.tools import format_amount, html2plaintext

from ..email.test_replies import BOUNCE
from ..letter.test_letter import ADDRESS, LetterCommon
from .test_notice import NoticeCommon

IBAN = "FR76 3000 6000 0112 3456 7890 189"


class NoticeTextCommon(NoticeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        addon = cls.env["ir.module.module"].search([("name", "=", "account_dunning")])
        addon._update_translations("fr_FR")
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )

    def _say(self, amount, lang="en_US"):
        text = format_amount(self.env, amount, self.company.currency_id, lang)
        return " ".join(text.split())

    def _preview(self, notice):
        """Return what goes out by a notice, as text."""
        self.env.invalidate_all()
        self.assertFalse(self._shown(notice).get("problem"))
        text = html2plaintext(self._shown(notice).get("body")).replace("*", "")
        return " ".join(text.split())

    def _remind(self, promise):
        """Return the reminder of the first payment of a promise."""
        self.company.dunning_promise_reminder_days = 3
        self._run(7)
        return promise.notice_ids.filtered("promise_line_id")


@tagged("post_install", "-at_install")
class TestNoticeTexts(NoticeTextCommon):
    """What notices say, with the texts that come with the addon."""

    # ------------------------------------------------------------------
    # PROMISES
    # ------------------------------------------------------------------

    def test_a_customer_is_not_told_that_it_has_agreed_with_itself(self):
        promise = self._create_promise([(30, 100)], promised_by=self.customer.name)
        text = self._preview(promise._plan_confirmation())
        self.assertNotIn("Agreed with", text)
        self.assertIn("Invoice concerned:", text)

    def test_one_payment_is_confirmed_in_a_sentence(self):
        promise = self._create_promise(
            [(30, 250)], promised_by="Marie Curie", means="transfer"
        )
        notice = promise._plan_confirmation()
        text = self._preview(notice)
        for expected in (
            f"payment of {self._say(250)} no later than April 1, 2026",
            promise.move_line_ids.move_id.name,
            "Bank Transfer",
            "Marie Curie",
            IBAN,
            self.env.user.name,
        ):
            self.assertIn(expected, text)
        self.assertNotIn("Instalment", text)
        self.assertIn(
            promise.move_line_ids.move_id.name, self._shown(notice).get("subject")
        )

    def test_a_plan_is_confirmed_with_its_schedule(self):
        promise = self._create_plan(count=3, amount=100)
        text = self._preview(promise._plan_confirmation())
        for day in ("12 Mar 2026", "22 Mar 2026", "1 Apr 2026"):
            self.assertIn(day, text)
        self.assertEqual(text.count(self._say(100)), 3)
        self.assertIn(f"Total {self._say(300)}", text)

    def test_a_plan_says_what_follows_from_a_missed_instalment(self):
        whole = self._create_plan()
        self.assertTrue(whole.break_whole)
        self.assertIn("this plan ends", self._preview(whole._plan_confirmation()))
        self.company.dunning_promise_break_whole = False
        single = self._create_plan()
        text = self._preview(single._plan_confirmation())
        self.assertIn("other instalments remain", text)
        # Neither gives up what the law allows.
        self.assertIn("does not mean that we give up penalties", text)

    def test_all_invoices_are_named(self):
        moves = [self._create_invoice(due=-day) for day in (10, 11, 12)]
        items = self._items(self.env["account.move"].concat(*moves))
        notice = self._create_promise([(10, 300)], items)._plan_confirmation()
        text = self._preview(notice)
        for move in moves:
            self.assertIn(move.name, text)
        self.assertIn("2 others", self._shown(notice).get("subject"))

    def test_bank_details_are_for_transfers_only(self):
        for means, shown in (("check", False), ("debit", False), (False, True)):
            notice = self._create_promise(means=means)._plan_confirmation()
            with self.subTest(means=means):
                self.assertEqual(IBAN in self._preview(notice), shown)

    def test_a_credit_note_lowers_what_is_confirmed(self):
        promise = self._create_plan(count=2)
        invoice = promise.move_line_ids.move_id
        notice = promise._plan_confirmation()
        self._credit_note(invoice, 30)
        text = self._preview(notice)
        self.assertIn(self._say(70), text)
        self.assertIn(self._say(170), text)
        self.assertEqual(sum(promise.line_ids.mapped("amount_left")), 170)

    def test_a_reminder_says_how_much_is_still_to_come_and_when(self):
        promise = self._create_plan(count=2)
        self._pay(promise.move_line_ids.move_id, 30)
        notice = self._remind(promise)
        text = self._preview(notice)
        self.assertIn(f"payment of {self._say(70)} no later than March 12, 2026", text)
        self.assertIn("Instalment 1 of 2", text)
        self.assertIn(IBAN, text)
        self.assertNotIn(self._say(100), text)

    def test_amounts_are_in_the_currency_of_the_promise(self):
        dollar = self._enable_currency("USD")
        invoice = self._create_invoice(due=-10, amount=80, currency=dollar)
        promise = self._create_promise([(10, 80)], self._items(invoice))
        text = self._preview(promise._plan_confirmation())
        self.assertIn("$ 80.00", text)

    def test_what_was_told_stays_as_it_was(self):
        promise = self._create_plan(count=2)
        notice = promise._plan_confirmation()
        notice.action_execute()
        before = notice.items_table
        self._credit_note(promise.move_line_ids.move_id, 30)
        self.env.invalidate_all()
        self.assertEqual(notice.items_table, before)
        self.assertIn(self._say(200), " ".join(notice.amount_text.split()))

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    def test_a_refusal_says_why_and_what_is_to_be_paid_again(self):
        invoice = self._create_invoice(due=-10, amount=100)
        notice = self._refuse("The price is\nthat of the order.", invoice=invoice)
        text = self._preview(notice)
        for expected in (
            invoice.name,
            "The price is that of the order.",
            f"{self._say(40)} is therefore to be paid again",
            "count from February 20, 2026",
            IBAN,
        ):
            self.assertIn(expected, text)

    def test_a_refusal_that_does_not_say_why_is_not_sent(self):
        notice = self._refuse(text=False)
        self.assertIn("why the dispute is refused", self._shown(notice).get("problem"))
        notice.action_execute()
        self.assertEqual(notice.state, "failed")
        notice._customize("Our answer", "<p>The price is agreed</p>", False)
        notice.action_execute()
        self.assertEqual(notice.state, "done")

    def test_a_refusal_says_from_when_on_delays_count(self):
        dispute = self._create_dispute()
        dispute.action_reject(date_restart=self._day(10))
        text = self._preview(dispute._plan_refusal("Because"))
        self.assertIn("count from March 12, 2026", text)

    def test_a_refusal_asks_for_no_more_than_is_open(self):
        invoice = self._create_invoice(due=-10, amount=100)
        notice = self._refuse(invoice=invoice)
        self._pay(invoice, 75)
        text = self._preview(notice)
        self.assertIn(f"{self._say(25)} is therefore to be paid again", text)
        self.assertIn(f"Amount contested {self._say(40)}", text)

    def test_what_the_collector_writes_is_not_interpreted(self):
        notice = self._refuse("<b>No</b> {{ object.sender }} & so on")
        self.assertIn("&lt;b&gt;No", notice.refusal_block)
        self.assertIn("{{ object.sender }}", self._preview(notice))

    # ------------------------------------------------------------------
    # LANGUAGES
    # ------------------------------------------------------------------

    def test_a_notice_is_in_the_language_of_its_reader(self):
        self.customer.lang = "fr_FR"
        promise = self._create_plan(count=3)
        text = self._preview(promise._plan_confirmation())
        for expected in ("12/03/2026", "01/04/2026", self._say(300, "fr_FR")):
            self.assertIn(expected, text)
        single = self._create_promise([(30, 250)])
        self.assertIn(
            "au plus tard le 1er avril 2026",
            self._preview(single._plan_confirmation()),
        )

    # ------------------------------------------------------------------
    # TEXTS THAT PEOPLE EDIT
    # ------------------------------------------------------------------

    def test_whoever_edits_a_text_needs_no_special_rights(self):
        templates = self.env["mail.template"].search([("model", "=", "dunning.action")])
        notice = self._create_promise()._plan_confirmation()
        self.assertIn(notice._get_mail_template(), templates)
        self.assertIn(notice._get_letter_template(), templates)
        for template in templates - self.mail_template:
            self.assertFalse(template._has_unsafe_expression(), template.name)

    def test_a_text_is_shown_for_a_notice_that_says_it(self):
        promise = self._create_promise()._plan_confirmation()
        plan = self._create_plan()._plan_confirmation()
        refusal = self._refuse()
        manager = self._create_user("manager", "group_dunning_manager")
        for notice in (promise, plan, refusal):
            for template in (
                notice._get_mail_template(),
                notice._get_letter_template(),
            ):
                shown = self._show(template.with_user(manager))
                with self.subTest(template=template.name):
                    self.assertEqual(shown["sample_id"], notice.id)
                    self.assertFalse(shown["problem"])
                    self.assertIn("100.00", shown["body"])

    def _show(self, template):
        texts = {name: template[name] for name in ("subject", "body_html")}
        return template.dunning_get_preview(texts)

    def test_a_text_is_shown_before_there_is_any_notice(self):
        self._create_invoice(due=-5)
        self._run()
        template = self.env.ref("account_dunning.mail_template_dispute_refusal")
        shown = self._show(template)
        self.assertTrue(shown["sample_id"])
        self.assertFalse(shown["problem"])

    def test_a_notice_without_text_fails_with_a_message(self):
        notice = self._create_promise()._plan_confirmation()
        notice._get_mail_template().sudo().unlink()
        notice.action_execute()
        self.assertEqual(notice.state, "failed")
        self.assertIn("was deleted", notice.failure)

    def test_an_edited_text_goes_out(self):
        notice = self._create_promise()._plan_confirmation()
        opened = notice.with_user(self.collector).action_edit_text()
        dialog = self.env[opened["res_model"]].with_user(self.collector)
        dialog = dialog.with_context(**opened["context"]).create({})
        self.assertIn("100.00", dialog.body)
        dialog.body = "<p>Thank you, Marie</p>"
        dialog.action_apply()
        notice.action_execute()
        self.assertIn("Thank you, Marie", notice.mail_id.body_html)

    # ------------------------------------------------------------------
    # BOUNCES
    # ------------------------------------------------------------------

    def test_a_notice_that_bounces_has_failed(self):
        notice = self._create_promise()._plan_confirmation()
        notice.action_execute()
        sending_sudo = notice.sending_id.sudo()
        bounce = BOUNCE.format(
            outcome="failed",
            address="customer@example.com",
            message_id=sending_sudo.header_id,
            token=sending_sudo.recipient_ids.token,
            status="5.1.1",
            said="User unknown",
        )
        self.env["mail.thread"].sudo().message_process(False, bounce)
        self.assertEqual(notice.state, "failed")
        self.assertIn("does not exist", notice.failure)
        invoice = notice.promise_id.move_line_ids.move_id
        self.assertIn("Did not reach", invoice.message_ids[0].body)


@tagged("post_install", "-at_install")
class TestNoticeLetters(NoticeTextCommon, LetterCommon):
    """Notices on paper."""

    def _post(self, notice):
        """Print a notice; return its pages as text."""
        notice.action_print()
        self.assertEqual(notice.state, "done")
        return self._read(notice)

    def test_a_plan_has_its_schedule_and_a_place_to_sign(self):
        promise = self._create_plan(count=6, amount=200, promised_by="Marie Curie")
        pages = " ".join(self._post(promise._plan_confirmation("letter")))
        for expected in (
            "Customer 2 rue des Lilas 69003 Lyon",
            "Your payment plan",
            "12 Mar 2026 200.00",
            "1 May 2026 200.00",
            "Total 1,200.00",
            "Marie Curie",
            IBAN,
            "Payment plan: 1,200.00",
            "6 instalments until 1 May 2026",
            "Read and agreed",
        ):
            self.assertIn(expected, pages.replace("\xa0", " "))
        self.assertNotIn("Total to pay", pages)

    def test_a_plan_in_french(self):
        self.customer.lang = "fr_FR"
        promise = self._create_plan(count=6, amount=200)
        pages = " ".join(self._post(promise._plan_confirmation("letter")))
        pages = pages.replace("\xa0", " ").replace("\u202f", " ")
        for expected in (
            "Objet :",
            "Bordeaux, le 2 mars 2026",
            "12/03/2026 200,00 €",
            "1 200,00 €",
        ):
            self.assertIn(expected, pages)

    def test_a_long_plan_repeats_its_heads_and_loses_no_payment(self):
        promise = self._create_plan(count=40, amount=10)
        pages = self._post(promise._plan_confirmation("letter"))
        self.assertGreater(len(pages), 1)
        for page in pages[:2]:
            self.assertIn("To be paid by", page)
        text = " ".join(pages)
        for line in promise.line_ids[:-1]:
            day = f"{line.date.day} {line.date:%b %Y}"
            self.assertEqual(len(re.findall(rf"(?<!\d){day}", text)), 1)
        self.assertIn("Read and agreed", pages[-1])
        self.assertIn("40 instalments", pages[-1])

    def test_one_payment_is_not_to_be_signed(self):
        notice = self._create_promise([(30, 250)])._plan_confirmation("registered")
        [page] = self._post(notice)
        self.assertIn("Registered letter".upper(), page.upper())
        self.assertIn("no later than April 1, 2026", page)
        self.assertNotIn("Read and agreed", page)

    def test_a_refusal_on_paper_in_both_languages(self):
        for lang, expected in (
            ("en_US", ("Subject:", "40.00", "count from February 20, 2026")),
            ("fr_FR", ("Objet :", "40,00", "20 février 2026")),
        ):
            self.customer.lang = lang
            dispute = self._create_dispute()
            dispute.action_reject()
            notice = dispute._plan_refusal("No discount", "letter")
            [page] = self._post(notice)
            for text in (*expected, "No discount", dispute.move_ids.name):
                self.assertIn(text, page)

    def test_the_code_to_scan_is_of_the_payment(self):
        methods = self.env["res.partner.bank"].get_available_qr_methods_in_sequence()
        if "sct_qr" not in dict(methods):
            self.skipTest("No code for this currency")
        paper = {"dunning_paper": True}
        single = self._create_promise()._plan_confirmation().with_context(**paper)
        self.assertIn("<svg", single.payment_block)
        plan = self._create_plan()._plan_confirmation().with_context(**paper)
        self.assertNotIn("<svg", plan.payment_block)

    def test_letters_wait_in_the_post_room_and_are_kept_as_proof(self):
        self.customer.email = False
        notice = self._create_promise()._plan_confirmation()
        letters = self.env.ref("account_dunning.action_letters")
        waiting = self.env["dunning.action"].search(literal_eval(letters.domain))
        self.assertIn(notice, waiting)
        pages = self._post(notice)
        self.assertTrue(notice.letter_id)
        self.assertNotIn("DRAFT", " ".join(pages))

    def test_a_letter_that_is_sent_at_once_is_printed(self):
        promise = self._create_promise()
        told = promise.action_send_confirmation("letter", at_once=True)
        download = told["params"]["next"]
        self.assertEqual(download["context"]["active_ids"], promise.notice_ids.ids)
        self.assertEqual(promise.notice_ids.state, "done")

    def test_an_incomplete_address_fails_the_letter(self):
        self.customer.write(dict.fromkeys(ADDRESS, False))
        self.customer.email = False
        notice = self._create_promise()._plan_confirmation()
        notice.action_print()
        self.assertEqual(notice.state, "failed")
        self.assertIn("street", notice.failure)
