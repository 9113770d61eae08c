import hashlib
from dataclasses import replace

from psycopg2.errors import FeatureNotSupported

from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope

# Up to so many open items a plan takes the database less time than the statement
# does. Of more, it must know how many there are: prepared, it expects few and would
# compare each with each.
FEW_ITEMS = 300

# Statements that a connection keeps, of 2 MB each: one for a company, until the rules
# change.
KEPT_STATEMENTS = 5
PREFIX = "dunning_plan_"
PARAMETER_TYPES = SQL("int[], int[], date, date[], date[]")


class DunningPlan(models.AbstractModel):
    """Plans of some customers: accountants wait for them at each reconciliation.

    How it works: the database reads the items of a customer within a millisecond, but
    needs ten to understand the statement. So it understands it once: the statement is
    composed with parameters in the place of what differs from plan to plan, and the
    connection keeps it under a name made of its text (``PREPARE``). The text is
    composed each time, which takes half a millisecond. So whatever it depends on,
    settings, rules or code, takes effect at once: another text is another statement.
    """

    _inherit = "dunning.plan"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _plan_customers(self, scope: PlanScope) -> list[dict]:
        """Plan the items of some customers.

        :param scope: with the customers
        :return: rows of :meth:`_get_query`, as dicts
        """
        if not self._has_few_items(scope):
            return self.env.execute_query_dict(self._get_query(scope))
        name = self._prepare(self._get_query(self._parametrize(scope)))
        try:
            return self._execute_prepared(name, scope)
        except FeatureNotSupported:
            # The columns of a table have got other types since.
            self._deallocate(name)
            return self.env.execute_query_dict(self._get_query(scope))

    @api.model
    def _has_few_items(self, scope: PlanScope) -> bool:
        [(count,)] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*)
                  FROM (
                           SELECT
                             FROM account_move_line
                            WHERE reconciled IS NOT TRUE
                              AND account_id = ANY(%(accounts)s)
                              AND partner_id = ANY(ARRAY(
                                      SELECT id
                                        FROM res_partner
                                       WHERE commercial_partner_id = ANY(%(partners)s)
                                  ))
                            LIMIT %(limit)s
                       ) item
                """,
                accounts=list(self._get_account_ids()),
                partners=scope.partners,
                limit=FEW_ITEMS + 1,
            )
        )
        return count <= FEW_ITEMS

    # ------------------------------------------------------------------
    # PREPARED STATEMENTS
    # ------------------------------------------------------------------

    @api.model
    def _parametrize(self, scope: PlanScope) -> PlanScope:
        """Return the scope with parameters for values: those of ``PARAMETER_TYPES``,
        which :meth:`_execute_prepared` gives in the same order."""
        return replace(
            scope,
            partners=SQL("$1"),
            without_actions=scope.without_actions and SQL("$2"),
            date=SQL("$3"),
            days_off=(SQL("$4"), SQL("$5")),
        )

    @api.model
    def _execute_prepared(self, name, scope: PlanScope) -> list[dict]:
        """Execute a prepared statement. It only reads, and is taken back with its
        setting: by default the database plans it anew for values that it has not
        seen, and that is what takes so long."""
        values = SQL(", ").join(
            [
                scope.partners,
                list(scope.without_actions),
                scope.date,
                *self._get_days_off(scope),
            ]
        )
        cr = self.env.cr
        savepoint = cr.savepoint(flush=False)
        try:
            cr.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            execute = SQL("EXECUTE %s(%s)", SQL.identifier(name), values)
            cr.execute(execute, log_exceptions=False)
            return cr.dictfetchall()
        finally:
            savepoint.close(rollback=True)

    @api.model
    def _prepare(self, query: SQL) -> str:
        """Have the connection prepare a statement, unless it has done so already.

        The database is asked what it knows: a rollback takes no statement back, and a
        pooler may have given this transaction another connection.

        :return: its name
        """
        text = self.env.cr.mogrify(query)
        name = PREFIX + hashlib.sha256(text).hexdigest()[:32]
        known = self.env.execute_query(
            SQL(
                """
                SELECT name
                  FROM pg_prepared_statements
                 WHERE starts_with(name, %s)
              ORDER BY prepare_time DESC
                """,
                PREFIX,
            )
        )
        if (name,) not in known:
            for (old,) in known[KEPT_STATEMENTS - 1 :]:
                self._deallocate(old)
            self.env.cr.execute(
                SQL(
                    "PREPARE %s(%s) AS %s", SQL.identifier(name), PARAMETER_TYPES, query
                )
            )
        return name

    @api.model
    def _deallocate(self, name):
        self.env.cr.execute(SQL("DEALLOCATE %s", SQL.identifier(name)))
