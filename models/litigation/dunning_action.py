from odoo import fields, models


class DunningAction(models.Model):
    """What is written about a litigation."""

    _inherit = "dunning.action"

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
