from collections.abc import Collection
from email.message import EmailMessage

from odoo import Command, api, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_normalize_all

from ...tools.bounces import TOKEN_HEADER, read_bounce, read_token


class DunningSendingRecipient(models.Model):
    """What becomes of an e-mail to one address: told by Odoo's mail engine, or by a
    bounce that carries its token."""

    _inherit = "dunning.sending.recipient"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - BEFORE IT LEAVES
    # ------------------------------------------------------------------

    def _get_changed_values(self) -> dict:
        """Return what of the e-mail, whose recipients these are, is not as it was
        recorded, as values to write."""
        sending, mail = self.sending_id, self.mail_id
        recorded = {
            "subject": sending.subject,
            "body_html": sending.body,
            "email_from": sending.email_from,
            "reply_to": sending.reply_to,
            "message_id": sending.header_id,
        }
        changed = {
            name: value
            for name, value in recorded.items()
            if (mail[name] or False) != (value or False)
        }
        files = sending.file_ids.attachment_id
        attached = mail.attachment_ids
        if sorted(files.mapped(_get_content)) != sorted(attached.mapped(_get_content)):
            changed["attachment_ids"] = [Command.set(files.ids)]
        return changed | self._get_changed_recipients(sending, mail)

    def _get_changed_recipients(self, sending, mail):
        """Return to whom the e-mail is to go, where it would go to others."""
        written = self.filtered(lambda line: line.kind == "to")
        contacts = written.partner_id
        others = written.filtered(lambda line: not line.partner_id)
        changed = {}
        if mail.recipient_ids != contacts:
            changed["recipient_ids"] = [Command.set(contacts.ids)]
        addresses = others.mapped("address")
        if sorted(email_normalize_all(mail.email_to or "")) != sorted(addresses):
            changed["email_to"] = ", ".join(addresses) or False
        copies = sending.email_cc if self - written else False
        if (mail.email_cc or False) != (copies or False):
            changed["email_cc"] = copies
        return changed

    def _add_token(self, headers: dict) -> dict:
        """Return the headers of an e-mail with the token of its recipient."""
        self.ensure_one()
        return {**headers, TOKEN_HEADER: self.token}

    def _stop_outdated(self) -> models.BaseModel:
        """Plan again what the ledger has overtaken since it was written, or whose
        address is another one now.

        :return: those whose e-mail must not leave; so must not what belongs to actions
            that were taken back or sent again
        """
        beside = self.filtered("sending_id.is_beside")
        own = (self - beside).filtered(
            lambda line: (
                line.sending_id == line.sending_id.action_id.sending_id
                and line.sending_id.action_id.state == "done"
            )
        )
        moved = (own | beside).filtered(lambda line: line._is_moved())
        actions = own.sending_id.action_id
        outdated = actions._filter_outdated() | (moved & own).sending_id.action_id
        stopped = self - own - beside | moved
        stopped |= own.filtered(lambda line: line.sending_id.action_id in outdated)
        stopped._note("cancelled")
        outdated._plan_again()
        return stopped

    def _is_moved(self):
        """Return whether the contact has another address than the one recorded, to
        which Odoo would write."""
        self.ensure_one()
        email = self.partner_id.email
        return (
            bool(self.partner_id)
            and self.kind == "to"
            and bool(
                (email_normalize(email) or email or False) != (self.address or False)
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT BECOMES OF IT
    # ------------------------------------------------------------------

    def _has_arrived(
        self, success_pids: Collection, success_emails: Collection
    ) -> bool:
        """Return whether the mail server has taken the e-mail."""
        self.ensure_one()
        if self.mail_id.state != "sent":
            return False
        # A copy may have reached somebody else.
        return self.kind == "cc" or bool(success_pids or success_emails)

    def _wait_for_server(self, message: str) -> models.BaseModel:
        """Follow that the mail server could not be reached.

        :param message: why, for the collector when the e-mail is given up
        :return: those to be tried again
        """
        waiting = self.filtered(
            lambda line: line.sending_id.action_id._is_waiting_day()
        )
        (self - waiting)._follow_loss("failed", message)
        return waiting

    def _follow_deletion(self) -> None:
        """Follow that what still waited to leave was deleted."""
        self.filtered(lambda line: line.state == "waiting")._follow_loss(
            "cancelled", self.env._("The message was deleted before it was sent.")
        )

    @api.model
    def _follow_bounce(self, email_message: EmailMessage) -> None:
        """Follow what a mail server sends back, if it is really one of ours: only who
        got it, or had it in hand, knows its token.

        :param email_message: what the mail server sent
        """
        token = read_token(email_message)
        recipient = token and self.search([("token", "=", token)])
        bounce = read_bounce(email_message)
        if not recipient or not bounce.final:
            return
        sending = recipient.sending_id
        if recipient.kind == "cc":
            # Those of copies have one e-mail together.
            recipient = sending.recipient_ids.filtered(lambda line: line.kind == "cc")
        if bounce.addresses:
            # What was passed on to somebody else has reached its recipient.
            recipient = recipient.filtered(
                lambda line: line.address in bounce.addresses
            )
        for line in recipient:
            line._follow_loss("bounced", line._get_bounce_message(bounce))

    def _get_bounce_message(self, bounce):
        """Return why the e-mail came back, in the words of the user."""
        self.ensure_one()
        reasons = {
            "address": self.env._("this address does not exist"),
            "closed": self.env._("this mailbox is closed"),
            "domain": self.env._("the customer's mail server cannot be reached"),
            "full": self.env._("the mailbox is full"),
            "refused": self.env._("the customer's mail server refuses our e-mails"),
            "size": self.env._("the e-mail is too large"),
            "other": self.env._("the customer's mail server sent it back"),
        }
        text = self.env._(
            "The e-mail to %(address)s came back: %(reason)s.",
            address=self.address,
            reason=reasons[bounce.subject],
        )
        return f"{text}\n{bounce.detail}" if bounce.detail else text


def _get_content(attachment):
    return attachment.checksum or attachment.url or ""
