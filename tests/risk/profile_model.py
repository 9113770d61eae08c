"""How customers pay, in plain Python: the rules written a second time, to compare the
statement with. Amounts are whole euros."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from hypothesis import strategies as st

from odoo.addons.account_dunning.tools import rating as ratings

TODAY = Date(2026, 3, 2)
YEAR_AGO, RECENT = Date(2025, 3, 2), Date(2025, 12, 2)
ITEMS, CUSTOMERS = 10, 3
LIMIT_DAYS = 180


@dataclass
class Item:
    """What a customer owes or has owed.

    :param payments: day and amount
    """

    customer: int
    due: Date
    amount: int
    payments: list[tuple[Date, int]]

    @property
    def left(self):
        return self.amount - sum(amount for _day, amount in self.payments)


@dataclass
class Expected:
    """A profile, as far as a ledger of invoices and payments tells it."""

    item_count: int = 0
    average_delay: float | None = None
    delay: Decimal | None = None
    trend: Decimal | None = None
    late_share: float | None = None
    receivable: int = 0
    overdue: int = 0
    date_oldest: Date | None = None
    date_near: Date | None = None
    rating: str | None = None
    rating_rule: str | None = None


@dataclass
class Ledger:
    items: list[Item] = field(default_factory=list)

    def get_profiles(self) -> dict[int, Expected]:
        """Return the profile of each customer that has one."""
        by_customer = defaultdict(list)
        for item in self.items:
            by_customer[item.customer].append(item)
        profiles = {}
        for customer, items in by_customer.items():
            if any(item.left or self._get_counted(item) for item in items):
                profiles[customer] = self._get_profile(items)
        return profiles

    @staticmethod
    def _get_counted(item):
        return [
            (day, amount) for day, amount in item.payments if YEAR_AGO < day <= TODAY
        ]

    def _get_profile(self, items):
        profile = Expected()
        payments, closed = [], []
        for item in items:
            counted = self._get_counted(item)
            payments += [
                ((day - item.due).days, day, amount) for day, amount in counted
            ]
            if counted and not item.left:
                closed.append((max(day for day, _amount in counted) - item.due).days)
        if closed:
            profile.item_count = len(closed)
            profile.average_delay = sum(closed) / len(closed)
            profile.late_share = sum(days > 0 for days in closed) / len(closed)
        profile.delay = self._weigh(payments)
        recent = self._weigh([p for p in payments if p[1] > RECENT])
        before = self._weigh([p for p in payments if p[1] <= RECENT])
        if recent is not None and before is not None:
            profile.trend = recent - before
        self._add_open(profile, items)
        telling = sum(
            item.left > 0 and (TODAY - item.due).days >= ratings.TELLING_DAYS
            for item in items
        )
        oldest = profile.date_oldest
        profile.rating, profile.rating_rule = ratings.rate(
            profile.item_count + telling,
            {
                "delay": _round(profile.delay),
                "trend": _round(profile.trend),
                "late_share": profile.late_share,
                "open_days": oldest and (TODAY - oldest).days,
            },
        )
        return profile

    @staticmethod
    def _weigh(payments):
        whole = sum(amount for _days, _day, amount in payments)
        if not whole:
            return None
        weighted = sum(days * amount for days, _day, amount in payments)
        return Decimal(weighted) / Decimal(whole)

    @staticmethod
    def _add_open(profile, items):
        late = [item for item in items if item.left and item.due < TODAY]
        profile.receivable = sum(item.left for item in items)
        profile.overdue = sum(item.left for item in late)
        profile.date_oldest = min((item.due for item in late), default=None)
        limit = TODAY - timedelta(days=LIMIT_DAYS)
        profile.date_near = min(
            (item.due for item in late if item.due > limit), default=None
        )


def _round(value):
    return value and value.quantize(Decimal("0.1"), ROUND_HALF_UP)


@st.composite
def items(draw) -> Item:
    """An item and its payments, at most what it amounts to."""
    due = TODAY + timedelta(days=draw(st.integers(-500, 20)))
    amount = draw(st.integers(1, 9)) * 100
    payments, left = [], amount
    for _number in range(draw(st.integers(0, 2))):
        part = draw(st.sampled_from([left, left, left // 2]))
        day = due + timedelta(days=draw(st.integers(-20, 150)))
        if part and day <= TODAY:
            payments.append((day, part))
            left -= part
    return Item(draw(st.integers(0, CUSTOMERS - 1)), due, amount, payments)


def ledgers():
    """Ledgers of as many items as the pool has."""
    return st.lists(items(), min_size=1, max_size=ITEMS).map(Ledger)
