from odoo import models
from odoo.exceptions import AccessError

from .mail_render_mixin import OWN_RENDERING

# What is worked out before it is known of which records something is said.
BEFORE = {"model", "res_ids", "composition_mode"}


# No docstring: Odoo would take it for that of its own model.
class MailComposeMessage(models.TransientModel):
    _inherit = "mail.compose.message"

    def _compute_field_value(self, field):
        # EXTENDS 'mail': what is worked out elevated tells nobody more. The rest fails
        # anyway, and says so in other words: only what is proposed is worth a look.
        told = (
            self if field.compute_sudo else self.filtered(lambda own: not own._origin)
        )
        for composer in told:
            composer._dunning_check_named(field)
        return super()._compute_field_value(field)

    def _dunning_check_named(self, field):
        """Refuse to propose something of a message or an action, or by a text of one,
        that one may not read."""
        guard = self.env["dunning.guard"]
        guard._check_answered(self.parent_id._origin)
        # What an automation writes is for nobody in particular.
        if field.name in BEFORE or OWN_RENDERING.is_set(self.env):
            return
        # Of which model the text is, is no secret.
        template_sudo = self.template_id.sudo()
        for model in {self.model, template_sudo.model}:
            # The ids of others are not worked out for nothing.
            if guard._may_tell(model):
                guard._check_rendered(model, self._evaluate_res_ids())

    def _action_send_mail_mass_mail(self, res_ids, *args, **kwargs):
        # EXTENDS 'mail': it writes elevated, in whose name it is told to
        for composer in self:
            self.env["dunning.guard"]._check_not_in_bulk(composer.model)
        return super()._action_send_mail_mass_mail(res_ids, *args, **kwargs)


class DunningGuard(models.AbstractModel):
    _inherit = "dunning.guard"

    def _check_not_in_bulk(self, model_name: str | bool) -> None:
        """Refuse that people send something from many records of ours at once.

        :param model_name: of the records
        :raise AccessError: saying what to do instead
        """
        if self._may_tell(model_name) and not self.env.su:
            raise AccessError(
                self.env._(
                    "Records of dunning are not written from in bulk: write from each "
                    "by its history."
                )
            )
