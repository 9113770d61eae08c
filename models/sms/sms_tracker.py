from odoo import models


class SmsTracker(models.Model):
    """What the service for SMS tells, by the identifier that only it knows."""

    _inherit = "sms.tracker"

    def _update_sms_notifications(
        self, notification_status, failure_type=False, failure_reason=False
    ):
        # EXTENDS 'sms': tell the recipients
        result = super()._update_sms_notifications(
            notification_status, failure_type, failure_reason
        )
        # Whoever sends the queue need not have rights on dunning.
        recipients_sudo = self.env["dunning.sending.recipient"].sudo()
        recipients_sudo = recipients_sudo._get_by_sms(self.mapped("sms_uuid"))
        if notification_status in ("process", "pending", "sent"):
            recipients_sudo._note("sent")
        elif notification_status == "canceled":
            recipients_sudo._follow_loss(
                "cancelled",
                recipients_sudo.env._("The SMS was cancelled before it was sent."),
            )
        elif notification_status in ("exception", "bounce"):
            recipients_sudo._follow_loss(
                "bounced" if notification_status == "bounce" else "failed",
                recipients_sudo.env._(
                    "The SMS did not arrive: %s",
                    recipients_sudo.env["mail.notification"]._dunning_tell_failure(
                        failure_type, failure_reason
                    ),
                ),
            )
        return result
