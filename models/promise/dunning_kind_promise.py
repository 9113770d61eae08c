from odoo import api, models

from ...tools.promises import MISSED


class DunningAction(models.Model):
    """Calls after a broken promise. When one is made is the business of the run, see
    ``dunning.run``; it follows the ledger like any other action."""

    _inherit = "dunning.action"

    # === Constraints and indexes === #
    _one_for_each_missed_payment = models.UniqueIndex(
        "(promise_line_id) WHERE kind = 'promise'",
        "A missed payment is followed once.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("promise_id", "kind")
    def _compute_title(self):
        # EXTENDS 'account_dunning': which promise
        result = super()._compute_title()
        for action in self.filtered(lambda action: action.kind == "promise"):
            promise = action.promise_id
            action.title = f"{action.title} – {promise._get_amount_text()}"
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_pointful(self, valid, steps):
        # EXTENDS 'account_dunning'
        if self.kind != "promise":
            return super()._is_pointful(valid, steps)
        return bool(valid) and self.promise_line_id.state in MISSED

    def _is_listed(self, row):
        # EXTENDS 'account_dunning': what was promised, nothing else
        listed = super()._is_listed(row)
        if self.kind != "promise":
            return listed
        return listed and row["id"] in self.promise_id.move_line_ids.ids
