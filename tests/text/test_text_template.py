from ast import literal_eval
from contextlib import contextmanager

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import html2plaintext, mute_logger

from ..send.test_execution import ExecutionCommon

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

    def _create_in_french(self, **values):
        templates = self.env["mail.template"].with_user(self.manager)
        model = self.env["ir.model"]._get_id("dunning.action")
        draft = {"name": "Chantier", "model_id": model, "subject": "Brouillon"}
        return templates.with_context(lang="fr_FR").create(draft | values)

    def test_a_text_of_one_language_is_corrected_for_customers_of_others_too(self):
        text = self._create_in_french(body_html="<p>Brouillon</p>")
        text.write(
            {
                "subject": "Votre chantier",
                "body_html": "<p>À régler : {{ object.amount_text }}</p>",
            }
        )
        english = text.with_context(lang="en_US")
        self.assertEqual(english.subject, "Votre chantier")
        self.assertIn('<t t-out="object.amount_text', english.body_html)
        self.assertEqual(english.body_html, text.body_html)
        # Once it is translated, each is corrected by itself.
        english.subject = "Your site"
        text.subject = "Votre chantier, suite"
        self.assertEqual(english.subject, "Your site")

    def test_a_translation_leaves_what_was_written_first(self):
        self.text.with_context(lang="fr_FR").subject = "Rappel"
        self.assertIn("Reminder", self.text.with_context(lang="en_US").subject)

    def test_the_preview_in_another_language_shows_what_its_customers_read(self):
        self._create_invoice(due=-10)
        self._run()
        text = self._create_in_french(body_html="<p>Bonjour</p>")
        text.with_context(lang="en_US").body_html = "<p>Hello</p>"
        typed = {"subject": "Neu", "body_html": "<p>Salut</p>"}
        for lang, words in (("fr_FR", "Salut"), ("en_US", "Hello")):
            shown = text.dunning_get_preview(typed, lang=lang)
            self.assertEqual(html2plaintext(shown["body"]).strip(), words)

    def test_the_name_of_a_field_that_stands_as_a_word_is_told(self):
        for body in (
            "<p>object.items_table</p>",
            "<p>Pay <b>object.amount_text</b></p>",
        ):
            with self._refused("{{ object."):
                self.text.body_html = body
        with self._refused("{{ object.amount_text }}"):
            self.sms.with_user(self.manager).body = "Pay object.amount_text"
        self.text.body_html = "<p>Your object.ive {{ object.amount_text }}</p>"

    def test_a_manager_writes_an_sms_without_choosing_a_model(self):
        action = self.env.ref("account_dunning.action_sms_template")
        texts = self.env["sms.template"].with_user(self.manager)
        texts = texts.with_context(**literal_eval(action.context))
        view = self.env.ref("account_dunning.view_sms_template_form")
        with Form(texts, view) as form:
            form.name = "Ours, short"
            form.body = "Pay {{ object.amount_text }}"
            self.assertTrue(form._get_modifier("model_id", "invisible"))
        self.assertEqual(form.record.model, "dunning.action")

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
        template = self.env["mail.template"].create(
            {
                "name": "Theirs",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Hello {{ object.name }}",
                "body_html": "<p>Hello {{ object.name }}</p>",
            }
        )
        # Of ours the one would be refused, the other become a field.
        self.assertEqual(template.subject, "Hello {{ object.name }}")
        self.assertEqual(template.body_html, "<p>Hello {{ object.name }}</p>")
        with self._refused(r"object\.name"):
            self.template.subject = "Hello {{ object.name }}"

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
        for model, least in (("mail.template", 10), ("sms.template", 1)):
            templates = self.env[model].search(domain)
            self.assertGreaterEqual(len(templates), least)
            for template in templates:
                names = list(template._dunning_text_fields)
                with self.subTest(template=template.name):
                    self.assertTrue(any(template[name] for name in names))
                    template._dunning_check_texts()
                    template._dunning_check_rendering(names)


