from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_text_attack import ATTACK, ENDLESS, INLINE_ATTACK, TextAttackCommon

# What the author of templates may well use, and who looks at a text may see.
ELABORATE = (
    '<p t-if="object.partner_id.is_company">Dear company</p>'
    '<p t-else="">Dear customer</p>'
    '<t t-set="debtor" t-value="object.partner_id"/>'
    '<ul><li t-foreach="object.line_ids" t-as="line">'
    '<t t-out="line.name"/>: '
    '<b t-out="format_amount(line.amount_residual, line.currency_id)"/></li></ul>'
    '<a t-attf-href="https://example.com/{{ debtor.id }}" t-att-title="debtor.name">'
    "x</a>"
    "<i t-out=\"', '.join(object.line_ids.mapped('move_id.name'))\"/>"
    '<t t-out="debtor.name.upper()"/>'
)
# What is harmless, and told by calling something.
CALLING = '<p t-out="object.line_ids.filtered(lambda line: line.days_late)[:1].name"/>'


@tagged("post_install", "-at_install")
class TestShownText(TextAttackCommon):
    """Looking at what goes out evaluates nothing that does more than to show it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.editor = cls._create_user("editor", "group_dunning_manager")
        cls.editor.group_ids += cls.env.ref("mail.group_mail_template_editor")

    def _set_text(self, body, subject="Hello"):
        # Template editors may write what they like.
        template_sudo = self.action._get_mail_template().sudo()
        template_sudo.write({"body_html": body, "subject": subject})

    def _look(self, user=None):
        self.env.flush_all()
        return self.action.with_user(user or self.collector).get_preview()

    def test_a_text_that_does_more_is_not_shown(self):
        for body in (
            ATTACK,
            ENDLESS.replace("10**9", "10**3"),
            "<t t-out=\"object.env.cr.execute('COMMIT')\"/>",
            '<t t-out="object.env.registry.cursor()"/>',
            '<t t-out="object.sudo().partner_id.name"/>',
            "<t t-out=\"'x' * 1000\"/>",
            '<t t-out="object.name + object.name" t-if="object.partner_id.name"/>',
            '<t t-set="a"><t t-out="object.greeting"/></t>',
            '<t t-foreach="object.line_ids" t-as="a">'
            '<t t-foreach="object.line_ids" t-as="b">x</t></t>',
            '<t t-call="account_dunning.content_items"/>',
        ):
            with self.subTest(body):
                self._set_text("<p>Hello</p>")
                self.cr.execute(
                    "UPDATE mail_template SET body_html = jsonb_build_object("
                    "'en_US', %s) WHERE id = %s",
                    [body, self.action._get_mail_template().id],
                )
                self.env.invalidate_all()
                for user in (self.collector, self.editor):
                    shown = self._look(user)
                    self.assertIn("not shown here", shown["problem"])
                    self.assertFalse(shown["body"])
        self._assert_untouched()

    def test_a_subject_that_does_more_is_not_shown(self):
        for subject in (INLINE_ATTACK, INLINE_ATTACK.replace(" }}", " |||\n x }}")):
            self._set_text("<p>Hello</p>", subject)
            self.assertIn("not shown here", self._look()["problem"])
        self._assert_untouched()

    def test_a_text_with_conditions_and_a_loop_is_shown_as_it_goes_out(self):
        self._set_text(ELABORATE, "For {{ object.partner_id.name.upper() }}")
        shown = self._look()
        self.assertFalse(shown["problem"])
        self.assertEqual(shown["subject"], "For CUSTOMER")
        for part in (
            "Dear customer",
            "100.00",
            "CUSTOMER",
            f"example.com/{self.customer.id}",
        ):
            self.assertIn(part, shown["body"])
        self._execute(self.action)
        self.assertEqual(self.action.state, "done")
        self.assertIn("Dear customer", self.action.sending_id.body)
        self.assertNotIn("Dear company", self.action.sending_id.body)
        self.assertEqual(self.action.sending_id.subject, "For CUSTOMER")

    def test_a_text_that_calls_something_goes_out_all_the_same(self):
        self._set_text(CALLING)
        self.assertIn("not shown here", self._look()["problem"])
        self._execute(self.action)
        self.assertEqual(self.action.state, "done")
        self.assertIn(self.action.line_ids.name, self.action.sending_id.body)

    def test_who_looks_sees_no_field_that_they_may_not_read(self):
        self._set_text('<t t-out="object.partner_id.signup_type"/>')
        self.assertIn("signup_type", self._look()["problem"])

    def test_who_looks_sees_nothing_of_what_they_may_not_read(self):
        self.assertFalse(
            self.env["ir.mail_server"].with_user(self.collector).has_access("read")
        )
        self._set_text('<t t-out="object.sent_message_id.mail_server_id.smtp_host"/>')
        self.assertIn("smtp_host", self._look()["problem"])

    def test_a_text_can_be_written_for_what_is_not_shown(self):
        self._set_text(CALLING)
        dialog = self.env["dunning.action.edit"].with_user(self.collector)
        dialog = dialog.create(
            {"action_id": self.action.id, "subject": "Mine", "body": "<p>Mine</p>"}
        )
        dialog.action_apply()
        shown = self._look()
        self.assertFalse(shown["problem"])
        self.assertIn("Mine", shown["body"])

    def test_the_draft_of_a_letter_does_nothing_else(self):
        self.customer.write({"street": "Street 1", "zip": "1000", "city": "City"})
        self.action.level_id.letter_template_id = self.action._get_mail_template()
        self.action.sudo().channel = "letter"
        for body in (ATTACK, CALLING):
            self._set_text(body)
            self.env.flush_all()
            with self.assertRaisesRegex(UserError, "not shown here"):
                self.action.with_user(self.collector)._get_letter_pdfs()
        self._assert_untouched()

    def test_the_confirmation_of_a_call_does_nothing_else(self):
        template = self.env.ref("account_dunning.mail_template_call_agreement")
        template.sudo().body_html = ATTACK
        self.action.sudo().write({"channel": "call", "execution": "manual"})
        call = self.action.with_user(self.collector)
        dialogs = call.env["dunning.call.outcome"].with_context(
            **call.action_open_outcome("promise")["context"]
        )
        shown = dialogs.get_confirmation(
            {
                "action_id": call.id,
                "outcome": "promise",
                "amount": 100,
                "currency_id": self.company.currency_id.id,
                "date": str(self._day(8)),
            }
        )
        self.assertIn("not shown here", shown["problem"])
        self._assert_untouched()


@tagged("post_install", "-at_install")
class TestTextsOfOthers(TextAttackCommon):
    """Rendered for the record of another model that has the number of the action, a
    text or report would tell about anything."""

    def setUp(self):
        super().setUp()
        self.template = self.action._get_mail_template()
        self.text = self.template.with_user(self.manager)
        self.report = self.env.ref("account.account_invoices")

    def _refuse(self, message, values, text=None):
        with (
            self.assertRaisesRegex(ValidationError, message),
            self.env.cr.savepoint(),
        ):
            (self.text if text is None else text).write(values)
        self.env.invalidate_all()

    def test_a_text_of_levels_stays_one_about_actions(self):
        moves = self.env["ir.model"]._get_id("account.move")
        told = {"subject": "{{ object.name }}", "body_html": "<p>Hello</p>"}
        text = self.text.create(self._template_values(body_html="<p>Hello</p>"))
        for name in ("mail_template_id", "letter_template_id"):
            former = self.reminder[name]
            self.reminder[name] = text.id
            values = {"model_id": moves, **told}
            self._refuse("stays one about dunning", values, text)
            self.reminder[name] = former
        text.write({"model_id": moves, **told})
        self.assertEqual(text.model, "account.move")

    def test_an_sms_of_levels_stays_one_about_actions(self):
        actions, moves = (
            self.env["ir.model"]._get_id(model)
            for model in ("dunning.action", "account.move")
        )
        sms = self.env["sms.template"].create(
            {"name": "SMS", "model_id": actions, "body": "Pay"}
        )
        self.reminder.sms_template_id = sms
        values = {"model_id": moves, "body": "{{ object.name }}"}
        self._refuse("stays one about dunning", values, sms.with_user(self.manager))

    def test_a_text_has_no_report_about_other_documents(self):
        values = {"report_template_ids": [Command.set(self.report.ids)]}
        self._refuse("made for another document", values)
        with self.assertRaisesRegex(ValidationError, "made for another document"):
            self.text.create(self._template_values(**values))

    def test_what_dunning_prints_is_attached_to_its_own_documents_alone(self):
        sheet = self.env.ref("account_dunning.report_litigation_sheet")
        partners = self.env["ir.model"]._get_id("res.partner")
        values = {"name": "Mine", "model_id": partners, "body_html": "<p>Hello</p>"}
        template = self.env["mail.template"].create(values)
        attached = {"report_template_ids": [Command.set(sheet.ids)]}
        with self.assertRaisesRegex(ValidationError, "made for another document"):
            template.write(attached)
        with self.assertRaisesRegex(ValidationError, "made for another document"):
            template.create(values | attached)
        with self.assertRaisesRegex(ValidationError, "made for another document"):
            self.customer.invoice_template_pdf_report_id = sheet
        journal = self.env["account.journal"].search([("type", "=", "sale")], limit=1)
        with self.assertRaisesRegex(ValidationError, "made for another document"):
            journal.invoice_template_pdf_report_id = sheet
        # Nor by a template that is there from before.
        template.flush_recordset()
        self.cr.execute(
            "INSERT INTO mail_template_ir_actions_report_rel VALUES (%s, %s) "
            "ON CONFLICT DO NOTHING",
            [template.id, sheet.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "made for another document"):
            template._generate_template(
                self.customer.ids, ("report_template_ids", "subject")
            )

    @mute_logger("odoo.addons.account_dunning.models.send.dunning_action_execute")
    def test_what_is_made_for_others_does_not_go_out(self):
        self.template.flush_recordset()
        self.cr.execute(
            "INSERT INTO mail_template_ir_actions_report_rel VALUES (%s, %s)",
            [self.template.id, self.report.id],
        )
        self.env.invalidate_all()
        self._execute(self.action)
        self.assertEqual(self.action.state, "failed")
        self.assertIn("Invoice PDF", self.action.failure)
        self.assertFalse(self.action.sending_id)

    def test_a_text_about_others_does_not_go_out(self):
        self.template.flush_recordset()
        self.cr.execute(
            "UPDATE mail_template SET model = 'account.move', model_id = %s "
            "WHERE id = %s",
            [self.env["ir.model"]._get_id("account.move"), self.template.id],
        )
        self.env.invalidate_all()
        shown = self.action.with_user(self.collector).get_preview()
        self.assertIn("made for another document", shown["problem"])
        self._execute(self.action)
        self.assertEqual(self.action.state, "failed")
        self.assertIn("made for another document", self.action.failure)
