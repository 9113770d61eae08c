from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL

from .dunning_balance import BalanceScope
from .dunning_balance_undone import COLUMNS


class DunningBalance(models.AbstractModel):
    """What the statement reads of some customers, kept in tables of the transaction: a
    few customers are looked at on many days without looking for them each time."""

    _inherit = "dunning.balance"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _keep(self, company, first: Date, last: Date, partners=None):
        """Keep what was open on any day of a period.

        :param company: ``res.company``
        :param partners: commercial partners, None for all
        """
        self._flush()
        scope = self._get_scope(company, first, partners)
        self._keep_rows("dunning_balance_partial", self._get_kept_partial_sql(scope))
        self._keep_rows(
            "dunning_balance_line",
            SQL(
                """
                SELECT line.*
                  FROM account_move_line line
                 WHERE %(is_receivable)s
                   AND %(restriction)s
                   AND line.company_id = %(company)s
                   AND line.date <= %(last)s
                   AND (
                       line.reconciled IS NOT TRUE
                       OR line.id IN (
                           SELECT debit_move_id FROM dunning_balance_partial
                            UNION ALL
                           SELECT credit_move_id FROM dunning_balance_partial
                       )
                   )
                """,
                is_receivable=self._get_receivable_sql("line"),
                restriction=self._get_restriction("line", scope),
                company=company.id,
                last=last,
            ),
        )

    @api.model
    def _get_kept_query(self, company, date: Date) -> SQL:
        """Return the statement of :meth:`_get_query`, over what was kept of a company
        by :meth:`_keep`, as of a day of the period."""
        return self._get_company_query(
            BalanceScope(
                company=company, date=date, past=True, kept=True, collectors=False
            )
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _keep_rows(self, name: str, query: SQL):
        """Keep the rows of a statement until the end of the transaction."""
        table = SQL.identifier(name)
        cr = self.env.cr
        cr.execute(SQL("DROP TABLE IF EXISTS pg_temp.%s", table))
        cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query))
        cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _get_kept_partial_sql(self, scope: BalanceScope) -> SQL:
        """The reconciliations that do not count on all days from the scope's on."""
        return SQL(
            """
            WITH unposted AS MATERIALIZED (%(unposted)s),
                 line AS MATERIALIZED (
                     SELECT line.id
                       FROM account_move_line line
                      WHERE %(is_receivable)s
                        AND line.company_id = %(company)s
                        AND %(restriction)s
                 ),
                 uncounted AS (
                     SELECT %(columns)s,
                            partial.debit_move_id NOT IN (SELECT id FROM unposted)
                            AND partial.credit_move_id NOT IN (SELECT id FROM unposted)
                                AS counted
                       FROM account_partial_reconcile partial
                      WHERE partial.debit_move_id IN (SELECT id FROM line)
                         OR partial.credit_move_id IN (SELECT id FROM line)
                 )
            SELECT * FROM uncounted WHERE max_date > %(date)s OR NOT counted
            """,
            unposted=self._get_unposted_lines_sql(),
            is_receivable=self._get_receivable_sql("line"),
            company=scope.company.id,
            restriction=self._get_restriction("line", scope),
            columns=COLUMNS,
            date=scope.date,
        )

    # ------------------------------------------------------------------
    # PARTS OF THE STATEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_uncounted_sql(self, scope: BalanceScope) -> SQL:
        if not scope.kept:
            return super()._get_uncounted_sql(scope)
        return SQL(
            "SELECT * FROM dunning_balance_partial WHERE max_date > %s OR NOT counted",
            scope.date,
        )
