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
        marks = {
            matter: self._prepare_mark(matter, problem)
            for matter, problem in self._find_problems(matters).items()
        }
        # The ledger may have changed since: it is looked at anew.
        changed = matters.filtered(lambda matter: matter.applied != marks[matter])
        changed._drop_tasks()
        for matter in changed:
            matter.applied = marks[matter]
        changed.filtered(lambda matter: self._get_problem(matter))._ask_collectors()

    def _get_mark(self, matter):
        # OVERRIDES 'dunning.einvoice.effect': what the ledger says changes it
        return self._prepare_mark(matter, self._get_problem(matter))

    def _prepare_mark(self, matter, problem):
        """Return for what it was done: what was said, that it was reported at all, and
        last what the ledger says."""
        reported = "reported" if matter.event_ids else "not reported"
        return f"{matter.signature} {reported} {problem}"

    def _get_problem(self, matter) -> str:
        """Return what was found to be wrong when the ledger was looked at last, see
        :meth:`_find_problems`."""
        return (matter.applied or "").rpartition(" ")[2]

    def _find_problems(self, matters):
        """Find what is wrong with what was, or will be, reported: dict of matter to
        ``open`` when nothing was received, or to how the ledger has closed the invoice
        otherwise."""
        # Read at once for all.
        closings = matters.move_id._dunning_get_items()._dunning_get_closings()
        return {matter: self._find_problem(matter, closings) for matter in matters}

    def _find_problem(self, matter, closings):
        items = matter.move_id._dunning_get_items()
        if matter.move_id.state != "posted" or not items:
            return ""
        kinds = [kind for item in items for kind, amount in closings[item.id] if amount]
        others = sorted({kind for kind in kinds if kind != PAID})
        if items._dunning_get_open():
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
