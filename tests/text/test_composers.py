from unittest.mock import patch

from odoo import SUPERUSER_ID, Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DunningCommon

LETTER = "account_dunning.report_letter"


@tagged("post_install", "-at_install")
class TestComposers(DunningCommon):
    """Odoo's dialogs for e-mails and SMS work out what they propose elevated: of our
    records they say nothing to whom may not read them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-10)
        cls.action = cls.company._dunning_run().action_ids
        cls.employee = cls._create_user("employee", "group_dunning_readonly")
        cls.employee.group_ids = [Command.set(cls.env.ref("base.group_user").ids)]
        cls.neighbour = cls._create_user(
            "neighbour", "group_dunning_manager", cls._create_second_company()
        )
        cls.sms_template = cls.env["sms.template"].create(
            {
                "name": "SMS",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "body": "Pay, {{ object.partner_id.name }}",
            }
        )
        cls.env.flush_all()

    def _propose(self, user, model, values, names):
        """Return what a dialog proposes."""
        self.env.invalidate_all()
        records = self.env[model].with_user(user)
        spec = {name: {} for name in (*names, *values)}
        return records.onchange(values, list(values), spec).get("value", {})

    def test_no_sms_is_proposed_of_an_action_that_one_may_not_read(self):
        for model in ("dunning.action", "res.partner"):
            values = {
                "composition_mode": "comment",
                "res_model": model,
                "res_id": self.action.id,
                "template_id": self.sms_template.id,
            }
            for user in (self.employee, self.neighbour):
                with (
                    self.subTest(model=model, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    value = self._propose(user, "sms.composer", values, ["body"])
                    self.assertNotIn(self.customer.name, str(value))
                with (
                    self.subTest("created", model=model, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    self.env["sms.composer"].with_user(user).create(values)

    def test_no_number_is_looked_up_of_an_action_that_one_may_not_read(self):
        self.customer.phone = "+33612345678"
        composers = self.env["sms.composer"]
        for name in (
            "recipient_single_number",
            "recipient_single_number_itf",
            "recipient_single_description",
        ):
            values = {"res_model": "dunning.action", "res_id": self.action.id}
            for user in (self.employee, self.neighbour):
                self.env.invalidate_all()
                with (
                    self.subTest(name=name, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    composers.with_user(user).new(values).mapped(name)
            self.env.invalidate_all()
            composer = composers.with_user(self.collector).new(values)
            self.assertIsNotNone(composer[name])
            composer = composers.with_user(self.employee).new(
                {"res_model": "res.partner", "res_id": self.employee.partner_id.id}
            )
            self.assertIsNotNone(composer[name])

    def test_no_e_mail_is_proposed_of_an_action_that_one_may_not_read(self):
        for model in ("dunning.action", "res.partner"):
            values = {
                "composition_mode": "comment",
                "model": model,
                "res_ids": str(self.action.ids),
                "template_id": self.action.level_id.mail_template_id.id,
            }
            for user in (self.employee, self.neighbour):
                with (
                    self.subTest(model=model, user=user.login),
                    self.assertRaises(AccessError),
                ):
                    names = ["subject", "body", "partner_ids", "attachment_ids"]
                    self._propose(user, "mail.compose.message", values, names)

    def test_no_text_about_an_action_is_rendered_but_by_dunning(self):
        # As the dialog does that sends an invoice, by the number of the invoice.
        template = self.action.level_id.mail_template_id
        for user in (self.employee, self.neighbour, self.collector):
            for model, names in (
                (template, ("subject", "body_html", "lang")),
                (self.sms_template, ("body",)),
            ):
                # Odoo's dialogs work out elevated what they propose.
                text_sudo = model.with_user(user).sudo()
                for name in names:
                    with (
                        self.subTest(user=user.login, name=name),
                        self.assertRaises(AccessError),
                    ):
                        text_sudo._render_field(name, self.action.ids)

    def test_no_text_about_an_action_leaves_beside_its_rules(self):
        self.action.action_execute()
        template = self.action.level_id.mail_template_id
        auditor = self._create_user("auditor", "group_dunning_readonly")
        before = self.env["mail.mail"].search_count([])
        for user in (auditor, self.collector):
            text, action = template.with_user(user), self.action.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    text.send_mail(action.id)
                with self.assertRaises(AccessError):
                    text.send_mail_batch(action.ids)
                with self.assertRaises(AccessError):
                    action.message_mail_with_source(template)
                with self.assertRaises(AccessError):
                    action.message_post_with_source(template)
                values = {
                    "composition_mode": "mass_mail",
                    "model": "dunning.action",
                    "res_ids": str(action.ids),
                    "template_id": template.id,
                }
                composers = self.env["mail.compose.message"].with_user(user)
                with self.assertRaises(AccessError):
                    composers.create(values)._action_send_mail()
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_nobody_writes_from_records_of_dunning_in_bulk(self):
        auditor = self._create_user("auditor", "group_dunning_readonly")
        before = self.action.message_ids
        for user in (auditor, self.collector):
            mails = self.env["mail.compose.message"].with_user(user)
            mail = mails.create(
                {
                    "composition_mode": "mass_mail",
                    "model": "dunning.action",
                    "res_ids": str(self.action.ids),
                    "subject": "Own",
                    "body": "Own",
                    "author_id": self.customer.id,
                }
            )
            texts = self.env["sms.composer"].with_user(user)
            text = texts.create(
                {
                    "composition_mode": "mass",
                    "res_model": "dunning.action",
                    "res_ids": str(self.action.ids),
                    "body": "Own",
                    "mass_keep_log": True,
                }
            )
            for send in (mail.action_send_mail, text.action_send_sms):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    send()
        self.assertEqual(self.action.message_ids, before)

    def test_odoo_shows_an_administrator_what_a_text_gives(self):
        template = self.action.level_id.mail_template_id
        previews = self.env["mail.template.preview"].with_context(
            default_mail_template_id=template.id
        )
        preview = previews.create({"resource_ref": f"dunning.action,{self.action.id}"})
        self.assertFalse(preview.error_msg)
        self.assertTrue(preview.subject)

    def test_no_document_is_printed_elevated_of_an_action_that_one_may_not_read(self):
        # As the page of an invoice does, by its number, for visitors as well.
        for user in (self.employee, self.neighbour, self.env.ref("base.public_user")):
            reports_sudo = self.env["ir.actions.report"].with_user(user).sudo()
            for way in ("_pre_render_qweb_pdf", "_render_qweb_html"):
                with (
                    self.subTest(user=user.id, way=way),
                    self.assertRaises(AccessError),
                ):
                    getattr(reports_sudo, way)(LETTER, self.action.ids)
        # A report that somebody has made about actions.
        own_sudo = self.env.ref(LETTER).sudo().copy({"report_name": "web.report_own"})
        for way in ("_pre_render_qweb_pdf", "_render_qweb_html", "_render_qweb_text"):
            reports_sudo = self.env["ir.actions.report"].with_user(self.employee).sudo()
            with self.subTest(way=way), self.assertRaises(AccessError):
                getattr(reports_sudo, way)(own_sudo, self.action.ids)
        reports_sudo = self.env["ir.actions.report"].with_user(self.collector).sudo()
        reports_sudo._dunning_check_printed(LETTER, self.action.ids)

    def test_no_job_of_the_system_tells_of_an_action(self):
        # As Odoo's calendar does, by the number of who is invited.
        env = self.env(user=SUPERUSER_ID)
        template = self.action.level_id.mail_template_id.with_env(env)
        with self.assertRaises(AccessError):
            template._render_field("subject", self.action.ids)
        with self.assertRaises(AccessError):
            template.send_mail(self.action.id)
        with self.assertRaises(AccessError):
            self.sms_template.with_env(env)._render_field("body", self.action.ids)
        reports = env["ir.actions.report"]
        with self.assertRaises(AccessError):
            reports._render_qweb_html(LETTER, self.action.ids)

    def _create_rule(self, **values):
        """Create what an administrator has the system do with actions."""
        rules = self.env(user=SUPERUSER_ID)["ir.actions.server"]
        return rules.create(
            {
                "name": "Tell",
                "model_id": self.env["ir.model"]._get_id("dunning.action"),
                **values,
            }
        )

    def _run_rule(self, rule, user, model="dunning.action"):
        self.env.invalidate_all()
        rule = rule.with_user(user) if user else rule
        rule.with_context(
            active_model=model, active_id=self.action.id, active_ids=self.action.ids
        ).run()

    def test_what_an_administrator_has_the_system_write_is_written(self):
        template = self.action.level_id.mail_template_id
        rule = self._create_rule(
            state="mail_post", mail_post_method="note", template_id=template.id
        )
        for user in (self.env.ref("base.user_root"), self.collector):
            before = self.action.message_ids
            self._run_rule(rule, user)
            self.assertTrue(self.action.message_ids - before)

    def test_an_automation_writes_whoever_has_set_it_off(self):
        template = self.action.level_id.mail_template_id
        rule = self._create_rule(
            state="mail_post", mail_post_method="note", template_id=template.id
        )
        before = self.action.message_ids
        # As the module for automations does.
        self._run_rule(rule.with_user(self.employee).sudo(), None)
        self.assertTrue(self.action.message_ids - before)

    @mute_logger("odoo.addons.base.models.ir_actions")
    def test_nobody_has_it_written_of_what_they_may_not_change(self):
        template = self.action.level_id.mail_template_id
        auditor = self._create_user("auditor", "group_dunning_readonly")
        before = self.env["mail.message"].search_count([])
        for values in (
            {"state": "mail_post", "mail_post_method": "email"},
            {"state": "mail_post", "mail_post_method": "comment"},
            {"state": "sms", "sms_method": "sms"},
        ):
            values |= {
                "template_id": values["state"] == "mail_post" and template.id,
                "sms_template_id": values["state"] == "sms" and self.sms_template.id,
            }
            rule = self._create_rule(**values)
            for user in (self.employee, self.neighbour, auditor):
                with (
                    self.subTest(user=user.login, values=values),
                    self.assertRaises(AccessError),
                ):
                    self._run_rule(rule, user)
            # The numbers are those of customers, Odoo asks for no right on actions.
            if values["state"] != "sms":
                for user in (self.employee, self.collector):
                    with (
                        self.subTest("customers", user=user.login, values=values),
                        self.assertRaises(AccessError),
                    ):
                        self._run_rule(rule, user, "res.partner")
        self.assertEqual(self.env["mail.message"].search_count([]), before)

    @mute_logger("odoo.addons.base.models.ir_actions")
    def test_nobody_has_actions_changed_by_the_numbers_of_other_records(self):
        date = self.action.date
        kind = self.env.ref("mail.mail_activity_data_todo")
        write = {"update_path": "date", "value": str(self._day(99))}
        for values in (
            {"state": "object_write", "evaluation_type": "value", **write},
            {"state": "next_activity", "activity_type_id": kind.id},
            {"state": "followers", "partner_ids": self.customer.ids},
        ):
            rule = self._create_rule(**values)
            for user in (self.employee, self.neighbour, self.collector):
                for model in ("res.partner", False):
                    with (
                        self.subTest(user=user.login, values=values, model=model),
                        self.assertRaises(AccessError),
                    ):
                        self._run_rule(rule, user, model)
        self.assertEqual(self.action.date, date)
        self.assertFalse(self.action.activity_ids)
        rule = self._create_rule(state="object_write", **write)
        # Who may run it changes nothing of what they may change.
        rule.group_ids = self.env.ref("account_dunning.group_dunning_collector")
        with self.assertRaises(AccessError):
            self._run_rule(rule, self.neighbour)
        self._run_rule(rule, self.collector)
        self.assertEqual(self.action.date, self._day(99))
        # A job that is run by hand has the number of the job.
        job = self._create_rule(state="code", code="model.search_count([])")
        self._run_rule(job, self.env.ref("base.user_root"), "ir.cron")

    def test_nobody_learns_of_a_reminder_by_answering_it(self):
        self.action.action_execute()
        message = self.action.sent_message_id
        self.assertTrue(message.subject)
        for user in (self.employee, self.neighbour):
            values = {"composition_mode": "comment", "parent_id": message.id}
            names = ["subject", "partner_ids", "model", "res_ids"]
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._propose(user, "mail.compose.message", values, names)

    def test_nobody_reads_a_reminder_beside_a_message_of_their_own(self):
        self.action.action_execute()
        message = self.action.sent_message_id
        channel = self.env["discuss.channel"].with_user(self.employee)
        channel = channel.create({"name": "Own", "channel_type": "channel"})
        values = {
            "model": channel._name,
            "res_id": channel.id,
            "body": "Hi",
            "message_type": "comment",
        }
        messages = self.env["mail.message"].with_user(self.employee)
        with self.assertRaises(AccessError):
            messages.create(values | {"parent_id": message.id})
        answer = messages.create(values)
        with self.assertRaises(AccessError):
            answer.parent_id = message
        # Whoever may read it answers.
        messages.with_user(self.collector).create(
            values
            | {
                "model": "res.partner",
                "res_id": self.customer.id,
                "parent_id": message.id,
            }
        )

    def test_nor_by_moving_such_a_message_into_a_channel(self):
        self.action.action_execute()
        channel = self.env["discuss.channel"].with_user(self.employee)
        channel = channel.create({"name": "Own", "channel_type": "channel"})
        answer = (
            self.env["mail.message"]
            .with_user(self.employee)
            .create({"body": "Hi", "parent_id": self.action.sent_message_id.id})
        )
        with self.assertRaises(AccessError):
            answer.write({"model": channel._name, "res_id": channel.id})

    def test_what_is_said_elsewhere_costs_no_further_look(self):
        partner = self.customer.with_user(self.collector)
        first = partner.message_post(body="Hi")
        message_class = type(self.env["mail.message"])
        with patch.object(message_class, "_dunning_is_marked") as looked_at:
            answer = partner.message_post(body="Again", parent_id=first.id)
        self.assertEqual(answer.parent_id, first)
        looked_at.assert_not_called()
