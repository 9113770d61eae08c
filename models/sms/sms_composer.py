from odoo import models


# No docstring: Odoo would take it for that of its own model.
class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    def _compute_body(self):
        # EXTENDS 'sms': it is worked out elevated
        for composer in self.filtered("template_id"):
            # Of which model the text is, is no secret.
            template_sudo = composer.template_id.sudo()
            self.env["dunning.guard"]._check_rendered(
                template_sudo.model, [composer.res_id]
            )
        return super()._compute_body()
