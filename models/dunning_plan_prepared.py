import hashlib
from dataclasses import replace

from psycopg2.errors import FeatureNotSupported, InvalidSqlStatementName

from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope

# Up to so many open items a plan takes the database less time than the statement
# does. Of more, it must know how many there are: prepared, it expects few and would
# compare each with each.
FEW_ITEMS = 300

# Statements that a connection keeps, of up to 2 MB each: until the rules change, one
# for a company, and one that counts.
KEPT_STATEMENTS = 6
PREFIX = "dunning_plan_"
# Customers, actions that do not count, day, days off and what replaces them.
PARAMETERS = ("int[]", "int[]", "date", "date[]", "date[]")


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
        query = self._get_query(self._parametrize(scope))
        # What is prepared only reads, and is taken back with its setting.
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            if self._has_few_items(savepoint, scope):
                values = (
                    scope.partners,
                    list(scope.without_actions),
                    scope.date,
                    *self._get_days_off(scope),
                )
                return self._execute_prepared(savepoint, query, PARAMETERS, values)
        finally:
            savepoint.close(rollback=True)
        return self.env.execute_query_dict(self._get_query(scope))

    @api.model
    def _has_few_items(self, savepoint, scope: PlanScope) -> bool:
        query = SQL(
            """
            SELECT COUNT(*) AS count
              FROM (
                       SELECT
                         FROM account_move_line
                        WHERE reconciled IS NOT TRUE
                          AND account_id = ANY(%(accounts)s)
                          AND partner_id = ANY(ARRAY(
                                  SELECT id
                                    FROM res_partner
                                   WHERE commercial_partner_id = ANY($1)
                              ))
                        LIMIT %(limit)s
                   ) item
            """,
            accounts=list(self._get_account_ids()),
            limit=FEW_ITEMS + 1,
        )
        [row] = self._execute_prepared(savepoint, query, ["int[]"], [scope.partners])
        return row["count"] <= FEW_ITEMS

    # ------------------------------------------------------------------
    # PREPARED STATEMENTS
    # ------------------------------------------------------------------

    @api.model
    def _parametrize(self, scope: PlanScope) -> PlanScope:
        """Return the scope with parameters for values: those of ``PARAMETERS``."""
        return replace(
            scope,
            partners=SQL("$1"),
            without_actions=scope.without_actions and SQL("$2"),
            date=SQL("$3"),
            days_off=(SQL("$4"), SQL("$5")),
        )

    @api.model
    def _execute_prepared(self, savepoint, query: SQL, types, values) -> list[dict]:
        """Execute a statement that the connection has prepared, or prepares now.

        It is tried without asking: a rollback takes no statement back, and a pooler may
        have given this transaction another connection. By default the database plans
        anew for values that it has not seen, and that is what takes so long.

        :param savepoint: since which nothing was written
        :param types: of the parameters of the query
        :param values: of the parameters
        :return: rows as dicts
        """
        text = self.env.cr.mogrify(query)
        name = PREFIX + hashlib.sha256(text).hexdigest()[:32]
        execute = SQL(
            "SET LOCAL plan_cache_mode = force_generic_plan; EXECUTE %s(%s)",
            SQL.identifier(name),
            SQL(", ").join(values),
        )
        try:
            self.env.cr.execute(execute, log_exceptions=False)
        except (InvalidSqlStatementName, FeatureNotSupported):
            # Not known yet, or the columns of a table have got other types since.
            savepoint.rollback()
            self._prepare(name, query, types)
            self.env.cr.execute(execute)
        return self.env.cr.dictfetchall()

    @api.model
    def _prepare(self, name, query: SQL, types):
        """Have the connection prepare a statement anew, and forget the oldest ones."""
        rows = self.env.execute_query(
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
        known = [row[0] for row in rows]
        others = [other for other in known if other != name]
        for old in others[KEPT_STATEMENTS - 1 :] + ([name] if name in known else []):
            self.env.cr.execute(SQL("DEALLOCATE %s", SQL.identifier(old)))
        self.env.cr.execute(
            SQL(
                "PREPARE %s(%s) AS %s",
                SQL.identifier(name),
                SQL(", ").join(map(SQL, types)),
                query,
            )
        )
