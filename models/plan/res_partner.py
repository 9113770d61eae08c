from odoo import fields, models

from ...tools.words import READERS


class ResPartner(models.Model):
    """What the plan knows of a customer."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_item_ids = fields.One2many("dunning.item", "partner_id", groups=READERS)
    dunning_hold_ids = fields.One2many("dunning.hold", "partner_id", groups=READERS)
