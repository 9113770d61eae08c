from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize

from ..email.dunning_action_attachment import MEGABYTE


class DunningAction(models.Model):
    """To whom one action goes, and with which files, where somebody has decided so for
    this action alone.

    It belongs to the text that was edited: it holds as long as that does, and goes back
    to approval with it. What goes out is recorded as anything that leaves.
    """

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    custom_recipient_ids = fields.Many2many(
        "res.partner",
        "dunning_action_recipient_rel",
        "action_id",
        "partner_id",
        string="Chosen Recipients",
        readonly=True,
        copy=False,
    )
    custom_cc = fields.Char(string="Chosen Copies", readonly=True, copy=False)
    custom_file_ids = fields.Many2many(
        "ir.attachment",
        "dunning_action_file_rel",
        "action_id",
        "attachment_id",
        string="Files Added",
        readonly=True,
        copy=False,
    )
    custom_without_invoices = fields.Boolean(
        string="Without the Invoices", readonly=True, copy=False
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - DECIDING
    # ------------------------------------------------------------------

    def _set_text(self, subject, body, sms) -> None:
        # EXTENDS 'account_dunning': with the text of the template goes its route
        result = super()._set_text(subject, body, sms)
        if not body and not sms:
            self._set_route()
        return result

    def _set_route(self, recipients=None, cc=False, files=None, without_invoices=False):
        """Say to whom the actions go, and with which files; by default, to whom and
        with what they go anyway."""
        self.write(
            {
                "custom_recipient_ids": [Command.set(recipients.ids)]
                if recipients
                else [Command.clear()],
                "custom_cc": cc or False,
                "custom_file_ids": [Command.set(files.ids)]
                if files
                else [Command.clear()],
                "custom_without_invoices": without_invoices,
            }
        )

    def _route(self, recipients, cc, files, without_invoices):
        """Decide to whom an action goes and with which files, at the request of a
        person.

        :param recipients: ``res.partner``, the usual ones when they are those
        :param cc: addresses, as text
        :param files: ``ir.attachment`` of the user, to be sent along
        :raise UserError: an address is not one, or the files are too large
        """
        self.ensure_one()
        self.check_access("write")
        self._check_text_editable()
        files.check_access("read")
        recipients.check_access("read")
        if self.channel != "email":
            return
        usual = recipients == self._get_usual_recipients()
        if not usual:
            self._check_recipients(recipients)
        addresses = self._get_addresses(cc)
        self._check_file_size(files)
        files = self._take_files(files)
        # Users may not decide past these checks.
        action_sudo = self.sudo()
        action_sudo._set_route(
            None if usual else recipients, addresses, files, without_invoices
        )

    def _take_files(self, files):
        """Give files to the action: who reads it may read them. Those that belong to
        something else are copied.

        :param files: ``ir.attachment`` that the user may read
        :return: those of the action
        """
        own = {"res_model": self._name, "res_id": self.id, "res_field": False}
        uploaded = files.filtered(
            lambda file: (
                file.create_uid == self.env.user
                and (not file.res_id or file.res_model == "dunning.action.edit")
            )
        )
        # In a dialog that is somebody's, nobody else changes them.
        uploaded.sudo().write(own)
        taken = files.browse()
        for file in files:
            is_own = (file.res_model, file.res_id) == (self._name, self.id)
            if is_own:
                taken |= file
                continue
            # Whoever may read a file may send it on.
            sent_sudo = file.sudo()._dunning_as_sent()
            taken |= sent_sudo.copy(own).with_env(file.env)
        return taken

    def _check_recipients(self, recipients):
        if not recipients:
            raise UserError(self.env._("Say to whom it goes: choose a recipient."))
        wrong = recipients.filtered(lambda one: not email_normalize(one.email or ""))
        if wrong:
            raise UserError(
                self.env._(
                    "%s has no valid e-mail address: correct it on the contact, or "
                    "choose somebody else.",
                    ", ".join(wrong.mapped("display_name")),
                )
            )

    @api.model
    def _get_addresses(self, text):
        """Return e-mail addresses, one after the other.

        :raise UserError: one is not an address
        """
        parts = [part.strip() for part in (text or "").replace(";", ",").split(",")]
        wrong = [part for part in parts if part and not email_normalize(part)]
        if wrong:
            raise UserError(
                self.env._(
                    "“%s” is not an e-mail address: correct it.", ", ".join(wrong)
                )
            )
        return ", ".join(part for part in parts if part)

    def _check_file_size(self, files):
        # Files are weighed whoever has added them, by a setting of the company.
        limit = self.company_id.sudo().dunning_attachment_size
        if sum(files.sudo().mapped("file_size")) > limit * MEGABYTE:
            raise UserError(
                self.env._(
                    "The files are larger than %s MB together, which many mail servers "
                    "refuse: leave one out, or send it otherwise.",
                    limit,
                )
            )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - SENDING
    # ------------------------------------------------------------------

    def _get_usual_recipients(self):
        """Return to whom the action goes when nobody decides otherwise."""
        self.ensure_one()
        # pylint: disable-next=super-method-mismatch
        return super()._get_recipients()

    def _get_recipients(self):
        # EXTENDS 'account_dunning': or to whom somebody has decided
        if self.custom_recipient_ids and self._has_custom_text():
            return self.custom_recipient_ids
        return super()._get_recipients()

    def _get_missing_for_email(self):
        # EXTENDS 'account_dunning': their addresses are those that count
        chosen = self._has_custom_text() and self.custom_recipient_ids
        if not chosen or not self._get_mail_template():
            return super()._get_missing_for_email()
        wrong = chosen.filtered(lambda one: not email_normalize(one.email or ""))
        return bool(wrong) and self.env._(
            "%s has no valid e-mail address any more: correct it on the contact, or "
            "choose somebody else.",
            ", ".join(wrong.mapped("display_name")),
        )

    def _prepare_mail_values(self, rendered):
        # EXTENDS 'account_dunning'
        values = super()._prepare_mail_values(rendered)
        if self._has_custom_text():
            values["email_cc"] = self.custom_cc
        return values

    def _get_invoices_to_attach(self):
        # EXTENDS 'account_dunning'
        if self.custom_without_invoices and self._has_custom_text():
            return self.env["account.move"]
        return super()._get_invoices_to_attach()

    def _get_attachments(self):
        # EXTENDS 'account_dunning'
        attachments = super()._get_attachments()
        if self._has_custom_text():
            attachments |= self.custom_file_ids
        return attachments
