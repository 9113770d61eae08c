from odoo import api, models


class DunningLedger(models.AbstractModel):
    """Statuses that came before their invoice was posted."""

    _inherit = "dunning.ledger"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _follow_arrived(self, moves):
        # EXTENDS 'account_dunning'
        result = super()._follow_arrived(moves)
        posted = moves.filtered(lambda move: move.state == "posted")
        posted.env["dunning.einvoice.event"]._retry_posted(posted)
        return result
