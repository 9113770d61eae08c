from contextlib import closing

from odoo import api, fields, models
from odoo.tools.mail import email_normalize, formataddr

from ...tools.words import OPEN_STATES
from ..text.mail_render_mixin import LOOKED_AT

# What is known of a contact that goes out, or went.
SHOWN = (
    "problem",
    "channel",
    "from",
    "to",
    "cc",
    "reply_to",
    "subject",
    "body",
    "sms",
    "unmade",
    "attachments",
)


class DunningAction(models.Model):
    """What goes out, shown before it does: made by the code that sends it. Of what
    is done, what went out."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    has_preview = fields.Boolean(compute="_compute_has_preview")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("channel", "level_id", "state", "sending_id")
    def _compute_has_preview(self):
        for action in self:
            action.has_preview = (
                bool(action.sending_id.body or action.sending_id.text)
                if action.state == "done"
                else action._is_text_planned()
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_refresh(self):
        """Bring open actions in line with the ledger as sending them now would do, so
        that what is shown is what goes out.

        :return: True
        """
        self.check_access("write")
        # Amounts and lines are written by the engine alone.
        actions_sudo = self.sudo().filtered(lambda a: a.state in OPEN_STATES)
        actions_sudo._refresh(any_day=True, complete=True)
        return True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def get_preview(self):
        """Return what goes out by the action, or what went out, for the screen. It is
        asked for: texts that people have written are evaluated by no compute.

        :return: dict of ``problem, channel, channel_name, from, to, cc, reply_to,
            subject, body, text, sms, unmade, attachments``, where ``text`` is the body
            without what stands around it; empty when nothing is written
        :raise AccessError: the user may not read the action
        """
        self.ensure_one()
        self.check_access("read")
        if not self.has_preview:
            return {}
        # Whoever may read it sees it as it is sent: with the rights of the engine. A
        # text that would do more than to show something is not shown.
        limit = self.env["dunning.text.template"]._dunning_limit_time()
        action_sudo = self.sudo().with_context(**LOOKED_AT.context)
        with closing(self.env.cr.savepoint()), limit:
            values = dict.fromkeys(SHOWN, False) | action_sudo._get_preview()
        attachments_sudo = values["attachments"] or self.env["ir.attachment"]
        channels = dict(self._fields["channel"]._description_selection(self.env))
        return values | {
            "channel_name": channels.get(values["channel"], False),
            "attachments": [
                {"id": file.id, "name": file.name} for file in attachments_sudo
            ],
        }

    def _get_preview(self):
        """Return what goes out by the action, or what went out.

        :return: dict of what is known of ``problem, channel, from, to, cc, reply_to,
            subject, body, sms, attachments, unmade``
        """
        self.ensure_one()
        if self.state == "done":
            return self._get_sent_preview()
        channel, missing = self.channel, False
        if self._has_texts():
            channel, missing = self._find_way()
        elif self.is_letter:
            missing = self._get_letter_problem()
        try:
            with self.env.cr.savepoint(flush=False):
                channels = self.env["dunning.channel"]
                values = channels._of(channel or self.channel)._get_preview(self)
        except Exception as error:
            return {"problem": self._get_failure_message(error)}
        return {"problem": missing, "channel": channel} | values

    def _is_text_planned(self):
        """Return whether something is to be written to the customer."""
        self.ensure_one()
        if self.state not in OPEN_STATES:
            return False
        # Of a letter without text it is shown that it has none.
        return self.is_letter or self.channel in ("email", "sms") and self._has_texts()

    def _get_letter_preview(self):
        """Return the text of the letter; its page is shown as a PDF on request."""
        subject, body = self._get_letter_texts()[self]
        return {
            "to": ", ".join(self._get_address_lines()),
            "subject": subject,
            "body": self._sanitize_preview(body),
        }

    def _get_mail_preview(self, values):
        """Return the preview of an e-mail.

        :param values: of ``mail.mail``, as they would be created
        """
        attachments = self.env["ir.attachment"].browse(
            id_ for __, id_ in values["attachment_ids"]
        )
        return {
            "from": values["email_from"],
            "to": self._format_contact(),
            "cc": values["email_cc"],
            "reply_to": values["reply_to"],
            "subject": values["subject"],
            "body": self._sanitize_preview(values["body_html"]),
            "text": self._sanitize_preview(values["body"]),
            "attachments": attachments,
            "unmade": ", ".join(self._get_unmade_attachments()),
        }

    def _get_unmade_attachments(self):
        """Return the names of the files that are made when the e-mail is sent."""
        names = []
        if self.level_id.attach_letter and not self.letter_id:
            names.append(self._get_letter_filename())
        names += self._get_mail_template().report_template_ids.mapped("name")
        return names + [
            move.name
            for move in self._get_invoices_to_attach()
            if not move.invoice_pdf_report_id
        ]

    def _get_sent_preview(self):
        """Return what went out, as it was recorded then."""
        sending = self.sending_id
        to = sending._format_recipients()
        if sending.channel == "sms":
            return {"to": to, "sms": sending.text}
        return {
            "from": sending.email_from,
            "to": to,
            "cc": sending.email_cc,
            "reply_to": sending.reply_to,
            "subject": sending.subject,
            "body": self._sanitize_preview(sending.body),
            "attachments": sending.file_ids.attachment_id,
        }

    def _format_contact(self):
        return ", ".join(
            formataddr((contact.name or "", email)) if email else contact.name or ""
            for contact in self._get_recipients() or self.contact_id
            for email in [email_normalize(contact.email) or contact.email or ""]
        )
