from odoo import models
from odoo.fields import Domain
from odoo.tools import split_every

WAITING_BATCH = 500


class DunningRun(models.Model):
    """A run brings in line with the ledger what waits for people, before it plans: what
    has become pointless makes room for what is due now."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, excluded_partners, excluded_lines):
        # EXTENDS 'account_dunning'
        if self.date == self.company_id._dunning_today():
            self._refresh_waiting()
        return super()._apply(excluded_partners, excluded_lines)

    def _refresh_waiting(self):
        """Bring what waits in line, batch by batch."""
        actions = self.env["dunning.action"]
        waiting = actions.search(
            Domain("company_id", "=", self.company_id.id)
            & actions._get_waiting_domain(),
            order="date, id",
        )
        for batch in split_every(WAITING_BATCH, waiting.ids, actions.browse):
            batch._refresh_waiting()
