from odoo import api, fields, models

from ...tools.words import READERS


class ResPartner(models.Model):
    """What the plan knows of a customer."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_item_ids = fields.One2many("dunning.item", "partner_id", groups=READERS)
    dunning_hold_ids = fields.One2many("dunning.hold", "partner_id", groups=READERS)

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
