from odoo import models


# No docstring: Odoo would take it for that of its own model.
class SmsComposer(models.TransientModel):
    _inherit = "sms.composer"

    def _compute_body(self):
        # EXTENDS 'sms': it is worked out elevated
        for composer in self.filtered("template_id"):
            # Whose text it is, is no secret.
            model = composer.template_id.sudo().model
            self.env["dunning.guard"]._check_rendered(model, [composer.res_id])
        return super()._compute_body()
