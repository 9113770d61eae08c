from collections.abc import Collection

from odoo import fields, models
from odoo.tools import email_split, is_html_empty

from ...tools.text import one_line

# What is rendered of an e-mail template.
MAIL_FIELDS = (
    "attachment_ids",
    "body_html",
    "email_cc",
    "email_from",
    "mail_server_id",
    "reply_to",
    "report_template_ids",
    "scheduled_date",
    "subject",
)

# Reports are made when the e-mail is sent.
PREVIEWED_FIELDS = tuple(n for n in MAIL_FIELDS if n != "report_template_ids")

# An e-mail in these states may still go out.
UNSENT_STATES = ("outgoing", "exception")


class DunningAction(models.Model):
    """E-mails of actions: messages of the customer, one for each recipient."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SENDING
    # ------------------------------------------------------------------

    def _send_emails(self):
        """Queue the e-mails of the actions in the customers' chatter."""
        complete = self._filter_with_attachments()
        values = complete._prepare_emails()
        sendable = complete.filtered(
            lambda action: not is_html_empty(values[action]["body"])
        )
        (complete - sendable)._fail(
            self.env._(
                "The e-mail template gives no text: correct it, then send again."
            )
        )
        sendable._drop_former()
        mails = sendable._create_mails(values)
        sendable._record_sendings(
            {
                action: action._prepare_mail_content(values[action], mails[action])
                for action in sendable
            }
        )
        for action in sendable:
            mail = mails[action][0][0]
            message = mail.mail_message_id
            action.write({"mail_id": mail.id, "sent_message_id": message.id})
        sendable._log_on_invoices()
        return sendable

    def _prepare_emails(self, names: Collection[str] = MAIL_FIELDS) -> dict:
        """Return the e-mails of the actions: what is sent, and what is shown before.

        :param names: fields of ``mail.template`` to render
        :return: dict of action to values of ``mail.mail``
        """
        texts = self._render_texts(names)
        self._fill_reply_to({action.id: text for action, text in texts.items()})
        return {
            action: action._prepare_mail_values(text) for action, text in texts.items()
        }

    def _drop_former(self):
        # EXTENDS 'account_dunning': e-mails that may still leave
        former = self.sending_ids.recipient_ids.mail_id.filtered(
            lambda mail: mail.state in UNSENT_STATES
        )
        former.write({"state": "cancel"})
        return super()._drop_former()

    def _prepare_mail_values(self, rendered: dict) -> dict:
        """Return the values of the ``mail.mail``: a message in the customer's
        chatter, so that the answers come back there.

        :param rendered: what the template gave for this action
        """
        self.ensure_one()
        attachments = [(4, id_) for id_ in rendered.get("attachment_ids") or []]
        attachments += [(4, file.id) for file in self._get_attachments()]
        if reports := rendered.get("attachments"):
            attachments += [(4, file.id) for file in self._keep_reports(reports)]
        return {
            "subject": one_line(rendered.get("subject")),
            "body_html": self._frame_mail(rendered.get("body_html")),
            "body": rendered.get("body_html"),
            # Odoo reads the addresses of a text with line breaks another way.
            "email_from": one_line(rendered.get("email_from"))
            or self.company_id.email_formatted
            or self._get_author().email_formatted
            # Nobody has an address: that of the system is better than none.
            or self.env.user.email_formatted,
            "reply_to": one_line(rendered.get("reply_to")) or False,
            "email_cc": one_line(rendered.get("email_cc")) or False,
            "mail_server_id": rendered.get("mail_server_id") or False,
            "author_id": self._get_author().id,
            "record_company_id": self.company_id.id,
            "record_alias_domain_id": self.company_id.alias_domain_id.id,
            "recipient_ids": [(4, partner.id) for partner in self._get_recipients()],
            "attachment_ids": attachments,
            "model": "res.partner",
            "res_id": self.partner_id.id,
            "message_type": "email_outgoing",
            "subtype_id": self._dunning_get_subtype_id(),
            "is_notification": True,
            "auto_delete": False,
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS MISSING
    # ------------------------------------------------------------------

    def _get_missing_for_email(self):
        recipients = self._get_recipients()
        address = ", ".join(recipients.mapped("email"))
        if not address:
            return self.env._(
                "The customer has no e-mail address: add one to the customer or to its "
                "dunning contact, then send again."
            )
        if not any(email_split(recipient.email) for recipient in recipients):
            return self.env._(
                "“%s” is not an e-mail address: correct it on the customer or on its "
                "dunning contact, then send again.",
                address,
            )
        if not self._get_mail_template():
            return self.env._(
                "The level has no e-mail template: choose one, then send again."
            )
        return False

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    mail_id = fields.Many2one(
        "mail.mail", string="E-mail", readonly=True, copy=False, index="btree_not_null"
    )
