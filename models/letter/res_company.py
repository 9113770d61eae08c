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


class DunningSettingsFields(models.AbstractModel):
    _inherit = "dunning.settings.fields"

    dunning_post_letters = fields.Boolean(
        related="company_id.dunning_post_letters", readonly=False
    )
