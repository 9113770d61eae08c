from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..send.test_execution import ExecutionCommon

# What an attacker writes: rights for himself, and a transaction that keeps them.
ATTACK = (
    "<p>Hello</p>"
    '<t t-set="users" t-value="object.env[\'res.users\'].sudo()"/>'
    "<t t-out=\"users.browse(object.env.uid).write({'signature': 'Taken'})\"/>"
)
INLINE_ATTACK = (
    "{{ object.env['res.users'].sudo().browse(object.env.uid)"
    ".write({'signature': 'Taken'}) }}"
)
ENDLESS = '<t t-foreach="range(10**9)" t-as="i"><t t-out="i"/></t>'
REFUSED = (AccessError, ValidationError)


class TextAttackCommon(ExecutionCommon):
    """Somebody who may only log in, and a template to attack with."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attacker = new_test_user(cls.env, "attacker", "base.group_user")
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.env["res.lang"]._activate_lang("fr_FR")
        _invoice, cls.action = cls._plan_sample()

    @classmethod
    def _plan_sample(cls):
        invoice = cls._create_invoice(due=-5)
        return invoice, cls.company._dunning_run().action_ids

    def setUp(self):
        super().setUp()
        for user in (self.attacker, self.manager):
            self.assertFalse(user.has_group("mail.group_mail_template_editor"))

    def _template_values(self, model="dunning.action", **values):
        return {
            "name": "Harmless",
            "model_id": self.env["ir.model"]._get_id(model),
            **values,
        }

    def _assert_untouched(self):
        self.env.invalidate_all()
        for user in (self.attacker, self.manager):
            self.assertNotIn("Taken", user.signature or "")

    def _try(self, attack):
        """Try an attack that is to be refused, and take back what it wrote."""
        refused = False
        try:
            with self.env.cr.savepoint():
                attack()
        except REFUSED:
            refused = True
        self.assertTrue(refused)
        self._assert_untouched()


@tagged("post_install", "-at_install")
class TestTextAttack(TextAttackCommon):
    """No text is evaluated before it is known who wrote it."""

    def test_a_text_that_writes_is_refused_before_it_is_evaluated(self):
        for user in (self.attacker, self.manager):
            templates = self.env["mail.template"].with_user(user)
            for model in ("dunning.action", "res.partner", "account.move"):
                for values in ({"body_html": ATTACK}, {"subject": INLINE_ATTACK}):
                    with self.subTest(user=user.login, model=model, **values):
                        vals = self._template_values(model, **values)
                        self._try(lambda v=vals, t=templates: t.create(v))

    def test_an_endless_loop_is_refused_at_once(self):
        templates = self.env["mail.template"].with_user(self.attacker)
        vals = self._template_values(body_html=ENDLESS)
        self._try(lambda: templates.create(vals))

    def test_a_text_cannot_be_changed_into_an_attack(self):
        for user in (self.attacker, self.manager):
            template = self.env["mail.template"].with_user(user)
            template = template.create(
                self._template_values(subject="Hello", body_html="<p>Hello</p>")
            )
            self._try(lambda t=template: t.write({"body_html": ATTACK}))
            self._try(lambda t=template: t.write({"subject": INLINE_ATTACK}))
            self._try(
                lambda t=template: t.web_save(
                    {"body_html": ATTACK}, {"body_html": {}, "display_name": {}}
                )
            )

    def test_a_translation_cannot_be_an_attack(self):
        template = self.env["mail.template"].with_user(self.attacker)
        template = template.create(
            self._template_values(subject="Hello", body_html="<p>Hello</p>")
        )
        french = template.with_context(lang="fr_FR")
        self._try(lambda: french.write({"body_html": ATTACK}))
        self._try(
            lambda: template.update_field_translations(
                "subject", {"fr_FR": INLINE_ATTACK}
            )
        )
        self._try(
            lambda: template.update_field_translations("body_html", {"fr_FR": ATTACK})
        )

    def test_a_translation_is_cleaned_as_the_text_itself(self):
        template = self.env["mail.template"].with_user(self.manager)
        template = template.create(
            self._template_values(subject="Hello", body_html="<p>Hello</p>")
        )
        running = '<p onclick="x()">Bonjour<script>x()</script></p><img onerror="x()"/>'
        template.update_field_translations("body_html", {"fr_FR": running})
        text = str(template.with_context(lang="fr_FR").body_html)
        self.assertIn("Bonjour", text)
        for word in ("onclick", "script", "onerror"):
            self.assertNotIn(word, text)

    def test_what_is_typed_is_evaluated_by_no_onchange(self):
        for user in (self.attacker, self.manager):
            templates = self.env["mail.template"].with_user(user)
            vals = self._template_values(subject=INLINE_ATTACK, body_html=ATTACK)
            every = {name: {} for name in templates.fields_get()}
            for changed in (list(vals), ["body_html"], []):
                templates.onchange(vals, changed, every)
        self._assert_untouched()

    def test_a_text_message_is_no_attack_either(self):
        messages = self.env["sms.template"].with_user(self.manager)
        vals = self._template_values(body=INLINE_ATTACK)
        self._try(lambda: messages.create(vals))
        messages.onchange(vals, ["body"], {"body": {}})
        self._assert_untouched()

    def test_who_has_no_rights_on_dunning_still_writes_plain_templates(self):
        templates = self.env["mail.template"].with_user(self.attacker)
        for model, name in (
            ("res.partner", "object.name"),
            ("dunning.action", "object.partner_id.name"),
        ):
            template = templates.create(
                self._template_values(
                    model,
                    subject=f"Hello {{{{ {name} }}}}",
                    body_html=f'<p>Dear <t t-out="{name}"/></p>',
                )
            )
            template.write({"subject": "Good day"})
            self.assertEqual(template.subject, "Good day")

    def test_a_form_of_a_template_needs_no_rights_on_dunning(self):
        with Form(self.env["mail.template"].with_user(self.attacker)) as form:
            form.name = "Ours"
            form.model_id = self.env["ir.model"]._get("res.partner")
            form.subject = "Hello {{ object.name }}"
        template = form.record
        self.assertEqual(template.subject, "Hello {{ object.name }}")
        self.assertEqual(template.create_uid, self.attacker)

    def test_nothing_of_ours_is_a_field_of_a_template(self):
        # Odoo reads every field of a template with all rights when it checks a text.
        for model in ("mail.template", "sms.template"):
            ours = [name for name in self.env[model]._fields if "dunning" in name]
            self.assertFalse(ours, model)


@tagged("post_install", "-at_install")
class TestPreviewAttack(TextAttackCommon):
    """What shows a text evaluates no more than who asks may."""

    def _ask(self, user, model="mail.template", **texts):
        templates = self.env[model].with_user(user)
        return templates.dunning_get_preview(texts, self.action.id, "en_US")

    def test_the_preview_needs_rights_on_dunning(self):
        for user in (self.attacker, self.env.ref("base.public_user")):
            with self.assertRaises(AccessError):
                self._ask(user, subject="Hello")

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_the_preview_evaluates_nothing_for_anybody(self):
        editor = self._create_user("editor", "group_dunning_manager")
        editor.group_ids += self.env.ref("mail.group_mail_template_editor")
        for user in (self.manager, editor, self.env.user):
            for text in (ATTACK, ENDLESS, '<t t-out="10**10**9"/>'):
                shown = self._ask(user, body_html=text, subject="Hello")
                self.assertTrue(shown["problem"], text)
                self.assertFalse(shown["body"])
            shown = self._ask(user, subject=INLINE_ATTACK)
            self.assertTrue(shown["problem"])
            self.assertTrue(
                self._ask(user, "sms.template", body=INLINE_ATTACK)["problem"]
            )
        self._assert_untouched()

    def test_the_preview_shows_no_action_of_another_company(self):
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        with self.assertRaises(AccessError):
            self._ask(stranger, subject="{{ object.partner_id.name }}")

    def test_the_preview_uses_the_fields_that_its_reader_may_see(self):
        shown = self._ask(self.manager, subject="{{ object.partner_id.vat }}")
        self.assertIn("template editors", shown["problem"])
        self.assertFalse(shown["subject"])

    def test_the_preview_of_a_text_without_end_is_refused(self):
        for text in ("x" * 10**6, "{{" * 10**5, "<t>" * 10**5):
            shown = self._ask(self.manager, body_html=text)
            self.assertIn("too long", shown["problem"])

    def test_the_preview_takes_no_more_than_its_time(self):
        # What makes Odoo's own patterns try every way to read a text.
        for text in (
            '<t t-out="object.greeting">' + " " * 50_000,
            "{{" * 25_000,
            "{{ object.greeting |||" + " |||" * 12_000,
            "<t>" * 15_000,
        ):
            with self.subTest(text[:30]):
                self._ask(self.manager, body_html=text)

    def test_a_preview_that_multiplies_a_text_stops(self):
        body = '<t t-out="object.items_table"/>' * 1_500
        shown = self._ask(self.manager, body_html=body)
        self.assertIn("too long", shown["problem"])

    def test_the_preview_writes_nothing(self):
        template = self.env["mail.template"].with_user(self.manager)
        template = template.create(self._template_values(subject="Kept"))
        template.dunning_get_preview({"subject": "Typed"}, self.action.id, False)
        self.assertEqual(template.subject, "Kept")

    def test_the_preview_of_an_action_writes_nothing_whatever_its_text_does(self):
        # Template editors may write what they like: it is evaluated when it goes out.
        self.action._get_mail_template().sudo().body_html = ATTACK
        shown = self.action.with_user(self.collector).get_preview()
        self.assertIn("not shown here", shown["problem"])
        self.assertFalse(shown["body"])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn("Taken", self.collector.signature or "")

    def test_a_preview_of_made_up_values_fails_with_a_message(self):
        for sample in (10**9, False):
            shown = self.env["mail.template"].with_user(self.manager)
            shown = shown.dunning_get_preview({"subject": "Hello"}, sample, "xx_XX")
            self.assertEqual(shown["subject"], "Hello")
