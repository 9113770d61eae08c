from dataclasses import replace

from odoo import api, models
from odoo.tools import SQL

from ...tools import dates, working_days

# Days after which a deadline that passed without anybody noticing is left to the
# scenario, which has gone on meanwhile.
DEADLINE_HORIZON = 90


class DunningRun(models.Model):
    """What has passed without payment is handed over to the collector: one action for
    each deadline or broken promise, for what it was about and is still claimed.

    How it works: each source says which of its kind have passed and which items they
    were about. The customers of those that still have an open item are planned by the
    statement of the plan, which knows what is paid, held or covered. Whatever has an
    open action, or a step that day, needs no other.
    """

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _hand_over(self, kind, scope, left_out, *, passed, told):
        """Create the actions of what has passed without payment.

        :param kind: kind of the actions
        :param scope: the :class:`PlanScope` of the run
        :param left_out: partners and journal items to leave out this time
        :param passed: SQL selecting ``id, partner_id, scenario_id, user_id, channel,
            origin_id, promise_id, promise_line_id``
        :param told: SQL selecting ``passed_id, move_line_id``: what each was about
        :return: the number of actions
        """
        self.env["dunning.action"].flush_model()
        self.env["dunning.plan"]._flush()
        query = self._get_late_query(passed, told)
        partners = [id_ for (id_,) in self.env.execute_query(query)]
        if not partners:
            return 0
        query = self._get_handover_query(
            kind, replace(scope, partners=partners), left_out, passed, told
        )
        [(count,)] = self.env["dunning.plan"]._execute_on_ledger(query)
        return count

    def _get_late_query(self, passed, told) -> SQL:
        """Customers with an open item of what has passed."""
        return SQL(
            """
            SELECT DISTINCT passed.partner_id
              FROM (%s) passed
              JOIN (%s) told ON told.passed_id = passed.id
              JOIN account_move_line item ON item.id = told.move_line_id
             WHERE item.parent_state = 'posted'
               AND item.reconciled IS NOT TRUE
            """,
            passed,
            told,
        )

    def _get_handover_query(self, kind, scope, left_out, passed, told) -> SQL:
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        excluded_partners, excluded_lines = left_out
        return SQL(
            """
            WITH plan AS MATERIALIZED (%(plan)s),
                 passed AS MATERIALIZED (%(passed)s),
                 content AS MATERIALIZED (
                     SELECT passed.id AS passed_id, plan.*
                       FROM passed
                       JOIN (%(told)s) told ON told.passed_id = passed.id
                       JOIN plan ON plan.id = told.move_line_id
                      WHERE plan.listed
                        AND COALESCE(plan.restart_date <= %(today)s, TRUE)
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
                         partner_id, company_id, scenario_id, origin_id, promise_id,
                         promise_line_id, kind, channel,
                         execution, state, date, user_id, run_id, amount, date_due,
                         create_uid, create_date, write_uid, write_date
                     )
                     SELECT passed.partner_id, %(company)s, passed.scenario_id,
                            passed.origin_id, passed.promise_id,
                            passed.promise_line_id, %(kind)s, passed.channel,
                            'manual', 'todo', %(date)s,
                            %(collector)s,
                            %(run)s, total.amount, total.date_due,
                            %(uid)s, %(now)s, %(uid)s, %(now)s
                       FROM total
                       JOIN passed ON passed.id = total.passed_id
                       JOIN res_partner partner ON partner.id = passed.partner_id
                     ON CONFLICT DO NOTHING
                     RETURNING id, origin_id, promise_id
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
                       JOIN passed
                         ON passed.origin_id IS NOT DISTINCT FROM created.origin_id
                        AND passed.promise_id IS NOT DISTINCT FROM created.promise_id
                       JOIN content ON content.passed_id = passed.id
                 )
            SELECT COUNT(*) FROM created
            """,
            plan=self.env["dunning.plan"]._get_query(scope),
            passed=passed,
            told=told,
            partners=excluded_partners.ids,
            lines=excluded_lines.ids,
            total=self._get_handover_total_sql(),
            kind=kind,
            today=scope.date,
            company=scope.company.id,
            date=self._get_handover_date(),
            collector=scope.company._dunning_get_worker_sql(
                SQL(
                    "COALESCE(passed.user_id, %s)",
                    partners_sudo._field_to_sql("partner", "dunning_user_id"),
                )
            ),
            run=self.id,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_handover_total_sql(self) -> SQL:
        """What each action claims, in company currency: in each currency its items
        less what is on hold and the customer's unallocated credits."""
        return SQL(
            """
            SELECT passed_id,
                   ROUND(SUM(GREATEST(amount, 0)), %(digits)s) AS amount,
                   MIN(date_due) AS date_due
              FROM (
                       SELECT passed_id,
                              SUM(residual_company * (residual - withheld) / residual)
                                  - MAX(deduction_company) AS amount,
                              MIN(date_due) AS date_due
                         FROM content
                     GROUP BY passed_id, currency_id
                   ) claimed
          GROUP BY passed_id
            """,
            digits=self.company_id.currency_id.decimal_places,
        )

    def _get_handover_date(self):
        """Return the day of the run, or the next on which the company works."""
        end = dates.shift(self.date, working_days.CALENDAR_HORIZON)
        days_off = self.company_id._dunning_get_days_off(self.date, end)
        return working_days.next_working_day(self.date, days_off)

    @api.model
    def _get_given_time_sql(self, scope) -> SQL:
        """Customers who need no follow-up for now: they still have the time that the
        last letter gave them, or a collector acts because something has passed."""
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
                   AND action.kind IN ('deadline', 'promise')
               )
            """,
            company=scope.company.id,
            date=scope.date,
        )

    def _hand_over_all(self, scope, left_out):
        """Hand over what has passed without payment. Override to add a source.

        :param scope: the :class:`PlanScope` of the run
        :param left_out: partners and journal items to leave out this time
        """
