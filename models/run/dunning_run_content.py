from odoo import api, models
from odoo.tools import SQL

from ...tools.words import WRITTEN_CHANNELS


class DunningRun(models.Model):
    """What a run creates of the plan: whom it contacts, by which level, about what."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_decided_sql(self, scope) -> SQL:
        """One row for each customer to contact, of the items in ``plan``: the level
        that decides, the date, and how strong the text is, if it is one. The highest
        level decides, but for a text that would be too soft for some of the items that
        have a step. The dry run asks for the same."""
        return SQL(
            """
            (
                SELECT DISTINCT ON (plan.partner_id)
                       plan.partner_id, 'step' AS kind, plan.scenario_id,
                       plan.level_id, level.delay_days, plan.date, plan.align_levels,
                       CASE WHEN level.channel IN %(written)s THEN %(rank)s END
                           AS text_rank
                  FROM (
                           SELECT *,
                                  MAX(heard_tone) OVER (PARTITION BY partner_id)
                                      AS loudest
                             FROM plan
                            WHERE decision = 'step'
                       ) plan
                  JOIN dunning_level level ON level.id = plan.level_id
                  JOIN dunning_scenario scenario ON scenario.id = plan.scenario_id
              ORDER BY plan.partner_id,
                       level.channel IN %(written)s AND %(rank)s < plan.loudest,
                       level.delay_days DESC, scenario.sequence, scenario.id
            )
             UNION ALL
            (
                SELECT DISTINCT ON (plan.partner_id)
                       plan.partner_id, 'follow_up', plan.scenario_id,
                       NULL, NULL, plan.day, FALSE, NULL
                  FROM plan
                 WHERE plan.reason = 'last_level'
                   AND plan.days_late > 0
                   AND NOT EXISTS (
                           SELECT FROM dunning_action other
                            WHERE other.partner_id = plan.partner_id
                              AND other.company_id = plan.company_id
                              AND other.kind = 'follow_up'
                              AND other.state IN ('to_validate', 'todo', 'failed')
                       )
                   AND plan.partner_id NOT IN (%(given_time)s)
              ORDER BY plan.partner_id, plan.day
            )
            """,
            given_time=self._get_given_time_sql(scope),
            written=WRITTEN_CHANNELS,
            rank=self.env["dunning.plan"]._get_rank_sql("level"),
        )

    def _get_actions_sql(self, scope) -> SQL:
        # The plan of a company does not depend on who runs it.
        partners_sudo = self.env["res.partner"].sudo().with_company(scope.company)
        return SQL(
            """
            INSERT INTO dunning_action (
                partner_id, company_id, scenario_id, level_id, kind, channel,
                execution, state, date, user_id, run_id, amount, date_due,
                create_uid, create_date, write_uid, write_date
            )
            SELECT decided.partner_id,
                   %(company)s,
                   decided.scenario_id,
                   decided.level_id,
                   decided.kind,
                   COALESCE(channel.value, 'task'),
                   execution.value,
                   CASE WHEN execution.value = 'validate' THEN 'to_validate'
                        ELSE 'todo'
                   END,
                   decided.date,
                   %(collector)s,
                   %(run)s,
                   total.amount,
                   total.date_due,
                   %(uid)s, %(now)s, %(uid)s, %(now)s
              FROM decided
              JOIN res_partner partner ON partner.id = decided.partner_id
         LEFT JOIN dunning_level level ON level.id = decided.level_id
             %(way)s
              JOIN (
                       SELECT partner_id, kind,
                              ROUND(SUM(GREATEST(amount, 0)), %(digits)s) AS amount,
                              MIN(date_due) AS date_due
                         FROM (%(claimed)s) claimed
                     GROUP BY partner_id, kind
                   ) total
                ON total.partner_id = decided.partner_id
               AND total.kind = decided.kind
            ON CONFLICT DO NOTHING
         RETURNING id, partner_id, kind
            """,
            company=scope.company.id,
            run=self.id,
            collector=scope.company._dunning_get_worker_sql(
                partners_sudo._field_to_sql("partner", "dunning_user_id")
            ),
            way=self.env["dunning.level"]._get_way_sql(scope),
            digits=scope.company.currency_id.decimal_places,
            claimed=self._get_claimed_sql(),
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _get_claimed_sql(self) -> SQL:
        """What each contact claims in each currency, in company currency: its overdue
        items less what is on hold and the customer's unallocated credits, which cover
        the items it only refers to first. A note before the due date that has nothing
        overdue to claim tells what falls due."""
        return SQL(
            """
            SELECT partner_id,
                   kind,
                   CASE WHEN early AND overdue IS NULL THEN listed ELSE overdue END
                       - GREATEST(deduction - COALESCE(further, 0), 0) AS amount,
                   date_due
              FROM (
                       SELECT partner_id,
                              kind,
                              BOOL_OR(decided_delay < 0) AS early,
                              SUM(claim) FILTER (WHERE NOT further) AS listed,
                              SUM(claim) FILTER (WHERE NOT further AND days_late > 0)
                                  AS overdue,
                              SUM(claim) FILTER (WHERE further) AS further,
                              MAX(deduction_company) AS deduction,
                              MIN(date_due) FILTER (WHERE NOT further) AS date_due
                         FROM (
                                  SELECT *,
                                         residual_company * (residual - withheld)
                                             / residual AS claim
                                    FROM (%s) content
                              ) claimed
                     GROUP BY partner_id, kind, currency_id
                   ) by_currency
            """,
            self._get_content_sql(),
        )

    def _get_action_lines_sql(self) -> SQL:
        return SQL(
            """
            INSERT INTO dunning_action_line (
                action_id, state, drop_cause, level_id, is_aligned, move_line_id,
                item_ref, move_id, name, date_due, currency_id, amount_residual,
                amount_withheld
            )
            SELECT created.id,
                   CASE WHEN content.further THEN 'dropped' ELSE 'open' END,
                   CASE WHEN content.further THEN 'further' END,
                   content.new_level_id,
                   content.is_aligned,
                   content.id,
                   content.id,
                   content.move_id,
                   content.name,
                   content.date_due,
                   content.currency_id,
                   content.residual,
                   content.withheld
              FROM created
              JOIN (%s) content
                ON content.partner_id = created.partner_id
               AND content.kind = created.kind
            ON CONFLICT DO NOTHING
            """,
            self._get_content_sql(),
        )

    def _get_content_sql(self) -> SQL:
        """The items of each contact, with the level each of them reaches. When the
        scenario aligns levels, those below the level of the contact come up to it.
        Those that are further than its text are not listed again: the text refers to
        what they have received."""
        return SQL(
            """
            SELECT plan.*,
                   decided.kind,
                   decided.delay_days AS decided_delay,
                   refer.further,
                   raised.up AND NOT (
                       plan.decision = 'step' AND plan.level_id = decided.level_id
                   ) AS is_aligned,
                   CASE WHEN decided.kind = 'follow_up' OR refer.further THEN NULL
                        WHEN plan.decision = 'step' AND NOT raised.up
                        THEN plan.level_id
                        WHEN raised.up THEN decided.level_id
                   END AS new_level_id
              FROM plan
              JOIN decided ON decided.partner_id = plan.partner_id
         LEFT JOIN dunning_level reached ON reached.id = plan.reached_id
        CROSS JOIN LATERAL (SELECT %(further)s AS further) refer
        CROSS JOIN LATERAL (
                       SELECT decided.align_levels
                          AND NOT refer.further
                          AND decided.scenario_id = plan.scenario_id
                          AND plan.action_id IS NULL
                          AND plan.listed
                          AND (reached.id IS NULL
                               OR reached.delay_days < decided.delay_days) AS up
                   ) raised
             WHERE CASE decided.kind
                   WHEN 'step' THEN plan.decision = 'step' OR plan.listed
                   ELSE plan.reason = 'last_level' AND plan.days_late > 0
                   END
            """,
            further=self.env["dunning.plan"]._get_further_sql(
                SQL("plan.heard_tone"), SQL("decided.text_rank")
            ),
        )
