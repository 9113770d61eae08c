from odoo import models

from ..models.dunning_action import OPEN_STATES


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        # EXTENDS 'base': merging two customers merges their dunning. Their history
        # and holds follow by foreign key; what was planned for each would be two
        # contacts with one customer, so the next run plans it anew.
        partners = self.env["res.partner"].browse(partner_ids).commercial_partner_id
        # Whoever merges customers need not have rights on dunning.
        planned_sudo = (
            self.env["dunning.action"]
            .sudo()
            .search(
                [
                    ("partner_id", "in", partners.ids),
                    ("state", "in", OPEN_STATES),
                    ("kind", "!=", "manual"),
                ]
            )
        )
        if len(planned_sudo.partner_id) > 1:
            planned_sudo._cancel("merged")
        return super()._merge(partner_ids, dst_partner, extra_checks)
