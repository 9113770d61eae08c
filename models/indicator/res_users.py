from odoo import fields, models

from ...tools.words import READERS


class ResUsers(models.Model):
    """Who collects gets the weekly summary, unless they switch it off."""

    _inherit = "res.users"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_summary = fields.Boolean(
        string="Weekly Summary of Dunning",
        default=True,
        groups=f"{READERS},base.group_erp_manager",
        help="By e-mail, on Mondays: overdue, received, actions done and waiting, "
        "promises not kept, new on the watch list.",
    )

    @property
    def SELF_READABLE_FIELDS(self):
        # EXTENDS 'base': each decides on what they get
        return [*super().SELF_READABLE_FIELDS, "dunning_summary"]

    @property
    def SELF_WRITEABLE_FIELDS(self):
        # EXTENDS 'base': each decides on what they get
        return [*super().SELF_WRITEABLE_FIELDS, "dunning_summary"]

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'base': the digest shows at once who gets it
        result = super().write(vals)
        if "dunning_summary" in vals:
            self.env["digest.digest"]._dunning_get_weekly()._dunning_choose_recipients()
        return result
