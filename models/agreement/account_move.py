from odoo import api, fields, models

from ..customer.res_partner import READERS

COUNTS = {
    "dunning_promise_count": "dunning.promise",
    "dunning_dispute_count": "dunning.dispute",
}


class AccountMove(models.Model):
    """From an invoice to the promises and disputes about it."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_promise_count = fields.Integer(
        string="Promises", compute="_compute_dunning_agreements", groups=READERS
    )
    dunning_dispute_count = fields.Integer(
        string="Disputes", compute="_compute_dunning_agreements", groups=READERS
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_dunning_agreements(self):
        for field, model in COUNTS.items():
            groups = self.env[model]._read_group(
                self._dunning_get_agreement_domain(), ["move_ids"], ["__count"]
            )
            counts = {move.id: count for move, count in groups}
            for move in self:
                move[field] = counts.get(move._origin.id, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_promises(self):
        """Open the promises about these entries, running or over."""
        promises = self.env["dunning.promise"].search(
            self._dunning_get_agreement_domain()
        )
        return promises._get_records_action(name=self.env._("Promises"))

    def action_dunning_open_disputes(self):
        """Open the disputes about these entries, open or closed."""
        disputes = self.env["dunning.dispute"].search(
            self._dunning_get_agreement_domain()
        )
        return disputes._get_records_action(name=self.env._("Disputes"))

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_agreement_domain(self):
        records = self.env["dunning.withholding"]
        return records._get_domain_of_moves(self._origin)
