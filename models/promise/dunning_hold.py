from odoo import api, fields, models


class DunningHold(models.Model):
    """Holds that promises write."""

    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    promise_id = fields.Many2one(
        "dunning.promise",
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
        return self.promise_id or super()._get_source()

    @api.model
    def _get_served_first(self):
        # EXTENDS 'account_dunning': before what is held otherwise
        return [*super()._get_served_first(), "promise"]
