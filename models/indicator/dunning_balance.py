from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL

from ...tools.dates import FIRST_DAY, LAST_DAY, shift
from ..plan.dunning_plan_mark import NOBODY

# What the statement reads.
FIELDS = {
    "account.move": ["state"],
    "account.move.line": [
        "account_id",
        "amount_currency",
        "amount_residual",
        "amount_residual_currency",
        "balance",
        "company_id",
        "currency_id",
        "date",
        "date_maturity",
        "invoice_date",
        "move_id",
        "move_name",
        "name",
        "parent_state",
        "partner_id",
        "reconciled",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_amount_currency",
        "credit_move_id",
        "debit_amount_currency",
        "debit_move_id",
        "max_date",
    ],
    "res.partner": ["commercial_partner_id", "dunning_user_id"],
}

# From which date days are counted.
DATES = {"due": "date_due", "invoice": "date_invoice"}


@dataclass(frozen=True)
class BalanceScope:
    """What was open is asked for.

    :param company: the ``res.company`` whose ledger is read
    :param date: the day, at its end
    :param past: whether that day is over: much may be dated later
    :param partners: ids of commercial partners, None for all that one may see;
        :data:`NOBODY` for entries without
    :param collectors: tell who collects
    :param kept: read what was kept of the ledger (``dunning_balance_kept``)
    """

    company: models.BaseModel
    date: Date
    past: bool = False
    partners: tuple[int, ...] | None = None
    kept: bool = False
    collectors: bool = True

    @property
    def lines(self) -> SQL:
        """Where the lines of the ledger are read."""
        return SQL.identifier(
            "dunning_balance_line" if self.kept else "account_move_line"
        )


