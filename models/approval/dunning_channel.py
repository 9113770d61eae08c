from odoo import models

from ..email.dunning_action_email import PREVIEWED_FIELDS


class DunningChannelEmail(models.AbstractModel):
    _inherit = "dunning.channel.email"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_preview(self, action):
        # OVERRIDES 'dunning.channel'
        if not action._get_mail_template():
            return super()._get_preview(action)
        if action.level_id.attach_invoices:
            action._limit_attachments()
        return action._get_mail_preview(
            action._prepare_emails(PREVIEWED_FIELDS)[action]
        )


class DunningChannelSms(models.AbstractModel):
    _inherit = "dunning.channel.sms"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_preview(self, action):
        # OVERRIDES 'dunning.channel'
        if not action.level_id.sms_template_id:
            return super()._get_preview(action)
        return {
            "to": action._get_mobile_number(),
            "sms": action._render_sms()[action],
        }


class DunningChannelLetter(models.AbstractModel):
    _inherit = "dunning.channel.letter"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_preview(self, action):
        # OVERRIDES 'dunning.channel'
        if not action._get_letter_template():
            return super()._get_preview(action)
        return action._get_letter_preview()
