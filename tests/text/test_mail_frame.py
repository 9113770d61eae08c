import re

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DunningCommon
from ..letter.test_letter import LetterCommon

PIXEL = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    b"AABJRU5ErkJggg=="
)
TEXT = (
    '<p>Hello,</p><t t-out="object.items_table"/>'
    '<p>Please pay <t t-out="object.amount_text"/>.</p>'
    '<t t-out="object.payment_block"/><t t-out="object.signature_block"/>'
)


@tagged("post_install", "-at_install")
class TestMailFrame(DunningCommon):
    """What is around the text of an e-mail, and how it reads."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.mail_template.body_html = TEXT
        cls.scenario.level_ids.write({"channel": "email", "execution": "automatic"})
        cls.collector.lang = "fr_FR"

    def _write(self, **invoice):
        """Return the action of today and what its e-mail says, before it leaves."""
        self._create_invoice(due=-5, amount=1234.5, **invoice)
        action = self._run().action_ids
        return action, action._prepare_emails()[action]["body_html"]

    def _write_text(self):
        """Return the plain text of the e-mail of today, as it leaves."""
        self._create_invoice(due=-5, amount=1234.5)
        self._create_invoice(due=-6, amount=5)
        action = self._step()
        [email] = action.mail_id.sudo()._prepare_outgoing_list()
        return email["body_alternative"].replace("\xa0", " ")

    # ------------------------------------------------------------------
    # LOGO, PAYMENT LINK
    # ------------------------------------------------------------------

    def test_the_logo_of_the_company_stands_above(self):
        self.company.logo = PIXEL
        _action, body = self._write()
        self.assertIn(f"/logo.png?company={self.company.id}", body)
        self.assertLess(body.index("logo.png"), body.index("Hello"))

    def test_odoo_s_own_logo_does_not(self):
        self.company.logo = self.company._get_logo()
        _action, body = self._write()
        self.assertNotIn("<img", body)

    def test_no_link_is_shown_where_no_payments_are_taken(self):
        action, body = self._write()
        action.line_ids.move_id._portal_ensure_token()
        action.invalidate_recordset()
        self.assertNotIn("Pay online", body)

    def test_the_link_of_the_only_invoice_is_shown_where_payments_are_taken(self):
        companies = self.registry["res.company"]
        self.patch(companies, "_dunning_takes_online_payments", lambda _self: True)
        action, body = self._write()
        # The invoice was not sent by Odoo: it has no page, and is not written to.
        self.assertNotIn("Pay online", body)
        action.line_ids.move_id._portal_ensure_token()
        action.invalidate_recordset()
        body = action._prepare_emails()[action]["body_html"]
        self.assertIn("Pay online", body)
        self.assertIn(f"/my/invoices/{action.line_ids.move_id.id}?", body)
        self._create_invoice(due=-6)
        # The engine alone adds items.
        action.sudo()._refresh(any_day=True, complete=True)
        self.assertNotIn("Pay online", action.payment_block)

    def test_payments_are_taken_where_odoo_takes_them_by_a_published_provider(self):
        if not hasattr(self.env["account.move"], "_has_to_be_paid"):
            self.assertFalse(self.company._dunning_takes_online_payments())
            return
        provider = self.env["payment.provider"].create(
            {"name": "Cards", "company_id": self.company.id, "state": "enabled"}
        )
        self.assertFalse(self.company._dunning_takes_online_payments())
        provider.is_published = True
        self.assertTrue(self.company._dunning_takes_online_payments())
        provider.state = "disabled"
        self.assertFalse(self.company._dunning_takes_online_payments())

    # ------------------------------------------------------------------
    # DATES, AMOUNTS, TITLES
    # ------------------------------------------------------------------

    def test_dates_in_english_cannot_be_read_as_others(self):
        _action, body = self._write()
        self.assertIn("25\xa0Feb\xa02026", body)
        self.assertNotIn("02/25/2026", body)

    def test_dates_in_french_are_as_in_france(self):
        self.customer.lang = "fr_FR"
        _action, body = self._write()
        self.assertIn("25/02/2026", body)

    def test_amounts_never_break(self):
        for lang in ("en_US", "fr_FR"):
            self.customer.lang = lang
            # Whatever somebody has set.
            self.env["res.lang"]._get_data(code=lang)
            self.env["res.lang"].search([("code", "=", lang)]).thousands_sep = " "
            with self.subTest(lang=lang):
                action, body = self._write()
                text = re.sub("<[^>]*>", "|", str(body))
                self.assertRegex(text, "1\xa0234[.,]50\xa0€")
                self.assertNotRegex(text, r"\d [\d€]")
                # The chatter breaks words, too.
                kept = r"white-space: ?nowrap;?\">\s*1\xa0234[.,]50"
                self.assertRegex(str(body), kept)
                action.action_skip("Again")

    def test_a_title_is_told_in_the_language_of_its_reader_or_not_at_all(self):
        self.collector.partner_id.function = "Chargée de recouvrement"
        action, body = self._write()
        self.assertNotIn("Chargée", body)
        action.invalidate_recordset()
        self.customer.lang = "fr_FR"
        body = action._prepare_emails()[action]["body_html"]
        self.assertIn("Chargée de recouvrement", body)

    def test_a_title_that_was_translated_is_told_in_each_language(self):
        collector = self.collector.with_context(lang="fr_FR")
        collector.dunning_job_title = "Chargée de recouvrement"
        action, body = self._write()
        self.assertNotIn("Chargée", body)
        self.collector.with_context(lang="en_US").dunning_job_title = "Collector"
        collector.dunning_job_title = "Chargée de recouvrement"
        action.invalidate_recordset()
        body = action._prepare_emails()[action]["body_html"]
        self.assertRegex(body, "<div>Collector</div>")

    def test_the_bic_stands_beside_the_iban(self):
        bank = self.env["res.bank"].create({"name": "Bank", "bic": "CRLYFRPP"})
        self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "FR1420041010050500013M02606",
                "bank_id": bank.id,
            }
        )
        _action, body = self._write()
        self.assertRegex(body, "M02 606</strong>\\s*– BIC CRLYFRPP")

    # ------------------------------------------------------------------
    # PLAIN TEXT
    # ------------------------------------------------------------------

    def test_the_plain_text_has_a_table_whose_columns_stand_under_each_other(self):
        lines = self._write_text().splitlines()
        [head] = [number for number, line in enumerate(lines) if "Due Date" in line]
        rows = [line for line in lines[head:] if line.endswith("€")]
        self.assertEqual(len(rows), 3, lines)
        self.assertEqual(len({len(line) for line in rows}), 1, rows)
        self.assertEqual(len(lines[head]), len(rows[0]))
        self.assertIn("Total to pay", rows[2])

    def test_the_plain_text_has_no_marks_of_markup(self):
        text = self._write_text()
        for mark in ("*", "<", "[1]", "   \n"):
            self.assertNotIn(mark, text)
        self.assertTrue(text.startswith("Hello,\n\n"))

    def test_other_e_mails_keep_the_text_of_odoo(self):
        mail = self.env["mail.mail"].create(
            {"body_html": "<p><b>Hello</b></p>", "email_to": "a@example.com"}
        )
        [email] = mail._prepare_outgoing_list()
        self.assertEqual(email["body_alternative"], "*Hello*")


@tagged("post_install", "-at_install")
class TestSheets(LetterCommon):
    """A formal notice of up to ten items is one sheet; no sheet has the closing
    alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.write(
            {"phone": "+33 5 56 00 00 00", "company_registry": "334175221"}
        )
        cls.collector.write({"phone": "+33 5 56 00 00 01", "lang": "fr_FR"})
        cls.collector.partner_id.function = "Chargé de recouvrement"
        bank = cls.env["res.bank"].create({"name": "Bank", "bic": "CRLYFRPP"})
        cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.company.partner_id.id,
                "acc_number": "FR1420041010050500013M02606",
                "bank_id": bank.id,
            }
        )
        cls.scenario.level_ids.write(
            {
                "channel": "registered",
                "tone": "formal",
                "deadline_days": 8,
                "letter_template_id": cls.env.ref(
                    "account_dunning.letter_template_formal_notice"
                ).id,
            }
        )

    @mute_logger("odoo.addons.base.models.ir_actions_report")
    def _print(self, *keys):
        """Return the pages of letters, by language and number of items."""
        customers = {
            key: self._create_addressee(f"Client {key[0]} {key[1]}", lang=key[0])
            for key in keys
        }
        moves = self.env["account.move"].concat(
            *(self._create_invoices(p, key[1]) for key, p in customers.items())
        )
        moves.write({"ref": "Your order 4711"})
        actions = self._run().action_ids
        pdfs = actions._get_letter_pdfs()
        by_partner = {action.partner_id: pdfs[action] for action in actions}
        return {key: self._read_pages(by_partner[p]) for key, p in customers.items()}

    def test_a_formal_notice_of_up_to_ten_items_is_one_sheet(self):
        few = (("fr_FR", 1), ("fr_FR", 4), ("fr_FR", 10), ("en_US", 1), ("en_US", 10))
        for key, pages in self._print(*few).items():
            with self.subTest(key=key):
                self.assertEqual(len(pages), 1)

    def test_no_sheet_has_the_closing_alone(self):
        closings = ("legal steps", "procédures judiciaires")
        more = (("fr_FR", 14), ("fr_FR", 18), ("fr_FR", 30), ("en_US", 20))
        for key, pages in self._print(*more).items():
            with self.subTest(key=key):
                self.assertTrue(any(text in pages[-1] for text in closings), pages[-1])
