from odoo import models


class SmsSms(models.Model):
    """SMS of actions in Odoo's queue."""

    _inherit = "sms.sms"

    def _send_with_api(self, *args, **kwargs):
        # EXTENDS 'sms': each of ours is noted before it is handed over
        given_up = self._dunning_hand_over()
        if not self - given_up:
            return None
        return super(SmsSms, self - given_up)._send_with_api(*args, **kwargs)

    def _dunning_hand_over(self):
        """Note, for good, that SMS are about to be handed over to the service.

        :return: those that must not be, because they have been before
        """
        # Whoever sends the queue need not have rights on dunning.
        recipients_sudo = self.env["dunning.sending.recipient"].sudo()
        recipients_sudo = recipients_sudo._get_by_sms(self.mapped("uuid"))
        uuids = set(recipients_sudo.mapped("token"))
        ours = self.filtered(lambda sms: sms.uuid in uuids)
        again = ours - self.env["dunning.handover"]._note(ours)
        uuids = set(again.mapped("uuid"))
        recipients_sudo.filtered(
            lambda line: line.token in uuids and line.state == "waiting"
        )._follow_loss(
            "unknown",
            recipients_sudo.env._(
                "Sending the SMS was interrupted, and nobody knows whether it has "
                "left: make sure that the customer has not got it before you send it "
                "again."
            ),
        )
        # Whoever sends the queue need not have rights on SMS.
        again.sudo().write({"state": "canceled"})
        return again
