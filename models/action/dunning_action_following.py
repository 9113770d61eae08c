from odoo import models


class DunningAction(models.Model):
    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_readdressed(self):
        """Follow items that other customers owe now."""
        cancelled = self.filtered(lambda action: action.cancel_cause == "not_posted")
        cancelled.filtered(
            lambda action: (
                set(action.line_ids.filtered("level_id").mapped("drop_cause"))
                == {"readdressed"}
            )
        ).cancel_cause = "readdressed"
        for company, actions in self.grouped("company_id").items():
            self.env["dunning.ledger"]._customers_changed(company, actions.partner_id)
