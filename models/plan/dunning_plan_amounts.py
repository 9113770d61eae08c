from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope


class DunningPlan(models.AbstractModel):
    """The amounts of the plan: what is withheld, what is collectable."""

    _inherit = "dunning.plan"

    @api.model
    def _get_withheld_sql(self, scope: PlanScope) -> SQL:
        """Amounts that are not claimed, line by line and never more than the line.
        What a hold on several items keeps out, or a payment without journal entry
        pays, is taken from the oldest item first. ``until`` is the last day on which
        holds, with what is being paid, cover all of the line: holds end one after the
        other, and what is ``covered`` at the end of one is the amount of those that
        do not end before it. Infinity stands for no end."""
        return SQL(
            """
            SELECT line_id,
                   LEAST(MAX(residual), SUM(amount)) AS amount,
                   BOOL_OR(hold_id IS NOT NULL) AS held,
                   MAX(date_end) FILTER (
                       WHERE hold_id IS NOT NULL AND covered >= residual
                   ) AS until
              FROM (
                       SELECT *,
                              SUM(amount) OVER (
                                  PARTITION BY line_id ORDER BY date_end DESC
                              ) AS covered
                         FROM (%(need)s) need
                        WHERE amount > 0
                   ) need
          GROUP BY line_id
            """,
            need=self._get_need_sql(scope),
        )

    @api.model
    def _get_need_sql(self, scope: PlanScope) -> SQL:
        """What each hold keeps out of each line, and what is being paid."""
        oldest_first = SQL(
            """
            LEAST(line.residual, part.amount - (
                SUM(line.residual) OVER (
                    PARTITION BY part.id ORDER BY line.date_due, line.id
                ) - line.residual
            ))
            """
        )
        return SQL(
            """
            SELECT line.id AS line_id, line.residual, line.residual AS amount,
                   hold.id AS hold_id, COALESCE(hold.date_end, 'infinity') AS date_end
              FROM dunning_hold hold
              JOIN dunning_hold_move_line_rel rel
                ON rel.hold_id = hold.id AND %(among)s
              JOIN open_line line ON line.id = rel.line_id
             WHERE %(hold)s AND hold.amount = 0

         UNION ALL

            SELECT line.id, line.residual, %(oldest_first)s,
                   part.id, COALESCE(part.date_end, 'infinity')
              FROM dunning_hold hold
              JOIN LATERAL (
                       SELECT hold.id, hold.amount, hold.date_end
                   ) part ON TRUE
              JOIN dunning_hold_move_line_rel rel
                ON rel.hold_id = hold.id AND %(among)s
              JOIN open_line line
                ON line.id = rel.line_id AND line.currency_id = hold.currency_id
             WHERE %(hold)s AND hold.amount > 0 AND line.residual > 0

         UNION ALL

            SELECT line.id, line.residual,
                   CASE WHEN CARDINALITY(part.id) = 1
                         AND part.date <= line.discount_date
                         AND part.amount >= line.discount_amount
                        THEN line.residual
                        ELSE %(oldest_first)s
                   END,
                   NULL, 'infinity'
              FROM (%(paying)s) part
        CROSS JOIN UNNEST(part.id) AS paid(move_id)
              JOIN open_line line
                ON line.move_id = paid.move_id AND line.residual > 0
            """,
            among=self._among_open_lines(scope, SQL("rel.line_id")),
            hold=self._get_active_hold_sql(scope),
            oldest_first=oldest_first,
            paying=self._get_paying_sql(scope),
        )

    @api.model
    def _get_share_query(self, scope: PlanScope, line_ids) -> SQL:
        """Return SQL giving what each hold keeps out of lines: ``line_id, hold_id,
        amount``, without hold for what is being paid. Those that are served first
        come first, then the others, as long as something is left of the line.

        :param scope: with the customers of the lines
        """
        self._flush()
        return SQL(
            """
            WITH open_line AS (%(open_line)s),
                 need AS (
                     %(need)s

                  UNION ALL

                     SELECT line.id, line.residual, line.residual, hold.id, NULL
                       FROM dunning_hold hold
                       JOIN open_line line ON line.partner_id = hold.partner_id
                      WHERE %(hold)s AND hold.scope = 'customer' AND hold.amount = 0
                 )
            SELECT line_id, hold_id, LEAST(amount, residual - before) AS amount
              FROM (
                       SELECT need.*,
                              SUM(need.amount) OVER (
                                  PARTITION BY line_id
                                      ORDER BY ARRAY_POSITION(
                                                   %(first)s::varchar[], hold.origin
                                               ), hold.id
                              ) - need.amount AS before
                         FROM need
                    LEFT JOIN dunning_hold hold ON hold.id = need.hold_id
                        WHERE need.line_id = ANY(%(lines)s) AND need.amount > 0
                   ) share
             WHERE residual > before
          ORDER BY line_id, before
            """,
            open_line=self._get_open_line_sql(scope),
            need=self._get_need_sql(scope),
            hold=self._get_active_hold_sql(scope),
            first=self.env["dunning.hold"]._get_served_first(),
            lines=list(line_ids),
        )

    @api.model
    def _get_balance_sql(self, scope: PlanScope) -> SQL:
        """Collectable = overdue - unallocated credits and payments - amounts on
        hold, by customer and currency; more on hold than that leaves nothing.
        ``collectable_early`` adds the items that a level reaches today although they
        are not overdue. ``residual_company`` over ``residual`` is the rate at which
        minimums are compared in company currency: multiplied crosswise, for a
        quotient would be rounded."""
        return SQL(
            """
            SELECT due.partner_id,
                   due.currency_id,
                   due.residual,
                   due.residual_company,
                   COALESCE(credit.amount, 0) + hold.amount AS deduction,
                   claim.overdue - LEAST(hold.amount, GREATEST(claim.overdue, 0))
                       AS collectable,
                   claim.early - LEAST(hold.amount, GREATEST(claim.early, 0))
                       AS collectable_early
              FROM (
                       SELECT partner_id,
                              currency_id,
                              SUM(residual) AS residual,
                              SUM(residual_company) AS residual_company,
                              SUM(residual - withheld) FILTER (WHERE claimable)
                                  AS overdue,
                              SUM(residual - withheld) FILTER (
                                  WHERE NOT overdue
                                    AND level_id IS NOT NULL
                                    AND action_id IS NULL
                                    AND day = %(date)s
                              ) AS early
                         FROM candidate
                        WHERE barrier IS NULL
                     GROUP BY partner_id, currency_id
                   ) due
         LEFT JOIN (%(credit)s) credit USING (partner_id, currency_id)
         LEFT JOIN (%(hold)s) kept USING (partner_id, currency_id)
        CROSS JOIN LATERAL (SELECT COALESCE(kept.amount, 0) AS amount) hold
        CROSS JOIN LATERAL (
                       SELECT COALESCE(due.overdue, 0) - COALESCE(credit.amount, 0)
                           AS overdue,
                              COALESCE(due.overdue, 0) + COALESCE(due.early, 0)
                           - COALESCE(credit.amount, 0) AS early
                   ) claim
            """,
            date=scope.date,
            credit=self._get_credit_sql(scope),
            hold=self._get_customer_hold_sql(scope),
        )

    @api.model
    def _get_credit_sql(self, scope: PlanScope) -> SQL:
        """Unallocated credits and payments, by customer and currency: those of the
        company, those of its parents that can be reconciled with its items, and what
        was paid without journal entry."""
        parts = [
            SQL(
                """
                SELECT partner_id, currency_id, -residual AS amount
                  FROM open_line
                 WHERE residual < 0
                """
            ),
            self._get_unassigned_payment_sql(scope),
            self._get_overpaid_sql(scope),
        ]
        if self.env["res.company"]._dunning_get_parent_ids(scope.company):
            parts.append(self._get_parent_credit_sql(scope))
        return SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount
              FROM (%s) credit
          GROUP BY partner_id, currency_id
            """,
            SQL(" UNION ALL ").join(parts),
        )

    @api.model
    def _get_customer_hold_sql(self, scope: PlanScope) -> SQL:
        """Amounts on hold whatever the item, by customer and currency."""
        return SQL(
            """
            SELECT partner_id, currency_id, SUM(amount) AS amount
              FROM dunning_hold hold
             WHERE %s AND scope = 'customer' AND amount > 0
          GROUP BY partner_id, currency_id
            """,
            self._get_active_hold_sql(scope),
        )

    @api.model
    def _get_credit(
        self,
        partner: models.BaseModel,
        company: models.BaseModel,
        currency: models.BaseModel,
    ) -> float:
        """Return what is credited to a customer in a currency and not allocated.

        :param partner: commercial partner
        """
        query = self._get_deduction_query(company._dunning_scope(partners=partner.ids))
        return sum(
            float(credit)
            for __, currency_id, credit, __ in self.env.execute_query(query)
            if currency_id == currency.id
        )

    @api.model
    def _get_deduction_query(self, scope: PlanScope) -> SQL:
        """Return SQL giving what is deducted from the items of whole customers, as
        the plan does: ``partner_id, currency_id, credit, held``.

        :param scope: with the customers it is asked for
        """
        self._flush()
        return SQL(
            """
            WITH open_line AS (%(open_line)s)
            SELECT partner_id,
                   currency_id,
                   COALESCE(credit.amount, 0) AS credit,
                   COALESCE(hold.amount, 0) AS held
              FROM (%(credit)s) credit
         FULL JOIN (%(hold)s) hold USING (partner_id, currency_id)
             WHERE partner_id = ANY(%(partners)s)
            """,
            open_line=self._get_open_line_sql(scope),
            credit=self._get_credit_sql(scope),
            hold=self._get_customer_hold_sql(scope),
            partners=scope.partners,
        )
