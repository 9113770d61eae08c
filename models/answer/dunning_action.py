from odoo import models
from odoo.tools import email_normalize


class DunningAction(models.Model):
    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_written_to(self, addressees):
        # EXTENDS 'account_dunning': the second recipient as well, unless it has the
        # same address as another one
        found = super()._get_written_to(addressees)
        customer = self.partner_id.with_company(self.company_id)
        second = customer and customer._dunning_get_second_recipient()
        known = {email_normalize(partner.email) for partner in found}
        if second and second.email and email_normalize(second.email) not in known:
            found |= second
        return found
