from odoo import api, fields, models


class DunningPromiseDialog(models.TransientModel):
    """Who is in insolvency proceedings may not pay what it owed before them."""

    _inherit = "dunning.promise.dialog"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    is_insolvent = fields.Boolean(compute="_compute_is_insolvent")

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("partner_id", "company_id")
    def _compute_is_insolvent(self):
        for dialog in self:
            customer, company = dialog.partner_id, dialog.company_id
            dialog.is_insolvent = customer._dunning_is_insolvent(company)
