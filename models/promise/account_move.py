from odoo import api, fields, models

from ...tools.words import READERS


class AccountMove(models.Model):
    """From an invoice to the promises about it."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_promise_count = fields.Integer(
        string="Promises", compute="_compute_dunning_promise_count", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_dunning_promise_count(self):
        counts = self.env["dunning.promise"]._count_by_move(self._origin)
        for move in self:
            move.dunning_promise_count = counts.get(move._origin.id, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_promises(self):
        """Open the promises about these entries, running or over."""
        promises = self.env["dunning.promise"].search([("move_ids", "in", self.ids)])
        return promises._get_records_action(name=self.env._("Promises"))
