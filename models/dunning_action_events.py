from contextlib import contextmanager

from odoo import api, models

# Where a transaction keeps the customers to refresh and the items to settle.
PENDING = "account_dunning.pending_customers"
PENDING_ITEMS = "account_dunning.pending_items"


class DunningAction(models.Model):
    """Events of the ledger that belong together are followed once."""

    _inherit = "dunning.action"

    @api.model
    @contextmanager
    def _refreshed_once(self):
        """Follow all that changes within the block at its end, in the same
        transaction: promises and disputes first, then the actions."""
        data = self.env.cr.precommit.data
        if PENDING in data:
            yield
            return
        data[PENDING], data[PENDING_ITEMS] = {}, set()
        try:
            yield
            items = self.env["account.move.line"].browse(data.pop(PENDING_ITEMS))
            self.env["dunning.withholding"]._settle_items(items.exists())
        finally:
            pending = data.pop(PENDING)
            data.pop(PENDING_ITEMS, None)
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


class DunningWithholding(models.AbstractModel):
    _inherit = "dunning.withholding"

    @api.model
    def _settle_items(self, items):
        # EXTENDS 'account_dunning': wait for the end of the block
        pending = self.env.cr.precommit.data.get(PENDING_ITEMS)
        if pending is None:
            return super()._settle_items(items)
        pending.update(items.ids)
