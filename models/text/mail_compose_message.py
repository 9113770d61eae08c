from odoo import models

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
        """Refuse to propose something of a message, or by a text of an action, that
        one may not read."""
        guard = self.env["dunning.guard"]
        guard._check_answered(self.parent_id._origin)
        if self.template_id and field.name not in BEFORE:
            # Of which model the text is, is no secret.
            template_sudo = self.template_id.sudo()
            # The ids of others are not worked out for nothing.
            if guard._is_rendered(template_sudo.model):
                guard._check_rendered(template_sudo.model, self._evaluate_res_ids())
