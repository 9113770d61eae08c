from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast_habit import HALF_LIFE, HORIZON

# Counts are added up in one number: so many bits hold the weeks, or the months, of the
# horizon, and a number of the database holds so many counts.
WEEKDAY_BITS, MONTH_BITS = 8, 5
MONTH_COUNTS = 63 // MONTH_BITS
# No more calendars than that are told apart; the rarest are taken for none.
MOST_RUNS = 400


def _split_run_days():
    """Return the days of the month, as many together as one number counts."""
    days = tools.RUN_DAYS
    return [days[n : n + MONTH_COUNTS] for n in range(0, len(days), MONTH_COUNTS)]


def _unpack(column: str, number: int, bits: int) -> SQL:
    return SQL(
        "(%s >> %s & %s)::int", SQL.identifier(column), bits * number, (1 << bits) - 1
    )


class DunningForecast(models.AbstractModel):
    """On which days customers pay: many pay once a week, or on some days of the month,
    whatever is due by then."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # DAYS ON WHICH CUSTOMERS PAY
    # ------------------------------------------------------------------

    @api.model
    def _learn_calendars(self, scope, habits):
        """Find out who pays on which days, and keep the delays: of each payment those
        from the due date to the day on which it became ripe, which lies between the
        days on which the customer paid."""
        first = scope.date - timedelta(HORIZON)
        last = scope.date + timedelta(scope.ends[-1] if scope.weeks else 0)
        off = self._get_days_off(scope.company, first, last)
        runs, share_off = self._find_runs(scope, first, off)
        numbers = {None: 0}
        for run, _partner_id in runs:
            numbers.setdefault(run, len(numbers))
        habits.runs = list(numbers)
        ordinal = scope.date.toordinal()
        habits.days = [
            [
                day - ordinal
                for day in tools.get_effective_days(run, first, last, off, share_off)
            ]
            for run in habits.runs
        ]
        self._keep_calendars(habits, [(id_, numbers[run]) for run, id_ in runs])

    @api.model
    def _get_days_off(self, company, first, last):
        """Return the days on which nobody pays: banks do not work on weekends."""
        count = (last - first).days + 1
        days = (first + timedelta(number) for number in range(count))
        weekends = {day for day in days if day.weekday() > 4}
        return weekends | company._dunning_get_days_off(first, last)

    @api.model
    def _find_runs(self, scope, first, off):
        """Return the customers whose days of payment follow a rule, with the rule, and
        which share of all payments is made on days off."""
        self._keep_calendar(scope, first, off)
        weekdays = [_unpack("weekdays", number, WEEKDAY_BITS) for number in range(7)]
        month_days = [
            _unpack(f"month_{word}", number, MONTH_BITS)
            for word, days in enumerate(_split_run_days())
            for number in range(len(days))
        ]
        rows = self.env.execute_query(
            SQL(
                """
                WITH paid AS (
                         SELECT partner_id, day
                           FROM dunning_forecast_payment
                       GROUP BY partner_id, day
                     ),
                     customer AS (
                         SELECT paid.partner_id, COUNT(*) AS days,
                                COUNT(*) FILTER (WHERE calendar.off) AS off,
                                SUM(weekdays)::bigint AS weekdays, %(sums)s
                           FROM paid
                           JOIN dunning_forecast_calendar calendar USING (day)
                       GROUP BY paid.partner_id
                     ),
                     counted AS (
                         SELECT partner_id, days,
                                ARRAY[%(weekdays)s] AS weekdays,
                                ARRAY[%(month_days)s] AS month_days
                           FROM customer
                          WHERE days > %(least)s
                            AND (
                                GREATEST(%(month_days)s)
                                    >= GREATEST(%(least)s, 0.2 * days)
                                OR GREATEST(%(weekdays)s) >= %(share)s * days
                            )
                     )
                SELECT partner_id, days, weekdays, month_days, NULL, NULL FROM counted
                 UNION ALL
                SELECT NULL, NULL, NULL, NULL, SUM(days), SUM(off) FROM customer
                """,
                sums=SQL(", ").join(
                    SQL(
                        "SUM(%(name)s)::bigint AS %(name)s",
                        name=SQL.identifier(f"month_{word}"),
                    )
                    for word in range(len(_split_run_days()))
                ),
                weekdays=SQL(", ").join(weekdays),
                month_days=SQL(", ").join(month_days),
                least=tools.MONTHLY_DAYS,
                share=tools.RULE_SHARE,
            )
        )
        found, share_off = [], 0.0
        for partner_id, days, of_week, of_month, all_days, all_off in rows:
            if partner_id is None:
                share_off = float(all_off / all_days) if all_days else 0.0
            elif run := tools.find_run(of_week, of_month, days):
                found.append((run, partner_id))
        return self._keep_commonest(found), share_off

    @api.model
    def _keep_commonest(self, found):
        numbers = {}
        for run, _partner_id in found:
            numbers[run] = numbers.get(run, 0) + 1
        kept = sorted(numbers, key=lambda run: (-numbers[run], run))[:MOST_RUNS]
        return [(run, id_) for run, id_ in sorted(found) if run in set(kept)]

    @api.model
    def _keep_calendar(self, scope, first, off):
        """Keep for each date, as numbers that can be added up, which day of the week it
        is and which of ``RUN_DAYS`` are paid on it."""
        count = (scope.date - first).days + 1
        dates = [first + timedelta(number) for number in range(count)]
        columns = []
        for days in _split_run_days():
            values = dict.fromkeys(dates, 0)
            for number, day in enumerate(days):
                for date in tools.list_run_days(
                    [day], first, scope.date, lambda d: d in off
                ):
                    values[date] += 1 << MONTH_BITS * number
            columns.append(list(values.values()))
        self._keep(
            "calendar",
            SQL(
                """
                SELECT *
                  FROM UNNEST(%(days)s, %(off)s, %(weekdays)s::bigint[], %(columns)s)
                       AS calendar(day, off, weekdays, %(names)s)
                """,
                days=[(date - scope.date).days for date in dates],
                off=[date in off for date in dates],
                weekdays=[1 << WEEKDAY_BITS * date.weekday() for date in dates],
                columns=SQL(", ").join(
                    SQL("%s::bigint[]", column) for column in columns
                ),
                names=SQL(", ").join(
                    SQL.identifier(f"month_{word}") for word in range(len(columns))
                ),
            ),
        )

    @api.model
    def _keep_calendars(self, habits, runs):
        self._keep(
            "run",
            SQL(
                "SELECT * FROM UNNEST(%s::int[], %s::int[]) AS run(partner_id, run)",
                [partner_id for partner_id, _run in runs],
                [run for _partner_id, run in runs],
            ),
        )
        rows = [
            # What was paid in the night before the horizon is of no account.
            (run, number - HORIZON, (days[number] + days[max(number - 1, 0)]) / 2)
            for run, days in enumerate(habits.days)
            for number in range(HORIZON + 1)
        ]
        self._keep(
            "ripe",
            SQL(
                "SELECT * FROM UNNEST(%s, %s, %s::float[]) AS ripe(run, day, ripe)",
                *map(list, zip(*rows, strict=True)),
            ),
        )
        self._keep(
            "delay",
            SQL(
                """
                SELECT payment.partner_id,
                       ripe.ripe - payment.due + 0.5 AS delay,
                       payment.share
                           * POWER(0.5, GREATEST(-payment.due, 0) / %(half)s::float)
                           AS weight
                  FROM dunning_forecast_payment payment
             LEFT JOIN dunning_forecast_run run
                    ON run.partner_id = payment.partner_id
                  JOIN dunning_forecast_ripe ripe
                    ON ripe.run = COALESCE(run.run, 0)
                   AND ripe.day = payment.day
                """,
                half=HALF_LIFE,
            ),
        )
