from email.utils import getaddresses

from odoo import models

from ...tools.marks import Mark

# The mail server has brought what is processed.
GATEWAY = Mark("dunning_gateway")


class MailThread(models.AbstractModel):
    """E-mails that the mail server brings, told from those that users hand over: any
    employee may have Odoo process an e-mail, whoever it says it is from."""

    _inherit = "mail.thread"

    def _message_route_process(self, message, message_dict, routes):
        # EXTENDS 'mail': of two senders, the mail server has looked at one
        senders = getaddresses(map(str, message.get_all("From", [])))
        if self.env.is_system() and len(senders) == 1:
            self = self.with_context(**GATEWAY.context)  # noqa: PLW0642
        return super()._message_route_process(message, message_dict, routes)
