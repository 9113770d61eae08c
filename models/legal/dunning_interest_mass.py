from collections.abc import Iterator
from contextlib import contextmanager

from odoo import api, models
from odoo.tools import SQL

from ...tools.dates import FIRST_DAY, LAST_DAY
from .dunning_interest import FIXED, LAW, MINIMUM, InterestScope

# By which days are parts of a year both in leap years and in others.
COMMON_YEAR = 365 * 366
# Decimals that a quotient needs, so that it is never rounded to a half by itself.
SCALE = "1.000000000000"


class DunningInterest(models.AbstractModel):
    """Interest on a whole ledger, in one statement.

    How it works: each event (payment, beginning or end of a pause) gives the base from
    its day on (``level``); each level is cut by the rates of its customer (``period``).
    The arithmetic is that of ``tools/interest.py``, exact and rounded once a period.
    """

    _inherit = "dunning.interest"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_sums_sql(self, scope: InterestScope) -> SQL:
        """Return SQL of the interest on items until a date.

        :return: SQL selecting ``id`` (of the item), ``move_id, partner_id, currency_id,
            kind, country_id``, ``interest`` (of the days whose rate is known),
            ``missing`` (the first day without one), ``date_from, date_to`` (the days
            that bear interest) and ``problem`` (``no_due`` or ``overpaid``: no
            interest can be worked out)
        """
        return SQL(
            """
            %(ctes)s
            SELECT debt.id,
                   debt.move_id,
                   debt.partner_id,
                   debt.currency_id,
                   debt.kind,
                   debt.country_id,
                   COALESCE(total.interest, 0) AS interest,
                   total.missing,
                   total.date_from,
                   total.date_to,
                   CASE WHEN debt.date_due IS NULL THEN 'no_due'
                        WHEN total.lowest < 0 THEN 'overpaid'
                   END AS problem
              FROM debt
         LEFT JOIN (
                       SELECT id,
                              SUM(amount) AS interest,
                              MIN(date_from) FILTER (WHERE rate IS NULL AND base > 0)
                                  AS missing,
                              MIN(date_from) FILTER (WHERE base > 0) AS date_from,
                              MAX(date_to) FILTER (WHERE base > 0) AS date_to,
                              MIN(left_over) AS lowest
                         FROM period
                     GROUP BY id
                   ) total
                ON total.id = debt.id
            """,
            ctes=self._get_ctes(scope),
        )

    @api.model
    def _get_periods_sql(self, scope: InterestScope) -> SQL:
        """Return SQL of the periods of items: ``id, date_from, date_to, base, rate,
        amount``, as ``tools/interest.py`` gives them one by one."""
        return SQL(
            """
            %s
            SELECT id, date_from, date_to, base, rate, amount
              FROM period
             WHERE base > 0
          ORDER BY id, date_from
            """,
            self._get_ctes(scope),
        )

    @api.model
    @contextmanager
    def _planned_for_many(self, scope: InterestScope) -> Iterator[None]:
        """Have the database join by hash, see ``dunning.plan``: right after an import
        it would loop over the items of a ledger whose size it does not know."""
        if scope.items is not None or scope.partners is not None:
            yield
            return
        self.env.cr.execute("SET LOCAL enable_nestloop TO off")
        try:
            yield
        finally:
            self.env.cr.execute("SET LOCAL enable_nestloop TO on")

    @api.model
    def _fetch_sums(self, scope: InterestScope) -> list[dict]:
        """Return the rows of :meth:`_get_sums_sql`."""
        self._flush()
        with self._planned_for_many(scope):
            return self.env.execute_query_dict(self._get_sums_sql(scope))

    # ------------------------------------------------------------------
    # BUSINESS METHODS - PARTS
    # ------------------------------------------------------------------

    @api.model
    def _get_ctes(self, scope: InterestScope) -> SQL:
        schedules, rates = self._get_schedules(scope)
        return SQL(
            """
            WITH schedule(country_id, kind, method, place) AS (%(schedules)s),
                 rate(place, date_from, date_to, percent, frozen) AS (%(rates)s),
                 debt AS MATERIALIZED (
                     SELECT debt.*,
                            debt.date_due + 1 AS first,
                            COALESCE(schedule.place, 0) AS place,
                            begin.frozen,
                            begin.percent AS frozen_percent,
                            currency.rounding AS step
                       FROM (%(debt)s) debt
                       JOIN res_currency currency ON currency.id = debt.currency_id
                  LEFT JOIN schedule
                         ON schedule.country_id = COALESCE(debt.country_id, 0)
                        AND schedule.kind = debt.kind
                        AND schedule.method = debt.method
                  LEFT JOIN rate begin
                         ON begin.place = COALESCE(schedule.place, 0)
                        AND debt.date_due + 1 BETWEEN begin.date_from AND begin.date_to
                 ),
                 event AS (%(events)s),
                 level AS (%(levels)s),
                 period AS (%(periods)s)
            """,
            schedules=schedules,
            rates=rates,
            debt=self._get_debt_sql(scope),
            events=self._get_events_sql(scope),
            levels=self._get_levels_sql(scope),
            periods=self._get_cut_sql(scope),
        )

    @api.model
    def _get_schedules(self, scope: InterestScope):
        """Return SQL of who has which schedule, and of the rates of each. That of the
        place 0 is each item's own rate."""
        schedules = [(0, "", FIXED, 0)]
        rates = [(0, FIRST_DAY, LAST_DAY, None, False)]
        needed = self.env.execute_query(self._get_needed_sql(scope))
        countries = self.env["res.country"]
        for place, (country_id, kind, method) in enumerate(needed, 1):
            schedules.append((country_id or 0, kind, method, place))
            country = countries.browse(country_id or ())
            rates += [
                (place, *span)
                for span in self._get_rate_spans(scope.company, country, kind, method)
            ]
        return (
            SQL(
                "SELECT * FROM UNNEST(%s::int[], %s::text[], %s::text[], %s::int[])",
                *(list(column) for column in zip(*schedules, strict=True)),
            ),
            SQL(
                "SELECT * FROM UNNEST(%s::int[], %s::date[], %s::date[],"
                " %s::numeric[], %s::bool[])",
                *(list(column) for column in zip(*rates, strict=True)),
            ),
        )

    @api.model
    def _get_needed_sql(self, scope: InterestScope) -> SQL:
        """The countries and kinds of customers, each with the ways to give a rate."""
        return SQL(
            """
            SELECT DISTINCT COALESCE(customer.country_id, %(country)s),
                   kind.value,
                   method.value
              FROM res_partner customer
        CROSS JOIN LATERAL (SELECT %(kind)s AS value) kind
        CROSS JOIN UNNEST(%(methods)s) method(value)
             WHERE customer.id = customer.commercial_partner_id
            """,
            country=scope.company.country_id.id or None,
            kind=self.env["res.partner"]._dunning_get_kind_sql("customer"),
            methods=[LAW, MINIMUM],
        )

    @api.model
    def _get_events_sql(self, scope: InterestScope) -> SQL:
        """What changes the base of an item, on the day from which it does."""
        pauses = self._get_pauses(scope)
        columns = zip(*pauses, strict=True) if pauses else ((), (), (), ())
        ids, starts, ends, amounts = (list(column) for column in columns)
        return SQL(
            """
            SELECT debt.id,
                   GREATEST(event.day, debt.first) AS day,
                   SUM(event.paid) AS paid,
                   SUM(event.paused) AS paused,
                   SUM(event.whole) AS whole
              FROM (
                       SELECT id, day + 1 AS day, amount AS paid,
                              0 AS paused, 0 AS whole
                         FROM (%(payments)s) payment
                    UNION ALL
                       SELECT id, date_from, 0, COALESCE(amount, 0),
                              CASE WHEN amount IS NULL THEN 1 ELSE 0 END
                         FROM UNNEST(%(ids)s::int[], %(starts)s::date[],
                                     %(amounts)s::numeric[])
                              pause(id, date_from, amount)
                    UNION ALL
                       SELECT id, date_to + 1, 0, -COALESCE(amount, 0),
                              CASE WHEN amount IS NULL THEN -1 ELSE 0 END
                         FROM UNNEST(%(ids)s::int[], %(ends)s::date[],
                                     %(amounts)s::numeric[])
                              pause(id, date_to, amount)
                        WHERE date_to IS NOT NULL
                   ) event
              JOIN debt ON debt.id = event.id
             WHERE event.day <= %(date)s
          GROUP BY debt.id, GREATEST(event.day, debt.first)
            """,
            payments=self._get_payment_sql(scope),
            ids=ids,
            starts=starts,
            ends=ends,
            amounts=amounts,
            date=scope.date,
        )

    @api.model
    def _get_levels_sql(self, scope: InterestScope) -> SQL:
        """What bears interest on each item, from which day to which, and by which
        rates: all that is needed to cut it, so that items are not joined again."""
        return SQL(
            """
            SELECT debt.id,
                   debt.first AS date_from,
                   %(date)s::date AS date_to,
                   debt.principal AS base,
                   debt.principal AS left_over,
                   %(terms)s
              FROM debt
             WHERE debt.first <= %(date)s
               AND NOT EXISTS (SELECT FROM event WHERE event.id = debt.id)
         UNION ALL
            SELECT debt.id,
                   debt.day,
                   COALESCE(LEAD(debt.day) OVER item - 1, %(date)s::date),
                   CASE WHEN SUM(debt.whole) OVER item > 0 THEN 0
                        ELSE GREATEST(
                            debt.principal
                            - SUM(debt.paid) OVER item
                            - SUM(debt.paused) OVER item, 0)
                   END,
                   debt.principal - SUM(debt.paid) OVER item,
                   %(terms)s
              FROM (
                       SELECT debt.*, event.day, event.paid, event.paused, event.whole
                         FROM event
                         JOIN debt ON debt.id = event.id
                    UNION ALL
                       SELECT debt.*, debt.first, 0, 0, 0
                         FROM debt
                        WHERE debt.first <= %(date)s
                          AND EXISTS (SELECT FROM event WHERE event.id = debt.id)
                          AND NOT EXISTS (
                                  SELECT FROM event
                                   WHERE event.id = debt.id AND event.day = debt.first
                              )
                   ) debt
            WINDOW item AS (PARTITION BY debt.id ORDER BY debt.day)
            """,
            date=scope.date,
            terms=SQL(
                """
                CASE WHEN debt.frozen THEN 0 ELSE debt.place END AS place,
                CASE WHEN debt.frozen THEN debt.frozen_percent ELSE debt.fixed END
                    AS own_percent,
                debt.step
                """
            ),
        )

    @api.model
    def _get_cut_sql(self, scope: InterestScope) -> SQL:
        """The periods: levels, cut where the rate changes."""
        return SQL(
            """
            SELECT part.*,
                   ROUND(
                       part.base * part.rate * %(years)s * %(scale)s::numeric
                       / (100 * %(year)s * part.step)
                   ) * part.step AS amount
              FROM (
                       SELECT level.id,
                              level.base,
                              level.left_over,
                              level.step,
                              GREATEST(level.date_from, rate.date_from) AS date_from,
                              LEAST(level.date_to, rate.date_to) AS date_to,
                              CASE WHEN rate.place = 0 THEN level.own_percent
                                   ELSE rate.percent
                              END AS rate
                         FROM level
                         JOIN rate
                           ON rate.place = level.place
                          AND rate.date_from <= level.date_to
                          AND rate.date_to >= level.date_from
                   ) part
            """,
            scale=SQL(SCALE),
            **self._get_year_sql(scope),
        )

    @api.model
    def _get_year_sql(self, scope: InterestScope):
        """Days of a period, and of the year of which they are a part."""
        # What a company has set does not depend on who asks.
        basis = scope.company.sudo().dunning_interest_basis
        if basis != "actual":
            days = SQL("(part.date_to - part.date_from + 1)")
            return {"years": days, "year": int(basis)}

        def count(day, before):
            return SQL(
                """
                (EXTRACT(year FROM %(day)s) * %(common)s
                 + (EXTRACT(doy FROM %(day)s) - %(before)s) * CASE
                       WHEN EXTRACT(doy FROM MAKE_DATE(
                           EXTRACT(year FROM %(day)s)::int, 12, 31)) = 366
                       THEN 365
                       ELSE 366
                   END)
                """,
                day=day,
                common=COMMON_YEAR,
                before=before,
            )

        end, start = count(SQL("part.date_to"), 0), count(SQL("part.date_from"), 1)
        return {"years": SQL("(%s - %s)", end, start), "year": COMMON_YEAR}
