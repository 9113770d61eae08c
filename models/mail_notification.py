from odoo import models


class MailNotification(models.Model):
    _inherit = "mail.notification"

    def write(self, vals):
        # EXTENDS 'mail': an SMS or posted letter that does not arrive
        result = super().write(vals)
        if vals.get("notification_status") in ("exception", "bounce"):
            self._fail_dunning_actions()
        return result

    def _fail_dunning_actions(self):
        """Mark the actions as failed whose messages these are."""
        # Whoever sends the queue need not have rights on dunning.
        actions_sudo = self.env["dunning.action"].sudo()
        for notification in self.filtered(
            lambda notification: notification.notification_type in ("sms", "snail")
        ):
            failed_sudo = actions_sudo.search(
                [
                    ("sent_message_id", "=", notification.mail_message_id.id),
                    ("state", "=", "done"),
                ]
            )
            failed_sudo._fail_after_sending(notification._get_dunning_failure())
            if failed_sudo:
                # Another way may be taken now: it must not be posted besides.
                notification.letter_id.sudo().cancel()

    def _get_dunning_failure(self):
        """Return why the message did not arrive, in the words of the user."""
        self.ensure_one()
        reasons = dict(self._fields["failure_type"]._description_selection(self.env))
        reason = reasons.get(self.failure_type) or self.env._("Unknown error")
        details = self.failure_reason
        text = f"{reason} ({details})" if details and details != reason else reason
        if self.notification_type == "sms":
            return self.env._("The SMS did not arrive: %s", text)
        return self.env._("The letter could not be posted: %s", text)
