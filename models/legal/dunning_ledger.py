from contextlib import contextmanager

from odoo import api, models
from odoo.tools import ormcache


class DunningLedger(models.AbstractModel):
    """Penalties and acknowledgements follow their invoices."""

    _inherit = "dunning.ledger"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _follow(self, items, change):
        # EXTENDS 'account_dunning'
        result = super()._follow(items, change)
        self._get_penalties(items.move_id)._follow_invoices()
        return result

    @api.model
    @contextmanager
    def _following_deletion(self, moves):
        # EXTENDS 'account_dunning'
        penalties = self._get_penalties(moves)
        with super()._following_deletion(moves):
            yield
        penalties.invalidate_recordset(["move_id"])
        penalties._follow_invoices()

    @api.model
    def _follow_reposted(self, moves):
        # EXTENDS 'account_dunning': what was claimed stays so, whatever items an
        # invoice has by now
        result = super()._follow_reposted(moves)
        # Whoever works on the ledger need not have rights on dunning.
        acts_sudo = moves.env["dunning.acknowledgement"].sudo()
        acts_sudo._follow_reposted(moves)
        if self._knows_penalties():
            # Nor on penalties.
            lines_sudo = self.env["dunning.penalty.line"].sudo()
            lines_sudo.search(
                [("move_id", "in", moves.ids), ("move_line_id", "=", False)]
            )._find_items_again()
        return result

    @api.model
    def _get_penalties(self, moves) -> models.BaseModel:
        """Return the penalties that are booked by entries, elevated."""
        # Whoever works on the ledger need not have rights on dunning.
        penalties_sudo = self.env["dunning.penalty"].sudo()
        if not self._knows_penalties():
            return penalties_sudo
        return penalties_sudo.search([("move_id", "in", moves.ids)])

    @api.model
    @ormcache()
    def _knows_penalties(self) -> bool:
        """Return whether penalties were ever claimed: otherwise no event of the ledger
        has to look for them."""
        # Kept for all, whoever asks first.
        penalties_sudo = self.env["dunning.penalty"].sudo()
        return bool(penalties_sudo.search_count([], limit=1))
