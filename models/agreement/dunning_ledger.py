from contextlib import contextmanager

from odoo import api, models


class DunningLedger(models.AbstractModel):
    """Promises and disputes follow the ledger, before actions do."""

    _inherit = "dunning.ledger"

    def _follow(self, items, change):
        # EXTENDS 'account_dunning'
        result = super()._follow(items, change)
        self.env["dunning.withholding"]._settle_items(items)
        return result

    def _follow_moved(self, items):
        # EXTENDS 'account_dunning'
        for name in self.env["dunning.withholding"]._get_source_names():
            self.env[name]._follow_items(items)
        return super()._follow_moved(items)

    def _follow_reposted(self, moves):
        # EXTENDS 'account_dunning': they cover the new items
        result = super()._follow_reposted(moves)
        self.env["dunning.withholding"]._restore_all_items(moves)
        return result

    @api.model
    @contextmanager
    def _following_deletion(self, moves):
        # EXTENDS 'account_dunning': what was about these entries
        found = self.env["dunning.withholding"]._get_sources_of(moves)
        with super()._following_deletion(moves):
            yield
        for records in found:
            records._settle()
