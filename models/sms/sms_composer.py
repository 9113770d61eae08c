from odoo import models


# No docstring: Odoo would take it for that of its own model.
class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    def _compute_recipient_single_stored(self):
        # EXTENDS 'sms': whose number it is, is looked up elevated
        self._dunning_check_named()
        return super()._compute_recipient_single_stored()

    def _compute_recipient_single_non_stored(self):
        # EXTENDS 'sms': as above
        self._dunning_check_named()
        return super()._compute_recipient_single_non_stored()

    def _compute_body(self):
        # EXTENDS 'sms': it is worked out elevated
        for composer in self.filtered("template_id"):
            # Of which model the text is, is no secret.
            template_sudo = composer.template_id.sudo()
            self.env["dunning.guard"]._check_rendered(
                template_sudo.model, [composer.res_id]
            )
        return super()._compute_body()

    def _dunning_check_named(self):
        """Refuse to tell of an action, or another record of ours, that one may not
        read."""
        for composer in self.filtered("res_id"):
            self.env["dunning.guard"]._check_rendered(
                composer.res_model, [composer.res_id]
            )

    def _action_send_sms_mass(self, *args, **kwargs):
        # EXTENDS 'sms': it writes elevated
        for composer in self:
            self.env["dunning.guard"]._check_not_in_bulk(composer.res_model)
        return super()._action_send_sms_mass(*args, **kwargs)
