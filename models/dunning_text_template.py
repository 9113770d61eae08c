import re
from difflib import get_close_matches
from textwrap import shorten

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import html2plaintext
from odoo.tools.rendering_tools import (
    convert_inline_template_to_qweb,
    parse_inline_template,
)

from .dunning_action import OPEN_STATES
from .res_partner_overview import READERS

MODEL = "dunning.action"
EXAMPLE_LENGTH = 120

# Fields in the middle of a text, and in the tags of an e-mail's.
TAG_EXPRESSION = re.compile(r"""t-(?:out|esc)\s*=\s*["']([^"']+)["']""")
INLINE_EXPRESSION = re.compile(r"\{\{\s*object\.[\w.]+\s*\}\}")
FIELD_PATH = re.compile(r"object((?:\.\w+)+)$")


class DunningTextTemplate(models.AbstractModel):
    """What templates of e-mails, letters and SMS for dunning share: while one is
    edited, its text for a real customer and the fields it may use; at saving, the
    check that it can be rendered in every language.

    Whoever may edit the texts of dunning need not be an administrator: without the
    rights of a template editor, Odoo lets them use the merge fields and evaluates
    nothing else.
    """

    _name = "dunning.text.template"
    _description = "Text for Dunning"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # === Shown while it is edited, never stored === #
    dunning_sample_id = fields.Many2one(
        MODEL,
        string="Shown For",
        compute="_compute_dunning_sample",
        readonly=False,
        groups=READERS,
    )
    dunning_sample_lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="In",
        compute="_compute_dunning_sample",
        readonly=False,
        groups=READERS,
    )
    dunning_preview_subject = fields.Char(
        string="Subject as Sent", compute="_compute_dunning_preview", groups=READERS
    )
    dunning_preview_body = fields.Html(
        string="Text as Sent",
        compute="_compute_dunning_preview",
        sanitize=False,
        groups=READERS,
    )
    dunning_preview_problem = fields.Text(
        compute="_compute_dunning_preview", groups=READERS
    )
    dunning_merge_fields = fields.Json(
        compute="_compute_dunning_merge_fields", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("model")
    @api.depends_context("lang", "company")
    def _compute_dunning_sample(self):
        for template in self:
            shown = template.model == MODEL
            template.dunning_sample_id = shown and template._get_dunning_sample()
            template.dunning_sample_lang = self.env.lang

    def _get_dunning_preview_depends(self):
        return ["dunning_sample_id", "dunning_sample_lang"]

    @api.depends(lambda self: self._get_dunning_preview_depends())
    def _compute_dunning_preview(self):
        for template in self:
            subject, body, problem = "", "", False
            if template.dunning_sample_id:
                try:
                    subject, body = template._render_dunning_preview()
                except (AccessError, ValidationError) as error:
                    problem = str(error)
                except Exception as error:
                    problem = template._get_dunning_problem(error)
            template.dunning_preview_subject = subject
            template.dunning_preview_body = body
            template.dunning_preview_problem = problem

    @api.depends("dunning_sample_id", "dunning_sample_lang")
    def _compute_dunning_merge_fields(self):
        for template in self:
            sample = template.dunning_sample_id.with_context(
                lang=template.dunning_sample_lang or self.env.lang
            )
            labels = self.env[MODEL]._get_merge_fields()
            template.dunning_merge_fields = [
                {
                    "expression": f"{{{{ object.{name} }}}}",
                    "label": label,
                    "example": self._get_dunning_example(sample, name),
                }
                for name, label in labels.items()
            ]

    @api.model
    def _get_dunning_example(self, sample, name):
        value = sample[:1].mapped(name)
        text = html2plaintext(str(value[0])) if value else ""
        return shorten(text, EXAMPLE_LENGTH, placeholder="…")

    def _get_dunning_sample(self):
        """Return an action to show the text for: one that sends it, else any."""
        actions = self.env[MODEL]
        if not actions.has_access("read"):
            return actions
        used = Domain.OR(
            Domain(f"level_id.{field_name}", "in", self._origin.ids)
            for field_name in self._dunning_level_fields
        )
        is_open = Domain("state", "in", OPEN_STATES)
        for domain in (used & is_open, used, Domain("level_id", "!=", False)):
            if found := actions.search(domain, limit=1, order="id desc"):
                return found
        return actions

    # The fields of a level that name the template; texts as fields with their engine.
    _dunning_level_fields = ()
    _dunning_text_fields = {}

    def _render_dunning_preview(self):
        """Return subject and text of what is being edited, evaluated with no more
        rights than those of who edits it.

        :raise ValidationError: a field that it uses does not exist
        """
        self.ensure_one()
        names = list(self._dunning_text_fields)
        self._check_dunning_names(names)
        rendered = {}
        for name, engine in self._dunning_text_fields.items():
            # The abstract model restricts what is evaluated; templates do not.
            mixin = self.env["mail.render.mixin"].with_context(
                lang=self.dunning_sample_lang or self.env.lang,
                dunning_paper=self._is_dunning_letter(),
            )
            text = self[name] or ""
            if engine == "qweb":
                text = self._tag_dunning_expressions(text)
            rendered[name] = mixin._render_template(
                text, MODEL, self.dunning_sample_id.ids, engine=engine
            )[self.dunning_sample_id.id]
        body = rendered.pop(names[-1])
        if self._dunning_text_fields[names[-1]] == "qweb":
            body = self.env[MODEL]._sanitize_preview(body)
        return rendered.get("subject", ""), body

    def _is_dunning_letter(self):
        """Return whether the text is printed. Override where it can be."""
        return False

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CHECK AT SAVING
    # ------------------------------------------------------------------

    @api.model
    def _tag_dunning_expressions(self, body):
        return INLINE_EXPRESSION.sub(
            lambda found: convert_inline_template_to_qweb(found[0]), str(body)
        )

    def _check_dunning_texts(self):
        """Refuse wrong fields, naming them, before Odoo refuses without a word."""
        for template in self.filtered(lambda template: template.model == MODEL):
            template._check_dunning_names(template._get_dunning_checked_fields())

    @api.model
    def _get_dunning_checked_fields(self):
        """Return the names of the fields in which merge fields can be written."""
        return list(self._dunning_text_fields)

    def _check_dunning_names(self, field_names):
        """Refuse fields that do not exist, and those that may not be used.

        :raise ValidationError: naming the field and the nearest one that exists
        """
        self.ensure_one()
        for field_name in field_names:
            for expression in self._get_dunning_expressions(field_name):
                problem = self._get_dunning_name_problem(expression)
                if problem:
                    raise ValidationError(
                        self.env._(
                            "“%(template)s” cannot be saved. %(part)s: %(problem)s",
                            template=self.name,
                            part=self._fields[field_name]._description_string(self.env),
                            problem=problem,
                        )
                    )

    def _get_dunning_expressions(self, field_name):
        text = str(self[field_name] or "")
        inline = [expression for _t, expression, _d in parse_inline_template(text)]
        return [
            expression.strip()
            for expression in inline + TAG_EXPRESSION.findall(text)
            if expression.strip()
        ]

    def _get_dunning_name_problem(self, expression):
        """Return what is wrong with an expression, None when nothing is."""
        path = FIELD_PATH.match(expression)
        if path:
            model = self.env[MODEL]
            for name in path[1].strip(".").split("."):
                if name not in model._fields:
                    return self._get_dunning_unknown(expression)
                model = self.env.get(model._fields[name].comodel_name, model)
        allowed = self.env[MODEL].mail_allowed_qweb_expressions()
        is_editor = self.env.su or self.env.user.has_group(
            "mail.group_mail_template_editor"
        )
        if expression in allowed or is_editor:
            return None
        return self.env._(
            "“%s” may only be used by template editors. Choose a field of the list.",
            expression,
        )

    def _get_dunning_unknown(self, expression):
        names = [f"object.{name}" for name in self.env[MODEL]._get_merge_fields()]
        nearest = get_close_matches(expression, names, n=1)
        if not nearest:
            return self.env._(
                "the field “%s” does not exist. Choose a field of the list.", expression
            )
        return self.env._(
            "the field “%(field)s” does not exist. Did you mean “%(nearest)s”?",
            field=expression,
            nearest=nearest[0],
        )

    def _check_dunning_rendering(self, field_names):
        """Refuse texts that cannot be rendered, in each installed language.

        :raise ValidationError: naming the text, the language and what is wrong
        """
        sample = self[:1]._get_dunning_sample() if self else None
        if not sample:
            return
        for code, language in self.env["res.lang"].get_installed():
            for template in self.with_context(lang=code):
                for name in field_names:
                    template._check_dunning_field(name, sample, language)

    def _check_dunning_field(self, name, sample, language):
        try:
            with self.env.cr.savepoint(flush=False):
                self._render_field(name, sample.ids)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "“%(template)s” cannot be saved. %(part)s (%(language)s): "
                    "%(problem)s",
                    template=self.name,
                    part=self._fields[name]._description_string(self.env),
                    language=language,
                    problem=self._get_dunning_problem(error),
                )
            ) from error

    @api.model
    def _get_dunning_problem(self, error):
        """Return in one line what lies at the root of a failure to render."""
        while error.__cause__:
            error = error.__cause__
        return str(error).strip().splitlines()[0] if str(error).strip() else repr(error)


