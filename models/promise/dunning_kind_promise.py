# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models

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
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _execute_batch(self, any_day):
        # EXTENDS 'account_dunning': judge by what has become of the promises today
        self.filtered(lambda action: action.kind == "promise").promise_id._settle()
        return super()._execute_batch(any_day)


class DunningKindPromise(models.AbstractModel):
    """Calls after a broken promise. When one is made is the business of the run, see
    ``dunning.run``; it is about what was promised, and nothing else."""

    _name = "dunning.kind.promise"
    _inherit = "dunning.kind"
    _description = "Promise Broken"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_title(self, action):
        # EXTENDS 'dunning.kind': which promise
        return f"{super()._get_title(action)} – {action.promise_id._get_amount_text()}"

    def _is_pointful(self, action, valid, steps):
        # OVERRIDES 'dunning.kind'
        return bool(valid) and action.promise_line_id.state in MISSED

    def _is_listed(self, action, row):
        # EXTENDS 'dunning.kind'
        listed = super()._is_listed(action, row)
        return listed and row["id"] in action.promise_id.move_line_ids.ids
