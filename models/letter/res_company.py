from odoo import fields, models

from ...tools.words import READERS


class ResCompany(models.Model):
    _inherit = "res.company"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_post_letters = fields.Boolean(
        string="Post Letters through Odoo",
        help="Letters are printed and posted by Odoo's service, for a fee, instead of "
        "waiting to be printed.",
        groups=READERS,
    )
