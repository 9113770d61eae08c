from odoo import models

from ...tools.closing import CREDITED, PAID
from ...tools.einvoice_state import RECEIVED


class DunningEffectReceived(models.AbstractModel):
    """We have reported that we were paid. Only the ledger says whether that is so: what
    was written off, credited or moved to doubtful debts was not received, and the tax
    office must not be told so."""

    _name = "dunning.einvoice.effect.received"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Payment Received"

    _topic = RECEIVED
    _needs_debt = False

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, matters):
        # OVERRIDES 'dunning.einvoice.effect'
        for matter in matters:
            # The ledger may have changed since: it is looked at anew.
            if matter.applied == self._get_mark(matter):
                continue
            matter._drop_tasks()
            if self._get_problem(matter):
                matter._ask_collectors()

    def _get_mark(self, matter):
        # EXTENDS 'dunning.einvoice.effect': what the ledger says changes it, and that
        # it was reported at all
        reported = "reported" if matter.event_ids else "not reported"
        return f"{super()._get_mark(matter)} {reported} {self._get_problem(matter)}"

    def _get_problem(self, matter) -> str:
        """Return what is wrong with what was, or will be, reported: ``open`` when
        nothing was received, or how the ledger has closed the invoice otherwise."""
        items = matter.move_id._dunning_get_items()
        if matter.move_id.state != "posted" or not items:
            return ""
        open_items = items._dunning_get_open()
        parts = items._dunning_get_closings()
        kinds = [kind for item in items for kind, amount in parts[item.id] if amount]
        others = sorted({kind for kind in kinds if kind != PAID})
        if open_items:
            return "open" if matter.event_ids and PAID not in kinds else ""
        if others == [CREDITED] and not matter.event_ids:
            return ""
        return others[0] if others else ""

    def _get_state(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        if not self._get_problem(matter):
            return "settled"
        return "open" if matter._is_asked() else "decided"

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        if self._get_problem(matter):
            return self.env._("Task for the collector: %s", self._get_task(matter))
        return self.env._("Shown in the history: the ledger agrees.")

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        if not matter.event_ids:
            return self.env._(
                "Closed without payment: it must not be reported as received (212)"
            )
        if self._get_problem(matter) == "open":
            return self.env._(
                "Reported as received (212), but the ledger has no payment: it is "
                "dunned on"
            )
        return self.env._(
            "Reported as received (212), but closed without payment: correct the report"
        )
