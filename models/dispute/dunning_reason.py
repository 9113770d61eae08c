from odoo import fields, models


class DunningReasonDocument(models.Model):
    """A document that is needed to settle a dispute of some reason."""

    _name = "dunning.reason.document"
    _description = "Document Needed for a Dispute"
    _inherit = ["dunning.shared"]
    _order = "sequence, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    reason_id = fields.Many2one(
        "dunning.reason", required=True, index=True, ondelete="cascade"
    )
    # Whoever names a document names what is of the company of its reason.
    company_id = fields.Many2one(related="reason_id.company_id")
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_owners(self):
        # OVERRIDES 'dunning.shared'
        return self.reason_id


class DunningReason(models.Model):
    _inherit = "dunning.reason"

    department_id = fields.Many2one(
        "dunning.department",
        check_company=True,
        ondelete="restrict",
        help="Whom to ask about disputes of this reason.",
    )

    checklist_ids = fields.One2many(
        "dunning.reason.document",
        "reason_id",
        string="Documents",
        copy=True,
        help="What is needed to settle a dispute of this reason.",
    )
