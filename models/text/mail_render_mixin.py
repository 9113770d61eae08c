from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools.rendering_tools import parse_inline_template

from ...tools import text_safety
from ...tools.marks import Mark

# Somebody only looks at what a text gives.
LOOKED_AT = Mark("dunning_looked_at")
# Dunning itself renders the text of an action, for whoever caused it.
OWN_RENDERING = Mark("dunning_own_rendering")


# No docstring: Odoo would take it for that of each model that inherits.
class MailRenderMixin(models.AbstractModel):
    _inherit = "mail.render.mixin"

    # ------------------------------------------------------------------
    # RENDERING
    # ------------------------------------------------------------------

    @api.model
    def _render_template_qweb(self, template_src, model, res_ids, *args, **kwargs):
        # EXTENDS 'mail': who looks at a text has it do nothing else
        self._dunning_check_said(model, res_ids)
        if LOOKED_AT.is_set(self.env) and template_src and res_ids:
            if self._has_unsafe_expression_template_qweb(template_src, model):
                self._dunning_check_harmless(
                    text_safety.check_html, str(template_src), model
                )
        return super()._render_template_qweb(
            template_src, model, res_ids, *args, **kwargs
        )

    @api.model
    def _render_template_inline_template(
        self, template_txt, model, res_ids, *args, **kwargs
    ):
        # EXTENDS 'mail': as above
        self._dunning_check_said(model, res_ids)
        if LOOKED_AT.is_set(self.env) and template_txt and res_ids:
            for __, expression, __ in parse_inline_template(str(template_txt)):
                if expression and not self.env["ir.qweb"]._is_expression_allowed(
                    expression, model
                ):
                    self._dunning_check_harmless(
                        text_safety.check_expression, expression, model
                    )
        return super()._render_template_inline_template(
            template_txt, model, res_ids, *args, **kwargs
        )

    @api.model
    def _dunning_check_said(self, model, res_ids):
        """Refuse to render a text about actions elsewhere than they are sent or looked
        at: it would leave without any of their rules, and nobody would know.

        :raise AccessError: saying where it is sent
        """
        marked = OWN_RENDERING.is_set(self.env) or LOOKED_AT.is_set(self.env)
        if model == "dunning.action" and res_ids and not marked:
            raise AccessError(
                self.env._(
                    "A text about a dunning action is sent by the action: edit it and "
                    "send it there."
                )
            )
        self._dunning_check_asked(model, res_ids)

    @api.model
    def _dunning_check_asked(self, model, res_ids):
        """Refuse to tell of records of ours that one may not read: other documents
        render, elevated or in jobs of the system, whatever text or report one chooses
        by their own numbers.

        :raise AccessError: nobody who may read them asks for it
        """
        if not self.env.su or not res_ids or OWN_RENDERING.is_set(self.env):
            return
        if self.env.uid == SUPERUSER_ID and model.startswith("dunning."):
            raise AccessError(
                self.env._(
                    "Texts and documents of dunning are made by dunning itself, or for "
                    "somebody who may read what they are about."
                )
            )
        self.env["dunning.guard"]._check_rendered(model, res_ids)

    @api.model
    def _dunning_check_harmless(self, check, text, model):
        """Refuse what does more than to show what who looks at it may read.

        :param check: of ``tools/text_safety.py``
        :raise UserError: with the part that does more
        """
        # Texts of actions are rendered elevated, whoever looks.
        env = self.sudo(False).env

        def follow(kind, name):
            field = env[kind]._fields.get(name)
            if field is None or not env[kind].has_access("read"):
                return None
            if not env[kind]._has_field_access(field, "read"):
                return None
            return field.comodel_name or ""

        try:
            check(text, {"object": model, "user": "res.users"}, follow)
        except text_safety.NotHarmless as error:
            raise UserError(
                env["dunning.text.template"]._dunning_get_not_shown(str(error))
            ) from error
