from smtplib import SMTPServerDisconnected

from odoo import models

from ...tools.text import clean_headers


class MailMail(models.Model):
    """What Odoo's mail queue does with the e-mails of actions, each of which is a
    recipient's (``dunning.sending.recipient``), and what it tells of them.

    Other e-mails cost no query more than without the addon.
    """

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
        recipients = cancelled._dunning_get_recipients()
        recipients._follow_loss(
            "cancelled",
            recipients.env._("The e-mail was cancelled before it was sent."),
        )
        return result

    def unlink(self):
        # EXTENDS 'mail': nor was what is deleted before
        deleted = self.filtered(lambda mail: mail.state == "outgoing")
        deleted._dunning_get_recipients()._follow_deletion()
        return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SENDING
    # ------------------------------------------------------------------

    def _send(self, auto_commit=False, **options):
        # EXTENDS 'mail': each e-mail of ours is noted before it is handed over
        if self.env["ir.mail_server"]._disable_send():
            return super()._send(auto_commit=auto_commit, **options)
        ours = self._dunning_get_recipients().mail_id.sudo(self.env.su)
        if not ours:
            return super()._send(auto_commit=auto_commit, **options)
        if others := self - ours:
            super(MailMail, others)._send(auto_commit=auto_commit, **options)
        ours._dunning_give_up_unconfirmed()
        ours._dunning_stop_outdated()
        for mail in ours:
            if mail._dunning_hand_over(auto_commit):
                mail._dunning_send_one(auto_commit=auto_commit, **options)
        # Those that were stopped are dealt with, too.
        if callback := options.get("post_send_callback"):
            callback(self.ids)
        return True

    def _dunning_send_one(self, **options):
        try:
            # pylint: disable-next=super-method-mismatch
            return super()._send(**options)
        except SMTPServerDisconnected as error:
            self._dunning_follow_broken_connection(error)
            raise

    def _dunning_hand_over(self, autonomous):
        """Note, for good, that this e-mail is about to leave, and have it be what was
        recorded.

        :param autonomous: what is sent is committed, one by one
        :return: whether it may leave: it still waits, nobody else is sending it, and it
            has not been handed over before
        """
        self.ensure_one()
        if self.state != "outgoing" or not self._dunning_try_lock():
            return False
        self._dunning_restore()
        return bool(self.env["dunning.handover"]._note(self, autonomous))

    def _dunning_try_lock(self):
        # Others may refer to what is being sent meanwhile.
        return self.try_lock_for_update(allow_referencing=True)

    def _prepare_outgoing_list(self, *args, **kwargs):
        # EXTENDS 'mail': only who gets the e-mail knows its token; names are no headers
        emails = super()._prepare_outgoing_list(*args, **kwargs)
        if recipient := self._dunning_get_recipients()[:1]:
            for email in emails:
                email["headers"] = recipient._add_token(email["headers"])
                email.update(clean_headers(email))
        return emails

    def _dunning_restore(self):
        """Undo what was done since to the message and its files by whoever may change
        messages: what leaves is what was recorded."""
        if changed := self._dunning_get_recipients()._get_changed_values():
            # Nobody rewrites messages, whoever sends the queue.
            mails_sudo = self.sudo()
            mails_sudo.write(changed)

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT BECOMES OF IT
    # ------------------------------------------------------------------

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        # EXTENDS 'mail': tell the recipients
        if failure_type == "mail_smtp":
            self._dunning_give_up_unconfirmed()
            self._dunning_wait_for_server()
        else:
            recipients = self._dunning_get_recipients()
            arrived = recipients.filtered(
                lambda line: line._has_arrived(success_pids, success_emails)
            )
            arrived._note("sent")
            for line in recipients - arrived:
                reason = failure_reason or line.mail_id.failure_reason
                line._follow_loss(
                    "failed", line.env._("The e-mail was not sent: %s", reason)
                )
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason, failure_type
        )

    def _dunning_wait_for_server(self):
        """Keep in the queue what could not be sent because there is no server: it is
        certain that none of it has gone out."""
        recipients = self._dunning_get_recipients()
        waiting = recipients.filtered(lambda line: line.state == "waiting")
        waiting = waiting._wait_for_server(
            waiting.env._(
                "The mail server could not be reached: %s", self[:1].failure_reason
            )
        )
        waiting.mail_id.write({"state": "outgoing"})

    def _dunning_follow_broken_connection(self, error):
        """The mail that was being sent may have left or not: trying it again by
        itself might write to the customer twice."""
        recipients = self._dunning_get_recipients()
        recipients._follow_loss(
            "unknown",
            recipients.env._(
                "The connection to the mail server broke while the e-mail was being "
                "sent: make sure that the customer has not got it before you send it "
                "again. %s",
                error,
            ),
        )

    def _dunning_give_up_unconfirmed(self):
        """Leave to people what was handed over, or about to be, when whoever sent it
        was killed or lost the database: it may have left or not."""
        outgoing = self.filtered(lambda mail: mail.state in ("outgoing", "exception"))
        noted = self.env["dunning.handover"]._filter_noted(outgoing)
        waiting = noted._dunning_get_recipients().filtered(
            lambda line: line.state == "waiting"
        )
        # Those that are locked are being sent.
        given_up = waiting.mail_id._dunning_try_lock()
        waiting.filtered(lambda line: line.mail_id in given_up)._follow_loss(
            "unknown",
            waiting.env._(
                "Sending the e-mail was interrupted, and nobody knows whether it has "
                "left: make sure that the customer has not got it before you send it "
                "again."
            ),
        )
        given_up.write({"state": "exception"})

    def _dunning_stop_outdated(self):
        """Stop what is not true any more since it was written, and what belongs to
        actions that were taken back: they are sent again by themselves."""
        outgoing = self.filtered(lambda mail: mail.state == "outgoing")
        stopped = outgoing._dunning_get_recipients()._stop_outdated()
        stopped.mail_id.write({"state": "cancel"})

    def _dunning_get_recipients(self):
        """Return the recipients whose e-mails these are, elevated."""
        # Whoever sends mails need not have rights on dunning.
        recipients_sudo = self.env["dunning.sending.recipient"].sudo()
        mails = self.filtered(
            lambda mail: (
                mail.is_notification
                and mail.model == "res.partner"
                and mail.message_type == "email_outgoing"
            )
        )
        if not mails:
            return recipients_sudo
        return recipients_sudo.search([("mail_id", "in", mails.ids)])._as_told()
