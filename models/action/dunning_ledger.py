from odoo import models


class DunningLedger(models.AbstractModel):
    """Open actions follow the ledger."""

    _inherit = "dunning.ledger"

    def _follow_customers(self, company, partners, routine):
        # EXTENDS 'account_dunning'
        self.env["dunning.action"]._refresh_customers(company, partners, routine)
        return super()._follow_customers(company, partners, routine)

    def _follow_moved(self, items):
        # EXTENDS 'account_dunning': the contacts with the former customer stay theirs,
        # the new one begins with the first level
        result = super()._follow_moved(items)
        lines = self.env["dunning.action.line"]
        lines._leave_to_former(items)
        lines._relink(items.move_id)
        return result

    def _follow_reposted(self, moves):
        # EXTENDS 'account_dunning': the oldest items take over from the oldest
        self.env["dunning.action.line"]._relink(moves)
        return super()._follow_reposted(moves)
