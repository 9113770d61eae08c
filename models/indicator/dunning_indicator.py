from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date as Date

from odoo import api, models
from odoo.tools import SQL

from ...tools.dates import shift
from ...tools.indicators import Basis
from ...tools.months import first_of_month

SALES_TYPES = ("out_invoice", "out_receipt", "out_refund")
# Months of sales that are read first; most companies' receivables are of these.
COUNTED_MONTHS = 12
FIELDS = {
    "account.move": [
        "amount_total_signed",
        "commercial_partner_id",
        "company_id",
        "date",
        "move_type",
        "state",
    ],
    "dunning.promise": None,
    "dunning.promise.line": None,
    "res.partner": None,
}


@dataclass(frozen=True)
class IndicatorScope:
    """What indicators are asked for.

    :param company: the ``res.company``
    :param date: last day of the period, on which receivables are counted
    :param date_from: first day of the period
    :param partners: commercial partners, None for all
    :param by: what customers are told apart by (see :meth:`_get_segment_sql`), if any
    """

    company: models.BaseModel
    date: Date
    date_from: Date
    partners: models.BaseModel | None = None
    by: str | None = None

    @property
    def past(self) -> bool:
        """Whether the day is over where the company works."""
        return self.date < self.company._dunning_today()


class DunningIndicator(models.AbstractModel):
    """What indicators are worked out from, read for all customers at once.

    How it works: three statements, whatever there is: what is open
    (``dunning.balance``), what was sold, what was promised. Each tells the customers
    apart when asked to. The arithmetic is in :mod:`tools.indicators`.
    """

    _name = "dunning.indicator"
    _description = "Indicators"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _get_bases(self, scope: IndicatorScope) -> dict[Hashable, Basis]:
        """Return what indicators are worked out from, by segment.

        Rights on the company were asked for before; only the customers whose figures
        who asks may see count.

        :return: dict of the segment to its basis; without ``by`` there is one, None
        """
        self._flush()
        bases = _Bases(scope)
        self._add_receivables(scope, bases)
        self._add_openings(scope, bases)
        self._add_sales(scope, bases)
        self._add_promises(scope, bases)
        return dict(bases)

    @api.model
    def _flush(self):
        for model, field_names in FIELDS.items():
            self.env[model].flush_model(field_names)

    # ------------------------------------------------------------------
    # WHAT IS OPEN
    # ------------------------------------------------------------------

    @api.model
    def _add_receivables(self, scope: IndicatorScope, bases):
        rows = self.env["dunning.balance"]._execute(
            SQL(
                """
                SELECT segment,
                       SUM(amount) FILTER (WHERE days <= 0 AND NOT is_credit),
                       SUM(amount) FILTER (WHERE days > 0 AND NOT is_credit),
                       SUM(amount) FILTER (WHERE is_credit),
                       SUM(amount) FILTER (WHERE days > 90 AND NOT is_credit),
                       SUM(amount * days) FILTER (WHERE days > 0 AND NOT is_credit)
                  FROM (
                           SELECT %(segment)s AS segment,
                                  balance.residual_company AS amount,
                                  %(date)s - balance.date_due AS days,
                                  balance.is_credit
                             FROM (%(balance)s) balance
                                  %(segments)s
                       ) item
              GROUP BY segment
                """,
                segment=self._get_segment(scope),
                date=scope.date,
                balance=self._get_balance(scope, scope.date),
                segments=self._join_segments(scope, SQL("balance.partner_id")),
            ),
            whole=scope.past and scope.partners is None,
        )
        for segment, not_due, overdue, credit, over_90, delay in rows:
            basis = bases[segment]
            basis.not_due = not_due or 0.0
            basis.overdue = overdue or 0.0
            basis.credits = credit or 0.0
            basis.over_90 = over_90 or 0.0
            basis.delay = delay or 0.0

    @api.model
    def _add_openings(self, scope: IndicatorScope, bases):
        """What was open on the evening before the period."""
        if self._is_whole(scope):
            basis = bases[None]
            basis.opening = basis.receivable - self._get_movement(scope)
            return
        rows = self.env["dunning.balance"]._execute(
            SQL(
                """
                SELECT %(segment)s, SUM(balance.residual_company)
                  FROM (%(balance)s) balance
                       %(segments)s
              GROUP BY 1
                """,
                segment=self._get_segment(scope),
                balance=self._get_balance(scope, shift(scope.date_from, -1)),
                segments=self._join_segments(scope, SQL("balance.partner_id")),
            ),
            whole=scope.partners is None,
        )
        for segment, amount in rows:
            bases[segment].opening = amount

    @api.model
    def _is_whole(self, scope: IndicatorScope) -> bool:
        """Return whether all that is reconciled lies within what is asked for, so that
        reconciliations change no total."""
        company = scope.company
        return (
            scope.partners is None
            and scope.by is None
            and not company._dunning_get_parent_ids(company)
            and not company._dunning_get_branch_ids(company)
            and not company._dunning_sees_own_only()
        )

    @api.model
    def _get_movement(self, scope: IndicatorScope) -> float:
        """Return by how much receivables of a whole company changed in the period."""
        balance = self.env["dunning.balance"]
        ((amount,),) = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(line.balance), 0)
                  FROM account_move_line line
                 WHERE %s
                   AND line.company_id = %s
                   AND line.parent_state = 'posted'
                   AND line.date >= %s
                   AND line.date <= %s
                """,
                balance._get_receivable_sql("line"),
                scope.company.id,
                scope.date_from,
                scope.date,
            )
        )
        return amount

    @api.model
    def _get_balance(self, scope: IndicatorScope, day: Date) -> SQL:
        balance = self.env["dunning.balance"]
        return balance._get_query(scope.company, day, scope.partners, collectors=False)

    # ------------------------------------------------------------------
    # WHAT WAS SOLD
    # ------------------------------------------------------------------

    @api.model
    def _add_sales(self, scope: IndicatorScope, bases):
        """Sales of the period, and of as many months as receivables reach back."""
        start = min(scope.date_from, first_of_month(scope.date, COUNTED_MONTHS - 1))
        self._read_sales(scope, bases, start)
        if any(
            basis.receivable > sum(basis.months.values()) for basis in bases.values()
        ):
            for basis in bases.values():
                basis.months.clear()
            self._read_sales(scope, bases)

    @api.model
    def _read_sales(self, scope: IndicatorScope, bases, start=None):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segment,
                       DATE_TRUNC('month', date)::date,
                       SUM(amount),
                       SUM(amount) FILTER (WHERE date >= %(date_from)s)
                  FROM (%(sales)s) sales
              GROUP BY 1, 2
                """,
                date_from=scope.date_from,
                sales=self._get_sales_sql(scope, start),
            )
        )
        for basis in bases.values():
            basis.sales = 0.0
        for segment, month, amount, in_period in rows:
            bases[segment].months[month] = amount
            bases[segment].sales += in_period or 0.0

    @api.model
    def _get_sales_sql(self, scope: IndicatorScope, start=None) -> SQL:
        """Return SQL giving ``segment, date, amount`` of customer invoices and receipts
        less credit notes, tax included, in company currency.

        :param start: the first day, None for all that was ever sold
        """
        partners = SQL("TRUE")
        if scope.partners is not None:
            partners = SQL("move.commercial_partner_id = ANY(%s)", scope.partners.ids)
        return SQL(
            """
            SELECT %(segment)s AS segment,
                   move.date,
                   move.amount_total_signed AS amount
              FROM account_move move
         LEFT JOIN res_partner partner ON partner.id = move.commercial_partner_id
                   %(segments)s
             WHERE move.company_id = %(company)s
               AND move.state = 'posted'
               AND move.move_type IN %(types)s
               AND move.date <= %(date)s
               AND %(start)s
               AND %(partners)s
               AND %(visible)s
            """,
            segment=self._get_segment(scope),
            segments=self._join_segments(scope, SQL("move.commercial_partner_id")),
            company=scope.company.id,
            types=SALES_TYPES,
            date=scope.date,
            start=SQL("move.date >= %s", start) if start else SQL("TRUE"),
            partners=partners,
            visible=scope.company._dunning_get_visible_sql("partner"),
        )

    # ------------------------------------------------------------------
    # WHAT WAS PROMISED
    # ------------------------------------------------------------------

    @api.model
    def _add_promises(self, scope: IndicatorScope, bases):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segment, currency_id, COUNT(*),
                       COUNT(*) FILTER (WHERE state = 'kept'),
                       SUM(amount), SUM(in_time)
                  FROM (%(promised)s) promised
                 WHERE date >= %(date_from)s AND %(judged)s
              GROUP BY segment, currency_id
                """,
                promised=self._get_promised_sql(scope),
                date_from=scope.date_from,
                judged=self._get_judged_sql(scope),
            )
        )
        for segment, currency_id, judged, kept, amount, in_time in rows:
            rate = self._get_rate(scope, currency_id)
            bases[segment].promised.add(judged, kept, amount * rate, in_time * rate)

    @api.model
    def _get_judged_sql(self, scope: IndicatorScope) -> SQL:
        """On a past day, an instalment whose tolerance was not over was running."""
        if scope.past:
            return SQL("date_limit <= %s", scope.date)
        return SQL("TRUE")

    @api.model
    def _get_promised_sql(self, scope: IndicatorScope) -> SQL:
        """Return SQL giving the instalments due until the day whose end is known:
        ``segment, currency_id, date, date_limit, state, amount, in_time``."""
        partners = SQL("TRUE")
        if scope.partners is not None:
            partners = SQL("promise.partner_id = ANY(%s)", scope.partners.ids)
        return SQL(
            """
            SELECT %(segment)s AS segment,
                   promise.currency_id,
                   line.date,
                   COALESCE(line.date_limit, line.date) AS date_limit,
                   line.state,
                   line.amount,
                   LEAST(line.amount_in_time, line.amount) AS in_time
              FROM dunning_promise_line line
              JOIN dunning_promise promise ON promise.id = line.promise_id
              JOIN res_partner partner ON partner.id = promise.partner_id
                   %(segments)s
             WHERE promise.company_id = %(company)s
               AND line.state IN ('kept', 'partly_kept', 'broken')
               AND (promise.approval IS NULL OR promise.approval = 'approved')
               AND line.date <= %(date)s
               AND %(partners)s
               AND %(visible)s
            """,
            segment=self._get_segment(scope),
            segments=self._join_segments(scope, SQL("promise.partner_id")),
            company=scope.company.id,
            date=scope.date,
            partners=partners,
            visible=scope.company._dunning_get_visible_sql("partner"),
        )

    @api.model
    def _get_rate(self, scope: IndicatorScope, currency_id) -> float:
        """Return what one of another currency is worth in the company's on the day."""
        own = scope.company._dunning_get_currency()
        currency = own.browse(currency_id)
        return own._get_conversion_rate(currency, own, scope.company, scope.date)


class _Bases(dict):
    """The basis of each segment, empty at first; of the whole there is always one."""

    def __init__(self, scope: IndicatorScope):
        super().__init__()
        self.scope = scope
        if scope.by is None:
            self.__missing__(None)

    def __missing__(self, segment):
        basis = Basis(self.scope.date_from, self.scope.date)
        return self.setdefault(segment, basis)
