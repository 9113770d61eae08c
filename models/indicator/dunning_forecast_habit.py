import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from .dunning_forecast import ForecastScope

# How far back items may have been due from whose payments habits are learnt.
HORIZON = 365
# After so many days what was due counts for half.
HALF_LIFE = 120
# For how many payments all customers together count beside those of one.
PLACE_WEIGHT, WIDTH_WEIGHT = 1, 6
# Payments further from the habit than so many widths count as if they were there.
REACH = 2.5

FIELDS = {
    "account.journal": ["type"],
    "account.move.line": [
        "account_id",
        "balance",
        "company_id",
        "date",
        "date_maturity",
        "journal_id",
        "move_id",
        "parent_state",
        "partner_id",
    ],
    "account.partial.reconcile": [
        "amount",
        "credit_move_id",
        "debit_move_id",
        "max_date",
    ],
    "res.partner": ["commercial_partner_id"],
}


@dataclass
class Habits:
    """How customers pay; what is known of each is in a table of the transaction.

    :param runs: calendars of payments, by their number; the first is that of all days
    :param start: the day from which what comes is still to come: the day itself, at
        its end; its beginning when nothing has been paid on it, for then it may not
        have been booked yet
    :param days: for each calendar the effective days from the beginning of the
        horizon to the last day looked at, counted from the date
    :param place: where the habits of all customers are, in days after the due date
    :param variance: that of all customers around their habits
    :param paid: payments by class and cell of the shape
    :param shapes: by class
    """

    runs: list[tools.Run | None] = field(default_factory=list)
    start: int = 0
    days: list[list[float]] = field(default_factory=list)
    place: float = 0.0
    variance: float = 0.0
    paid: list[list[float]] = field(default_factory=list)
    shapes: list[list[float]] = field(default_factory=list)

    # Into how many parts a day is divided to sum up what is alike.
    PARTS = 4
    # Widths are told apart by a tenth.
    RATIO = 1.1

    def get_width(self, level: int) -> float:
        """Return the width of a level, in days."""
        return self.RATIO**level

    @property
    def width(self) -> float:
        """That of a customer of whom nothing is known."""
        return math.sqrt(self.variance + 1)

    def get_day(self, run: int, day: int) -> float:
        """Return the effective day of a day, both counted from the date."""
        return self.days[run][day + HORIZON]

    def get_steps(self, ends: Sequence[int]) -> list[list[float]]:
        """Return by calendar the effective days from the day of the forecast to
        others."""
        begin = HORIZON + self.start
        return [
            [days[end + HORIZON] - days[begin] for end in ends] for days in self.days
        ]


