from odoo import api, fields, models

from ...tools.words import OPEN_STAGES


class DunningDispute(models.Model):
    """What screens show of disputes."""

    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    # Stored, so that disputes can be grouped by them.
    department_id = fields.Many2one(store=True)
    category = fields.Selection(related="reason_id.category", store=True)
    is_open = fields.Boolean(compute="_compute_is_open")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("state")
    def _compute_is_open(self):
        for dispute in self:
            dispute.is_open = dispute.state in OPEN_STAGES
