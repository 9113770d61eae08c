from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext

from ...tools.portal_mask import mask_links
from ..send.test_execution import ExecutionCommon


class ApprovalCommon(ExecutionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.customer.lang = "fr_FR"
        cls.mail_template.with_context(
            lang="fr_FR"
        ).subject = "Relance pour {{ object.partner_id.name }}"
        cls.reminder.execution = "validate"

    def _plan_to_validate(self, partner=None, amount=100.0, **level):
        """Return an invoice and its action, which waits for approval."""
        self.reminder.write(level)
        invoice = self._create_invoice(partner, due=-5, amount=amount)
        action = self._run().action_ids.with_user(self.collector)
        self.assertEqual(action.state, "to_validate")
        return invoice, action

    def _edit(self, action, subject="My Subject", body="<p>My words</p>"):
        dialog = Form(
            self.env["dunning.action.edit"]
            .with_user(self.collector)
            .with_context(**action.action_edit_text()["context"])
        )
        dialog.subject = subject
        dialog.body = body
        dialog.save().action_apply()

    def _dialog(self, model, actions, **values):
        return (
            self.env[model]
            .with_user(self.collector)
            .with_context(active_ids=actions.ids)
            .create(values)
        )


@tagged("post_install", "-at_install")
class TestPreview(ApprovalCommon):
    """What is shown is what goes out."""

    def test_the_preview_is_the_email_that_goes_out(self):
        self.mail_template.write(
            {
                "use_default_to": False,
                "email_cc": "copy@example.com",
                "reply_to": "answers@example.com",
            }
        )
        _invoice, action = self._plan_to_validate()
        shown = {
            name: self._shown(action)[name]
            for name in ("from", "to", "cc", "reply_to", "subject", "body")
        }
        self.assertEqual(shown["subject"], "Relance pour Customer")
        self.assertEqual(shown["to"], '"Customer" <customer@example.com>')
        self.assertEqual(shown["cc"], "copy@example.com")
        action.action_validate()
        self._cron_execute()
        sent = action.sending_id
        self.assertEqual(
            (sent.email_from, sent.email_cc, sent.reply_to, sent.subject),
            (shown["from"], shown["cc"], shown["reply_to"], shown["subject"]),
        )
        # The link to the customer's page is the customer's alone.
        body = mask_links(sent.body)
        self.assertNotEqual(body, sent.body)
        self.assertEqual(html2plaintext(body), html2plaintext(shown["body"]))
        # The copy has an e-mail of its own.
        mails = action.sudo().sending_id.recipient_ids.mail_id
        self.assertEqual(
            sorted(mails.mapped(lambda mail: mail.email_cc or "")),
            ["", "copy@example.com"],
        )
        for mail in mails:
            self.assertEqual(mail.subject, sent.subject)
            self.assertEqual(mail.body_html, sent.body)

    def test_the_preview_of_what_is_done_is_what_was_sent(self):
        _invoice, action = self._plan_to_validate()
        action.action_execute()
        self.mail_template.write({"subject": "Other", "body_html": "<p>Other</p>"})
        self.env.invalidate_all()
        self.assertEqual(self._shown(action).get("subject"), "Relance pour Customer")
        self.assertIn("You owe", self._shown(action).get("body"))

    def test_the_preview_lists_what_is_attached(self):
        invoice, action = self._plan_to_validate(attach_invoices=True)
        pdf = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "raw": b"%PDF",
            }
        )
        self.env.invalidate_all()
        self.assertEqual(
            self._shown(action)["attachments"],
            [{"id": pdf.id, "name": "invoice.pdf"}],
        )

    def test_files_that_are_not_made_yet_are_named(self):
        invoice, action = self._plan_to_validate(attach_invoices=True)
        self.assertEqual(self._shown(action).get("unmade"), invoice.name)
        self.assertFalse(self._shown(action)["attachments"])

    def test_files_beyond_the_limit_are_not_shown(self):
        self.company.dunning_attachment_count = 1
        self._create_invoice(due=-7)
        self.mail_template.body_html = '<t t-out="object.items_table"/>'
        __, action = self._plan_to_validate(attach_invoices=True)
        [oldest, *others] = action._get_listed_invoices()
        self.assertTrue(others)
        shown = self._shown(action)
        self.assertEqual(shown["unmade"], oldest.name)
        self.assertIn("nous envoyons les autres sur demande", shown["body"])
        self.assertFalse(action.unattached_count, "looking changes nothing")

    def test_the_text_of_a_letter_is_shown_and_may_be_edited(self):
        self.customer.write({"street": "1 quai", "zip": "69002", "city": "Lyon"})
        _invoice, action = self._plan_to_validate(
            channel="letter", letter_template_id=self.mail_template.id
        )
        self.assertIn("You owe 100", self._shown(action).get("body"))
        self.assertIn("69002", self._shown(action).get("to"))
        self._edit(action)
        self.assertIn("My words", self._shown(action).get("body"))
        [(subject, body)] = action.sudo()._get_letter_texts().values()
        self.assertEqual((subject, html2plaintext(body)), ("My Subject", "My words"))

    def test_an_sms_is_shown_and_may_be_edited(self):
        self.customer.write({"phone": "+33612345678"})
        sms = self.env["sms.template"].create(
            {
                "name": "SMS",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                "body": "Please pay {{ object.amount_text }}",
            }
        )
        _invoice, action = self._plan_to_validate(channel="sms", sms_template_id=sms.id)
        self.assertIn("100", self._shown(action).get("sms"))
        action._customize(False, False, "Call us")
        self.assertEqual(self._shown(action).get("sms"), "Call us")
        self.assertEqual(action.sudo()._render_sms(), {action.sudo(): "Call us"})

    def test_another_way_is_told_before(self):
        silent = self._create_customer(
            "Silent", email=False, street="1 quai", zip="69002", city="Lyon"
        )
        _invoice, action = self._plan_to_validate(
            silent,
            fallback_channel="letter",
            letter_template_id=self.mail_template.id,
        )
        self.assertEqual(self._shown(action).get("channel"), "letter")
        self.assertIn("no e-mail address", self._shown(action).get("problem"))
        self.assertIn("You owe 100", self._shown(action).get("body"))

    def test_the_preview_says_why_nothing_can_go_out(self):
        silent = self._create_customer("Silent", email=False)
        _invoice, action = self._plan_to_validate(silent)
        self.assertIn("no e-mail address", self._shown(action).get("problem"))
        self.assertIn("You owe", self._shown(action).get("body"))
        self.assertFalse(self._shown(action).get("channel"))

    def test_the_preview_of_a_text_that_cannot_be_made_says_why(self):
        # The check at saving does not find it before there is an action.
        self.mail_template.with_context(
            lang="fr_FR"
        ).subject = "{{ 1 / (object.days_late - 5) }}"
        _invoice, action = self._plan_to_validate()
        self.assertIn("1 / (object.days_late", self._shown(action).get("problem"))
        self.assertFalse(self._shown(action).get("body"))

    def test_the_preview_writes_nothing(self):
        _invoice, action = self._plan_to_validate()
        mails = self.env["mail.mail"].search_count([])
        self.assertTrue(self._shown(action).get("body"))
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(action.state, "to_validate")

    def test_a_call_has_no_preview(self):
        _invoice, action = self._plan_to_validate(channel="call")
        self.assertFalse(action.has_preview)
        self.assertFalse(self._shown(action).get("body"))

    def test_the_preview_is_for_those_who_may_read_the_action(self):
        _invoice, action = self._plan_to_validate()
        other = self._create_second_company()
        for stranger in (
            self._create_user("stranger", "group_dunning_manager", other),
            self._create_user("nobody", "group_dunning_readonly", other),
        ):
            with self.assertRaises(AccessError):
                action.with_user(stranger).get_preview()

    def test_no_field_of_an_action_is_a_text_that_is_worked_out(self):
        _invoice, action = self._plan_to_validate()
        templates = self.env.registry["mail.template"]
        with patch.object(templates, "_generate_template", side_effect=AssertionError):
            action.invalidate_recordset()
            action.read()
            specification = {name: {} for name in action.fields_get()}
            action.onchange({"channel": "sms"}, ["channel"], specification)

    def test_an_auditor_sees_the_preview_and_refreshes_nothing(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        _invoice, action = self._plan_to_validate()
        self.assertIn("You owe", self._shown(action.with_user(auditor)).get("body"))
        with self.assertRaises(AccessError):
            action.with_user(auditor).action_refresh()

    def test_what_became_overdue_meanwhile_is_shown_after_a_refresh(self):
        self._create_invoice(due=1, amount=70)
        _invoice, action = self._plan_to_validate()
        self._go_to(2)
        action.action_refresh()
        self.assertIn("170", self._shown(action).get("body"))

    def test_scripts_are_not_shown(self):
        self.mail_template.body_html = '<p onclick="x()">Text</p><script>x</script>'
        _invoice, action = self._plan_to_validate()
        self.assertNotIn("script", self._shown(action).get("body"))
        self.assertNotIn("onclick", self._shown(action).get("body"))
