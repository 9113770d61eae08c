from odoo import api, fields, models
from odoo.fields import Domain


class DunningLitigation(models.Model):
    """A litigation shows until when the first of its items can be claimed."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    limitation_date = fields.Date(
        string="Time-Barred After",
        compute="_compute_limitation_date",
        search="_search_limitation_date",
        help="Last day on which the first of the items that are still open can be "
        "claimed before a court.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("move_line_ids")
    def _compute_limitation_date(self):
        limits = self.move_line_ids._origin._dunning_limitation_date()
        for litigation in self:
            days = [
                limits[item.id].date
                for item in litigation.move_line_ids._origin
                if item.amount_residual_currency > 0 and limits[item.id]
            ]
            litigation.limitation_date = min(days, default=False)

    @api.model
    def _search_limitation_date(self, operator, value):
        return self.env["account.move.line"]._dunning_search_limitation(
            operator, value, lambda items: Domain("move_line_ids", "in", items.ids)
        )
