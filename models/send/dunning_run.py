from odoo import fields, models
from odoo.tools import SQL

from ...tools.dates import shift
from ..run.dunning_run_handover import DEADLINE_HORIZON


class DunningRun(models.Model):
    """Deadlines that have passed: each is handed over to the collector, for what the
    letter listed. The letters are found by their index; the database refuses a second
    action for the same letter."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    deadline_count = fields.Integer(
        string="Deadlines Passed",
        readonly=True,
        help="Actions created because the deadline of a letter or e-mail has passed.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _apply_deadlines(self, scope, left_out):
        """Create the actions for deadlines that have passed without payment.

        :param scope: the :class:`PlanScope` of the run
        :param left_out: partners and journal items to leave out this time
        """
        self.deadline_count = self._hand_over(
            "deadline",
            scope,
            left_out,
            passed=self._get_passed_deadlines_sql(),
            told=SQL(
                """
                SELECT action_id AS passed_id, move_line_id
                  FROM dunning_action_line
                 WHERE state = 'done'
                """
            ),
            links=("origin_id",),
        )

    def _get_passed_deadlines_sql(self) -> SQL:
        """Letters whose deadline has passed, the last of each customer: what was
        written later gives more time."""
        return SQL(
            """
            SELECT action.id,
                   action.partner_id,
                   action.scenario_id,
                   action.user_id,
                   level.deadline_channel AS channel,
                   action.id AS origin_id
              FROM dunning_action action
              JOIN dunning_level level ON level.id = action.level_id
             WHERE action.company_id = %(company)s
               AND action.state = 'done'
               AND action.date_deadline < %(date)s
               AND action.date_deadline >= %(oldest)s
               AND level.deadline_channel IS NOT NULL
               AND NOT EXISTS (
                       SELECT FROM dunning_action follower
                        WHERE follower.origin_id = action.id
                          AND follower.kind = 'deadline'
                   )
               AND NOT EXISTS (
                       SELECT FROM dunning_action later
                        WHERE later.partner_id = action.partner_id
                          AND later.company_id = action.company_id
                          AND later.state = 'done'
                          AND (later.date_deadline, later.id)
                              > (action.date_deadline, action.id)
                   )
            """,
            company=self.company_id.id,
            date=self.date,
            oldest=shift(self.date, -DEADLINE_HORIZON),
        )

    def _hand_over_all(self, scope, left_out):
        # EXTENDS 'account_dunning'
        result = super()._hand_over_all(scope, left_out)
        self._apply_deadlines(scope, left_out)
        return result
