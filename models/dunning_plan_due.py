from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import NO_LEVEL, PlanScope


@dataclass(frozen=True)
class DueCustomers:
    """Whom a run has to look at.

    :param ids: customers with an item that may have a step
    :param item_count: open items of the whole company
    :param unassigned_count: those of them without customer
    """

    ids: list[int]
    item_count: int
    unassigned_count: int


class DunningPlan(models.AbstractModel):
    """Which customers a run has to plan."""

    _inherit = "dunning.plan"

    @api.model
    def _get_due_customers(self, scope: PlanScope) -> DueCustomers:
        """Return the customers for whom the plan may have a step or a follow-up.

        Day by day most customers have neither, and it shows in one read of the open
        items. No rule is written again here: each is replaced by something that it
        implies, so that nobody is missed. An item steps at the earliest on the day
        and after the gaps of the most impatient scenario, and not while it waits
        for an open action. One that stays with the collector is overdue, has come
        to the end of some scenario, and its customer has no open follow-up.
        """
        self._flush()
        [(item_count, unassigned_count, ids)] = self._execute_on_ledger(
            self._get_due_customers_query(scope)
        )
        return DueCustomers(ids or [], item_count, unassigned_count)

    @api.model
    def _get_due_customers_query(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            WITH open_line AS (%(open_line)s),
                 ladder AS MATERIALIZED (%(ladder)s),
                 soonest AS MATERIALIZED (%(soonest)s)
            SELECT COUNT(*),
                   COUNT(*) FILTER (WHERE line.partner_id IS NULL),
                   ARRAY_AGG(DISTINCT line.partner_id) FILTER (
                       WHERE line.partner_id IS NOT NULL
                         AND open_action.move_line_id IS NULL
                         AND (%(may_step)s OR %(may_follow_up)s)
                   )
              FROM open_line line
         LEFT JOIN dunning_item_state state ON state.move_line_id = line.id
         LEFT JOIN dunning_level reached ON reached.id = state.level_id
         LEFT JOIN soonest
                ON soonest.reached_delay = COALESCE(reached.delay_days, %(no_level)s)
         LEFT JOIN (%(contact)s) contact ON contact.partner_id = line.partner_id
         LEFT JOIN (%(open_action)s) open_action
                ON open_action.move_line_id = line.id
         LEFT JOIN (%(follow_up)s) follow_up ON follow_up.partner_id = line.partner_id
             WHERE line.residual > 0
            """,
            open_line=self._get_open_line_sql(scope),
            ladder=self._get_ladder_sql(),
            soonest=self._get_soonest_sql(),
            may_step=self._get_may_step_sql(scope),
            may_follow_up=self._get_may_follow_up_sql(scope),
            no_level=NO_LEVEL,
            contact=self._get_contact_sql(scope),
            open_action=self._get_open_action_sql(scope),
            follow_up=self._get_open_follow_up_sql(scope),
        )

    @api.model
    def _get_soonest_sql(self) -> SQL:
        """For each level that an item may have reached: what follows in the most
        impatient scenario, and whether it is the last of some scenario."""
        return SQL(
            """
            SELECT reached_delay,
                   MIN(first_delay) AS delay,
                   MIN(LEAST(first_gap, late_gap)) AS gap,
                   MIN(contact_gap_days) AS contact_gap,
                   BOOL_OR(has_levels AND late_id IS NULL) AS ended
              FROM ladder
          GROUP BY reached_delay
            """
        )

    @api.model
    def _get_may_step_sql(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            (
                line.date_due + soonest.delay <= %(date)s
                AND COALESCE(state.date + soonest.gap <= %(date)s, TRUE)
                AND COALESCE(contact.date + soonest.contact_gap <= %(date)s, TRUE)
            )
            """,
            date=scope.date,
        )

    @api.model
    def _get_may_follow_up_sql(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            (
                line.date_due < %s
                AND soonest.ended IS NOT FALSE
                AND follow_up.partner_id IS NULL
            )
            """,
            scope.date,
        )

    @api.model
    def _get_open_follow_up_sql(self, scope: PlanScope) -> SQL:
        """Customers whom a collector has been asked to follow."""
        return SQL(
            """
            SELECT partner_id
              FROM dunning_action
             WHERE company_id = %s
               AND kind = 'follow_up'
               AND state IN ('to_validate', 'todo', 'failed')
            """,
            scope.company.id,
        )
