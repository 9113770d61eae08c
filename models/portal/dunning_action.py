from odoo import models


class DunningAction(models.Model):
    """What is sent leads to the customer's own page: a button in e-mails, a code on
    letters."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_page_url(self):
        # EXTENDS 'account_dunning'
        self.ensure_one()
        partner = self.partner_id
        own = partner and partner._dunning_portal_url(self.company_id)
        return own or super()._get_page_url()
