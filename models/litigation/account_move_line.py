from odoo import models


class AccountMoveLine(models.Model):
    """A debt that an entry has moved is no younger where it stands now."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_acknowledged(self):
        # EXTENDS 'account_dunning': what an item was before it was moved counts on
        events = super()._dunning_get_acknowledged()
        # When a limitation began does not depend on who asks.
        litigations_sudo = self.env["dunning.litigation"].sudo()
        moved_sudo = litigations_sudo.search([("transferred_line_ids", "in", self.ids)])
        for litigation_sudo in moved_sudo:
            for debt_sudo in litigation_sudo.transferred_line_ids:
                origin_sudo = litigation_sudo._get_origin(debt_sudo)
                before = origin_sudo._dunning_get_acknowledged()
                events[debt_sudo.id] += before[origin_sudo.id]
        return events