class MailTemplate(models.Model):
    _name = "mail.template"
    _inherit = ["mail.template", "dunning.text.template"]

    _dunning_level_fields = ("mail_template_id", "letter_template_id")
    _dunning_text_fields = {"subject": "inline_template", "body_html": "qweb"}

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._tag_dunning_fields()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if "body_html" in vals:
            self._tag_dunning_fields()
        return result

    def _tag_dunning_fields(self):
        """Let fields be written in the text of an e-mail as they are in its subject,
        and as they are copied from the list."""
        for template in self:
            body = template.body_html or ""
            if template.model == MODEL and INLINE_EXPRESSION.search(body):
                template.body_html = self._tag_dunning_expressions(body)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_dunning_letter(self):
        # EXTENDS 'account_dunning'
        sample = self.dunning_sample_id
        return bool(sample) and sample._get_letter_template() == self._origin

    def _get_dunning_preview_depends(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_dunning_preview_depends(), "subject", "body_html"]

    @api.model
    def _get_dunning_checked_fields(self):
        # EXTENDS 'account_dunning': addresses use fields too
        addresses = ("email_from", "email_to", "email_cc", "reply_to", "lang")
        return [*super()._get_dunning_checked_fields(), *addresses]

    def _check_access_right_dynamic_template(self):
        # EXTENDS 'mail': the wrong field is named, whoever has written it
        self._check_dunning_texts()
        return super()._check_access_right_dynamic_template()

    def _check_can_be_rendered(self, fnames=None, render_options=None):
        # EXTENDS 'mail': in every language, and the wrong field is named
        ours = self.filtered(lambda template: template.model == MODEL)
        names = self._get_dynamic_field_names()
        ours._check_dunning_rendering(sorted(names & set(fnames) if fnames else names))
        return super(MailTemplate, self - ours)._check_can_be_rendered(
            fnames, render_options
        )


class SmsTemplate(models.Model):
    _name = "sms.template"
    _inherit = ["sms.template", "dunning.text.template"]

    _dunning_level_fields = ("sms_template_id",)
    _dunning_text_fields = {"body": "inline_template"}

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        templates = super().create(vals_list)
        templates._check_dunning_body()
        return templates

    def write(self, vals):
        result = super().write(vals)
        if "body" in vals:
            self._check_dunning_body()
        return result

    def _check_dunning_body(self):
        ours = self.filtered(lambda template: template.model == MODEL)
        ours._check_dunning_rendering(["body"])

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_dunning_preview_depends(self):
        # EXTENDS 'account_dunning'
        return [*super()._get_dunning_preview_depends(), "body"]

    def _check_access_right_dynamic_template(self):
        # EXTENDS 'mail': the wrong field is named, whoever has written it
        self._check_dunning_texts()
        return super()._check_access_right_dynamic_template()
