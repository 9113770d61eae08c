import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_date

from odoo.addons.account_dunning.tools import letter_pdf

from .test_letter import LetterCommon


@tagged("post_install", "-at_install")
class TestLetterPrinting(LetterCommon):
    """Letters are handed over to the post room, and looked at before."""

    def test_printing_hands_over_one_pdf_in_the_order_of_the_post(self):
        for number, code in enumerate(("75001", "13001", "44000")):
            partner = self._create_addressee(f"Person {number}", zip=code)
            self._create_invoice(partner, due=-10)
        actions = self._run(0).action_ids
        notification = actions.action_print()
        self.assertEqual(notification["params"]["type"], "success")
        download = notification["params"]["next"]
        ids = download["context"]["active_ids"]
        printed = actions.browse(ids)
        self.assertEqual(printed.mapped("postal_code"), ["13001", "44000", "75001"])
        pdf, kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "account_dunning.letter", ids
        )
        self.assertEqual(kind, "pdf")
        pages = self._read_pages(pdf)
        self.assertEqual(
            [re.search(r"Person \d", page)[0] for page in pages],
            ["Person 1", "Person 2", "Person 0"],
        )

    def test_printing_tells_what_was_left_out_and_why(self):
        self._create_invoice(due=-10)
        nowhere = self._create_customer("Nowhere")
        self._create_invoice(nowhere, due=-10)
        notification = self._run(0).action_ids.action_print()
        message = notification["params"]["message"]
        self.assertEqual(notification["params"]["type"], "warning")
        self.assertIn("1 of 2 printed", message)
        self.assertIn("Nowhere", message)
        self.assertIn("street", message)

    def test_printing_says_why_nothing_was_printed(self):
        for name in ("Nowhere", "Elsewhere"):
            self._create_invoice(self._create_customer(name), due=-10)
        params = self._run(0).action_ids.action_print()["params"]
        self.assertIn("Nothing was printed", params["message"])
        for text in ("Nowhere", "Elsewhere", "street"):
            self.assertIn(text, params["message"])
        self.assertTrue(params["sticky"])
        self.assertEqual(params["next"]["type"], "ir.actions.act_window_close")

    def test_the_code_to_scan_leaves_out_a_currency_in_which_nothing_is_to_pay(self):
        account = self.env["res.partner.bank"].create(
            {
                "partner_id": self.company.partner_id.id,
                "acc_number": "FR7630006000011234567890189",
            }
        )
        self._create_invoice(due=-10)
        [action] = self._run(0).action_ids
        [total] = action._get_totals()[action]
        nothing = total._replace(currency=self._enable_currency("USD"), claimed=0.0)
        amounts = []
        with patch.object(
            self.registry["res.partner.bank"],
            "_dunning_get_payment_code",
            lambda _account, amount, *_others: amounts.append(amount) or "code",
        ):
            self.assertTrue(action._get_payment_qr_code(account, [nothing, total]))
        self.assertEqual(amounts, [100])

    def test_what_was_not_printed_has_no_letter_to_print_again(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        with self.assertRaisesRegex(UserError, action._get_nothing_to_print()):
            action.action_print_again()
        action.sudo()._cancel("skipped")
        with self.assertRaisesRegex(UserError, "has no letter to show"):
            action._get_letter_pdfs()

    def test_a_reason_that_does_not_name_the_customer_is_told_with_its_name(self):
        for name in ("A", "B"):
            self._create_invoice(self._create_addressee(name), due=-10)
        first, second = self._run(0).action_ids
        first.sudo().failure = "No paper"
        second.sudo().failure = f"{second.partner_id.name} has moved"
        params = (first + second)._get_print_notification(first[:0], 2)["params"]
        told = f"{first.partner_id.name}: No paper – {second.failure}"
        self.assertEqual(params["message"], f"Nothing was printed – {told}")
        # Nothing has failed: the day on which it is to go out is told.
        first.sudo().failure = False
        params = (first + second)._get_print_notification(second, 2)["params"]
        day = format_date(self.env, first.date)
        told = f"1 of 2 printed – {first.partner_id.name}: {day}"
        self.assertEqual(params["message"], told)

    def test_a_letter_that_cannot_be_printed_alone_fails_with_its_cause(self):
        self._create_invoice(due=-10)

        def fail(*_args):
            try:
                raise UserError("Wrong word")
            except UserError as error:
                raise ValueError("Mixed up") from error

        with patch.object(
            type(self.env["ir.actions.report"]), "_dunning_print_letters", fail
        ):
            action = self._step(0)
        self.assertEqual(action.state, "failed")
        self.assertIn("Reason: Wrong word", action.failure)
        failure = action._get_letter_failure(KeyError())
        self.assertTrue(failure.endswith("Reason: KeyError"))

    def test_printing_again_changes_nothing(self):
        self._create_invoice(due=-10)
        action = self._step(0)
        before = action.letter_id.checksum
        with self._count_processes() as processes:
            action.action_print_again()
            pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "account_dunning.letter", action.ids
            )
        self.assertFalse(processes)
        self.assertEqual(pdf, action.letter_id.raw)
        self.assertEqual(action.letter_id.checksum, before)

    def test_what_waits_for_approval_is_not_printed(self):
        self.scenario.level_ids.execution = "validate"
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        with self.assertRaisesRegex(UserError, "approval"):
            action.action_print()

    def test_a_preview_is_a_draft_and_changes_nothing(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        pdf, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
            "account_dunning.letter", action.ids
        )
        self.assertIn("DRAFT", " ".join(self._read_pages(pdf)))
        self.assertEqual(action.state, "todo")
        self.assertFalse(action.letter_id)

    def test_drafts_that_cannot_be_told_apart_are_looked_at_all_the_same(self):
        for customer in (self.customer, self._create_addressee("Other")):
            self._create_invoice(customer, due=-10)
        first, second = self._run(0).action_ids
        # The colour by which the second letter of a document is known.
        mark = letter_pdf.get_mark(2)
        first._customize("Subject", f"<p style='background: {mark}'>One</p>", False)
        drafts = (first + second)._get_letter_pdfs()
        self.assertIn("One", " ".join(self._read_pages(drafts[first])))
        self.assertNotIn("One", " ".join(self._read_pages(drafts[second])))

    def test_a_draft_that_cannot_be_made_says_why(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        body = "<p><t t-out='object.partner_id.nothing'/></p>"
        # As Odoo stores translations, without trying them.
        self.cr.execute(
            "UPDATE mail_template SET body_html = JSONB_BUILD_OBJECT('en_US', %s) "
            "WHERE id = %s",
            [body, self.letter_template.id],
        )
        self.letter_template.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "cannot be made: correct its text"):
            action._get_letter_pdfs()

    def test_a_letter_without_text_is_shown_and_approved_as_such(self):
        level = self.scenario.level_ids
        level.write({"letter_template_id": False, "execution": "validate"})
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        self.assertTrue(action.has_preview)
        self.assertIn("no text for letters", action.get_preview()["problem"])
        told = action.action_preview_letter()["params"]["message"]
        self.assertIn("no text for letters", told)
        with self.assertRaisesRegex(UserError, "no text for letters"):
            action.action_validate()

    def test_collectors_print_and_others_do_not(self):
        self._create_invoice(due=-10)
        action = self._run(0).action_ids
        action.with_user(self.collector).action_print()
        self.assertEqual(action.state, "done")
        self.assertTrue(action.with_user(self.collector).letter_name)
