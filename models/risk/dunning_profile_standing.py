from odoo import api, models
from odoo.tools import SQL

from ...tools.rating import TELLING_DAYS

# What keeps an amount out and is told by its own name.
NAMED_ORIGINS = ("dispute", "promise")


class DunningProfile(models.Model):
    """What customers owe now, and what of it is to be collected: overdue, less what is
    disputed, promised, held otherwise, and covered by credits; each customer once, each
    currency by itself, told in company currency at the rate of the ledger."""

    _inherit = "dunning.profile"

    @api.model
    def _get_kept_sql(self, scope) -> SQL:
        """What is kept out of each line: disputes are served first, then promises, then
        all else, and no more than the line leaves to pay."""
        return SQL(
            """
            SELECT line_id,
                   LEAST(residual, disputed) AS disputed,
                   LEAST(residual - LEAST(residual, disputed), promised) AS promised,
                   LEAST(residual, disputed + promised + held)
                       - LEAST(residual, disputed + promised) AS held
              FROM (
                       SELECT need.line_id,
                              MAX(need.residual) AS residual,
                              COALESCE(SUM(need.amount) FILTER (
                                  WHERE hold.origin = 'dispute'
                              ), 0) AS disputed,
                              COALESCE(SUM(need.amount) FILTER (
                                  WHERE hold.origin = 'promise'
                              ), 0) AS promised,
                              COALESCE(SUM(need.amount) FILTER (
                                  WHERE COALESCE(hold.origin, '') NOT IN %(named)s
                              ), 0) AS held
                         FROM (%(need)s) need
                    LEFT JOIN dunning_hold hold ON hold.id = need.hold_id
                        WHERE need.amount > 0
                     GROUP BY need.line_id
                   ) line
            """,
            named=NAMED_ORIGINS,
            need=self.env["dunning.plan"]._get_need_sql(scope),
        )

    @api.model
    def _get_owed_sql(self, scope) -> SQL:
        """What is open of each customer by currency. What dunning leaves out, by what
        an entry or a setting says, counts for the balance only."""
        # Settings are read for whoever asks.
        limit = scope.company.sudo().dunning_limit_days
        return SQL(
            """
            SELECT line.partner_id,
                   line.currency_id,
                   SUM(line.residual_company) AS receivable,
                   COUNT(*) FILTER (
                       WHERE late AND date_due <= %(date)s - %(telling)s
                   ) AS telling_count,
                   MIN(date_due) FILTER (WHERE late) AS date_oldest,
                   MIN(date_due) FILTER (WHERE late AND date_due > %(date)s - %(limit)s)
                       AS date_near,
                   SUM(residual) FILTER (WHERE late) AS overdue,
                   SUM(residual_company) FILTER (WHERE late) AS overdue_company,
                   SUM(kept.disputed) FILTER (WHERE late) AS disputed,
                   SUM(kept.promised) FILTER (WHERE late) AS promised,
                   SUM(kept.held) FILTER (WHERE late) AS held
              FROM open_line line
        CROSS JOIN LATERAL (
                       SELECT line.residual > 0
                              AND line.date_due < %(date)s
                              AND NOT line.excluded
                              AND NOT line.blocked AS late
                   ) told
         LEFT JOIN kept ON kept.line_id = line.id
             WHERE line.partner_id IS NOT NULL
          GROUP BY line.partner_id, line.currency_id
            """,
            date=scope.date,
            telling=TELLING_DAYS,
            limit=limit,
        )

    @api.model
    def _get_balance_sql(self, scope) -> SQL:
        """What is kept out as a whole comes after what is kept out of lines, credits
        last; nothing takes more than the others leave."""
        plan = self.env["dunning.plan"]
        return SQL(
            """
            SELECT owed.*,
                   kept_out.held AS held_out,
                   LEAST(
                       overdue - disputed_out - promised_out - kept_out.held,
                       GREATEST(COALESCE(credit.amount, 0), 0)
                   ) AS credit_out,
                   disputed_out,
                   promised_out,
                   overdue_company / NULLIF(overdue, 0) AS rate
              FROM owed
         LEFT JOIN (%(credit)s) credit USING (partner_id, currency_id)
         LEFT JOIN (%(hold)s) customer_hold USING (partner_id, currency_id)
         LEFT JOIN (
                       SELECT DISTINCT hold.partner_id
                         FROM dunning_hold hold
                        WHERE %(active)s AND scope = 'customer' AND amount = 0
                   ) whole USING (partner_id)
        CROSS JOIN LATERAL (
                       SELECT COALESCE(owed.disputed, 0) AS disputed_out,
                              COALESCE(owed.promised, 0) AS promised_out
                   ) told
        CROSS JOIN LATERAL (
                       SELECT CASE WHEN whole.partner_id IS NOT NULL
                                   THEN overdue - disputed_out - promised_out
                                   ELSE LEAST(
                                       overdue - disputed_out - promised_out,
                                       COALESCE(owed.held, 0)
                                           + COALESCE(customer_hold.amount, 0)
                                   )
                              END AS held
                   ) kept_out
            """,
            credit=plan._get_credit_sql(scope),
            hold=plan._get_customer_hold_sql(scope),
            active=plan._get_active_hold_sql(scope),
        )

    @api.model
    def _get_standing_sql(self, scope) -> SQL:
        # A currency says how it is rounded, whoever asks.
        digits = scope.company.sudo().currency_id.decimal_places
        amounts = SQL(", ").join(
            SQL(
                "COALESCE(SUM(ROUND(%s * rate, %s)), 0) AS %s",
                SQL.identifier("balance", column),
                digits,
                SQL.identifier(name),
            )
            for name, column in (
                ("disputed", "disputed_out"),
                ("promised", "promised_out"),
                ("held", "held_out"),
                ("credit", "credit_out"),
            )
        )
        return SQL(
            """
            SELECT partner_id,
                   SUM(receivable) AS receivable,
                   SUM(telling_count) AS telling_count,
                   MIN(date_oldest) AS date_oldest,
                   MIN(date_near) AS date_near,
                   COALESCE(SUM(overdue_company), 0) AS overdue,
                   %(amounts)s
              FROM balance
          GROUP BY partner_id
            """,
            amounts=amounts,
        )

    @api.model
    def _get_level_sql(self) -> SQL:
        """The highest level that has been reached by what each customer owes."""
        return SQL(
            """
            SELECT DISTINCT ON (line.partner_id) line.partner_id, level.id AS level_id
              FROM open_line line
              JOIN dunning_item_state state ON state.move_line_id = line.id
              JOIN dunning_level level ON level.id = state.level_id
             WHERE line.partner_id IS NOT NULL
          ORDER BY line.partner_id, level.delay_days DESC, level.id
            """
        )

    @api.model
    def _get_ordered_sql(self, scope) -> SQL:  # pylint: disable=unused-argument
        """Return SQL of what customers have ordered and is not invoiced yet, in company
        currency: ``partner_id, amount``. Override where orders are known."""
        return SQL("SELECT NULL::integer AS partner_id, 0::numeric AS amount LIMIT 0")
