from odoo.http import request, route

from odoo.addons.mail.controllers.mail import MailController

# The largest id of PostgreSQL.
MAX_ID = 2**31 - 1


class DunningMailController(MailController):
    @route()
    def mail_action_view(self, model=None, res_id=None, access_token=None, **kwargs):
        # EXTENDS 'mail': elevated, it told on whose record any message is
        try:
            message_id = int(kwargs.get("message_id") or 0)
        except ValueError:
            message_id = 0
        if 0 < message_id <= MAX_ID:
            message = request.env["mail.message"].browse(message_id).exists()
            if message._dunning_is_marked() and not message.has_access("read"):
                del kwargs["message_id"]
        return super().mail_action_view(model, res_id, access_token, **kwargs)
