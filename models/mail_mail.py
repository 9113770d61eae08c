from smtplib import SMTPServerDisconnected

from odoo import models


class MailMail(models.Model):
    """What Odoo's mail queue tells of the e-mails that actions have handed to it."""

    _inherit = "mail.mail"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'mail': what is cancelled before it goes out was no contact
        cancelled = self.browse()
        if vals.get("state") == "cancel":
            cancelled = self.filtered(lambda mail: mail.state == "outgoing")
        result = super().write(vals)
        cancelled._get_dunning_actions()._fail_after_sending(
            self.env._("The e-mail was cancelled before it was sent.")
        )
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _send(self, *args, **kwargs):
        # EXTENDS 'mail': what must not go out any more is stopped; and a connection
        # that breaks leaves the mail in error without further notice
        outgoing = self.filtered(lambda mail: mail.state == "outgoing")
        outgoing._dunning_stop_outdated()
        try:
            return super()._send(*args, **kwargs)
        except SMTPServerDisconnected as error:
            outgoing._dunning_follow_broken_connection(error)
            raise

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS 'mail': tell the actions
        if failure_type == "mail_smtp":
            self._dunning_wait_for_server()
        elif not success_pids:
            # A copy may have reached somebody else.
            failed = self.filtered(lambda mail: failure_type or mail.state != "sent")
            failed._dunning_follow_failure(failure_reason)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _dunning_wait_for_server(self):
        """Keep in the queue what could not be sent because there is no server: it is
        certain that none of it has gone out."""
        actions = self._get_dunning_actions().filtered(lambda a: a.state == "done")
        reason = self[:1].failure_reason
        waiting = actions._wait_for_server(
            self.env._("The mail server could not be reached: %s", reason)
        )
        waiting.mail_id.write({"state": "outgoing"})

    def _dunning_follow_failure(self, reason):
        for mail in self:
            mail._get_dunning_actions()._fail_after_sending(
                self.env._("The e-mail was not sent: %s", reason or mail.failure_reason)
            )

    def _dunning_follow_broken_connection(self, error):
        """The mail that was being sent may have left or not: trying it again by
        itself might write to the customer twice."""
        broken = self.filtered(lambda mail: mail.state == "exception")
        broken._get_dunning_actions()._fail_after_sending(
            self.env._(
                "The connection to the mail server broke while the e-mail was being "
                "sent: make sure that the customer has not got it before you send it "
                "again. %s",
                error,
            )
        )

    def _dunning_stop_outdated(self):
        """Stop what is not true any more since it was written, and what belongs to
        actions that were taken back: they are sent again by themselves."""
        actions = self._get_dunning_actions()
        stopped = actions.filtered(lambda action: action.state != "done")
        stopped |= (actions - stopped)._plan_outdated_again()
        stopped.mail_id.write({"state": "cancel"})

    def _get_dunning_actions(self):
        # Whoever sends mails need not have rights on dunning.
        actions_sudo = self.env["dunning.action"].sudo()
        mails = self.filtered(lambda mail: mail.model == "res.partner")
        return actions_sudo.search([("mail_id", "in", mails.ids)])
