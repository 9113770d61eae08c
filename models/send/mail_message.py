from odoo import models
from odoo.exceptions import AccessError

# As what the messages of actions are written.
SENT_TYPES = ("email_outgoing", "sms", "snailmail")
# By what it is known that a message is one of these, and whose.
KNOWN_BY = {
    "message_type",
    "model",
    "res_id",
    "subtype_id",
    "record_company_id",
    "message_id",
}


class MailMessage(models.Model):
    _inherit = "mail.message"

    def write(self, vals):
        # EXTENDS 'mail': what was sent stays known as such
        if not self.env.su and not KNOWN_BY.isdisjoint(vals):
            # Who may not read a message is not told what it is.
            self.check_access("write")
            self._dunning_check_not_sent()
        return super().write(vals)

    def unlink(self):
        # EXTENDS 'mail': what is deleted before it has left was no contact
        if sent := self._dunning_filter_sent():
            sent._dunning_get_sendings_sudo().recipient_ids._detach()
        return super().unlink()

    def _dunning_check_not_sent(self):
        """Refuse to make something else of messages of actions: nobody would follow
        them any more, nor see that they leave as they were recorded.

        :raise AccessError: one of them is such a message
        """
        sent = self._dunning_filter_sent()
        if sent and sent._dunning_get_sendings_sudo():
            raise AccessError(
                self.env._(
                    "This message is what was sent to a customer, and stays what it is."
                )
            )

    def _dunning_get_sendings_sudo(self):
        """Return what is recorded of having sent these messages, elevated."""
        # Who may change a message need not have rights on dunning.
        sendings_sudo = self.env["dunning.sending"].sudo()
        return sendings_sudo.search([("message_sent_id", "in", self.ids)])

    def _dunning_filter_sent(self) -> models.BaseModel:
        """Return the messages that may be those of actions: what is not dunning's costs
        nothing."""
        return self.filtered(
            lambda message: (
                message.model == "res.partner" and message.message_type in SENT_TYPES
            )
        )
