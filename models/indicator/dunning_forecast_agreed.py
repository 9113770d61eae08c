from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date as Date
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...tools import forecast as tools
from ...tools.allocation import Need, allocate
from .dunning_forecast import ForecastScope

# For how many promised payments those of all customers count beside those of one.
KEPT_WEIGHT = 5
# What is believed where nobody has promised anything yet.
KEPT_RATE = 0.7


class Share(NamedTuple):
    """A part of an item about which something was agreed.

    :param layer: ``plan, promise`` or ``disputed``
    :param item_id: the journal item
    :param date: on which it was promised, or should be settled
    :param limit: until when a promise is not missed
    :param amount: in company currency
    """

    layer: str
    item_id: int
    date: Date
    limit: Date
    amount: float


@dataclass
class Agreed:
    """What was promised or in dispute that day.

    :param shares: parts of items
    :param amounts: their sum by item
    """

    shares: list[Share] = field(default_factory=list)
    amounts: dict[int, float] = field(default_factory=lambda: defaultdict(float))

    def add(self, share: Share):
        """Take a part of an item."""
        self.shares.append(share)
        self.amounts[share.item_id] += share.amount


class DunningForecast(models.AbstractModel):
    """What was promised that day, weighted by how its customer keeps promises, and what
    was in dispute.

    Both are looked at as they stood: made until then and not yet decided or closed;
    what a promise has received is what came until then.
    """

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT STOOD THAT DAY
    # ------------------------------------------------------------------

    @api.model
    def _get_agreed(self, scope: ForecastScope) -> Agreed:
        agreed = Agreed()
        disputes_sudo, promises_sudo = self._get_standing(scope)
        items_sudo = disputes_sudo.move_line_ids | promises_sudo.move_line_ids
        if not items_sudo:
            return agreed
        opened = self._get_opened(scope, items_sudo)
        received = self._get_received(scope, promises_sudo)
        needs = {}
        for dispute_sudo in disputes_sudo:
            self._add_dispute(scope, needs, dispute_sudo, opened)
        for promise_sudo in promises_sudo:
            self._add_promise(scope, needs, promise_sudo, opened, received)
        residuals = {id_: row[0] for id_, row in opened.items()}
        own = scope.company._dunning_get_currency()
        # The finest of all currencies: needs and items are of one each.
        taken = allocate([need for need, *_share in needs.values()], residuals, 6)
        for (key, item_id), amount in taken.items():
            _need, layer, date, limit = needs[key]
            residual, residual_company, _due = opened[item_id]
            share = own.round(amount * residual_company / residual)
            agreed.add(Share(layer, item_id, date, limit, share))
        return agreed

    @api.model
    def _get_standing(self, scope: ForecastScope):
        """Return the disputes and promises that stood that day."""
        # Whose figures somebody sees is said by the items that are open.
        disputes_sudo = self.env["dunning.dispute"].sudo()
        disputes_sudo = disputes_sudo.search(
            [
                ("company_id", "=", scope.company.id),
                ("date", "<=", scope.date),
                "|",
                ("date_closed", "=", False),
                ("date_closed", ">", scope.date),
            ],
            order="id",
        )
        # So with promises.
        promises_sudo = self.env["dunning.promise"].sudo()
        promises_sudo = promises_sudo.search(
            [
                ("company_id", "=", scope.company.id),
                ("date", "<=", scope.date),
                ("approval", "not in", ("waiting", "refused")),
                ("line_ids.date_limit", ">=", scope.date),
                "|",
                ("date_decision", "=", False),
                ("date_decision", ">", scope.date),
            ],
            order="id",
        )
        return disputes_sudo, promises_sudo

    @api.model
    def _get_opened(self, scope, items_sudo):
        """Return what was open on items: in their currency and in the company's, and
        their due dates."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move_line_id, residual::float, residual_company::float, date_due
                  FROM (%s) balance
                 WHERE move_line_id = ANY(%s)
                   AND residual > 0
                """,
                self._get_balance_sql(
                    scope.restricted(items_sudo.partner_id.commercial_partner_id)
                ),
                items_sudo.ids,
            )
        )
        return {id_: row for id_, *row in rows}

    @api.model
    def _get_received(self, scope, promises_sudo):
        """Return what had come in on the items of promises, as lists of item, day and
        amount in the item's currency."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partial.debit_move_id, partial.max_date,
                       partial.debit_amount_currency::float
                  FROM account_partial_reconcile partial
                  JOIN account_move_line counterpart
                    ON counterpart.id = partial.credit_move_id
                 WHERE partial.debit_move_id = ANY(%s)
                   AND partial.max_date <= %s
                   AND %s
                """,
                promises_sudo.move_line_ids.ids,
                scope.date,
                self.env["account.move.line"]._dunning_get_is_money_sql(
                    scope.company, "counterpart"
                ),
            )
        )
        received = defaultdict(list)
        for item_id, day, amount in rows:
            received[item_id].append((day, amount))
        return received

    @api.model
    def _add_dispute(self, scope, needs, dispute_sudo, opened):
        items = self._sort_items(dispute_sudo, opened)
        day = max(dispute_sudo.date_deadline or scope.date, scope.date)
        key = ("disputed", dispute_sudo.id)
        needs[key] = (Need(key, dispute_sudo.amount, items), "disputed", day, day)

    @api.model
    def _add_promise(self, scope, needs, promise_sudo, opened, received):
        """Need what its instalments to come still had to receive."""
        items = self._sort_items(promise_sudo, opened)
        layer = "plan" if len(promise_sudo.line_ids) > 1 else "promise"
        came = sum(
            amount
            for item in promise_sudo.move_line_ids
            for day, amount in received[item.id]
            if day > promise_sudo.date
        )
        for line in promise_sudo.line_ids.sorted(lambda line: (line.date, line.id)):
            left = max(0.0, line.amount - came)
            came = max(0.0, came - line.amount)
            limit = line.date_limit or line.date
            if left and limit >= scope.date:
                key = (layer, line.id)
                needs[key] = (Need(key, left, items), layer, line.date, limit)

    @api.model
    def _sort_items(self, record_sudo, opened):
        items = [id_ for id_ in record_sudo.move_line_ids.ids if id_ in opened]
        return sorted(items, key=lambda id_: (opened[id_][2], id_))

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WHAT IS TO BE EXPECTED
    # ------------------------------------------------------------------

    @api.model
    def _spread_agreed(self, scope: ForecastScope, forecast, habits, agreed):
        """Add what was promised, by how the customer keeps promises, and what is in
        dispute."""
        for share, parts in self._get_agreed_parts(scope, habits, agreed):
            forecast.open += share.amount
            for layer, amount, shares in parts:
                forecast.add(layer, amount, shares)
            if share.layer == "disputed":
                forecast.disputed += share.amount
                continue
            mixed = [
                sum(amount * shares[week] for _layer, amount, shares in parts)
                / share.amount
                for week in range(scope.weeks)
            ]
            forecast.vary(share.amount**2, mixed)

    @api.model
    def _get_agreed_parts(self, scope: ForecastScope, habits, agreed):
        """Return what is to be expected of what was agreed: promises come on their day
        as far as the customer keeps them, the rest by its habit after it; disputes by
        habit once settled.

        :return: list of :class:`Share` and its parts: layer, amount, shares by week
        """
        shares = [share for share in agreed.shares if share.amount]
        if not shares:
            return []
        customers = self._get_habits_of(habits, agreed)
        rates = self._get_kept_rates(scope)
        found = []
        for share in shares:
            partner_id, run, place, width, due, known = customers[share.item_id]
            after = max((share.limit - scope.date).days, habits.start)
            late = self._spread_one(
                scope, habits, run, (due - scope.date).days + place, width, after
            )
            if share.layer == "disputed":
                found.append((share, [("disputed", share.amount, late)]))
                continue
            rate = rates.get(partner_id, rates[None])
            week = self._get_week(scope, share)
            promised = [float(week == number) for number in range(scope.weeks)]
            other = "habit" if known else "due"
            found.append(
                (
                    share,
                    [
                        (share.layer, share.amount * rate, promised),
                        (other, share.amount * (1 - rate), late),
                    ],
                )
            )
        return found

    @api.model
    def _get_week(self, scope, share):
        """Return in which week a promised payment is expected; on a day off, on the
        next day that is none."""
        day = share.date if share.date > scope.date else share.limit
        return max(0, (day - scope.monday).days // 7)

    @api.model
    def _spread_one(self, scope, habits, run, place, width, after):
        """Return the weekly shares of what is not paid until a day.

        :param place: day around which it would be paid
        :param after: that day; both counted from the date
        """
        last = scope.ends[-1] if scope.ends else 0
        if after >= last:
            return [0.0] * scope.weeks
        start = habits.get_day(run, after)
        steps = [max(0.0, habits.get_day(run, end) - start) for end in scope.ends]
        shape = habits.shapes[tools.get_class(width)]
        return tools.spread(shape, (start + 0.5 - place) / width, steps, width)

    @api.model
    def _get_habits_of(self, habits, agreed):
        """Return for each item its customer, with calendar, place and width of the
        habit, due date, and whether there is a history."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, contact.commercial_partner_id, COALESCE(run.run, 0),
                       COALESCE(habit.place, %s), COALESCE(habit.width, %s),
                       COALESCE(line.date_maturity, line.date),
                       habit.partner_id IS NOT NULL
                  FROM account_move_line line
             LEFT JOIN res_partner contact ON contact.id = line.partner_id
             LEFT JOIN dunning_forecast_habit habit
                    ON habit.partner_id = contact.commercial_partner_id
             LEFT JOIN dunning_forecast_run run
                    ON run.partner_id = contact.commercial_partner_id
                 WHERE line.id = ANY(%s)
                """,
                float(habits.place),
                float(habits.width),
                list(agreed.amounts),
            )
        )
        return {id_: row for id_, *row in rows}

    @api.model
    def _get_kept_rates(self, scope: ForecastScope) -> dict[int | None, float]:
        """Return by customer which share of what it promised came in time, of the
        instalments whose time was over; None stands for everybody else.

        Each instalment counts the same. A customer's rate is drawn to that of all.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.partner_id, COUNT(*),
                       SUM(LEAST(
                           1,
                           COALESCE(line.amount_in_time, 0)
                           / (line.amount - COALESCE(line.amount_credited, 0))
                       ))::float
                  FROM dunning_promise_line line
                  JOIN dunning_promise promise ON promise.id = line.promise_id
                 WHERE promise.company_id = %(company)s
                   AND promise.date <= %(date)s
                   AND line.date_limit < %(date)s
                   AND line.amount > COALESCE(line.amount_credited, 0)
                   AND (
                       promise.date_decision IS NULL
                       OR promise.date_decision > line.date_limit
                   )
                   AND COALESCE(promise.approval, '') NOT IN ('waiting', 'refused')
              GROUP BY promise.partner_id
                """,
                company=scope.company.id,
                date=scope.date,
            )
        )
        count = sum(number for _id, number, _kept in rows)
        kept = sum(number or 0.0 for _id, _count, number in rows)
        common = (kept + KEPT_WEIGHT * KEPT_RATE) / (count + KEPT_WEIGHT)
        rates = {
            id_: ((number or 0.0) + KEPT_WEIGHT * common) / (total + KEPT_WEIGHT)
            for id_, total, number in rows
        }
        return {None: common, **rates}
