from odoo import models

from ...tools.words import OPEN_STATES


class DunningRun(models.Model):
    """What a run plans takes the place of what was planned by hand for the same items:
    the step brings them to a level, and the customer is contacted once."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        # EXTENDS 'account_dunning': nobody is to do the same twice
        self._take_over_planned()
        return super()._schedule_activities()

    def _take_over_planned(self):
        """Have the actions of the run take the place of those that were planned by
        hand for the same items until today, on the same channel."""
        actions = self.env["dunning.action"]
        planned = actions.search(
            [
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "manual"),
                ("state", "in", OPEN_STATES),
                ("date", "<=", self.date),
                # Tasks may be anything.
                ("channel", "!=", "task"),
            ]
        )
        created = actions.search(
            [("run_id", "=", self.id), ("partner_id", "in", planned.partner_id.ids)]
        ).grouped(lambda action: (action.partner_id, action.channel))
        taken = planned.browse()
        for action in planned:
            successors = created.get((action.partner_id, action.channel))
            if successors and action._is_contained_in(successors):
                successors[0]._take_over(action)
                taken += action
        taken._cancel("replaced")
