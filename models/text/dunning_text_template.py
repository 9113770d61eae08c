import json
import re
from collections.abc import Iterable
from difflib import get_close_matches

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.rendering_tools import convert_inline_template_to_qweb

from ...tools import shipped_texts, text_preview
from .mail_render_mixin import OWN_RENDERING

MODEL = "dunning.action"

# Fields in the middle of a text, and in the tags of an e-mail's.
TAG_EXPRESSION = re.compile(r"""t-(?:out|esc)\s*=\s*["']([^"']+)["']""")
INLINE_EXPRESSION = re.compile(r"\{\{\s*object\.[\w.]+\s*\}\}")
# Written as a word rather than as a field.
WORD = re.compile(r"\bobject\.(\w+)")
TAG = re.compile(r"<[^<>]*>")
# The language of the source, by which Odoo keeps what is not translated.
SOURCE = "en_US"
FIELD_PATH = re.compile(r"object((?:\.\w+)+)$")


class DunningTextTemplate(models.AbstractModel):
    """What templates of e-mails, letters and SMS for dunning share: at saving, the
    check that they can be rendered in every language.

    Whoever may edit the texts of dunning need not be an administrator: without the
    rights of a template editor, Odoo lets them use the merge fields and evaluates
    nothing else.

    There is no field here, and there must be none. To see whether a text is harmless,
    Odoo reads every field of its template with all rights: a compute would work on
    what nobody has checked yet.
    """

    _name = "dunning.text.template"
    _description = "Text for Dunning"

    # The fields of a level that name the template; texts as fields with their engine.
    _dunning_level_fields = ()
    _dunning_text_fields = {}

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': what was written in one language alone is English as well for
        # Odoo, and customers of other languages would read its first version for ever
        copied = [
            (template, name)
            for name in self._dunning_text_fields
            if name in vals
            for template in self
            if template._dunning_is_copied(name)
        ]
        result = super().write(vals)
        for template, name in copied:
            template.with_context(lang=SOURCE)[name] = template[name]
        return result

    def _dunning_is_copied(self, name):
        """Return whether a text stands as English in the words of the user's language:
        nobody has translated it."""
        if self.model != MODEL or self.env.lang in (SOURCE, False, None):
            return False
        stored = self._fields[name]._get_stored_translations(self) or {}
        own = stored.get(self.env.lang)
        if not own or own != stored.get(SOURCE):
            return False
        # What was shipped has been translated, be it by the same words.
        return not self.get_external_id()[self.id]

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        # EXTENDS 'base': which stores them as they are, HTML as well. Of which model a
        # text is may change.
        field = self._fields[field_name]
        if field.type == "html" and field.translate is True:
            translations = {
                lang: text and field.convert_to_cache(text, self)
                for lang, text in translations.items()
            }
        return super()._update_field_translations(
            field_name, translations, digest, source_lang
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CHECK AT SAVING
    # ------------------------------------------------------------------

    @api.model
    def _dunning_tag_expressions(self, body):
        return INLINE_EXPRESSION.sub(
            lambda found: convert_inline_template_to_qweb(found[0]), str(body)
        )

    def _dunning_check_texts(self):
        """Refuse wrong fields, naming them, before Odoo refuses without a word."""
        for template in self.filtered(lambda template: template.model == MODEL):
            template._dunning_check_names(template._dunning_get_checked_fields())

    @api.model
    def _dunning_get_checked_fields(self):
        """Return the names of the fields in which merge fields can be written."""
        return list(self._dunning_text_fields)

    def _dunning_check_names(self, field_names):
        """Refuse fields that do not exist, and those that may not be used.

        :raise ValidationError: naming the field and the nearest one that exists
        """
        self.ensure_one()
        for field_name in field_names:
            for expression in self._dunning_get_expressions(field_name):
                problem = self._dunning_get_name_problem(expression)
                if problem:
                    self._dunning_refuse(field_name, problem)
            if word := self._dunning_get_word(field_name):
                self._dunning_refuse(
                    field_name,
                    self.env._(
                        "customers would read “%(word)s” as it stands there. Write "
                        "%(field)s, or copy the field from the list.",
                        word=word,
                        field=f"{{{{ {word} }}}}",
                    ),
                )

    def _dunning_refuse(self, field_name, problem):
        raise ValidationError(
            self.env._(
                "“%(template)s” cannot be saved. %(part)s: %(problem)s",
                template=self.name,
                part=self._fields[field_name]._description_string(self.env),
                problem=problem,
            )
        )

    def _dunning_get_word(self, field_name):
        """Return the name of a field that stands in a text as a word."""
        if field_name not in self._dunning_text_fields:
            return None
        parts = text_preview.split(str(self[field_name] or ""))
        words = TAG.sub(" ", " ".join(text for text, _expression, _default in parts))
        names = self.env[MODEL]._get_merge_fields()
        found = (word for word in WORD.finditer(words) if word[1] in names)
        return next((word[0] for word in found), None)

    def _dunning_get_expressions(self, field_name):
        text = str(self[field_name] or "")
        inline = [expression for _t, expression, _d in text_preview.split(text)]
        return [
            expression.strip()
            for expression in inline + TAG_EXPRESSION.findall(text)
            if expression.strip()
        ]

    def _dunning_get_name_problem(self, expression):
        """Return what is wrong with an expression, None when nothing is."""
        path = FIELD_PATH.match(expression)
        if path:
            model = self.env[MODEL]
            for name in path[1].strip(".").split("."):
                if model is None or name not in model._fields:
                    return self._dunning_get_unknown(expression)
                model = self.env.get(model._fields[name].comodel_name)
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

    def _dunning_get_unknown(self, expression):
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

    def _dunning_check_rendering(self, field_names):
        """Refuse texts that cannot be rendered, in each installed language.

        :raise ValidationError: naming the text, the language and what is wrong
        """
        sample = self[:1]._dunning_get_sample() if self else None
        if not sample:
            return
        for code, language in self.env["res.lang"].get_installed():
            for template in self.with_context(lang=code):
                for name in field_names:
                    template._dunning_check_field(name, sample, language)

    def _dunning_check_field(self, name, sample, language):
        # What comes out is shown to nobody.
        own = self.with_context(**OWN_RENDERING.context)
        try:
            with self.env.cr.savepoint(flush=False):
                own._render_field(name, sample.ids)
        except Exception as error:
            raise ValidationError(
                self.env._(
                    "“%(template)s” cannot be saved. %(part)s (%(language)s): "
                    "%(problem)s",
                    template=self.name,
                    part=self._fields[name]._description_string(self.env),
                    language=language,
                    problem=self._dunning_get_problem(error),
                )
            ) from error

    @api.model
    def _dunning_get_problem(self, error):
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
        # EXTENDS 'mail': fields are found in it as they are written
        templates = super().create(vals_list)
        templates._dunning_tag_fields()
        return templates

    def write(self, vals):
        # EXTENDS 'mail': fields are found in it as they are written
        result = super().write(vals)
        if "body_html" in vals:
            self._dunning_tag_fields()
        return result

    @api.model
    def _dunning_update_shipped(
        self, names: Iterable[str], sentences: shipped_texts.Sentences
    ) -> None:
        """Replace the shipped sentences of e-mails and letters, in each language. By
        SQL: a write in one language would make the others its translations.

        :param names: XML ids in this addon; those that were deleted are passed over
        """
        for name in names:
            template = self.env.ref(f"account_dunning.{name}", raise_if_not_found=False)
            if not template:
                continue
            stored = self._fields["body_html"]._get_stored_translations(template) or {}
            changed = {
                lang: shipped_texts.replace(text, sentences)
                for lang, text in stored.items()
            }
            if changed != stored:
                self.env.cr.execute(
                    SQL(
                        "UPDATE mail_template SET body_html = %s WHERE id = %s",
                        json.dumps(changed),
                        template.id,
                    )
                )
                template.invalidate_recordset(["body_html"])

    def _dunning_tag_fields(self):
        """Let fields be written in the text of an e-mail as they are in its subject,
        and as they are copied from the list."""
        for template in self:
            body = template.body_html or ""
            if template.model == MODEL and INLINE_EXPRESSION.search(body):
                template.body_html = self._dunning_tag_expressions(body)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_checked_fields(self):
        # EXTENDS 'account_dunning': addresses use fields too
        addresses = ("email_from", "email_to", "email_cc", "reply_to", "lang")
        return [*super()._dunning_get_checked_fields(), *addresses]

    def _check_access_right_dynamic_template(self):
        # EXTENDS 'mail': the wrong field is named, whoever has written it
        self._dunning_check_texts()
        return super()._check_access_right_dynamic_template()

    def _check_can_be_rendered(self, fnames=None, render_options=None):
        # EXTENDS 'mail': in every language, and the wrong field is named
        ours = self.filtered(lambda template: template.model == MODEL)
        names = self._get_dynamic_field_names()
        ours._dunning_check_rendering(sorted(names & set(fnames) if fnames else names))
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
        # EXTENDS 'sms': a text that cannot be rendered is refused
        templates = super().create(vals_list)
        templates._dunning_check_body()
        return templates

    def write(self, vals):
        # EXTENDS 'sms': a text that cannot be rendered is refused
        result = super().write(vals)
        if "body" in vals:
            self._dunning_check_body()
        return result

    def _dunning_check_body(self):
        ours = self.filtered(lambda template: template.model == MODEL)
        ours._dunning_check_rendering(["body"])

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_access_right_dynamic_template(self):
        # EXTENDS 'mail': the wrong field is named, whoever has written it
        self._dunning_check_texts()
        return super()._check_access_right_dynamic_template()
