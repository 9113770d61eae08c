from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        # EXTENDS 'mail': an e-mail that comes back was no contact
        result = super()._routing_handle_bounce(email_message, message_dict)
        # The mail gateway has no rights on dunning.
        recipients_sudo = self.env["dunning.sending.recipient"].sudo()
        recipients_sudo._follow_bounce(email_message)
        return result
