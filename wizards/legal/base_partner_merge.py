from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base': of two rates that were agreed with one customer, one holds
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        # Whoever merges contacts need not have rights on dunning.
        rates_sudo = self.env["dunning.contract.rate"].sudo()
        rates_sudo.search([("partner_id", "in", list(partner_ids))])._end_overlaps()
        return result
