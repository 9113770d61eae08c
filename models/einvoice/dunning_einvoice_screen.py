from odoo import models
from odoo.exceptions import UserError


class DunningEinvoiceEvent(models.Model):
    """What people do with a status."""

    _inherit = "dunning.einvoice.event"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_retry(self):
        """Look for the invoices of waiting events again, after numbers of a company
        were completed.

        :return: client action that tells how many have got theirs
        """
        return self._try_again(accepted=False)

    def action_accept(self):
        """Let count what came by e-mail from an unknown sender.

        :return: client action that tells how many have got their invoice
        """
        return self._try_again(accepted=True)

    def action_take_back(self):
        """Take statuses from invoices that they are not about, as when a wrong one was
        chosen: it is as if it had never been said of them.

        :return: True, or the list of statuses where they are another company's now
        :raise UserError: none of them has an invoice
        """
        self.check_access("write")
        assigned = self.filtered(lambda event: event.state == "assigned")
        if not assigned:
            raise UserError(self.env._("None of these statuses has an invoice."))
        # Events are written by nobody, and who works on them need not see all of the
        # ledger.
        events_sudo = assigned.sudo()
        events_sudo._take_back()
        if self.has_access("read"):
            return True
        return self.env["ir.actions.actions"]._for_xml_id(
            "account_dunning.action_einvoice_event"
        )

    def action_open_invoice(self):
        """Open the invoice.

        :return: window action
        :raise UserError: it is not known
        """
        self.ensure_one()
        if not self.move_id:
            raise UserError(self.problem or self.env._("There is no invoice."))
        return self.move_id._get_records_action()

    def action_download(self):
        """Download the document as it was received.

        :return: client action
        :raise UserError: there is none
        """
        self.ensure_one()
        self.check_access("read")
        if not self.attachment_id:
            raise UserError(self.env._("There is no document: see where it came from."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=1",
            "target": "download",
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _try_again(self, accepted):
        self.check_access("write")
        waiting = self.filtered(lambda event: event.state == "waiting")
        # Events are written by nobody, and who works on them need not see all of the
        # ledger.
        events_sudo = waiting.sudo()
        count = len(events_sudo._retry(accepted))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if count else "warning",
                "message": self.env._(
                    "%(count)d of %(total)d statuses have got their invoice.",
                    count=count,
                    total=len(waiting),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_undecided(self) -> None:
        """Refuse to decide upon events that have their invoice.

        :raise UserError: naming one of them
        """
        for event in self:
            if event.state == "assigned":
                raise UserError(
                    self.env._(
                        "“%s” has its invoice already: take it back first.",
                        event.display_name,
                    )
                )
