# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models


class DunningChannelEmail(models.AbstractModel):
    """E-mails, with or without the letter and the invoices."""

    _name = "dunning.channel.email"
    _inherit = "dunning.channel"
    _description = "Dunning Channel: E-mail"

    _icon = "fa-envelope-o"
    _text = ("mail_template_id", "body_html")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_automatic(self, company):
        # OVERRIDES 'dunning.channel'
        return True

    def _get_problem(self, action):
        # OVERRIDES 'dunning.channel'
        return action._get_missing_for_email()

    def _send(self, actions):
        # OVERRIDES 'dunning.channel'
        sent = actions._send_emails()
        if sent:
            # Triggering a scheduled action is reserved to administrators.
            queue_sudo = self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()
            queue_sudo._trigger()
        return sent
