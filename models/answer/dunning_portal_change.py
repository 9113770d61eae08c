from odoo import fields, models


class DunningPortalChange(models.Model):
    """A detail of a customer that it asks to be corrected: what we have, and what it
    says."""

    _name = "dunning.portal.change"
    _description = "Correction Asked for by a Customer"
    _inherit = ["dunning.protected"]
    _order = "request_id, id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    request_id = fields.Many2one(
        "dunning.portal.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="request_id.company_id")
    name = fields.Selection(
        [
            ("contact_name", "Who Is Written to"),
            ("email", "E-mail"),
            ("phone", "Phone"),
            ("second_email", "E-mail of a Second Recipient"),
        ],
        string="Detail",
        required=True,
        readonly=True,
    )
    old = fields.Char(string="We Have", readonly=True)
    new = fields.Char(string="The Customer Says", readonly=True)
