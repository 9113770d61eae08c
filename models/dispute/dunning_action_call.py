from odoo import Command, models
from odoo.tools import plaintext2html

from ...tools.words import OPEN_STAGES


class DunningAction(models.Model):
    """What follows from a call in which something was disputed."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - OUTCOMES
    # ------------------------------------------------------------------

    def _apply_dispute(self, items, amount, reason, note, follow_up):
        """Record what is disputed: it is kept out until the dispute is settled, which
        is among the activities of its owner from now on.

        :param items: journal items in dispute, of one currency
        :param amount: part in dispute, 0 for all of the items
        :param follow_up: day by which the dispute is to be settled
        :return: the dispute
        """
        # Where a dispute comes from is set by the system.
        disputes_sudo = self.env["dunning.dispute"].sudo()
        dispute_sudo = disputes_sudo.create(
            {
                "partner_id": self.partner_id.id,
                "company_id": self.company_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "amount": amount,
                "reason_id": reason.id,
                "description": note and plaintext2html(note),
                "contact_id": self.contact_id.id,
                "date_deadline": follow_up,
                "call_id": self.id,
            }
        )
        return dispute_sudo.sudo(self.env.su)

    def _undo_agreements(self, text):
        # EXTENDS 'account_dunning'
        result = super()._undo_agreements(text)
        disputes = self.env["dunning.dispute"].search(
            [("call_id", "=", self.id), ("state", "in", OPEN_STAGES)]
        )
        disputes.action_cancel(text)
        return result
