from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope


class DunningPlan(models.AbstractModel):
    """What concerns the whole customer: scenario, holds, contacts."""

    _inherit = "dunning.plan"

    @api.model
    def _get_customer_sql(self, scope: PlanScope) -> SQL:
        return SQL(
            """
            SELECT owed.partner_id,
                   partner.active,
                   %(scenario)s AS scenario_id,
                   hold.partner_id IS NOT NULL AS held,
                   hold.date_end AS held_until,
                   contact.date AS contact_date,
                   planned.date AS planned_date
              FROM (
                       SELECT partner_id,
                              SUM(residual_company) FILTER (
                                  WHERE residual > 0 AND date_due < %(date)s
                              ) AS overdue
                         FROM open_line
                        WHERE partner_id IS NOT NULL
                     GROUP BY partner_id
                   ) owed
              JOIN res_partner partner
                ON partner.id = owed.partner_id
               AND %(known)s
         LEFT JOIN (
                       SELECT partner_id,
                              MAX(COALESCE(date_end, 'infinity')) AS date_end
                         FROM dunning_hold hold
                        WHERE %(hold)s AND scope = 'customer' AND amount = 0
                     GROUP BY partner_id
                   ) hold ON hold.partner_id = owed.partner_id
         LEFT JOIN (%(contact)s) contact ON contact.partner_id = owed.partner_id
         LEFT JOIN (
                       SELECT partner_id, MIN(date) AS date
                         FROM dunning_action
                        WHERE company_id = %(company)s
                          AND state IN ('to_validate', 'todo')
                          AND execution != 'manual'
                          AND kind != 'notice'
                          AND %(planned)s
                          AND %(among)s
                     GROUP BY partner_id
                   ) planned ON planned.partner_id = owed.partner_id
            """,
            scenario=self._get_customer_scenario_sql(scope),
            known=scope.among(SQL("partner.id")),
            company=scope.company.id,
            date=scope.date,
            hold=self._get_active_hold_sql(scope),
            contact=self._get_contact_sql(scope),
            # An action that exists does not wait for another one, which might wait
            # for it: the gap between contacts separates them.
            planned=SQL("FALSE") if scope.without_actions else SQL("TRUE"),
            among=scope.among(SQL("partner_id")),
        )

    @api.model
    def _get_contact_sql(self, scope: PlanScope) -> SQL:
        """The last contact with each customer, if a scenario may still mind it."""
        return SQL(
            """
            SELECT partner_id, MAX(GREATEST(date_done, date)) AS date
              FROM dunning_action
             WHERE company_id = %(company)s
               AND state = 'done'
               AND kind NOT IN ('start', 'notice')
               AND GREATEST(date_done, date) >= %(date)s - (
                       SELECT MAX(contact_gap_days) FROM dunning_scenario
                   )
               AND %(among)s
          GROUP BY partner_id
            """,
            company=scope.company.id,
            date=scope.date,
            among=scope.among(SQL("partner_id")),
        )

    @api.model
    def _get_customer_scenario_sql(self, scope: PlanScope) -> SQL:
        """Return SQL giving the scenario of ``partner``, who owes ``owed``."""
        choices = self._get_scenario_choices(scope)
        return SQL("COALESCE(%s)", SQL(", ").join(choices))

    @api.model
    def _get_scenario_choices(self, scope: PlanScope) -> list[SQL]:
        """Customer override > first rule that matches > company default. Override for
        others, which stand where they come."""
        # The plan of a company does not depend on who looks at it.
        company_sudo = scope.company.sudo().with_company(scope.company)
        partners_sudo = company_sudo.env["res.partner"]
        override = partners_sudo._field_to_sql("partner", "dunning_scenario_id")
        rules = [
            SQL("WHEN %s THEN %s", condition, rule.scenario_id)
            for rule in self._get_scenario_rules(scope.company)
            if (condition := self._get_rule_sql(rule, partners_sudo))
        ]
        default = company_sudo._dunning_get_default_scenario()
        return [
            self._get_active_scenario_sql(override),
            SQL("CASE %s END", SQL(" ").join(rules)) if rules else SQL("NULL"),
            self._get_active_scenario_sql(default.id or None),
        ]

    @api.model
    def _get_active_scenario_sql(self, scenario) -> SQL:
        return SQL(
            "(SELECT id FROM dunning_scenario WHERE active AND id = %s)", scenario
        )

    @api.model
    def _get_rule_sql(self, rule, partners) -> SQL | None:
        """Return the condition on ``partner`` and ``owed`` under which the scenario
        applies by itself, None when it has no rule. A rule that cannot be used
        any more chooses nobody."""
        conditions = []
        if rule.partner_domain:
            scenarios = partners.env["dunning.scenario"]
            found = scenarios._get_rule_customers(rule.partner_domain, partners)
            if found is None:
                return SQL("FALSE")
            conditions.append(SQL("partner.id IN %s", found.subselect()))
        if rule.amount_from:
            conditions.append(SQL("owed.overdue >= %s", rule.amount_from))
        if rule.amount_to:
            conditions.append(SQL("owed.overdue < %s", rule.amount_to))
        return SQL(" AND ").join(conditions) if conditions else None

    @api.model
    def _get_active_hold_sql(self, scope: PlanScope) -> SQL:
        """Return the condition on ``hold`` that it keeps something out that day."""
        return SQL(
            """
            hold.company_id = %s
            AND hold.date_released IS NULL
            AND (hold.date_end IS NULL OR hold.date_end >= %s)
            """,
            scope.company.id,
            scope.date,
        )

    @api.model
    def _get_other_actions_sql(self, scope: PlanScope, action_id: SQL) -> SQL:
        if not scope.without_actions:
            return SQL("TRUE")
        return SQL("%s != ALL(%s)", action_id, scope.without_actions)
