from odoo import models


class DunningChannelCall(models.AbstractModel):
    """Phone calls."""

    _name = "dunning.channel.call"
    _inherit = "dunning.channel"
    _description = "Dunning Channel: Phone Call"

    _icon = "fa-phone"
