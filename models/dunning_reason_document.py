from odoo import fields, models


class DunningReasonDocument(models.Model):
    """A document that is needed to settle a dispute of some reason."""

    _name = "dunning.reason.document"
    _description = "Document Needed for a Dispute"
    _order = "sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    reason_id = fields.Many2one(
        "dunning.reason", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
