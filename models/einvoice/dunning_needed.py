from odoo import models


class AccountMove(models.Model):
    """What a buyer has said of an invoice needs the invoice."""

    _name = "account.move"
    _inherit = ["account.move", "dunning.needed"]
