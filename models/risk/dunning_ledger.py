from odoo import models


class DunningLedger(models.AbstractModel):
    """Profiles follow the ledger: by a mark, for a payment waits for nothing else."""

    _inherit = "dunning.ledger"

    def _follow_customers(self, company, partners, routine):
        # EXTENDS 'account_dunning'
        result = super()._follow_customers(company, partners, routine)
        self.env["dunning.profile.mark"]._mark(company, partners)
        return result
