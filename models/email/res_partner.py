from odoo import models


class ResPartner(models.Model):
    """What customers answer."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _message_post_after_hook(self, message, msg_values):
        # EXTENDS 'mail': tell the collector that the customer has answered
        result = super()._message_post_after_hook(message, msg_values)
        if message.message_type == "email" and message.parent_id:
            # The mail gateway has no rights on dunning.
            actions_sudo = self.env["dunning.action"].sudo()
            actions_sudo._follow_reply(message)
        return result
