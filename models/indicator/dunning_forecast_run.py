from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast_habit import HALF_LIFE, HORIZON

# No more calendars than that are told apart; the rarest are taken for none.
MOST_RUNS = 400


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
        masks = self._get_masks(first, scope.date, off)
        counts = [
            SQL("COUNT(*) FILTER (WHERE paid.mask & %s > 0)", 1 << number)
            for number in range(len(tools.RUN_DAYS))
        ]
        weekdays = [
            SQL("COUNT(*) FILTER (WHERE paid.weekday = %s)", number)
            for number in range(1, 8)
        ]
        rows = self.env.execute_query(
            SQL(
                """
                WITH calendar AS (
                         SELECT * FROM UNNEST(%(days)s, %(masks)s, %(off)s)
                             AS calendar(day, mask, off)
                     ),
                     paid AS (
                         SELECT DISTINCT payment.partner_id, calendar.mask,
                                calendar.off,
                                EXTRACT(
                                    ISODOW FROM %(date)s + payment.day
                                )::int AS weekday,
                                payment.day
                           FROM dunning_forecast_payment payment
                           JOIN calendar ON calendar.day = payment.day
                     ),
                     customer AS (
                         SELECT paid.partner_id, COUNT(*) AS days,
                                ARRAY[%(weekdays)s] AS weekdays,
                                ARRAY[%(counts)s] AS month_days,
                                GREATEST(%(counts)s) AS most,
                                COUNT(*) FILTER (WHERE paid.off) AS off
                           FROM paid
                       GROUP BY paid.partner_id
                     )
                SELECT partner_id, days, weekdays, month_days, NULL, NULL
                  FROM customer
                 WHERE days > %(least)s
                   AND (
                       most >= GREATEST(%(least)s, 0.2 * days)
                       OR GREATEST(%(each_weekday)s) >= %(share)s * days
                   )
                 UNION ALL
                SELECT NULL, NULL, NULL, NULL, SUM(days), SUM(off) FROM customer
                """,
                days=[(day - scope.date).days for day in masks],
                masks=[mask for mask, _off in masks.values()],
                off=[is_off for _mask, is_off in masks.values()],
                date=scope.date,
                weekdays=SQL(", ").join(weekdays),
                each_weekday=SQL(", ").join(
                    SQL("weekdays[%s]", number) for number in range(1, 8)
                ),
                counts=SQL(", ").join(counts),
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
    def _get_masks(self, first, last, off):
        """Return for each date the runs of a month that pay on it, as bits, and whether
        it is off."""
        count = (last - first).days + 1
        masks = {first + timedelta(number): 0 for number in range(count)}
        for number, day in enumerate(tools.RUN_DAYS):
            for date in tools.list_run_days([day], first, last, lambda d: d in off):
                masks[date] |= 1 << number
        return {date: (mask, date in off) for date, mask in masks.items()}

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
        runs, days, ripe = zip(*rows, strict=True)
        self._keep(
            "delay",
            SQL(
                """
                SELECT payment.partner_id,
                       calendar.ripe - payment.due + 0.5 AS delay,
                       payment.share
                           * POWER(0.5, GREATEST(-payment.due, 0) / %(half)s::float)
                           AS weight
                  FROM dunning_forecast_payment payment
             LEFT JOIN dunning_forecast_run run
                    ON run.partner_id = payment.partner_id
                  JOIN UNNEST(%(runs)s, %(days)s, %(ripe)s::float[])
                       AS calendar(run, day, ripe)
                    ON calendar.run = COALESCE(run.run, 0)
                   AND calendar.day = payment.day
                """,
                half=HALF_LIFE,
                runs=list(runs),
                days=list(days),
                ripe=list(ripe),
            ),
        )
