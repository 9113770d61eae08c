from dataclasses import dataclass, replace

from odoo import api, models
from odoo.tools import SQL

from ...tools import working_days
from ...tools.dates import shift
from .dunning_plan import PlanScope

# When more of the customers than this may be contacted, all items are read at once.
FEW_CUSTOMERS_SHARE = 0.5


@dataclass(frozen=True)
class DueCustomers:
    """Whom a run has to look at.

    :param ids: customers with an item that may have a step
    :param unassigned_count: due items without customer
    """

    ids: list[int]
    unassigned_count: int


class DunningPlan(models.AbstractModel):
    """Which customers a run has to plan.

    Day by day most customers have nothing due, and it shows without planning their
    items. No rule is written again here: each is replaced by something that it
    implies, so that nobody is missed. An item steps at the earliest on its day, or on
    that from which an ended hold lets the next level come at once, and after the gaps
    of the most impatient scenario, and not while it waits for an open action. One that
    stays with the collector is overdue, has come to the end of some scenario, and its
    customer has no open follow-up.
    """

    _inherit = "dunning.plan"

    @api.model
    def _get_due_customers(self, scope: PlanScope) -> DueCustomers:
        """Return the customers for whom the plan may have a step or a follow-up."""
        self._flush()
        awake = replace(scope, partners=self._get_awake_customers(scope))
        rows = self._execute_on_ledger(self._get_due_customers_query(awake))
        [(unassigned_count,)] = self.env.execute_query(
            self._get_unassigned_count_query(scope)
        )
        return DueCustomers([id_ for (id_,) in rows], unassigned_count)

    @api.model
    def _get_unassigned_count_query(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            SELECT COUNT(*)
              FROM account_move_line line
             WHERE %s
               AND line.partner_id IS NULL
               AND line.amount_residual_currency > 0
            """,
            self._get_is_open_sql(scope),
        )

    # ------------------------------------------------------------------
    # CUSTOMERS AT REST
    # ------------------------------------------------------------------

    @api.model
    def _get_awake_customers(self, scope: PlanScope) -> list[int] | None:
        """Return the customers who may be contacted again, or whom a collector may
        have to follow; None when they are too many for looking up their items."""
        soonest = self.env.execute_query_dict(self._get_soonest_sql())
        ended = [
            (row["level_id"], row["tone"])
            for row in soonest
            if row["ended"] is not False
        ]
        if not soonest or (0, 0) in ended:
            return None
        if self._is_day_off(scope):
            # Nobody is contacted, but collectors may be asked to follow somebody.
            rows = self.env.execute_query(self._get_followed_query(scope, [], ended))
            return [id_ for (id_,) in rows]
        contact_gap = min(row["contact_gap"] for row in soonest)
        [(count, awake)] = self._execute_on_ledger(
            self._get_awake_query(scope, contact_gap)
        )
        if not awake or len(awake) > FEW_CUSTOMERS_SHARE * count:
            return None
        rows = self.env.execute_query(self._get_followed_query(scope, awake, ended))
        return [id_ for (id_,) in rows]

    @api.model
    def _is_day_off(self, scope):
        """Return whether every step of that day is put off to a working day."""
        days_off = self._get_postponements(
            scope.company, scope.date, shift(scope.date, working_days.CALENDAR_HORIZON)
        )
        return not scope.any_day and scope.date in dict(days_off)

    @api.model
    def _get_awake_query(self, scope: PlanScope, contact_gap: int) -> SQL:
        """Everybody with open items, but for those contacted too lately for any
        scenario. All that is read of the items is in an index of Odoo's."""
        return SQL(
            """
            SELECT COUNT(*),
                   ARRAY_AGG(owing.partner_id) FILTER (WHERE contact.date IS NULL)
              FROM (
                       SELECT DISTINCT partner_id
                         FROM account_move_line
                        WHERE reconciled IS NOT TRUE
                          AND account_id = ANY(%(accounts)s)
                          AND partner_id IS NOT NULL
                   ) owing
         LEFT JOIN (%(contact)s) contact
                ON contact.partner_id = owing.partner_id
               AND contact.date + %(contact_gap)s > %(date)s
            """,
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            contact=self._get_contact_sql(scope),
            contact_gap=contact_gap,
            date=scope.date,
        )

    @api.model
    def _get_followed_query(self, scope: PlanScope, partners, ended) -> SQL:
        """The customers of these partners, and those with items at these levels, with
        these tones, whom no collector has been asked to follow."""
        return SQL(
            """
            SELECT commercial_partner_id
              FROM res_partner
             WHERE id = ANY(%(partners)s)
             UNION
            SELECT contact.commercial_partner_id
              FROM dunning_item_state state
              JOIN account_move_line line ON line.id = state.move_line_id
              JOIN res_partner contact ON contact.id = line.partner_id
              JOIN UNNEST(%(levels)s::int[], %(tones)s::int[]) ended(level_id, tone)
                ON ended.level_id = COALESCE(state.level_id, 0)
               AND ended.tone = state.tone
             WHERE %(is_open)s
               AND contact.commercial_partner_id NOT IN (
                       SELECT partner_id FROM (%(follow_up)s) follow_up
                   )
            """,
            partners=partners,
            levels=[level_id for level_id, _tone in ended],
            tones=[tone for _level_id, tone in ended],
            is_open=self._get_is_open_sql(scope),
            follow_up=self._get_open_follow_up_sql(scope),
        )

    # ------------------------------------------------------------------
    # CUSTOMERS WITH SOMETHING DUE
    # ------------------------------------------------------------------

    @api.model
    def _get_due_customers_query(self, scope: PlanScope) -> SQL:
        """Those who have an item whose dates allow a step or ask for a follow-up."""
        return SQL(
            """
            WITH open_line AS (%(open_line)s)
            SELECT DISTINCT item.partner_id
              FROM (%(item)s) item
         LEFT JOIN (%(contact)s) contact ON contact.partner_id = item.partner_id
         LEFT JOIN (%(follow_up)s) follow_up ON follow_up.partner_id = item.partner_id
         LEFT JOIN (%(open_action)s) open_action
                ON open_action.move_line_id = item.id
             WHERE item.partner_id IS NOT NULL
               AND open_action.move_line_id IS NULL
               AND (
                       item.may_step AND COALESCE(
                           contact.date + item.contact_gap <= %(date)s, TRUE
                       )
                       OR item.may_follow_up AND follow_up.partner_id IS NULL
                   )
            """,
            open_line=self._get_open_line_sql(scope),
            date=scope.date,
            item=self._get_due_item_sql(scope),
            contact=self._get_contact_sql(scope),
            follow_up=self._get_open_follow_up_sql(scope),
            open_action=self._get_open_action_sql(scope),
        )

    @api.model
    def _get_due_item_sql(self, scope: PlanScope) -> SQL:
        """Due items with what their dates alone allow."""
        return SQL(
            """
            SELECT line.id,
                   line.partner_id,
                   soonest.contact_gap,
                   soonest.delay IS NOT NULL
                       AND LEAST(line.date_due + soonest.delay, %(at_once)s)
                           <= %(date)s
                       AND COALESCE(state.date + soonest.gap <= %(date)s, TRUE)
                       AS may_step,
                   line.date_due < %(date)s AND soonest.ended IS NOT FALSE
                       AS may_follow_up
              FROM open_line line
         LEFT JOIN (%(state)s) state ON state.move_line_id = line.id
         LEFT JOIN (%(clock)s) clock ON clock.line_id = line.id
         LEFT JOIN (%(soonest)s) soonest
                ON soonest.level_id = COALESCE(state.level_id, 0)
               AND soonest.tone = COALESCE(state.tone, 0)
             WHERE line.residual > 0
            """,
            date=scope.date,
            at_once=self._get_at_once_sql(),
            state=self._get_state_sql(scope),
            clock=self._get_clock_sql(scope),
            soonest=self._get_soonest_sql(),
        )

    @api.model
    def _get_soonest_sql(self) -> SQL:
        """For each level that an item may have reached, 0 for none, and each tone it
        may have heard: what follows in the most impatient scenario, and whether it is
        the end of some scenario."""
        return SQL(
            """
            SELECT COALESCE(level.id, 0) AS level_id,
                   ladder.heard_tone AS tone,
                   MIN(first_delay) AS delay,
                   MIN(LEAST(first_gap, late_gap)) AS gap,
                   MIN(contact_gap_days) AS contact_gap,
                   BOOL_OR(has_levels AND late_id IS NULL) AS ended
              FROM (%s) ladder
         LEFT JOIN dunning_level level ON level.delay_days = ladder.reached_delay
          GROUP BY COALESCE(level.id, 0), ladder.heard_tone
            """,
            self._get_ladder_sql(),
        )

    @api.model
    def _get_open_follow_up_sql(self, scope: PlanScope) -> SQL:
        """Customers whom a collector has been asked to follow, by which action."""
        return SQL(
            """
            SELECT partner_id, id, date, execution, state, user_id
              FROM dunning_action
             WHERE company_id = %s
               AND kind = 'follow_up'
               AND state IN ('to_validate', 'todo', 'failed')
            """,
            scope.company.id,
        )