class DunningForecast(models.AbstractModel):
    """How each customer pays, learnt from what it has paid.

    How it works: each payment on an item counts by its share of the item, so that a
    large invoice weighs no more than a small one, and by half as much for each
    ``HALF_LIFE`` days since the item was due. The place and the width of a habit are
    the mean and the deviation of the customer's delays, far ones drawn in, drawn to
    those of all customers as if it had made one payment, and six, more: customers
    differ more among themselves than each from one invoice to the next, so that little
    history says much about the place. What a habit has in common with others is its
    shape (``dunning_forecast_shape``).
    """

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _learn(self, scope: ForecastScope) -> Habits:
        """Read how customers pay, and keep it in tables of the transaction."""
        for model, names in FIELDS.items():
            self.env[model].flush_model(names)
        # Sums by customer stay in memory, until the end of the transaction.
        self.env.cr.execute("SET LOCAL work_mem = '64MB'")
        self._keep("payment", self._get_learnt_sql(scope))
        habits = Habits(start=self._get_start())
        self._learn_calendars(scope, habits)
        self._learn_places(habits)
        self._learn_distances(habits)
        return habits

    @api.model
    def _keep(self, name: str, query: SQL):
        """Keep the rows of a statement until the end of the transaction."""
        self.env["dunning.balance"]._keep_rows(f"dunning_forecast_{name}", query)

    @api.model
    def _get_learnt_sql(self, scope: ForecastScope) -> SQL:
        """Return SQL of what was paid until the day: by which customer, when it was due
        and when it came, both counted from the date, and which share of the item it
        was."""
        return SQL(
            """
            SELECT partner_id, due - %(date)s AS due, day - %(date)s AS day, share
              FROM (%(payment)s) payment
             WHERE day <= %(date)s
               AND booked <= %(date)s
               AND due BETWEEN %(date)s - %(horizon)s AND %(date)s + %(horizon)s
               AND partner_id IS NOT NULL
            """,
            date=scope.date,
            horizon=HORIZON,
            payment=self._get_payment_sql(scope),
        )

    @api.model
    def _get_payment_sql(self, scope: ForecastScope) -> SQL:
        """Return SQL of what was paid with money on items: ``partner_id`` (the
        customer), ``due, day, booked`` (when it was due, when it came, the day of the
        item), ``amount`` (company currency), ``share`` (of the item) and ``visible``
        (whether who asks may see figures of the customer)."""
        if scope.kept:
            return SQL("SELECT * FROM dunning_forecast_past")
        return SQL(
            """
            SELECT COALESCE(contact.commercial_partner_id, item.partner_id)
                       AS partner_id,
                   COALESCE(item.date_maturity, item.date) AS due,
                   partial.max_date AS day,
                   item.date AS booked,
                   partial.amount,
                   (partial.amount / item.balance)::float AS share,
                   (%(visible)s) IS TRUE AS visible
              FROM account_partial_reconcile partial
              JOIN account_move_line item ON item.id = partial.debit_move_id
              JOIN account_move_line counterpart
                ON counterpart.id = partial.credit_move_id
         LEFT JOIN res_partner contact ON contact.id = item.partner_id
         LEFT JOIN res_partner customer ON customer.id = contact.commercial_partner_id
             WHERE partial.amount > 0
               AND item.balance > 0
               AND item.company_id = %(company)s
               AND item.account_id = ANY(%(accounts)s)
               AND item.parent_state = 'posted'
               AND %(restriction)s
               AND %(is_money)s
            """,
            visible=scope.company._dunning_get_visible_sql("customer"),
            company=scope.company.id,
            accounts=list(self.env["dunning.ledger"]._get_account_ids()),
            restriction=self._get_restriction(scope),
            is_money=self.env["account.move.line"]._dunning_get_is_money_sql(
                scope.company, "counterpart"
            ),
        )

    @api.model
    def _get_restriction(self, scope: ForecastScope) -> SQL:
        if scope.partners is None:
            return SQL("TRUE")
        contacts = self.env["dunning.balance"]._get_contact_ids(scope.partners.ids)
        return SQL("item.partner_id = ANY(%s)", contacts)

    @api.model
    def _get_start(self):
        paid = SQL("SELECT FROM dunning_forecast_payment WHERE day = 0 LIMIT 1")
        return 0 if self.env.execute_query(paid) else -1

    # ------------------------------------------------------------------
    # PLACE AND WIDTH
    # ------------------------------------------------------------------

    @api.model
    def _learn_places(self, habits):
        """Keep the place and the width of each customer's habit: once from all delays,
        then from those drawn in to its reach."""
        low, high = self._get_usual_delays()
        self._keep(
            "first",
            self._get_places_query(
                SQL(
                    """
                    SELECT partner_id, weight,
                           LEAST(GREATEST(delay, %s), %s) AS delay
                      FROM dunning_forecast_delay
                    """,
                    low,
                    high,
                )
            ),
        )
        self._keep(
            "habit",
            SQL(
                """
                SELECT habit.partner_id, habit.count, habit.weight, habit.total,
                       habit.squares, habit.place, habit.width, habit.all_place,
                       habit.all_variance, first.low, first.high
                  FROM (%s) habit
                  JOIN dunning_forecast_first first USING (partner_id)
                """,
                self._get_places_query(
                    SQL(
                        """
                        SELECT delay.partner_id, delay.weight,
                               LEAST(GREATEST(delay.delay, low), high) AS delay
                          FROM dunning_forecast_delay delay
                          JOIN dunning_forecast_first USING (partner_id)
                        """
                    )
                ),
            ),
        )
        row = self.env.execute_query(
            SQL("SELECT all_place, all_variance FROM dunning_forecast_habit LIMIT 1")
        )
        if row:
            habits.place, habits.variance = row[0]

    @api.model
    def _get_usual_delays(self):
        """Return the delays between which nearly all payments come."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT FLOOR(delay) AS delay, SUM(weight)
                  FROM dunning_forecast_delay
              GROUP BY 1
              ORDER BY 1
                """
            )
        )
        whole, low, high, seen = sum(weight for _delay, weight in rows), None, 0.0, 0.0
        for delay, weight in rows:
            seen += weight
            if low is None and seen >= 0.01 * whole:
                low = delay
            if seen <= 0.99 * whole:
                high = delay + 1
        low = low or 0.0
        return low, max(low, high)

    @api.model
    def _get_places_query(self, delays: SQL) -> SQL:
        """Return SQL of the habit of each customer: its weight, sum and sum of squares
        (around the place), place and width, and the reach of its delays."""
        return SQL(
            """
            WITH own AS (
                     SELECT partner_id,
                            COUNT(*) AS count,
                            SUM(weight) AS weight,
                            SUM(weight * delay) AS total,
                            SUM(weight * delay * delay) AS squares
                       FROM (%(delays)s) delay
                      WHERE weight > 0
                   GROUP BY partner_id
                 ),
                 everybody AS (
                     SELECT SUM(LEAST(weight, 5) * total / weight)
                                / SUM(LEAST(weight, 5)) AS place
                       FROM own
                 ),
                 placed AS (
                     SELECT own.partner_id, own.count, own.weight, own.total,
                            everybody.place AS all_place,
                            (own.total + %(place_weight)s * everybody.place)
                                / (own.weight + %(place_weight)s) AS place,
                            own.squares
                       FROM own CROSS JOIN everybody
                 ),
                 centred AS (
                     SELECT partner_id, count, weight, total, all_place, place,
                            GREATEST(
                                squares - 2 * place * total + place * place * weight, 0
                            ) AS squares
                       FROM placed
                 ),
                 spread AS (
                     SELECT EXP(
                                SUM(LEAST(weight, 5) * LN(squares / weight + 1))
                                / SUM(LEAST(weight, 5))
                            ) AS variance
                       FROM centred
                 ),
                 habit AS (
                     SELECT centred.*,
                            spread.variance AS all_variance,
                            SQRT(
                                (centred.squares + %(width_weight)s * spread.variance)
                                    / (centred.weight + %(width_weight)s)
                                + 1
                            ) AS width
                       FROM centred CROSS JOIN spread
                 )
            SELECT habit.*,
                   place - %(reach)s * width AS low,
                   place + %(reach)s * width AS high
              FROM habit
            """,
            delays=delays,
            place_weight=PLACE_WEIGHT,
            width_weight=WIDTH_WEIGHT,
            reach=REACH,
        )
