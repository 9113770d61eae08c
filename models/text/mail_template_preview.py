from odoo import models

from .mail_render_mixin import LOOKED_AT


# No docstrings: Odoo would take them for those of its own models.
class MailTemplatePreview(models.TransientModel):
    _inherit = "mail.template.preview"

    def _compute_mail_template_fields(self):
        # EXTENDS 'mail': nothing is sent
        shown = self.with_context(**LOOKED_AT.context)
        return super(MailTemplatePreview, shown)._compute_mail_template_fields()


class SmsTemplatePreview(models.TransientModel):
    _inherit = "sms.template.preview"

    def _compute_sms_template_fields(self):
        # EXTENDS 'sms': nothing is sent
        shown = self.with_context(**LOOKED_AT.context)
        return super(SmsTemplatePreview, shown)._compute_sms_template_fields()
