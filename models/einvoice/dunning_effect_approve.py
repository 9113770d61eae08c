# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import models

from ...tools.einvoice_state import APPROVAL, CONTEST, DELIVERY, SUSPENSION
from ...tools.following import FOLLOWING_CONTEXT
from ...tools.words import OPEN_STATES


class DunningEffectApprove(models.AbstractModel):
    """The buyer has approved the invoice: it contests nothing, nothing is missing, and
    nobody waits for its approval."""

    _name = "dunning.einvoice.effect.approve"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Approved"

    _topic = APPROVAL
    _closes = frozenset({CONTEST, DELIVERY, SUSPENSION})
    _proves = True

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, matters):
        # OVERRIDES 'dunning.einvoice.effect'
        self._stop_waiting(matters.filtered("is_fresh"))

    def _stop_waiting(self, matters):
        """End what waits until the buyers have approved the invoices."""
        items = matters.move_id._dunning_get_items()
        if not items:
            return
        holds = self.env["dunning.hold"].search(
            [
                ("move_line_ids", "in", items.ids),
                ("origin", "=", "manual"),
                ("date_released", "=", False),
                ("reason_id.outcome", "=", "not_approved"),
            ]
        )
        holds = holds.with_context(**FOLLOWING_CONTEXT)
        whole = holds.filtered(lambda hold: hold.move_line_ids <= items)
        for hold in holds - whole:
            hold.move_line_ids -= items
        if not whole:
            return
        whole._end()
        calls = self.env["dunning.action"].search(
            [
                ("call_id", "in", whole.call_id.ids),
                ("reason_id.outcome", "=", "not_approved"),
                ("state", "in", OPEN_STATES),
            ]
        )
        if calls:
            calls.action_skip(self.env._("The buyer has approved the invoice"))

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("Approved: nobody waits for its approval any more.")

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "You approved %(number)s on %(day)s.", **matter._get_told_values()
        )
