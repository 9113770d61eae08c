from odoo import models


class ResPartner(models.Model):
    """From the customer to its promises and disputes."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_promises(self):
        """Open the promises of the customer, running or over."""
        self.ensure_one()
        return self._dunning_open_window("action_promise")

    def action_dunning_open_disputes(self):
        """Open the disputes of the customer, open or closed."""
        self.ensure_one()
        return self._dunning_open_window("action_dispute")
