from dataclasses import replace

from odoo import fields, models
from odoo.tools import SQL

from ..tools import working_days
from .dunning_plan import CALENDAR_HORIZON

# Days after which a deadline that passed without anybody noticing is left to the
# scenario, which has gone on meanwhile.
DEADLINE_HORIZON = 90


class DunningRun(models.Model):
    """Deadlines that have passed: each gives the collector one action, for what the
    letter listed and is still claimed.

    How it works: the letters whose deadline has passed are found by their index, and
    the customers of those that still have an open item are planned by the statement
    of the plan, which knows what is paid, held or covered. Whatever has an open
    action, or a step that day, needs no other. The database refuses a second action
    for the same letter.
    """

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

    def _apply_deadlines(self, scope, excluded_partners, excluded_lines):
        """Create the actions for deadlines that have passed without payment."""
        self.env["dunning.action"].flush_model()
        self.env["dunning.plan"]._flush()
        partners = [id_ for (id_,) in self.env.execute_query(self._get_late_query())]
        if not partners:
            return
        [(count,)] = self.env["dunning.plan"]._execute_on_ledger(
            self._get_deadlines_query(
                replace(scope, partners=partners), excluded_partners, excluded_lines
            )
        )
        self.deadline_count = count

    def _get_passed_sql(self) -> SQL:
        """Letters whose deadline has passed, the last of each customer: what was
        written later gives more time."""
        return SQL(
            """
            SELECT action.id, action.partner_id, action.scenario_id, action.user_id,
                   level.deadline_channel AS channel
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
            oldest=fields.Date.subtract(self.date, days=DEADLINE_HORIZON),
        )

    def _get_late_query(self) -> SQL:
        """Customers with an open item of such a letter."""
        return SQL(
            """
            SELECT DISTINCT letter.partner_id
              FROM (%s) letter
              JOIN dunning_action_line line ON line.action_id = letter.id
              JOIN account_move_line item ON item.id = line.move_line_id
             WHERE line.state = 'done'
               AND item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
            """,
            self._get_passed_sql(),
        )

    def _get_deadlines_query(self, scope, excluded_partners, excluded_lines) -> SQL:
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        return SQL(
            """
            WITH plan AS MATERIALIZED (%(plan)s),
                 letter AS MATERIALIZED (%(letter)s),
                 content AS MATERIALIZED (
                     SELECT letter.id AS origin_id, plan.*
                       FROM letter
                       JOIN dunning_action_line told ON told.action_id = letter.id
                       JOIN plan ON plan.id = told.move_line_id
                      WHERE told.state = 'done'
                        AND plan.listed
                        AND plan.partner_id != ALL(%(partners)s)
                        AND plan.id != ALL(%(lines)s)
                        AND NOT EXISTS (
                                SELECT FROM dunning_action_line covered
                                 WHERE covered.move_line_id = plan.id
                                   AND covered.state = 'open'
                            )
                        AND plan.partner_id NOT IN (
                                SELECT partner_id FROM plan WHERE decision = 'step'
                            )
                 ),
                 total AS (%(total)s),
                 created AS (
                     INSERT INTO dunning_action (
                         partner_id, company_id, scenario_id, origin_id, kind, channel,
                         execution, state, date, user_id, run_id, amount, date_due,
                         create_uid, create_date, write_uid, write_date
                     )
                     SELECT letter.partner_id, %(company)s, letter.scenario_id,
                            letter.id, 'deadline', letter.channel,
                            'manual', 'todo', %(date)s,
                            COALESCE(
                                letter.user_id, %(collector)s, %(default_collector)s
                            ),
                            %(run)s, total.amount, total.date_due,
                            %(uid)s, %(now)s, %(uid)s, %(now)s
                       FROM total
                       JOIN letter ON letter.id = total.origin_id
                       JOIN res_partner partner ON partner.id = letter.partner_id
                     ON CONFLICT DO NOTHING
                     RETURNING id, origin_id
                 ),
                 listed AS (
                     INSERT INTO dunning_action_line (
                         action_id, state, move_line_id, item_ref, move_id, name,
                         date_due, currency_id, amount_residual, amount_withheld
                     )
                     SELECT created.id, 'open', content.id, content.id,
                            content.move_id, content.name, content.date_due,
                            content.currency_id, content.residual, content.withheld
                       FROM created
                       JOIN content ON content.origin_id = created.origin_id
                 )
            SELECT COUNT(*) FROM created
            """,
            plan=self.env["dunning.plan"]._get_query(scope),
            letter=self._get_passed_sql(),
            partners=excluded_partners.ids,
            lines=excluded_lines.ids,
            total=self._get_deadline_total_sql(),
            company=scope.company.id,
            date=self._get_deadline_action_date(),
            collector=partners_sudo._field_to_sql("partner", "dunning_user_id"),
            default_collector=scope.company.dunning_user_id.id or None,
            run=self.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_deadline_total_sql(self) -> SQL:
        """What each action claims, in company currency: in each currency its items
        less what is on hold and the customer's unallocated credits."""
        return SQL(
            """
            SELECT origin_id,
                   ROUND(SUM(GREATEST(amount, 0)), %(digits)s) AS amount,
                   MIN(date_due) AS date_due
              FROM (
                       SELECT origin_id,
                              SUM(residual_company * (residual - withheld) / residual)
                                  - MAX(deduction_company) AS amount,
                              MIN(date_due) AS date_due
                         FROM content
                     GROUP BY origin_id, currency_id
                   ) claimed
          GROUP BY origin_id
            """,
            digits=self.company_id.currency_id.decimal_places,
        )

    def _get_deadline_action_date(self):
        """Return the day of the run, or the next on which the company works."""
        end = fields.Date.add(self.date, days=CALENDAR_HORIZON)
        days_off = self.company_id._dunning_get_days_off(self.date, end)
        return working_days.next_working_day(self.date, days_off)

    def _get_given_time_sql(self) -> SQL:
        """Customers who need no follow-up for now: they still have the time that the
        last letter gave them, or a collector acts because it is over."""
        return SQL(
            """
            SELECT action.partner_id
              FROM dunning_action action
         LEFT JOIN dunning_level level ON level.id = action.level_id
             WHERE action.company_id = %(company)s
               AND (
                   action.state = 'done'
                   AND action.date_deadline >= %(date)s
                   AND level.deadline_channel IS NOT NULL
                   OR action.state IN ('to_validate', 'todo', 'failed')
                   AND action.kind = 'deadline'
               )
            """,
            company=self.company_id.id,
            date=self.date,
        )
