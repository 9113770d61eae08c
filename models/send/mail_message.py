from odoo import models

# As what the messages of actions are written.
SENT_TYPES = ("email_outgoing", "sms", "snailmail")


class MailMessage(models.Model):
    _inherit = "mail.message"

    def unlink(self):
        # EXTENDS 'mail': what is deleted before it has left was no contact
        if sent := self._dunning_filter_sent():
            # Who may delete a message need not have rights on dunning.
            sendings_sudo = self.env["dunning.sending"].sudo()
            sendings_sudo = sendings_sudo.search([("message_sent_id", "in", sent.ids)])
            sendings_sudo.recipient_ids._detach()
        return super().unlink()

    def _dunning_filter_sent(self) -> models.BaseModel:
        """Return the messages that may be those of actions: what is not dunning's costs
        nothing."""
        return self.filtered(
            lambda message: (
                message.model == "res.partner" and message.message_type in SENT_TYPES
            )
        )
