from odoo import fields, models


class DunningHold(models.Model):
    _inherit = "dunning.hold"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    origin = fields.Selection(
        selection_add=[("paid", "Said to Be Paid")], ondelete={"paid": "set default"}
    )
