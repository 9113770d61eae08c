from odoo import api, fields, models


class DunningHold(models.Model):
    """Holds that disputes write."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dispute_id = fields.Many2one(
        "dunning.dispute",
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
        return self.dispute_id or super()._get_source()

    @api.model
    def _get_served_first(self):
        # EXTENDS 'account_dunning': before what is promised
        return ["dispute", *super()._get_served_first()]
