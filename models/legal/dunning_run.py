from odoo import models


class DunningRun(models.Model):
    """A run tells the managers of rates that are missing."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        # EXTENDS 'account_dunning'
        result = super()._schedule_activities()
        # Whoever starts a run need not be among those who are told.
        rates_sudo = self.env["dunning.rate"].sudo()
        rates_sudo._tell_missing(self.company_id, self.date)
        return result
