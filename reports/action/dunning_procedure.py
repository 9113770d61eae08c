from odoo import fields, models
from odoo.tools import SQL

from ...tools.words import CHANNELS, EXECUTIONS, OPEN_STATES

# What became of a planned action; the codes sort the columns.
ON_TIME, DONE_LATE, PLANNED, OVERDUE, FAILED, SKIPPED, SETTLED = (
    "1_on_time",
    "2_done_late",
    "3_planned",
    "4_overdue",
    "5_failed",
    "6_skipped",
    "7_settled",
)


class DunningProcedure(models.Model):
    """Was the procedure followed? Each action with what became of it, by collector
    and by month. The starting levels of an old ledger were no work of anybody."""

    _name = "dunning.procedure"
    _description = "Procedure Followed"
    _auto = False
    _order = "date desc, id desc"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    action_id = fields.Many2one("dunning.action", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Collector", readonly=True)
    done_user_id = fields.Many2one("res.users", string="Done by", readonly=True)
    scenario_id = fields.Many2one("dunning.scenario", readonly=True)
    level_id = fields.Many2one("dunning.level", readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    execution = fields.Selection(EXECUTIONS, readonly=True)
    date = fields.Date(
        string="Planned For", readonly=True, help="After it was postponed, if it was."
    )
    date_done = fields.Date(string="Done on", readonly=True)
    outcome = fields.Selection(
        [
            (ON_TIME, "Done on Time"),
            (DONE_LATE, "Done Late"),
            (PLANNED, "Planned"),
            (OVERDUE, "Late"),
            (FAILED, "Failed"),
            (SKIPPED, "Skipped"),
            (SETTLED, "No Longer Needed"),
        ],
        string="What Became of It",
        readonly=True,
        help="No longer needed: paid, credited or put on hold before its day.",
    )

    # === Measures === #
    amount = fields.Monetary(string="Claimed", readonly=True)
    days_behind = fields.Integer(
        readonly=True,
        aggregator="avg",
        help="Between the planned day and the day it was done, or today.",
    )
    on_time_rate = fields.Float(
        string="On Time (%)",
        readonly=True,
        aggregator="avg",
        digits=(5, 1),
        help="Of the actions that were due: those done no later than planned.",
    )

    # ------------------------------------------------------------------
    # TABLE QUERY
    # ------------------------------------------------------------------

    @property
    def _table_query(self) -> SQL:
        self.env["dunning.action"].flush_model()
        return SQL(
            """
            SELECT judged.*,
                   CASE WHEN outcome = %(on_time)s THEN 100.0
                        WHEN outcome IN %(missed)s THEN 0.0
                   END AS on_time_rate
              FROM (%(judged)s) judged
            """,
            on_time=ON_TIME,
            missed=(DONE_LATE, OVERDUE, FAILED, SKIPPED),
            judged=self._get_judged_query(),
        )

    def _get_judged_query(self) -> SQL:
        """Each action with what became of it on the day of its company."""
        days = SQL(", ").join(
            SQL("(%s, %s)", company.id, company._dunning_today())
            for company in self.env.companies
        )
        return SQL(
            """
            SELECT action.id,
                   action.id AS action_id,
                   action.partner_id,
                   action.company_id,
                   action.user_id,
                   action.done_user_id,
                   action.scenario_id,
                   action.level_id,
                   action.channel,
                   action.execution,
                   action.date,
                   action.date_done,
                   action.amount,
                   CASE WHEN action.state = 'done'
                        THEN GREATEST(action.date_done - action.date, 0)
                        WHEN action.state IN %(open_states)s
                        THEN GREATEST(day.today - action.date, 0)
                   END AS days_behind,
                   CASE WHEN action.state = 'done' AND action.date_done > action.date
                        THEN %(done_late)s
                        WHEN action.state = 'done' THEN %(on_time)s
                        WHEN action.state = 'failed' THEN %(failed)s
                        WHEN action.cancel_cause = 'skipped' THEN %(skipped)s
                        WHEN action.state = 'cancelled' THEN %(settled)s
                        WHEN action.date < day.today THEN %(overdue)s
                        ELSE %(planned)s
                   END AS outcome
              FROM dunning_action action
              JOIN (VALUES %(days)s) day (company_id, today)
                ON day.company_id = action.company_id
             WHERE action.kind != 'start'
            """,
            open_states=OPEN_STATES,
            done_late=DONE_LATE,
            on_time=ON_TIME,
            failed=FAILED,
            skipped=SKIPPED,
            settled=SETTLED,
            overdue=OVERDUE,
            planned=PLANNED,
            days=days,
        )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_open_action(self):
        """Open the action behind the figure."""
        self.ensure_one()
        return self.action_id.get_formview_action()
