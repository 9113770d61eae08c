# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models


class DunningOutcomeDispute(models.AbstractModel):
    """The customer contests something, and has to say why."""

    _name = "dunning.outcome.dispute"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Contests"

    _next_days = 7

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_about_all(self, action):
        # OVERRIDES 'dunning.outcome'
        return len(action.line_ids) < 2

    def _get_amount(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return dialog._get_claimed()

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        dialog._check_items()
        dialog._check_amount()
        dialog._check_reason()
        dialog._check_next_date()

    def _get_agreed(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return {dialog.currency_id: dialog.amount} if dialog.amount else {}

    def _apply(self, dialog, lines, agreed):
        # OVERRIDES 'dunning.outcome'
        items = lines.move_line_id.filtered(
            lambda item: item.currency_id == dialog.currency_id
        )
        dialog.action_id._apply_dispute(
            items,
            dialog._get_held_amount(),
            dialog.reason_id,
            dialog.note,
            dialog.next_date,
        )
