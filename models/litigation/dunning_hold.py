from odoo import api, fields, models


class DunningHold(models.Model):
    """Holds that litigations write."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_id = fields.Many2one(
        "dunning.litigation",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_source(self):
        # EXTENDS 'account_dunning'
        return self.litigation_id or super()._get_source()

    @api.model
    def _get_served_first(self):
        # EXTENDS 'account_dunning': after what is promised or in dispute
        return [*super()._get_served_first(), "litigation"]
