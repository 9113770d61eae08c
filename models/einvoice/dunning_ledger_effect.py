from odoo import models


class DunningLedger(models.AbstractModel):
    """What buyers have said is compared with the ledger whenever that changes: a
    payment, a credit note or a cancellation settles it, and undoing these brings it
    back."""

    _inherit = "dunning.ledger"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow(self, items, change):
        # EXTENDS 'account_dunning': after disputes and promises have followed
        result = super()._follow(items, change)
        self._follow_einvoices(items.move_id)
        return result

    def _follow_reposted(self, moves):
        # EXTENDS 'account_dunning'
        result = super()._follow_reposted(moves)
        self._follow_einvoices(moves)
        return result

    def _follow_einvoices(self, moves):
        """Bring what was made of e-invoices in line with the ledger."""
        known = self.env["dunning.einvoice.status"]._filter_known(moves)
        if known:
            self.env["dunning.einvoice.matter"]._bring_in_line(known)
