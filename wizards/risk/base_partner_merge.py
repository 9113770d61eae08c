from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Profiles are of one customer each: those of customers that are merged go, and the
    one that is left is read anew."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base'
        # Whoever merges contacts need not have rights on dunning.
        profiles_sudo = self.env["dunning.profile"].sudo()
        profiles_sudo.search([("partner_id", "in", list(partner_ids))]).unlink()
        return super()._merge(partner_ids, dst_partner, extra_checks)
