from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope
from .dunning_plan_tone import NO_LEVEL


class DunningPlan(models.AbstractModel):
    """Where each item stands and which level comes next, when."""

    _inherit = "dunning.plan"

    @api.model
    def _get_clock_sql(self, scope: PlanScope) -> SQL:
        """What ended holds say of the days of levels, line by line: ``restart_date``
        from which delays count, ``next_date`` from which the next level is due. The
        latest decides; of two on one day, the one that leaves more time."""
        return SQL(
            """
            SELECT line_id,
                   restart_date,
                   CASE WHEN next_date > COALESCE(restart_date, '-infinity')
                        THEN next_date
                   END AS next_date
              FROM (
                       SELECT rel.line_id,
                              MAX(hold.date_resume) FILTER (
                                  WHERE hold.resume = 'restart'
                              ) AS restart_date,
                              MAX(hold.date_resume) FILTER (
                                  WHERE hold.resume = 'next'
                              ) AS next_date
                         FROM dunning_hold hold
                         JOIN dunning_hold_move_line_rel rel ON rel.hold_id = hold.id
                        WHERE hold.company_id = %(company)s
                          AND hold.date_resume IS NOT NULL
                          AND %(among)s
                     GROUP BY rel.line_id
                   ) mark
            """,
            company=scope.company.id,
            among=self._among_open_lines(scope, SQL("rel.line_id")),
        )

    @api.model
    def _get_at_once_sql(self) -> SQL:
        """The day from which the next level of a line is due at once: never before
        the line is late, and for one step only."""
        return SQL(
            """
            CASE WHEN clock.next_date > COALESCE(state.date, '-infinity')
                 THEN GREATEST(clock.next_date, line.date_due + 1)
            END
            """
        )

    @api.model
    def _get_item_sql(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            SELECT line.*,
                   GREATEST(%(date)s - line.date_due, 0) AS days_late,
                   COALESCE(
                       override.scenario_id, customer.scenario_id
                   ) AS scenario_id,
                   customer.active AS customer_active,
                   customer.held AS customer_held,
                   customer.contact_date,
                   customer.planned_date,
                   reached.id AS reached_id,
                   COALESCE(reached.delay_days, %(no_level)s) AS reached_delay,
                   COALESCE(
                       reached.scenario_id
                           != COALESCE(override.scenario_id, customer.scenario_id),
                       FALSE
                   ) AS reached_elsewhere,
                   state.date AS reached_date,
                   COALESCE(state.tone, 0) AS heard_tone,
                   CASE WHEN state.move_line_id IS NULL THEN arrival.first_date
                   END AS first_date,
                   clock.restart_date,
                   %(at_once)s AS at_once_date,
                   COALESCE(withheld.amount, 0) AS withheld,
                   withheld.held,
                   NULLIF(
                       GREATEST(withheld.until, customer.held_until), 'infinity'
                   ) AS held_until,
                   open_action.id AS action_id,
                   open_action.date AS action_date
              FROM open_line line
         LEFT JOIN customer ON customer.partner_id = line.partner_id
         LEFT JOIN (
                       SELECT move.id AS move_id, scenario.id AS scenario_id
                         FROM account_move move
                         JOIN dunning_scenario scenario
                           ON scenario.id = move.dunning_scenario_id
                        WHERE move.dunning_scenario_id IS NOT NULL
                          AND scenario.active
                   ) override ON override.move_id = line.move_id
         LEFT JOIN (%(state)s) state ON state.move_line_id = line.id
         LEFT JOIN dunning_level reached ON reached.id = state.level_id
         LEFT JOIN (%(arrival)s) arrival ON arrival.move_id = line.move_id
         LEFT JOIN clock ON clock.line_id = line.id
         LEFT JOIN withheld ON withheld.line_id = line.id
         LEFT JOIN (%(open_action)s) open_action
                ON open_action.move_line_id = line.id
             WHERE line.residual > 0
            """,
            date=scope.date,
            no_level=NO_LEVEL,
            at_once=self._get_at_once_sql(),
            state=self._get_state_sql(scope),
            arrival=self._get_arrival_sql(scope),
            open_action=self._get_open_action_sql(scope),
        )

    @api.model
    def _among_open_lines(self, scope: PlanScope, value: SQL, column="id") -> SQL:
        """Return the condition that a value is of the open lines. Given them as
        values, the database looks up those of some customers instead of reading all.
        """
        if scope.partners is None:
            return SQL("TRUE")
        column = SQL.identifier(column)
        return SQL("%s = ANY(ARRAY(SELECT %s FROM open_line))", value, column)

    @api.model
    def _get_state_sql(self, scope: PlanScope) -> SQL:
        """The levels reached, and the tones heard."""
        return SQL(
            """
            SELECT move_line_id, level_id, date, tone
              FROM dunning_item_state
             WHERE %s
            """,
            self._among_open_lines(scope, SQL("move_line_id")),
        )

    @api.model
    def _get_arrival_sql(self, scope: PlanScope) -> SQL:
        """Invoices that the customer has had for too short a time to be reminded of,
        and from which day they may be."""
        return SQL(
            """
            SELECT move_id, date + %(days)s AS first_date
              FROM dunning_invoice_arrival
             WHERE date <= %(date)s
               AND date > %(date)s::date - %(days)s
               AND %(among)s
            """,
            days=scope.company.dunning_first_contact_days,
            date=scope.date,
            among=self._among_open_lines(scope, SQL("move_id"), "move_id"),
        )

    @api.model
    def _get_open_action_sql(self, scope: PlanScope) -> SQL:
        """The action that takes each item to its next level, while it is open."""
        return SQL(
            """
            SELECT line.move_line_id, action.id, action.date
              FROM dunning_action_line line
              JOIN dunning_action action ON action.id = line.action_id
             WHERE line.state = 'open'
               AND line.level_id IS NOT NULL
               AND %s
            """,
            self._get_other_actions_sql(scope, SQL("line.action_id")),
        )

    @api.model
    def _get_candidate_sql(self, scope: PlanScope) -> SQL:
        """The level that comes next and the first day on which it may happen: its
        own day, the gap since the previous level, the time that a customer has with an
        invoice before the first contact and the gap between two contacts, moved to a
        working day. A preventive level that would come on the due date
        or after it is left out."""
        first_base = self._get_first_day_sql(scope, SQL("first"))
        base = self._get_first_day_sql(scope, SQL("level"))
        level_date = self._get_level_date_sql(SQL("level"))
        return SQL(
            """
            SELECT item.*,
                   %(barrier)s AS barrier,
                   item.date_due < %(date)s AS overdue,
                   item.date_due < %(date)s AND item.first_date IS NULL AS claimable,
                   level.id AS level_id,
                   %(level_date)s AS level_date,
                   item.reached_date + level.gap AS gap_date,
                   timing.base,
                   COALESCE(off.replaced_by, timing.base) AS day,
                   ladder.minimum_amount,
                   ladder.align_levels
              FROM item
         LEFT JOIN ladder
                ON ladder.scenario_id = item.scenario_id
               AND ladder.reached_delay = item.reached_delay
               AND ladder.reached_elsewhere = item.reached_elsewhere
               AND ladder.heard_tone = item.heard_tone
        CROSS JOIN LATERAL (
                       SELECT first_delay AS delay, first_gap AS gap
                   ) first
        CROSS JOIN LATERAL (SELECT %(first_base)s AS base %(apart)s) early
         LEFT JOIN day_off early_off ON early_off.day = early.base
        CROSS JOIN LATERAL (
                       SELECT first.delay < 0
                          AND COALESCE(early_off.replaced_by, early.base)
                              >= item.date_due AS missed
                   ) preventive
        CROSS JOIN LATERAL (
                       SELECT CASE WHEN missed THEN late_id ELSE first_id END AS id,
                              CASE WHEN missed THEN late_delay ELSE first_delay END
                                  AS delay,
                              CASE WHEN missed THEN late_gap ELSE first_gap END AS gap
                    %(apart)s
                   ) level
        CROSS JOIN LATERAL (SELECT %(base)s AS base %(apart)s) timing
         LEFT JOIN day_off off ON off.day = timing.base
            """,
            date=scope.date,
            barrier=self._get_barrier_sql(),
            first_base=first_base,
            base=base,
            level_date=level_date,
            apart=scope.apart("OFFSET 0"),
        )

    @api.model
    def _get_first_day_sql(self, scope: PlanScope, level: SQL) -> SQL:
        # GREATEST passes over NULL: no level reached yet, no contact yet, an invoice
        # that has been there for long. After the last level, what follows waits for the
        # day from which delays count.
        return SQL(
            """
            GREATEST(
                %(date)s::date,
                %(level_date)s,
                CASE WHEN %(level)s.delay IS NULL THEN item.restart_date END,
                item.reached_date + %(level)s.gap,
                item.first_date,
                item.contact_date + ladder.contact_gap_days
            )
            """,
            date=scope.date,
            level=level,
            level_date=self._get_level_date_sql(level),
        )

    @api.model
    def _get_level_date_sql(self, level: SQL) -> SQL:
        """The level's own day: its delay after the due date, or after the day from
        which delays count; at once if an ended hold says so. A preventive level that
        waits for that day stays preventive."""
        # GREATEST and LEAST pass over NULL: no ended hold says anything.
        return SQL(
            """
            CASE WHEN %(level)s.delay < 0
                 THEN GREATEST(item.date_due + %(level)s.delay, item.restart_date)
                 ELSE LEAST(
                     GREATEST(item.date_due, item.restart_date) + %(level)s.delay,
                     item.at_once_date
                 )
            END
            """,
            level=level,
        )

    @api.model
    def _get_barrier_sql(self) -> SQL:
        """Why the item is out whatever the customer's balance, NULL otherwise."""
        return SQL(
            """
            CASE WHEN item.partner_id IS NULL THEN 'no_partner'
                 WHEN item.excluded THEN 'excluded'
                 WHEN item.blocked THEN 'blocked'
                 WHEN item.discounted THEN 'discount'
                 WHEN NOT item.customer_active THEN 'archived'
                 WHEN item.scenario_id IS NULL THEN 'no_scenario'
                 WHEN ladder.has_levels IS NOT TRUE THEN 'no_level'
                 WHEN item.customer_held THEN 'held'
                 WHEN item.withheld >= item.residual AND item.held THEN 'held'
                 WHEN item.withheld >= item.residual THEN 'in_payment'
            END
            """
        )