@tagged("post_install", "-at_install")
class TestTemplatePreview(TextTemplateCommon):
    """Beside the text: what it gives for a real customer, and its fields."""

    def _plan_sample(self):
        self.reminder.mail_template_id = self.template
        _invoice, action = self._plan_action()
        return action

    def _show(self, template=None, sample=None, lang=False, **texts):
        """Return what the screen shows beside the text of a template."""
        template = template or self.text
        kept = {name: template[name] for name in template._dunning_text_fields}
        return template.dunning_get_preview(kept | texts, sample and sample.id, lang)

    def _get_fields(self):
        return self.text.dunning_get_merge_fields()

    def test_the_text_is_shown_for_an_action_that_sends_it(self):
        action = self._plan_sample()
        self._plan_action(self._create_customer("Later"))
        sample = action.browse(self._show()["sample_id"])
        self.assertEqual(sample.level_id.mail_template_id, self.template)
        shown = self._show(sample=action)
        self.assertEqual(shown["sample_id"], action.id)
        self.assertIn("100.00", shown["body"])
        self.assertIn(action.reference, shown["subject"])

    def test_of_what_is_empty_there_is_no_example(self):
        action = self.env["dunning.action"].create({"partner_id": self.customer.id})
        self.assertFalse(action.oldest_number)
        found = self.text.dunning_get_merge_fields(action.id)
        examples = {field["name"]: field["example"] for field in found}
        self.assertEqual(examples["object.oldest_number"], "")
        self.assertNotIn("False", examples.values())

    def test_what_is_shown_is_what_goes_out(self):
        action = self._plan_sample()
        letter = action._get_letter_template()
        domain = [("model", "=", "dunning.action"), ("id", "!=", self.mail_template.id)]
        templates = self.env["mail.template"].search(domain)
        self.assertGreaterEqual(len(templates), 10)
        for template in templates:
            own = template._dunning_for_actions()
            sent = own.with_context(dunning_paper=template == letter)
            sent = sent._generate_template(action.ids, ("subject", "body_html"))
            shown = self._show(template.with_user(self.manager), action, "en_US")
            with self.subTest(template=template.name):
                self.assertFalse(shown["problem"])
                self.assertEqual(shown["subject"], sent[action.id]["subject"])
                self.assertEqual(
                    html2plaintext(shown["body"]).split(),
                    html2plaintext(sent[action.id]["body_html"]).split(),
                )

    def test_a_letter_is_shown_as_it_is_on_paper(self):
        action = self._plan_sample()
        self.template.body_html = '<t t-out="object.items_table"/>'
        self.assertNotIn('class="items"', self._show(sample=action)["body"])
        self.reminder.mail_template_id = False
        self.reminder.letter_template_id = self.template
        self.assertIn('class="items"', self._show(sample=action)["body"])

    def test_what_is_typed_is_shown_before_it_is_saved(self):
        self._plan_sample()
        shown = self._show(
            subject="Now {{ object.partner_id.name }}",
            body_html="<p>Dear {{ object.partner_id.name }}</p>",
        )
        self.assertEqual(shown["subject"], "Now Customer")
        self.assertIn("Dear Customer", shown["body"])
        new = self.env["mail.template"].with_user(self.manager)
        shown = new.dunning_get_preview({"subject": "For {{ object.partner_id.name }}"})
        self.assertEqual(shown["subject"], "For Customer")

    def test_what_is_wrong_is_shown_before_it_is_saved(self):
        self._plan_sample()
        shown = self._show(subject="{{ object.referense }}")
        self.assertIn("object.referense", shown["problem"])
        self.assertIn("object.reference", shown["problem"])

    def test_the_text_is_shown_in_any_language(self):
        self._plan_sample()
        self.template.with_context(lang="fr_FR").subject = "Rappel"
        self.assertIn("100,00", self._show(lang="fr_FR")["body"])
        self.assertIn(("fr_FR", "French / Français"), self._show()["languages"])

    def test_every_field_of_the_list_exists_and_may_be_used(self):
        self._plan_sample()
        allowed = self.env["dunning.action"].mail_allowed_qweb_expressions()
        rows = self._get_fields()
        self.assertEqual(len(rows), len({row["name"] for row in rows}))
        for row in rows:
            self.assertIn(row["name"], allowed)
            self.assertTrue(row["label"])
        examples = {row["name"]: row["example"] for row in rows}
        self.assertIn("100.00", examples["object.amount_text"])

    def test_template_editors_see_every_field(self):
        self._plan_sample()
        self.customer.vat = "FR23334175221"
        editor = self._create_user("editor", "group_dunning_manager")
        editor.group_ids += self.env.ref("mail.group_mail_template_editor")
        shown = self._show(
            self.template.with_user(editor), subject="{{ object.partner_id.vat }}"
        )
        self.assertEqual(shown["subject"], "FR23334175221")

    def test_a_text_is_shown_with_the_rights_of_who_writes_it(self):
        self._plan_sample()
        shown = self._show(
            body_html="<t t-out=\"object.env['res.users'].sudo().search([])\"/>"
        )
        self.assertIn("template editors", shown["problem"])
        self.assertFalse(shown["body"])

    def test_without_any_action_the_fields_are_listed(self):
        self.env["dunning.action"].search([]).unlink()
        shown = self._show()
        self.assertFalse(shown["sample_id"])
        self.assertFalse(shown["body"])
        self.assertTrue(self._get_fields())

    def test_an_sms_is_shown_as_it_is_sent(self):
        _invoice, action = self._plan_action()
        shown = self._show(self.sms.with_user(self.manager), action)
        self.assertIn("100.00", shown["body"])
