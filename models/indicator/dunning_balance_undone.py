from odoo import api, models
from odoo.tools import SQL

from .dunning_balance import BalanceScope

# What is read of a reconciliation.
COLUMNS = SQL(
    """
    partial.id, partial.debit_move_id, partial.credit_move_id, partial.amount,
    partial.debit_amount_currency, partial.credit_amount_currency, partial.max_date
    """
)


class DunningBalance(models.AbstractModel):
    """What does not count on a day of what the lines say today."""

    _inherit = "dunning.balance"

    @api.model
    def _get_undone_sql(self, scope: BalanceScope) -> SQL:
        """What is given back to each line: its part in reconciliations that do not
        count on the day."""
        uncounted = self._get_uncounted_sql(scope)
        return SQL(
            """
            SELECT part.line_id,
                   SUM(part.amount) AS amount,
                   SUM(part.amount_currency) AS amount_currency
              FROM (%s) uncounted
        CROSS JOIN LATERAL (
                       VALUES (debit_move_id, uncounted.amount, debit_amount_currency),
                              (
                                  credit_move_id,
                                  -uncounted.amount,
                                  -credit_amount_currency
                              )
                   ) part(line_id, amount, amount_currency)
          GROUP BY part.line_id
            """,
            uncounted,
        )

    @api.model
    def _get_uncounted_sql(self, scope: BalanceScope) -> SQL:
        """The reconciliations that do not count on the day, found from where there are
        fewest to look through."""
        if scope.partners is not None:
            return self._get_uncounted_of_partners(scope)
        if not scope.past:
            # Read twice, for an index finds either side alone.
            return SQL(
                """
                WITH absent AS MATERIALIZED (%(later)s UNION ALL %(unposted)s)
                SELECT %(columns)s
                  FROM absent
                  JOIN account_partial_reconcile partial
                    ON partial.debit_move_id = absent.id
                 UNION
                SELECT %(columns)s
                  FROM absent
                  JOIN account_partial_reconcile partial
                    ON partial.credit_move_id = absent.id
                """,
                columns=COLUMNS,
                later=self._get_later_lines_sql(scope),
                unposted=self._get_unposted_lines_sql(),
            )
        return SQL(
            """
            WITH unposted AS MATERIALIZED (%(unposted)s)
            SELECT %(columns)s
              FROM account_partial_reconcile partial
             WHERE partial.max_date > %(date)s
                OR partial.debit_move_id IN (SELECT id FROM unposted)
                OR partial.credit_move_id IN (SELECT id FROM unposted)
            """,
            columns=COLUMNS,
            date=scope.date,
            unposted=self._get_unposted_lines_sql(),
        )

    @api.model
    def _get_uncounted_of_partners(self, scope: BalanceScope) -> SQL:
        return SQL(
            """
            WITH line AS MATERIALIZED (
                     SELECT line.id
                       FROM account_move_line line
                      WHERE %(is_receivable)s AND %(restriction)s
                 ),
                 partial AS (
                     SELECT %(columns)s
                       FROM line
                       JOIN account_partial_reconcile partial
                         ON partial.debit_move_id = line.id
                      UNION
                     SELECT %(columns)s
                       FROM line
                       JOIN account_partial_reconcile partial
                         ON partial.credit_move_id = line.id
                 )
            SELECT %(columns)s
              FROM partial
              JOIN account_move_line debit ON debit.id = partial.debit_move_id
              JOIN account_move_line credit ON credit.id = partial.credit_move_id
             WHERE partial.max_date > %(date)s
                OR debit.parent_state != 'posted'
                OR credit.parent_state != 'posted'
            """,
            columns=COLUMNS,
            is_receivable=self._get_receivable_sql("line"),
            restriction=self._get_restriction("line", scope),
            date=scope.date,
        )

    @api.model
    def _get_later_lines_sql(self, scope: BalanceScope) -> SQL:
        return SQL(
            "SELECT line.id FROM account_move_line line WHERE %s AND line.date > %s",
            self._get_receivable_sql("line"),
            scope.date,
        )

    @api.model
    def _get_unposted_lines_sql(self) -> SQL:
        """Lines that may be reconciled although they are not posted. An index finds
        them by journal."""
        return SQL(
            """
            SELECT line.id
              FROM account_move move
              JOIN account_move_line line ON line.move_id = move.id
             WHERE move.journal_id = ANY(ARRAY(SELECT id FROM account_journal))
               AND move.state IN ('draft', 'cancel')
               AND %s
            """,
            self._get_receivable_sql("line"),
        )
