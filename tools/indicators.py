"""The indicators of a company or a part of its customers, from what is known of it."""

from dataclasses import dataclass, field
from datetime import date as Date

from . import dso
from .months import back_from, first_of_month

# In the order in which they are shown; those in amounts first, then days, then rates.
AMOUNTS = ("receivable", "not_due", "overdue", "sales")
DAYS = ("dso", "dso_countback", "dso_best", "add", "weighted_delay")
RATES = (
    "cei",
    "overdue_ratio",
    "over_90_ratio",
    "promise_kept_rate",
    "promise_kept_rate_amount",
)
NAMES = (*AMOUNTS, *DAYS, *RATES)
# Calendar months of a period, the last one included.
MONTHS = 3


@dataclass
class Promised:
    """What became of the instalments of promises that were due in a period.

    :param judged: how many were kept, kept partly or broken
    :param amount: what they promised
    :param in_time: what of it was received in time
    """

    judged: int = 0
    kept: int = 0
    amount: float = 0.0
    in_time: float = 0.0

    def add(self, judged, kept, amount, in_time):
        """Let there be further ones."""
        self.judged += judged
        self.kept += kept
        self.amount += amount
        self.in_time += in_time


@dataclass
class Basis:
    """What indicators are worked out from. Amounts are in company currency, open ones
    as of the end of the period; those due, overdue and so late are gross.

    :param opening: receivables on the evening before the period
    :param credits: credit notes and payments that are not allocated, negative
    :param over_90: what is more than 90 days late
    :param delay: sum of amount × days late
    :param sales: of the period
    :param months: sales by first day of the month, as far back as they are needed
    """

    date_from: Date
    date_to: Date
    opening: float = 0.0
    not_due: float = 0.0
    overdue: float = 0.0
    credits: float = 0.0
    over_90: float = 0.0
    delay: float = 0.0
    sales: float = 0.0
    months: dict[Date, float] = field(default_factory=dict)
    promised: Promised = field(default_factory=Promised)

    @property
    def days(self) -> int:
        """How many days the period has, the last one included."""
        return (self.date_to - self.date_from).days + 1

    @property
    def receivable(self) -> float:
        """What was owed at the end, less the credits."""
        return self.not_due + self.overdue + self.credits

    def countback_months(self) -> list[tuple[float, int]]:
        """Return sales and days of the months back from the end, the newest first."""
        return list(back_from(self.date_to, self.months))


def default_start(day: Date) -> Date:
    """Return the first day of the period that ends on a day.

    >>> default_start(Date(2026, 10, 31)), default_start(Date(2026, 1, 15))
    (datetime.date(2026, 8, 1), datetime.date(2025, 11, 1))
    """
    return first_of_month(day, MONTHS - 1)


def compute(basis: Basis, round_=lambda amount: round(amount, 2)) -> dict:
    """Return the indicators, by name.

    The fixture of :mod:`~odoo.addons.account_dunning.tools.dso`, with 28, 17, 9 and 6
    thousand that are 10, 45, 75 and 120 days late, and ten instalments:

    >>> basis = Basis(
    ...     Date(2026, 8, 1), Date(2026, 10, 31), opening=140_000, not_due=105_000,
    ...     overdue=60_000, over_90=6_000, delay=28e4 + 17e3 * 45 + 9e3 * 75 + 72e4,
    ...     sales=270_000, promised=Promised(10, 6, 50_000, 38_000),
    ...     months={Date(2026, 8, 1): 6e4, Date(2026, 9, 1): 9e4,
    ...             Date(2026, 10, 1): 12e4})
    >>> found = compute(basis)
    >>> [found[name] for name in AMOUNTS]
    [165000.0, 105000, 60000, 270000]
    >>> [round(found[name], 2) for name in DAYS]
    [56.22, 46.0, 35.78, 20.44, 40.67]
    >>> [round(found[name], 4) for name in RATES]
    [0.8033, 0.3636, 0.0364, 0.6, 0.76]

    Nothing is known of nobody:

    >>> nothing = compute(Basis(Date(2026, 8, 1), Date(2026, 10, 31)))
    >>> {nothing[name] for name in AMOUNTS}, [n for n in NAMES if nothing[n] == 0.0]
    ({0.0}, ['receivable', 'not_due', 'overdue', 'sales', 'dso_countback'])

    :param round_: rounds an amount to the company's currency
    :return: dict of :data:`NAMES`: amounts, days, and rates as fractions; None where
        there is nothing to divide by
    """
    receivable = round_(basis.receivable)
    not_due, overdue, sales = map(round_, (basis.not_due, basis.overdue, basis.sales))
    simple = dso.simple(receivable, sales, basis.days)
    best = dso.best_possible(not_due, sales, basis.days)
    promised = basis.promised
    return {
        "receivable": receivable,
        "not_due": not_due,
        "overdue": overdue,
        "sales": sales,
        "dso": simple,
        "dso_countback": dso.countback(receivable, basis.countback_months()),
        "dso_best": best,
        "add": None if simple is None else simple - best,
        "weighted_delay": dso.divide(basis.delay, overdue),
        "cei": dso.collection_effectiveness(
            round_(basis.opening), sales, receivable, not_due
        ),
        "overdue_ratio": dso.divide(overdue, receivable),
        "over_90_ratio": dso.divide(basis.over_90, receivable),
        "promise_kept_rate": dso.divide(promised.kept, promised.judged),
        "promise_kept_rate_amount": dso.divide(promised.in_time, promised.amount),
    }
