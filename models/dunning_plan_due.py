from dataclasses import dataclass

from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope


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
            SELECT COUNT(*),
                   COUNT(*) FILTER (WHERE item.partner_id IS NULL),
                   ARRAY_AGG(DISTINCT customer.commercial_partner_id) FILTER (
                       WHERE customer.commercial_partner_id IS NOT NULL
                         AND open_action.move_line_id IS NULL
                         AND (
                             item.may_step AND COALESCE(
                                 contact.date + item.contact_gap <= %(date)s, TRUE
                             )
                             OR item.may_follow_up AND follow_up.partner_id IS NULL
                         )
                   )
              FROM (%(item)s) item
         LEFT JOIN res_partner customer
                ON customer.id = item.partner_id
               AND (item.may_step OR item.may_follow_up)
         LEFT JOIN (%(contact)s) contact
                ON contact.partner_id = customer.commercial_partner_id
         LEFT JOIN (%(follow_up)s) follow_up
                ON follow_up.partner_id = customer.commercial_partner_id
         LEFT JOIN (%(open_action)s) open_action
                ON open_action.move_line_id = item.id
               AND (item.may_step OR item.may_follow_up)
            """,
            date=scope.date,
            item=self._get_due_item_sql(scope),
            contact=self._get_contact_sql(scope),
            follow_up=self._get_open_follow_up_sql(scope),
            open_action=self._get_open_action_sql(scope),
        )

    @api.model
    def _get_due_item_sql(self, scope: PlanScope) -> SQL:
        """Due items with what their dates alone allow. Nothing more is joined, for
        this goes through the whole ledger."""
        return SQL(
            """
            SELECT line.id,
                   line.partner_id,
                   soonest.contact_gap,
                   due.date + soonest.delay <= %(date)s
                       AND COALESCE(state.date + soonest.gap <= %(date)s, TRUE)
                       AS may_step,
                   due.date < %(date)s AND soonest.ended IS NOT FALSE
                       AS may_follow_up
              FROM account_move_line line
        CROSS JOIN LATERAL (
                       SELECT COALESCE(line.date_maturity, line.date) AS date
                   ) due
         LEFT JOIN dunning_item_state state ON state.move_line_id = line.id
         LEFT JOIN (%(soonest)s) soonest
                ON soonest.level_id = COALESCE(state.level_id, 0)
             WHERE %(is_open)s
               AND line.amount_residual_currency > 0
            """,
            date=scope.date,
            soonest=self._get_soonest_sql(),
            is_open=self._get_is_open_sql(scope),
        )

    @api.model
    def _get_soonest_sql(self) -> SQL:
        """For each level that an item may have reached, 0 for none: what follows in
        the most impatient scenario, and whether it is the last of some scenario."""
        return SQL(
            """
            SELECT COALESCE(level.id, 0) AS level_id,
                   MIN(first_delay) AS delay,
                   MIN(LEAST(first_gap, late_gap)) AS gap,
                   MIN(contact_gap_days) AS contact_gap,
                   BOOL_OR(has_levels AND late_id IS NULL) AS ended
              FROM (%s) ladder
         LEFT JOIN dunning_level level ON level.delay_days = ladder.reached_delay
          GROUP BY COALESCE(level.id, 0)
            """,
            self._get_ladder_sql(),
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
