# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import Command, models

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
        for matter in matters:
            own = matter.move_id._dunning_get_items()
            if ended := holds.filtered(lambda h, own=own: h.move_line_ids & own):
                matter.ended_hold_ids |= ended
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

    def _withdraw(self, matters):
        # EXTENDS 'dunning.einvoice.effect': its approval is waited for again
        result = super()._withdraw(matters)
        for matter in matters.filtered("ended_hold_ids"):
            items = matter.move_id._dunning_get_items()
            holds = matter.ended_hold_ids.with_context(**FOLLOWING_CONTEXT)
            whole = holds.filtered(lambda h, own=items: h.move_line_ids & own)
            whole.write({"date_released": False, "released_user_id": False})
            for hold in (holds - whole).filtered(lambda h: not h.date_released):
                hold.move_line_ids |= items
            matter.write({"ended_hold_ids": [Command.clear()], "applied": False})
        return result

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("Approved: nobody waits for its approval any more.")

    def _get_words(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._(
            "You approved %(number)s on %(day)s.", **matter._get_told_values()
        )
