# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models


class DunningChannelSms(models.AbstractModel):
    """SMS, through Odoo's own queue."""

    _name = "dunning.channel.sms"
    _inherit = "dunning.channel"
    _description = "Dunning Channel: SMS"

    _icon = "fa-mobile"
    _text = ("sms_template_id", "body")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_automatic(self, company):
        # OVERRIDES 'dunning.channel'
        return True

    def _get_problem(self, action):
        # OVERRIDES 'dunning.channel'
        return action._get_missing_for_sms()

    def _send(self, actions):
        # OVERRIDES 'dunning.channel'
        return actions._send_sms()
