from contextlib import contextmanager

from odoo import api, models

# Where a transaction keeps the customers to refresh.
PENDING = "account_dunning.pending_customers"


class DunningAction(models.Model):
    """Events of the ledger that belong together are followed once."""

    _inherit = "dunning.action"

    @api.model
    @contextmanager
    def _refreshed_once(self):
        """Follow all that changes within the block at its end, in the same
        transaction."""
        data = self.env.cr.precommit.data
        if PENDING in data:
            yield
            return
        data[PENDING] = {}
        try:
            yield
        finally:
            pending = data.pop(PENDING, {})
        for company, partners in pending.items():
            self._refresh_customers(company, partners)

    @api.model
    def _refresh_customers(self, company, partners):
        # EXTENDS 'account_dunning': wait for the end of the block
        pending = self.env.cr.precommit.data.get(PENDING)
        if pending is None:
            return super()._refresh_customers(company, partners)
        company = company.sudo()
        pending[company] = pending.get(company, partners.browse()) | partners.sudo()
