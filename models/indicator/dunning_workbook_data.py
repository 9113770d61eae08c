from collections.abc import Iterator

from odoo import api, models
from odoo.tools import SQL

from .dunning_workbook_making import Totals

# Rows that are fetched at a time.
FETCH_SIZE = 5_000


class DunningWorkbook(models.Model):
    """What a workbook reads of the balance of its day, under the rights of its author.
    Rows are written as they come: nothing is kept but sums."""

    _inherit = "dunning.workbook"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_readable_companies(self):
        """Return the companies of the workbook in which its author works.

        :raise AccessError: in none of them, or without rights on dunning
        """
        # Who has left a company knows it no longer.
        companies_sudo = self.sudo().company_ids
        allowed = set(self.env.user._get_company_ids())
        companies_sudo = (
            companies_sudo.filtered(lambda company: company.id in allowed)
            or companies_sudo
        )
        companies = companies_sudo.sorted("id").sudo(self.env.su)
        companies._dunning_check_figures()
        return companies

    def _get_balance_query(self, companies) -> SQL:
        """Return SQL giving the items of the workbook: the columns of
        ``dunning.balance``, ``age`` and ``days_late``."""
        condition = SQL("TRUE")
        # Who reads it need not be allowed to read all it is restricted to.
        user_ids, line_ids = self.sudo().user_ids.ids, self.sudo().move_line_ids.ids
        if user_ids:
            condition = SQL("%s AND balance.user_id = ANY(%s)", condition, user_ids)
        if line_ids:
            condition = SQL(
                "%s AND balance.move_line_id = ANY(%s)", condition, line_ids
            )
        if looked_for := self._get_filter_sql(companies):
            condition = SQL("%s AND balance.move_line_id IN %s", condition, looked_for)
        balance = self.env["dunning.balance"]
        query = balance._get_query(companies, self.date, self._get_partners())
        counted = "date_due" if self.by == "due" else "date_invoice"
        return SQL(
            """
            SELECT balance.*,
                   %(age)s AS age,
                   CASE WHEN NOT balance.is_credit
                        THEN GREATEST(%(date)s - %(counted)s, 0)
                   END AS days_late
              FROM (%(query)s) balance
             WHERE %(condition)s
            """,
            age=balance._get_age_sql(self.date, self.by, self._get_limits()),
            counted=SQL.identifier("balance", counted),
            date=self.date,
            condition=condition,
            query=self._net(query) if self.credits == "netted" else query,
        )

    @api.model
    def _net(self, query: SQL) -> SQL:
        """Have credits counted by their own age, as what is owed is."""
        return SQL(
            """
            SELECT move_line_id, move_id, company_id, partner_id, user_id, currency_id,
                   company_currency_id, date, date_due, date_invoice, residual,
                   residual_company, FALSE AS is_credit
              FROM (%s) balance
            """,
            query,
        )

    def _get_partners(self):
        """Return the customers the workbook is restricted to, None for all."""
        # The balance asks whose figures are seen.
        partners_sudo = self.sudo().partner_ids.commercial_partner_id
        items_sudo = self.sudo().move_line_ids
        if not partners_sudo and all(item.partner_id for item in items_sudo):
            partners_sudo = items_sudo.partner_id.commercial_partner_id
        return partners_sudo or None

    def _read_totals(self, companies) -> dict[tuple[int, int], Totals]:
        """Return the sums by ids of company and currency."""
        totals = {}
        query = SQL(
            """
            SELECT company_id, currency_id, age,
                   COUNT(*), SUM(residual), SUM(residual_company)
              FROM (%s) balance
          GROUP BY company_id, currency_id, age
          ORDER BY company_id, currency_id
            """,
            self._get_balance_query(companies),
        )
        for company_id, currency_id, age, count, amount, company in self._stream(query):
            found = totals.setdefault((company_id, currency_id), Totals())
            found.count[age] = count
            found.amount[age] = amount
            found.company[age] = company
        return totals

    @api.model
    def _choose(self, number: SQL, texts: dict) -> SQL:
        """Return SQL giving a text for each number."""
        cases = SQL(" ").join(
            SQL("WHEN %s THEN %s", key, text) for key, text in texts.items()
        )
        return SQL("CASE %s %s END", number, cases or SQL("WHEN NULL THEN NULL"))

    @api.model
    def _stream(self, query: SQL) -> Iterator[tuple]:
        """Execute a statement and yield its rows: the driver never holds more than
        some of them."""
        with self.env["dunning.plan"]._hashed_joins():
            self.env.cr.execute(
                SQL("DECLARE dunning_workbook NO SCROLL CURSOR FOR %s", query)
            )
        fetch = SQL("FETCH %s FROM dunning_workbook", FETCH_SIZE)
        while rows := self.env.execute_query(fetch):
            yield from rows
        self.env.cr.execute("CLOSE dunning_workbook")

    @api.model
    def _get_labels(self, model, name) -> dict[str, str]:
        """Return what the values of a selection are called."""
        return dict(self.env[model]._fields[name]._description_selection(self.env))
