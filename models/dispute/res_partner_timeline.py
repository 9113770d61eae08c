from odoo import models
from odoo.tools import format_amount, format_date, html2plaintext

from ...tools.words import LEDGER_ENDS

DISPUTE_ENDS = {
    "accepted": ("fa-check", "courteous"),
    "corrected": ("fa-check", "courteous"),
    "rejected": ("fa-times", "firm"),
    "cancelled": ("fa-times", None),
}


class ResPartner(models.Model):
    """Disputes in the timeline: each is told when it was made, and again when it came
    to its end."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_entry_queries(self):
        # EXTENDS 'account_dunning'
        return [
            *super()._dunning_get_entry_queries(),
            self._dunning_get_agreement_query("dispute"),
        ]

    def _dunning_get_tellers(self):
        # EXTENDS 'account_dunning'
        return super()._dunning_get_tellers() | self._dunning_get_agreement_tellers(
            "dispute", self._dunning_tell_dispute, self._dunning_tell_dispute_end
        )

    def _dunning_tell_dispute(self, dispute):
        return {
            "date": format_date(self.env, dispute.date),
            "icon": "fa-exclamation-circle",
            "channel": self.env._("Dispute"),
            "title": self._dunning_tell_disputed(dispute),
            "text": html2plaintext(dispute.description or ""),
            "amount": format_amount(self.env, dispute.amount, dispute.currency_id),
            "who": dispute.create_uid.name,
            "tone": "firm",
        }

    def _dunning_tell_dispute_end(self, dispute):
        icon, tone = DISPUTE_ENDS[dispute.state]
        titles = {
            "accepted": self.env._("Dispute accepted"),
            "corrected": self.env._("Dispute settled by a correction"),
            "rejected": self.env._("Dispute rejected"),
            "cancelled": self.env._("Dispute cancelled"),
        }
        by_ledger = dispute.closed_by in (*LEDGER_ENDS, "currency")
        causes = dict(dispute._fields["closed_by"]._description_selection(self.env))
        return {
            "date": format_date(self.env, dispute.date_closed),
            "icon": icon,
            "channel": self.env._("Dispute closed")
            if by_ledger
            else titles[dispute.state],
            "title": self._dunning_tell_disputed(dispute),
            "text": by_ledger and causes[dispute.closed_by],
            "amount": format_amount(self.env, dispute.amount, dispute.currency_id),
            "who": dispute.closed_user_id.name,
            "tone": tone,
        }

    def _dunning_tell_disputed(self, dispute):
        numbers = dispute.move_ids.mapped("name")
        return self._dunning_tell_matched(numbers) if numbers else dispute.display_name
