from odoo import fields, models


class DunningItem(models.Model):
    """What the buyer says of the invoice of an open item."""

    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    einvoice_status = fields.Selection(
        related="move_id.dunning_einvoice_status", string="Buyer's Status"
    )
    einvoice_received = fields.Datetime(
        related="move_id.dunning_einvoice_received", string="Received by the Buyer on"
    )
