from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError

from ...tools.einvoice_message import Document, shorten

# How many lines of what is wrong are shown.
SHOWN = 20


class DunningEinvoiceUpload(models.TransientModel):
    """Files with statuses of e-invoices, from whoever has fetched them from a platform,
    and what became of them."""

    _name = "dunning.einvoice.upload"
    _description = "Take E-Invoice Statuses"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    attachment_ids = fields.Many2many(
        "ir.attachment",
        string="Files",
        help="Messages of platforms (CDAR), invoice responses of Peppol, or archives "
        "(ZIP) of them.",
    )
    is_done = fields.Boolean(readonly=True)
    taken_count = fields.Integer(string="Taken", readonly=True)
    known_count = fields.Integer(string="Known Already", readonly=True)
    waiting_count = fields.Integer(string="Waiting", readonly=True)
    elsewhere_count = fields.Integer(
        string="Of Other Companies",
        readonly=True,
        help="Of companies that are not ticked at the top of the screen, or whose "
        "dunning you do not see: their statuses are not listed here.",
    )
    refused_count = fields.Integer(string="Not Readable", readonly=True)
    waiting_detail = fields.Text(string="They Wait Because", readonly=True)
    refused_detail = fields.Text(string="What Is Wrong", readonly=True)
    event_ids = fields.Many2many(
        "dunning.einvoice.event", string="Statuses", readonly=True
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_receive(self):
        """Take the files, and tell what became of them.

        :return: window action that shows the dialog again
        :raise UserError: no file was chosen
        """
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose the files of the platform first."))
        documents = [
            Document(shorten(file.name), file._dunning_get_raw(), origin=file.name)
            for file in self.attachment_ids
        ]
        # Those of other companies are looked at by their own people.
        receipt = self.env["dunning.einvoice.event"]._receive_all(
            documents, "file", companies=self.env.companies
        )
        self._tell(receipt)
        self._drop_files()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("E-Invoice Statuses"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_open(self):
        """Open the statuses that were taken.

        :return: window action
        """
        self.ensure_one()
        return self.event_ids._get_records_action(name=self.env._("E-Invoice Statuses"))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _tell(self, receipt):
        """Note what became of the files.

        :param receipt: :class:`Receipt`
        """
        # What it is about may be another company's: then it is counted, not shown.
        events_sudo = receipt.events
        shown = events_sudo.sudo(False)._filtered_access("read")
        new_sudo = events_sudo.filtered(lambda event: event.id in receipt.new_ids)
        waiting_sudo = new_sudo.filtered(lambda event: event.state != "assigned")
        # Why another company's wait tells which invoices it has.
        told_sudo = waiting_sudo.filtered(lambda event: event.id in shown.ids)
        reasons = Counter(told_sudo.mapped("problem"))
        # Set by the system, whoever has opened the dialog.
        self.sudo().write(
            {
                "is_done": True,
                "taken_count": len(new_sudo),
                "known_count": len(events_sudo) - len(new_sudo),
                "waiting_count": len(waiting_sudo),
                "elsewhere_count": len(events_sudo) - len(shown),
                "refused_count": len(receipt.refused),
                "waiting_detail": self._list(
                    f"{count} × {reason}" for reason, count in reasons.most_common()
                ),
                "refused_detail": self._list(
                    self.env._(
                        "%(what)s: %(details)s",
                        what=document.name,
                        details=events_sudo._tell_unreadable(problem),
                    )
                    for document, problem in receipt.refused
                ),
                "event_ids": shown.ids,
            }
        )

    def _list(self, lines):
        lines = list(lines)
        if len(lines) > SHOWN:
            more = self.env._("… and %d more", len(lines) - SHOWN)
            lines = [*lines[:SHOWN], more]
        return "\n".join(lines)

    def _drop_files(self):
        """Delete what was uploaded for the dialog alone: events have copies."""
        own = self.attachment_ids.filtered(
            lambda file: (
                file.res_model == self._name and file.create_uid == self.env.user
            )
        )
        # Files of a dialog have no record by which they could be deleted.
        own.sudo().unlink()
