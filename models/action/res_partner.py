from odoo import models

from ...tools.words import READERS
from ..base.mail_discreet_search import Ours


class ResPartner(models.Model):
    """A customer and its actions."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_action_ids = Ours("dunning.action", "partner_id", groups=READERS)

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account': nobody contacts a customer that is archived, nor as another
        # scenario does not
        result = super().write(vals)
        if not {"active", "dunning_scenario_id"}.isdisjoint(vals):
            self._dunning_refresh()
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_refresh(self):
        """Have the actions of these customers follow, in all companies."""
        # Whoever works on contacts need not have rights on dunning.
        actions_sudo = self.env["dunning.action"].sudo()
        groups = actions_sudo._read_group(
            [("partner_id", "in", self.ids), ("state", "!=", "done")],
            ["company_id"],
            ["partner_id:recordset"],
        )
        for company_sudo, partners_sudo in groups:
            ledger_sudo = actions_sudo.env["dunning.ledger"]
            ledger_sudo._customers_changed(company_sudo, partners_sudo)
