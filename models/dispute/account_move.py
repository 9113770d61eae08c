from odoo import api, fields, models

from ...tools.words import READERS


class AccountMove(models.Model):
    """From an invoice to the disputes about it."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_dispute_count = fields.Integer(
        string="Disputes", compute="_compute_dunning_dispute_count", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_dunning_dispute_count(self):
        counts = self.env["dunning.dispute"]._count_by_move(self._origin)
        for move in self:
            move.dunning_dispute_count = counts.get(move._origin.id, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_disputes(self):
        """Open the disputes about these entries, open or closed."""
        disputes = self.env["dunning.dispute"].search([("move_ids", "in", self.ids)])
        return disputes._get_records_action(name=self.env._("Disputes"))
