from odoo import api, fields, models


class DunningItem(models.Model):
    """Open items show in what the rate that their invoice states differs."""

    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    rate_warning = fields.Char(
        string="Rate on the Invoice",
        compute="_compute_rate_warning",
        help="What the invoice states of penalties, where it is not what is agreed or "
        "the law allows.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_id")
    @api.depends_context("lang")
    def _compute_rate_warning(self):
        for item in self:
            item.rate_warning = item.move_line_id.move_id.dunning_rate_warning
