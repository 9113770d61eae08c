from odoo import api, fields, models


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

    @api.depends("move_line_ids", "transferred_line_ids")
    def _compute_limitation_date(self):
        items = self.move_line_ids | self.transferred_line_ids
        limits = items._origin._dunning_limitation_date()
        for litigation in self:
            days = [
                limits[item.id].date
                for item in litigation._get_ordered_items()._origin
                if item.amount_residual_currency > 0 and limits[item.id]
            ]
            litigation.limitation_date = min(days, default=False)

    @api.model
    def _search_limitation_date(self, operator, value):
        return self.env["account.move.line"]._dunning_search_limitation(
            operator, value, self._get_domain_of_items
        )
