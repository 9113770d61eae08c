from psycopg2.errors import LockNotAvailable

from odoo import api, fields, models
from odoo.tools import SQL

from .dunning_plan import PlanScope

CUSTOMER_COLUMNS = (
    "company_id",
    "partner_id",
    "scenario_id",
    "owes",
    "due",
    "overdue",
    "date_oldest",
)


class DunningPlanKeeper(models.Model):
    """Of which companies the plan is kept, and what it stands on."""

    _name = "dunning.plan.keeper"
    _description = "Kept Plan of a Company"
    _log_access = False
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    basis = fields.Char(required=True, readonly=True)
    customer_count = fields.Integer(readonly=True)

    # === Constraints and indexes === #
    _company_uniq = models.UniqueIndex("(company_id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _cron_keep(self):
        """Bring what is kept up to date, if nobody else is doing so."""
        self.env["dunning.guard"]._check_scheduled()
        # Companies are few, and each is looked after.
        # pylint: disable-next=no-search-all
        companies = self.env["res.company"].search([])
        if not self._is_behind(companies):
            return
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=1)
        # First of all: what the transaction sees is what it is once the others are
        # done, who would have deleted marks of what we do not see.
        try:
            self.env.cr.execute(
                "LOCK TABLE dunning_plan_keeper IN SHARE UPDATE EXCLUSIVE MODE NOWAIT",
                log_exceptions=False,
            )
        except LockNotAvailable:
            self.env.cr.rollback()
            return
        self._keep_up(companies)
        cron._commit_progress(1)

    @api.model
    def _is_behind(self, companies):
        kept = self.env["dunning.plan.kept"]
        if kept._get_marked():
            return True
        return any(
            not reading.is_kept or reading.marked
            for company in companies
            for reading in [kept._get_reading(company._dunning_scope())]
        )

    @api.model
    def _keep_up(self, companies) -> None:
        """Keep the plan of companies, and forget the marks."""
        for company in companies:
            self._keep_up_company(company._dunning_scope())
        # Those that this transaction sees, no others: all it has read is as of then.
        self.env.cr.execute("DELETE FROM dunning_plan_mark")
        gone = SQL("company_id != ALL(%s)", companies.ids)
        tables = [self.env[name]._table for name in self._get_kept_names()]
        for table in (*tables, self._table):
            self.env.cr.execute(
                SQL("DELETE FROM %s WHERE %s", SQL.identifier(table), gone)
            )
        self.invalidate_model()

    @api.model
    def _keep_up_company(self, scope):
        kept = self.env["dunning.plan.kept"]
        reading = kept._get_reading(scope)
        marked = reading.marked if reading.is_kept else None
        if marked == []:
            return
        for name in self._get_kept_names():
            self.env[name]._keep(scope, marked)
        self._note_basis(scope.company, kept._get_basis(scope))

    @api.model
    def _get_kept_names(self) -> list[str]:
        """Return the names of the models that keep rows of companies: whatever they
        read, the database marks its customers when it changes. Each has ``_keep``."""
        return ["dunning.plan.kept", "dunning.plan.kept.customer"]

    @api.model
    def _note_basis(self, company, basis):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dunning_plan_keeper (company_id, basis, customer_count)
                SELECT %(company)s, %(basis)s, COUNT(*)
                  FROM dunning_plan_kept_customer
                 WHERE company_id = %(company)s
           ON CONFLICT (company_id)
             DO UPDATE SET basis = EXCLUDED.basis,
                           customer_count = EXCLUDED.customer_count
                """,
                company=company.id,
                basis=basis,
            )
        )


class DunningPlanKeptCustomer(models.Model):
    """What customers owe and which scenario they have, kept with the plan."""

    _name = "dunning.plan.kept.customer"
    _description = "Kept Figures of a Customer"
    _log_access = False
    _rec_name = "partner_id"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    company_id = fields.Integer(readonly=True)
    partner_id = fields.Integer(readonly=True)
    scenario_id = fields.Integer(readonly=True)
    owes = fields.Boolean(readonly=True)
    due = fields.Float(digits=(16, 2), readonly=True)
    overdue = fields.Float(digits=(16, 2), readonly=True)
    date_oldest = fields.Date(readonly=True)

    # === Indexes === #
    _customer_uniq = models.UniqueIndex("(company_id, partner_id)")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_figures_query(self, scope: PlanScope) -> SQL:
        """Return SQL giving ``partner_id, owes, due, overdue, date_oldest`` of the
        customers of a company with open lines: what they owe in company currency, what
        of it is overdue, and since when. Of a whole ledger, what is kept is read."""
        fresh = self._get_ledger_query(scope)
        kept = self.env["dunning.plan.kept"]
        reading = scope.partners is None and kept._get_reading(scope)
        if not reading or not reading.is_kept:
            return fresh
        names = ("partner_id", "owes", "due", "overdue", "date_oldest")
        found = SQL(
            "SELECT %s FROM dunning_plan_kept_customer WHERE company_id = %s",
            SQL(", ").join(map(SQL.identifier, names)),
            scope.company.id,
        )
        if not reading.marked:
            return found
        return SQL(
            "%s AND partner_id NOT IN (SELECT UNNEST(%s)) UNION ALL (%s)",
            found,
            reading.marked,
            self._get_ledger_query(kept._get_marked_scope(scope, reading.marked)),
        )

    @api.model
    def _get_ledger_query(self, scope) -> SQL:
        """Return SQL giving the same, as the ledger says it."""
        plan = self.env["dunning.plan"]
        plan._flush()
        return SQL(
            """
            SELECT partner_id,
                   BOOL_OR(residual > 0) AS owes,
                   SUM(residual_company) AS due,
                   SUM(residual_company) FILTER (
                       WHERE residual > 0 AND date_due < %(date)s
                   ) AS overdue,
                   MIN(date_due) FILTER (
                       WHERE residual > 0 AND date_due < %(date)s
                   ) AS date_oldest
              FROM (%(open_line)s) line
             WHERE partner_id IS NOT NULL
          GROUP BY partner_id
            """,
            date=scope.date,
            open_line=plan._get_open_line_sql(scope),
        )

    @api.model
    def _get_keeper(self, company) -> tuple:
        """Return what the kept plan of a company stands on, and of how many customers
        it is; nothing if none is kept."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT basis, customer_count
                  FROM dunning_plan_keeper
                 WHERE company_id = %s
                """,
                company.id,
            )
        )
        return rows[0] if rows else (None, 0)

    @api.model
    def _is_chosen_anew(self, company) -> bool:
        """Return whether scenarios are chosen anew at each look."""
        rules = self.env["dunning.plan"]._get_scenario_rules(company)
        return any(rule.partner_domain for rule in rules)

    @api.model
    def _get_chosen_anew(self, scope) -> set[int]:
        """Return the customers to whom another scenario applies than was kept: rules
        may read anything, of which nobody tells."""
        plan = self.env["dunning.plan"]
        if not self._is_chosen_anew(scope.company):
            return set()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT owed.partner_id
                  FROM dunning_plan_kept_customer owed
                  JOIN res_partner partner ON partner.id = owed.partner_id
                 WHERE owed.company_id = %s
                   AND (%s) IS DISTINCT FROM owed.scenario_id
                """,
                scope.company.id,
                plan._get_customer_scenario_sql(scope),
            )
        )
        return {id_ for (id_,) in rows}

    @api.model
    def _keep(self, scope, marked=None) -> None:
        """Keep what the ledger says of customers.

        :param marked: customers who are looked at, None for all
        """
        kept = self.env["dunning.plan.kept"]
        asked = scope if marked is None else kept._get_marked_scope(scope, marked)
        fresh = SQL(
            """
            SELECT %(company)s AS company_id, owed.*, %(scenario)s AS scenario_id
              FROM (%(owed)s) owed
              JOIN res_partner partner ON partner.id = owed.partner_id
            """,
            company=scope.company.id,
            owed=self._get_ledger_query(asked),
            scenario=self.env["dunning.plan"]._get_customer_scenario_sql(scope),
        )
        kept._keep_rows(
            self._table,
            CUSTOMER_COLUMNS,
            ("company_id", "partner_id"),
            "partner_id",
            fresh,
            scope.company,
            marked,
        )