class DunningBalance(models.AbstractModel):
    """What was open on a day: the one place where figures read it from the ledger.

    How it works: today's residuals are what Odoo keeps on the lines. For another day,
    what does not count on it is given back: the parts reconciled with entries that are
    dated later, and those reconciled with entries that are not posted, which are no
    part of the ledger. A reconciliation counts from the later date of its two entries;
    one that was undone has left no trace, and never was. Lines dated later, and those
    with nothing left, are not there.

    So the rows add up to the balance of the receivable accounts on that day, in each
    company and currency; between two of them money moves where the ledger reconciles
    across: a branch's invoice paid to its parent, or a payment in another currency.
    """

    _name = "dunning.balance"
    _description = "Open on a Day"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _get_query(
        self, companies, date=None, partners=None, *, collectors=True
    ) -> SQL:
        """Return the statement that says what was open on a day.

        Rights on the companies were asked for before; of the customers, it tells of
        those that who asks may see (:meth:`res.company._dunning_get_visible_sql`).

        :param companies: recordset ``res.company``
        :param date: the day; by default today, which may differ between companies
        :param partners: commercial partners, None for all; none means nobody
        :param collectors: tell who collects, which has to be found out first
        :return: SQL selecting a row for each posted line of a trade receivable account
            with something left on that day: ``move_line_id, move_id, name, company_id,
            partner_id`` (the customer, NULL for entries without), ``user_id`` (who
            collects, NULL unless asked for), ``currency_id, company_currency_id, date,
            date_due, date_invoice``, ``residual`` (item's currency),
            ``residual_company``, ``is_credit`` (on the credit side: credit notes,
            payments)
        """
        self._flush()
        kept = self.env["dunning.balance.open"]
        scopes = (self._get_scope(company, date, partners) for company in companies)
        return SQL(" UNION ALL ").join(
            SQL("(%s)", kept._get_query(replace(scope, collectors=collectors)))
            for scope in scopes
        )

    @api.model
    def _get_age_sql(
        self, date: Date, by: str, limits: Sequence[int], *, netted: bool = False
    ) -> SQL:
        """Return SQL giving the age group of a row, alias ``balance``: -1 for credits,
        0 for what is not late on a day, then 1 up to the first limit, and so on.

        :param by: ``due`` or ``invoice``
        :param limits: ascending days
        :param netted: put credits into the groups, by their own dates
        """
        # Compared with dates, for each row tells its group by several columns.
        counted = SQL.identifier("balance", DATES[by])
        groups = SQL(" ").join(
            SQL("WHEN %s >= %s THEN %s", counted, shift(date, -days), group)
            for group, days in enumerate((0, *limits))
        )
        return SQL(
            "CASE WHEN %s THEN -1 %s ELSE %s END",
            SQL("FALSE") if netted else SQL("balance.is_credit"),
            groups,
            len(limits) + 1,
        )

    @api.model
    def _get_scope(self, company, date=None, partners=None) -> BalanceScope:
        company = company.with_env(self.env)
        today = company._dunning_today()
        day = date or today
        return BalanceScope(
            company=company,
            date=day,
            past=day < today,
            partners=None if partners is None else tuple(partners.ids),
        )

    @api.model
    def _execute(self, query: SQL, *, whole: bool) -> list[tuple]:
        """Execute a statement that reads what was open.

        :param whole: it looks through much of the ledger, as for all customers on a
            past day: one look-up for each line would take longer
        """
        if whole:
            return self.env["dunning.plan"]._execute_on_ledger(query)
        return self.env.execute_query(query)

    @api.model
    def _flush(self):
        for model, field_names in FIELDS.items():
            self.env[model].flush_model(field_names)

    # ------------------------------------------------------------------
    # PARTS OF THE STATEMENT
    # ------------------------------------------------------------------

    @api.model
    def _get_company_query(self, scope: BalanceScope) -> SQL:
        """The lines that are open now less what does not count on the day, and those
        that are open on the day for that only."""
        return SQL(
            """
            WITH undone AS (%(undone)s)
            SELECT open.move_line_id,
                   open.move_id,
                   open.name,
                   open.company_id,
                   COALESCE(customer.commercial_partner_id, open.partner_id)
                       AS partner_id,
                   %(collector)s AS user_id,
                   open.currency_id,
                   %(currency)s AS company_currency_id,
                   open.date,
                   open.date_due,
                   open.date_invoice,
                   open.residual,
                   open.residual_company,
                   open.is_credit
              FROM (
                       %(still_open)s
                 UNION ALL
                       %(closed_since)s
                   ) open
         LEFT JOIN res_partner customer ON customer.id = open.partner_id
         LEFT JOIN res_partner partner
                ON partner.id = customer.commercial_partner_id
             WHERE (open.residual != 0 OR open.residual_company != 0)
               AND %(visible)s
            """,
            undone=self._get_undone_sql(scope),
            collector=(
                scope.company._dunning_get_collector_sql("partner")
                if scope.collectors
                else SQL("NULL::integer")
            ),
            currency=scope.company._dunning_get_currency().id,
            still_open=self._get_line_sql(scope, SQL("line.reconciled IS NOT TRUE")),
            closed_since=self._get_line_sql(
                scope, SQL("line.reconciled IS TRUE"), join=SQL("JOIN")
            ),
            visible=scope.company._dunning_get_visible_sql("partner"),
        )

    @api.model
    def _get_line_sql(self, scope: BalanceScope, condition, join=None) -> SQL:
        return SQL(
            """
            SELECT line.id AS move_line_id,
                   line.move_id,
                   COALESCE(line.move_name, line.name) AS name,
                   line.company_id,
                   line.partner_id,
                   line.currency_id,
                   line.date,
                   %(date_due)s AS date_due,
                   COALESCE(line.invoice_date, line.date) AS date_invoice,
                   COALESCE(
                       line.amount_residual_currency + undone.amount_currency,
                       line.amount_residual_currency
                   ) AS residual,
                   COALESCE(
                       line.amount_residual + undone.amount, line.amount_residual
                   ) AS residual_company,
                   %(is_credit)s AS is_credit
              FROM %(lines)s line
             %(join)s undone ON undone.line_id = line.id
             WHERE %(condition)s
               AND %(is_receivable)s
               AND line.parent_state = 'posted'
               AND line.company_id = %(company)s
               AND line.date <= %(date)s
               AND %(restriction)s
            """,
            date_due=self._get_date_due_sql(),
            is_credit=self._get_is_credit_sql(),
            lines=scope.lines,
            join=join or SQL("LEFT JOIN"),
            condition=condition,
            is_receivable=self._get_receivable_sql("line"),
            company=scope.company.id,
            date=scope.date,
            restriction=self._get_restriction("line", scope),
        )

    @api.model
    def _get_date_due_sql(self) -> SQL:
        return SQL(
            "LEAST(GREATEST(COALESCE(line.date_maturity, line.date), %s), %s)",
            FIRST_DAY,
            LAST_DAY,
        )

    @api.model
    def _get_is_credit_sql(self) -> SQL:
        """On the credit side: a line keeps its side whatever is reconciled with it."""
        return SQL(
            "(line.balance < 0 OR line.balance = 0 AND line.amount_currency < 0)"
        )

    @api.model
    def _get_receivable_sql(self, line: str) -> SQL:
        return SQL(
            "%s = ANY(%s)",
            SQL.identifier(line, "account_id"),
            list(self.env["dunning.ledger"]._get_account_ids()),
        )

    @api.model
    def _get_restriction(self, line: str, scope: BalanceScope) -> SQL:
        """Given as values: of some customers, the lines are found by them."""
        if scope.partners is None:
            return SQL("TRUE")
        partner = SQL.identifier(line, "partner_id")
        of_them = SQL("%s = ANY(%s)", partner, self._get_contact_ids(scope.partners))
        if NOBODY not in scope.partners:
            return of_them
        return SQL("(%s OR %s IS NULL)", of_them, partner)

    @api.model
    def _get_contact_ids(self, partner_ids: Iterable[int]) -> list[int]:
        contacts = SQL(
            "SELECT id FROM res_partner WHERE commercial_partner_id = ANY(%s)",
            list(partner_ids),
        )
        return [id_ for (id_,) in self.env.execute_query(contacts)]
