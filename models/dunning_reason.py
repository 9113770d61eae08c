from odoo import fields, models


class DunningReason(models.Model):
    """Why a customer does not pay or an action does not happen: one catalogue for
    call outcomes, holds, skipped actions and, later, disputes."""

    _name = "dunning.reason"
    _description = "Dunning Reason"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", help="Leave empty to share the reason among all companies."
    )
