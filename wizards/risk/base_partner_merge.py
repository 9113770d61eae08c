from odoo import models


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Profiles are of one customer each: those of customers that are merged go, and the
    one that is left is read anew, and in one group."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base'
        # Whoever merges contacts need not have rights on dunning.
        profiles_sudo = self.env["dunning.profile"].sudo()
        profiles_sudo.search([("partner_id", "in", list(partner_ids))]).unlink()
        # Nor on groups.
        groups_sudo = self.env["dunning.customer.group"].sudo()
        chosen = dst_partner.ids if dst_partner else []
        kept_sudo = groups_sudo.search([("member_ids", "in", chosen)])
        result = super()._merge(partner_ids, dst_partner, extra_checks)
        for merged in self.env["res.partner"].browse(partner_ids).exists():
            merged._dunning_stay_in_one_group(kept_sudo)
        return result
