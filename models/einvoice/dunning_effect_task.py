from odoo import models

from ...tools.einvoice_state import TASK


class DunningEffectTask(models.AbstractModel):
    """Somebody has to look: of what no rule knows nothing is guessed."""

    _name = "dunning.einvoice.effect.task"
    _inherit = "dunning.einvoice.effect"
    _description = "Effect of an E-Invoice Status: Task"

    _topic = TASK

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply(self, matters):
        # OVERRIDES 'dunning.einvoice.effect'
        matters.filtered("is_fresh")._ask_collectors()

    def _get_state(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return "open" if matter._is_asked() else "decided"

    def _tell_made(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        return self.env._("Task for the collector: %s", self._get_task(matter))

    def _get_task(self, matter):
        # OVERRIDES 'dunning.einvoice.effect'
        rule = matter.rule_id
        if rule.effect == "task":
            return rule.note or super()._get_task(matter)
        if rule:
            return self.env._(
                "There is no rule for the reason “%s”: see what the buyer means",
                matter.reason_names or "",
            )
        return self.env._(
            "There is no rule for the status “%s”: see what it asks for",
            " ".join(dict.fromkeys([matter.code or "", matter.status_name])),
        )
