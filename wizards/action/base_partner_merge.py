from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base': merging two customers merges their dunning. Their history
        # and holds follow by foreign key; what was planned for each would be two
        # contacts with one customer, so the next run plans it anew.
        partners = self.env["res.partner"].browse(partner_ids)
        partners.commercial_partner_id._dunning_plan_anew()
        partners._dunning_become_one()
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        merged = partners.exists()
        # The one that is left may be a contact of somebody else.
        merged._dunning_join_commercial()
        merged.commercial_partner_id._dunning_refresh()
        return result
