from odoo import api, models

from odoo.addons.account_dunning.tools import einvoice_message
from odoo.addons.account_dunning.tools.einvoice_message import Document
from odoo.addons.account_dunning.tools.einvoice_status import Status
from odoo.addons.account_dunning.tools.errors import MessageError
from odoo.addons.account_dunning.tools.peppol_response import STATUSES

# What arrived, or left, without error.
DONE = "done"
# Of French platforms: what buyers and sellers say of invoices. Other flows are about
# what was told to the tax authority.
STATUS_FLOW = "2"
# Messages of people: what the system itself stores is a notification.
HANDED_IN = ("comment", "email", "email_outgoing")
# Codes of Odoo for French platforms. Some are those of Peppol, and mean something else.
FRENCH_STATUSES = {
    "submitted": "200",
    "AB": "202",
    "received": "202",
    "made_available": "203",
    "in_hand": "204",
    "AP": "205",
    "approved": "205",
    "contested": "207",
    "suspended": "208",
    "completed": "209",
    "refused": "210",
    "payment_sent": "211",
    "PD": "212",
    "paid": "212",
    "RE": "213",
    "rejected": "213",
    "cancelled": "220",
}


class AccountPeppolResponse(models.Model):
    """What a buyer has answered is told to dunning."""

    _inherit = "account.peppol.response"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list: list[dict]) -> models.BaseModel:
        # EXTENDS 'account_peppol_response'
        responses = super().create(vals_list)
        responses._dunning_tell()
        return responses

    def write(self, vals: dict) -> bool:
        # EXTENDS 'account_peppol_response'
        result = super().write(vals)
        if "peppol_state" in vals:
            self._dunning_tell()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_tell(self) -> None:
        """Tell dunning what was answered. Nothing is caught: Odoo fetches again what it
        could not process."""
        for response in self.filtered(lambda one: one._dunning_is_answer()):
            response._dunning_tell_one()

    def _dunning_is_answer(self):
        """Return whether it is about an invoice to a customer, and arrived."""
        self.ensure_one()
        flow = "pdp_flow_number" in self._fields and self.pdp_flow_number
        return (
            self.peppol_state == DONE
            and self.move_id.is_sale_document(include_receipts=True)
            and flow in (False, STATUS_FLOW)
        )

    def _dunning_tell_one(self):
        """Tell what the documents of the invoice say; or, where none says this answer,
        what its fields do."""
        read = self._dunning_read_documents()
        code = self._dunning_get_code()
        if not any(status.code == code for __, said in read for status in said):
            read.append((None, [self._dunning_get_status(code)]))
        receipt = self.env["dunning.einvoice.event"]._take(read, "peppol")
        move = self.move_id
        # Odoo knows which invoice was answered, even if its number was changed.
        lost = receipt.events.filtered(
            lambda event: (
                event.state == "waiting"
                and event.code
                and event.company_id in (move.company_id, event.company_id.browse())
            )
        )
        if lost and move.state != "draft":
            # Whoever takes an answer need not read all of the invoice.
            move_sudo = move.sudo()
            lost._assign(move_sudo)

    def _dunning_read_documents(self):
        """Return the messages that Odoo has stored on the invoice. What came with words
        of somebody, from the customer's portal or by an e-mail to the invoice, may have
        been written by anybody: it is not read.

        :return: list of pairs of document and what it says
        """
        # The access point works elevated, or for somebody who sends invoices.
        files_sudo = self.env["ir.attachment"].sudo()
        files_sudo = files_sudo.search(
            [
                ("res_model", "=", "account.move"),
                ("res_id", "=", self.move_id.id),
                ("name", "=ilike", "%.xml"),
            ],
            order="id",
        )
        files_sudo -= self._dunning_find_handed_in(files_sudo)
        read, room = [], einvoice_message.Room()
        for file_sudo in files_sudo:
            document = Document(einvoice_message.shorten(file_sudo.name), file_sudo.raw)
            try:
                statuses = einvoice_message.read(document.content)
                room.take(document.content, len(statuses))
            except MessageError:
                # The invoice itself is there as well.
                continue
            read.append((document, statuses))
        return read

    def _dunning_find_handed_in(self, files_sudo):
        """Return those of some files that people have sent with a message, or that were
        uploaded by who is no employee."""
        messages_sudo = self.env["mail.message"].sudo()
        written_sudo = messages_sudo.search(
            [
                ("attachment_ids", "in", files_sudo.ids),
                ("message_type", "in", HANDED_IN),
            ]
        )
        return files_sudo.filtered(
            lambda file: (
                file in written_sudo.attachment_ids
                or not file.create_uid._is_internal()
            )
        )

    def _dunning_get_code(self):
        codes = STATUSES
        if "pdp_flow_number" in self._fields and self.pdp_flow_number:
            codes = FRENCH_STATUSES
        code = self.response_code or ""
        return codes.get(code) or FRENCH_STATUSES.get(code, code)

    def _dunning_get_status(self, code):
        """Return what the fields of the answer say."""
        move = self.move_id
        french = "pdp_issue_date" in self._fields
        return Status(
            code=code,
            number=move.name or "",
            sellers=tuple(move.company_id._dunning_get_registrations()),
            message=self.peppol_message_uuid or f"response {self.id}",
            invoice_date=move.invoice_date or None,
            date=(french and self.pdp_issue_date) or self.create_date,
            text=(french and self.pdp_status_info) or "",
        )
