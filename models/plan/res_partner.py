from odoo import api, models

from ...tools.words import READERS
from ..base.mail_discreet_search import Ours


class ResPartner(models.Model):
    """What the plan knows of a customer."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_item_ids = Ours("dunning.item", "partner_id", groups=READERS)
    dunning_hold_ids = Ours("dunning.hold", "partner_id", groups=READERS)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_get_open_domain(self) -> list:
        """Return the condition on journal items that are open, of whomever."""
        accounts = self.env["dunning.ledger"]._get_account_ids()
        return [
            ("account_id", "in", list(accounts)),
            ("parent_state", "=", "posted"),
            ("reconciled", "=", False),
            ("amount_residual_currency", ">", 0),
        ]
