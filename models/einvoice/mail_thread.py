from odoo import api, models

from ...tools.marks import Mark

# The mail server has brought what is processed.
GATEWAY = Mark("dunning_gateway")


class MailThread(models.AbstractModel):
    """E-mails that the mail server brings, told from those that users hand over: any
    employee may have Odoo process an e-mail, whoever it says it is from."""

    _inherit = "mail.thread"

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        # EXTENDS 'mail'
        if self.env.is_system():
            self = self.with_context(**GATEWAY.context)  # noqa: PLW0642
        return super().message_process(
            model, message, custom_values, save_original, strip_attachments, thread_id
        )
