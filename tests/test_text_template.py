from contextlib import contextmanager

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from .test_execution import ExecutionCommon

REFUSED = mute_logger("odoo.addons.mail.models.mail_render_mixin")


class TextTemplateCommon(ExecutionCommon):
    @contextmanager
    def _refused(self, message):
        """Check that a text is refused, and take back what was written."""
        with (
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            yield

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.template = cls._create_mail_template(
            name="Ours",
            subject="Reminder {{ object.reference }}",
            body_html='<p>Please pay <t t-out="object.amount_text"/></p>',
            lang="{{ object.contact_lang }}",
        )
        cls.sms = cls.env["sms.template"].create(
            {
                "name": "Our SMS",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "body": "Please pay {{ object.amount_text }}",
            }
        )
        cls.text = cls.template.with_user(cls.manager)


@tagged("post_install", "-at_install")
class TestTemplateRights(TextTemplateCommon):
    """Credit managers edit the texts of dunning without being administrators."""

    def test_a_manager_edits_creates_and_deletes_texts(self):
        self.assertFalse(self.manager.has_group("mail.group_mail_template_editor"))
        self.text.subject = "About {{ object.reference }}"
        copy = self.text.copy()
        self.assertIn("amount_text", copy.body_html)
        copy.unlink()
        self.sms.with_user(self.manager).body = "Pay {{ object.amount_text }} now"

    def test_a_manager_does_not_touch_the_texts_of_others(self):
        other = self.env["mail.template"].create(
            {"name": "Theirs", "model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        with self.assertRaises(AccessError):
            other.with_user(self.manager).subject = "Mine"

    def test_collectors_and_auditors_change_no_text(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        for user in (self.collector, auditor):
            for template in (self.template, self.sms):
                with self.assertRaises(AccessError):
                    template.with_user(user).name = "Mine"

    def test_a_manager_cannot_use_what_only_editors_may(self):
        with self._refused(r"object\.partner_id\.vat"):
            self.text.body_html = '<t t-out="object.partner_id.vat"/>'
        with self._refused("template editors"):
            self.text.subject = "{{ object.days_late }}"


@tagged("post_install", "-at_install")
class TestTemplateCheck(TextTemplateCommon):
    """A text that cannot be rendered is refused when it is saved, by name."""

    def test_the_wrong_field_is_named_with_the_nearest_that_exists(self):
        with self._refused(r"Subject.*object\.referense.*object\.reference"):
            self.template.subject = "About {{ object.referense }}"
        with self._refused(r"Body.*object\.greting"):
            self.text.body_html = '<p><t t-out="object.greting"/></p>'
        with self._refused(r"object\.amont"):
            self.sms.body = "Pay {{ object.amont }}"

    def test_a_field_of_a_field_is_checked_too(self):
        with self._refused(r"object\.partner_id\.nam"):
            self.template.subject = "{{ object.partner_id.nam }}"

    def test_the_wrong_field_of_a_translation_is_named(self):
        with self._refused(r"object\.referense"):
            self.template.with_context(
                lang="fr_FR"
            ).subject = "Au sujet de {{ object.referense }}"
        with self._refused(r"object\.referense"):
            self.template.update_field_translations(
                "subject", {"fr_FR": "Au sujet de {{ object.referense }}"}
            )

    @REFUSED
    def test_what_fails_when_it_is_rendered_is_refused_with_its_language(self):
        self._create_invoice(due=-5)
        self._run()
        with self._refused("French.*division by zero"):
            self.template.with_context(
                lang="fr_FR"
            ).subject = "{{ 1 / (object.days_late - 5) }}"

    def test_texts_of_other_documents_are_left_alone(self):
        self.env["mail.template"].create(
            {
                "name": "Theirs",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Hello {{ object.name }}",
            }
        )

    def test_fields_are_written_in_a_text_as_in_its_subject(self):
        self.text.body_html = "<p>Pay {{ object.amount_text }} please</p>"
        self.assertIn('t-out="object.amount_text"', self.text.body_html)
        self.reminder.mail_template_id = self.template
        self._create_invoice(due=-5, amount=100)
        [action] = self._step()
        text = html2plaintext(action.mail_id.body_html)
        self.assertIn("100.00", text)
        self.assertNotIn("{{", text)

    def test_shipped_texts_pass_the_check(self):
        self._create_invoice(due=-5)
        self._run()
        domain = [("model", "=", "dunning.action")]
        for model in ("mail.template", "sms.template"):
            for template in self.env[model].search(domain):
                template._check_dunning_texts()
                template._check_dunning_rendering(list(template._dunning_text_fields))


@tagged("post_install", "-at_install")
class TestTemplatePreview(TextTemplateCommon):
    """Beside the text: what it gives for a real customer, and its fields."""

    def _plan_sample(self):
        self.reminder.mail_template_id = self.template
        _invoice, action = self._plan_action()
        return action

    def test_the_text_is_shown_for_an_action_that_sends_it(self):
        action = self._plan_sample()
        self._plan_action(self._create_customer("Later"))
        self.assertIn(
            self.text.dunning_sample_id.level_id.mail_template_id, self.template
        )
        self.text.dunning_sample_id = action
        self.assertIn("100.00", self.text.dunning_preview_body)
        self.assertIn(action.reference, self.text.dunning_preview_subject)

    def test_a_letter_is_shown_as_it_is_on_paper(self):
        self._plan_sample()
        self.template.body_html = '<t t-out="object.items_table"/>'
        self.assertNotIn('class="items"', self.text.dunning_preview_body)
        self.reminder.mail_template_id = False
        self.reminder.letter_template_id = self.template
        self.text.invalidate_recordset()
        self.assertIn('class="items"', self.text.dunning_preview_body)

    def test_what_is_typed_is_shown_before_it_is_saved(self):
        self._plan_sample()
        with Form(self.text, "account_dunning.view_mail_template_form") as form:
            form.subject = "Now {{ object.partner_id.name }}"
            self.assertEqual(form.dunning_preview_subject, "Now Customer")
            form.body_html = "<p>Dear {{ object.partner_id.name }}</p>"
            self.assertIn("Dear Customer", form.dunning_preview_body)

    def test_what_is_wrong_is_shown_before_it_is_saved(self):
        self._plan_sample()
        form = Form(self.text, "account_dunning.view_mail_template_form")
        form.subject = "{{ object.referense }}"
        self.assertIn("object.referense", form.dunning_preview_problem)

    def test_the_text_is_shown_in_any_language(self):
        self._plan_sample()
        self.template.with_context(lang="fr_FR").subject = "Rappel"
        form = Form(self.text, "account_dunning.view_mail_template_form")
        form.dunning_sample_lang = "fr_FR"
        self.assertIn("100,00", form.dunning_preview_body)

    def test_every_field_of_the_list_exists_and_may_be_used(self):
        self._plan_sample()
        allowed = self.env["dunning.action"].mail_allowed_qweb_expressions()
        rows = self.text.dunning_merge_fields
        self.assertEqual(len(rows), len({row["expression"] for row in rows}))
        for row in rows:
            self.assertIn(row["expression"].strip("{} "), allowed)
            self.assertTrue(row["label"])
        examples = {row["expression"]: row["example"] for row in rows}
        self.assertIn("100.00", examples["{{ object.amount_text }}"])

    def test_a_text_is_shown_with_the_rights_of_who_writes_it(self):
        self._plan_sample()
        form = Form(self.text, "account_dunning.view_mail_template_form")
        form.body_html = "<t t-out=\"object.env['res.users'].sudo().search([])\"/>"
        self.assertIn("template editors", form.dunning_preview_problem)
        self.assertFalse(form.dunning_preview_body)

    def test_without_any_action_the_fields_are_listed(self):
        self.env["dunning.action"].search([]).unlink()
        self.assertFalse(self.text.dunning_sample_id)
        self.assertTrue(self.text.dunning_merge_fields)
        self.assertFalse(self.text.dunning_preview_body)

    def test_an_sms_is_shown_as_it_is_sent(self):
        self._plan_action()
        self.assertIn("100.00", self.sms.with_user(self.manager).dunning_preview_body)
