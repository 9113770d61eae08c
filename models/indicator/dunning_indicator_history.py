from datetime import date as Date
from itertools import accumulate

from odoo import api, models
from odoo.tools import SQL

from ...tools.indicators import MONTHS, Basis
from ...tools.months import first_of_month, month_ends
from .dunning_indicator import IndicatorScope


class DunningIndicator(models.AbstractModel):
    """Indicators of many months at once.

    How it works: the ledger is read once, however many months there are. Each line adds
    its balance from its date on, and each reconciliation takes its part away from the
    day it counts; what is overdue does so from the day after it was due. Summed up by
    month, and added up from the first to the last, that is what was open at each end.
    """

    _inherit = "dunning.indicator"

    # ------------------------------------------------------------------
    # ENTRY POINTS
    # ------------------------------------------------------------------

    @api.model
    def _get_history(self, scope: IndicatorScope, months: int) -> dict:
        """Return what indicators are worked out from at the end of each month.

        :param scope: its ``date`` is the last day; the period of each month is that of
            the month and the two before
        :param months: how many, the one of the day included
        :return: dict of segment (None without ``by``) to list of
            :class:`~odoo.addons.account_dunning.tools.indicators.Basis`, the oldest
            first
        """
        self._flush()
        self.env["dunning.balance"]._flush()
        ends = month_ends(scope.date, months + MONTHS)
        sums = self._read_open_sums(scope, ends)
        sales = self._read_monthly_sales(scope)
        promised = self._read_monthly_promises(scope, ends)
        found = {*sums, *sales} | ({None} if scope.by is None else set())
        return {
            segment: self._prepare_months(
                ends,
                sums.get(segment) or _OpenSums(ends),
                sales.get(segment, {}),
                promised.get(segment, []),
                past=scope.past,
            )
            for segment in found
        }

    @api.model
    def _prepare_months(self, ends, sums, sales, promised, *, past) -> list[Basis]:
        totals = sums.add_up()
        result = []
        for place in range(MONTHS, len(ends)):
            start = first_of_month(ends[place], MONTHS - 1)
            basis = Basis(start, ends[place], months=sales)
            basis.opening = totals[place - MONTHS]["receivable"]
            for name in ("not_due", "overdue", "credits", "over_90", "delay"):
                setattr(basis, name, totals[place][name])
            basis.sales = sum(
                amount
                for month, amount in sales.items()
                if start <= month <= ends[place]
            )
            running = past or place < len(ends) - 1
            for day, limit_place, counts in promised:
                judged = limit_place <= place if running else True
                if judged and start <= day <= ends[place]:
                    basis.promised.add(*counts)
            result.append(basis)
        return result

    # ------------------------------------------------------------------
    # WHAT WAS OPEN
    # ------------------------------------------------------------------

    @api.model
    def _read_open_sums(self, scope: IndicatorScope, ends) -> dict:
        found = {}
        rows = self.env["dunning.balance"]._execute(
            self._get_event_sql(scope, ends), whole=scope.partners is None
        )
        for segment, *event in rows:
            found.setdefault(segment, _OpenSums(ends)).add(*event)
        return found

    @api.model
    def _get_event_sql(self, scope: IndicatorScope, ends) -> SQL:
        """Return SQL giving what changes what is open: ``segment, is_credit``, the
        places among the month ends from which it counts, is overdue and is more than
        90 days late, ``amount``, and amount × due day. Days count from the last."""
        balance = self.env["dunning.balance"]
        return SQL(
            """
            WITH line AS NOT MATERIALIZED (%(line)s),
                 part AS (
                     SELECT debit_move_id AS line_id, max_date, -amount AS amount
                       FROM account_partial_reconcile partial
                      WHERE %(counted)s
                  UNION ALL
                     SELECT credit_move_id, max_date, amount
                       FROM account_partial_reconcile partial
                      WHERE %(counted)s
                 ),
                 event AS (
                     SELECT segment, is_credit, place, late_place, later_place,
                            SUM(balance) AS amount, SUM(balance * due) AS delay
                       FROM line
                   GROUP BY 1, 2, 3, 4, 5
                  UNION ALL
                     SELECT segment, is_credit,
                            WIDTH_BUCKET(
                                part.max_date - %(date)s - 1, %(ends)s::int[]
                            ),
                            late_place, later_place,
                            SUM(part.amount), SUM(part.amount * due)
                       FROM part
                       JOIN line ON line.id = part.line_id
                   GROUP BY 1, 2, 3, 4, 5
                 )
            SELECT segment, is_credit, place, late_place, later_place,
                   SUM(amount), SUM(delay)
              FROM event
          GROUP BY 1, 2, 3, 4, 5
            """,
            line=self._get_placed_line_sql(scope, ends),
            counted=SQL(
                """
                partial.max_date <= %(date)s
                AND partial.debit_move_id NOT IN (%(unposted)s)
                AND partial.credit_move_id NOT IN (%(unposted)s)
                """,
                date=scope.date,
                unposted=balance._get_unposted_lines_sql(),
            ),
            date=scope.date,
            ends=self._get_places(scope, ends),
        )

    @api.model
    def _get_placed_line_sql(self, scope: IndicatorScope, ends) -> SQL:
        balance = self.env["dunning.balance"]
        asked = balance._get_scope(scope.company, scope.date, scope.partners)
        places = self._get_places(scope, ends)
        return SQL(
            """
            SELECT line.id,
                   %(segment)s AS segment,
                   line.balance,
                   %(is_credit)s AS is_credit,
                   %(due)s - %(date)s AS due,
                   WIDTH_BUCKET(line.date - %(date)s - 1, %(ends)s::int[]) AS place,
                   WIDTH_BUCKET(%(due)s - %(date)s, %(ends)s::int[]) AS late_place,
                   WIDTH_BUCKET(%(due)s - %(date)s + 90, %(ends)s::int[])
                       AS later_place
              FROM account_move_line line
         LEFT JOIN res_partner customer ON customer.id = line.partner_id
         LEFT JOIN res_partner partner ON partner.id = customer.commercial_partner_id
                   %(segments)s
             WHERE %(is_receivable)s
               AND line.parent_state = 'posted'
               AND line.company_id = %(company)s
               AND line.date <= %(date)s
               AND %(restriction)s
               AND %(visible)s
            """,
            segment=self._get_segment(scope),
            segments=self._join_segments(
                scope, SQL("COALESCE(customer.commercial_partner_id, line.partner_id)")
            ),
            is_credit=balance._get_is_credit_sql(),
            due=balance._get_date_due_sql(),
            date=scope.date,
            ends=places,
            is_receivable=balance._get_receivable_sql("line"),
            company=scope.company.id,
            restriction=balance._get_restriction("line", asked),
            visible=scope.company._dunning_get_visible_sql("partner"),
        )

    @api.model
    def _get_places(self, scope: IndicatorScope, ends) -> list[int]:
        return [(end - scope.date).days for end in ends]

    # ------------------------------------------------------------------
    # WHAT WAS SOLD AND PROMISED
    # ------------------------------------------------------------------

    @api.model
    def _read_monthly_sales(self, scope: IndicatorScope) -> dict:
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segment, DATE_TRUNC('month', date)::date, SUM(amount)
                  FROM (%s) sales
              GROUP BY 1, 2
                """,
                self._get_sales_sql(scope),
            )
        )
        found = {}
        for segment, month, amount in rows:
            found.setdefault(segment, {})[month] = amount
        return found

    @api.model
    def _read_monthly_promises(self, scope: IndicatorScope, ends) -> dict:
        """Return the instalments whose end is known, by segment: the month, the place
        of the month end from which it is known, and counts and amounts."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT segment, currency_id, DATE_TRUNC('month', date)::date,
                       WIDTH_BUCKET(date_limit - %(date)s - 1, %(ends)s::int[]),
                       COUNT(*), COUNT(*) FILTER (WHERE state = 'kept'),
                       SUM(amount), SUM(in_time)
                  FROM (%(promised)s) promised
              GROUP BY 1, 2, 3, 4
                """,
                date=scope.date,
                ends=self._get_places(scope, ends),
                promised=self._get_promised_sql(scope),
            )
        )
        found = {}
        for segment, currency_id, month, place, judged, kept, amount, in_time in rows:
            rate = self._get_rate(scope, currency_id)
            counts = judged, kept, amount * rate, in_time * rate
            found.setdefault(segment, []).append((month, place, counts))
        return found


class _OpenSums:
    """What changed what was open, by the month end from which it counts."""

    def __init__(self, ends: list[Date]):
        self.ends = ends
        self.changes = {
            name: [0.0] * len(ends)
            for name in ("gross", "credits", "overdue", "over_90", "due_days")
        }

    def add(
        self,
        is_credit: bool,
        place: int,
        late_place: int,
        later_place: int,
        amount: float,
        due_days: float,
    ):
        """Let something have changed, see :meth:`_get_event_sql`."""
        if is_credit:
            self._add("credits", place, amount)
            return
        self._add("gross", place, amount)
        self._add("overdue", max(place, late_place), amount)
        self._add("due_days", max(place, late_place), due_days)
        self._add("over_90", max(place, later_place), amount)

    def _add(self, name, place, amount):
        # What is overdue later than all month ends is so on none.
        if place < len(self.ends):
            self.changes[name][place] += amount

    def add_up(self) -> list[dict]:
        """Return what was open at each end."""
        sums = {name: list(accumulate(c)) for name, c in self.changes.items()}
        last = self.ends[-1]
        return [
            {
                "receivable": sums["gross"][place] + sums["credits"][place],
                "not_due": sums["gross"][place] - sums["overdue"][place],
                "overdue": sums["overdue"][place],
                "credits": sums["credits"][place],
                "over_90": sums["over_90"][place],
                "delay": (end - last).days * sums["overdue"][place]
                - sums["due_days"][place],
            }
            for place, end in enumerate(self.ends)
        ]
