from odoo import api, models
from odoo.tools import SQL

from ...tools.words import OPEN_STATES

# Channels on which people do what is to be done.
PERSONAL = ("call", "task")


class DunningRun(models.Model):
    """What a run plans takes the place of what was planned by hand for the same items,
    of what did not reach the customer, and of the same call or task that nobody has
    begun: the step brings them to a level, and the customer is contacted once."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _schedule_activities(self):
        # EXTENDS 'account_dunning': nobody is to do the same twice
        self._take_over_planned()
        self._take_over_former()
        self._take_over_follow_ups()
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

    def _take_over_former(self):
        """Have the actions of the run take the place of steps that have failed on the
        same channel, and of the same call or task that waits still, with the levels
        that these would have brought their items to. A text that would be softer takes
        nobody's place."""
        former = self._get_former()
        # Most customers have none: the run may have made actions for all of them.
        created = former.search(
            [
                ("run_id", "=", self.id),
                ("kind", "=", "step"),
                ("partner_id", "in", former.partner_id.ids),
            ]
        )
        by_way = created.grouped(self._get_way)
        successors = {
            action: successor
            for action in former
            if (successor := by_way.get(self._get_way(action)))
            and self._comes_after(action, successor)
        }
        for action, successor in successors.items():
            successor._take_over(action)
            if action.state == "todo":
                # It waits since then.
                successor.date = min(successor.date, action.date)
        levels = {
            (successor, line.move_line_id): line.level_id
            for action, successor in successors.items()
            for line in action.line_ids
            if line.state == "open" and line.level_id
        }
        former.browse().concat(*successors)._cancel("replaced")
        # An item has one action for each level.
        self.env["dunning.action.line"].flush_model(["state"])
        for line in created.browse().concat(*successors.values()).line_ids:
            level = levels.get((line.action_id, line.move_line_id))
            if level and line.state == "open" and not line.level_id:
                line.level_id = level

    def _get_former(self):
        """Return the steps that have failed, and the calls and tasks that wait, for
        customers whom the run would contact on the same channel."""
        actions = self.env["dunning.action"]
        actions.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT former.id
                  FROM dunning_action former
                 WHERE former.company_id = %(company)s
                   AND former.kind = 'step'
                   -- What was agreed for a later day stays.
                   AND former.date <= %(date)s
                   AND former.run_id IS DISTINCT FROM %(run)s
                   AND (
                       former.state = 'failed'
                       OR (former.state = 'todo' AND former.channel IN %(personal)s)
                   )
                   AND EXISTS (
                       SELECT
                         FROM dunning_action created
                        WHERE created.run_id = %(run)s
                          AND created.kind = 'step'
                          AND created.partner_id = former.partner_id
                          AND created.channel = former.channel
                   )
                """,
                company=self.company_id.id,
                date=self.date,
                run=self.id,
                personal=PERSONAL,
            )
        )
        return actions.search([("id", "in", [id_ for (id_,) in rows])])

    @api.model
    def _comes_after(self, action, successor):
        """Return whether an action of the run comes to the place of a former one."""
        levels = action.level_id, successor.level_id
        fits = levels[1].delay_days >= levels[0].delay_days
        if action.state == "todo":
            # Another level asks people for something else.
            fits = levels[0] == levels[1] and not action._is_begun()
        return fits and action._is_contained_in(successor)

    def _take_over_follow_ups(self):
        """Have the calls of the run take the place of follow-ups about the same items:
        once they are made, another run asks for a follow-up again."""
        actions = self.env["dunning.action"]
        actions.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT call.id
                  FROM dunning_action call
                  JOIN (%s) follow_up ON follow_up.partner_id = call.partner_id
                 WHERE call.run_id = %s
                   AND call.channel = 'call'
                """,
                self.env["dunning.plan"]._get_open_follow_up_sql(
                    self.company_id._dunning_scope(self.date)
                ),
                self.id,
            )
        )
        actions.browse(id_ for (id_,) in rows)._take_over_follow_ups()

    @api.model
    def _get_way(self, action: models.BaseModel) -> tuple:
        """Return by what two actions may be one: to whom, how, by which scenario."""
        return action.partner_id, action.channel, action.level_id.scenario_id
