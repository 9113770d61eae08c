from odoo import fields, models


class ResUsers(models.Model):
    _inherit = "res.users"

    dunning_signature = fields.Image(
        string="Signature on Letters",
        max_width=600,
        max_height=220,
        copy=False,
        help="Picture of the signature, printed under the dunning letters.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        return [*super().SELF_READABLE_FIELDS, "dunning_signature"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        return [*super().SELF_WRITEABLE_FIELDS, "dunning_signature"]
