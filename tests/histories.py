"""Payment histories of customers with habits, made up from a seed.

Each customer pays around some days after the due date, some closer to it than others;
some change, some pay only on some days of the week or of the month, some begin late.
Some items are paid very late, in parts, or never. ``histories_ledger.py`` writes them
into a ledger.
"""

import calendar
import math
import random
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import timedelta

DAY = timedelta(1)
# Weeks of five days in which invoices are made.
WORKED = 5


@dataclass(frozen=True)
class World:
    """What customers are like.

    :param last: the last day of the history
    :param months: its length
    :param invoices: of a customer in a month, on average
    :param size, sizes: logarithms of the usual amount of a customer's invoices, and
        how far customers differ
    :param unequal: how far the invoices of one differ
    :param delay, delays: usual days after the due date, and how far customers differ
    :param spread: between which deviations from their habit customers are
    :param skewed: share of customers who are far too late rather than too early
    :param drifting: share of customers whose habit changes in a year
    :param weekly, monthly: share of customers who pay on a day of the week, or on some
        days of the month
    :param late, never, partly: share of items paid very late, never, in parts
    :param young: share of customers who began in the last four months
    :param season: by how much sales rise and fall in a year
    :param shocks: share of weeks in which all payments are a week late
    :param terms: days until the due date, and whether the end of the month follows
    """

    last: Date = Date(2026, 6, 29)
    customers: int = 300
    months: int = 30
    invoices: float = 2.0
    size: float = 6.5
    sizes: float = 0.8
    unequal: float = 1.0
    delay: float = 14.0
    delays: float = 12.0
    spread: tuple[float, float] = (2.0, 8.0)
    skewed: float = 0.3
    drifting: float = 0.2
    weekly: float = 0.2
    monthly: float = 0.15
    late: float = 0.03
    never: float = 0.01
    partly: float = 0.05
    young: float = 0.15
    season: float = 0.15
    shocks: float = 0.0
    terms: tuple[tuple[int, bool], ...] = (
        (30, False),
        (30, True),
        (45, False),
        (60, False),
        (15, False),
    )


@dataclass
class Habit:
    """How one customer pays."""

    place: float
    spread: float
    skewed: bool
    drift: float
    weekday: int | None
    month_days: tuple[int, ...]
    rate: float
    size: float
    term: tuple[int, bool]
    begin: Date


@dataclass
class History:
    """What was sold and paid.

    :param invoices: tuples of customer, date, due date, amount
    :param payments: tuples of invoice, date, amount
    """

    invoices: list[tuple[int, Date, Date, float]] = field(default_factory=list)
    payments: list[tuple[int, Date, float]] = field(default_factory=list)


def make(world: World, seed: int) -> History:
    """Return a history; the same for the same seed.

    >>> history = make(World(customers=3, months=6), 1)
    >>> history.invoices == make(World(customers=3, months=6), 1).invoices
    True
    >>> paid = sum(amount for _invoice, _date, amount in history.payments)
    >>> 0 < paid <= sum(invoice[3] for invoice in history.invoices)
    True
    """
    chance = random.Random(seed)
    history = History()
    shocked = {}
    for customer in range(world.customers):
        habit = _make_habit(world, chance)
        day = habit.begin
        while day <= world.last:
            season = world.season * math.sin(
                2 * math.pi * day.timetuple().tm_yday / 365
            )
            number = _count(chance, habit.rate * (1 + season) * 7 / 30)
            for _invoice in range(number):
                date = day + timedelta(chance.randrange(WORKED))
                if date <= world.last:
                    _sell(world, chance, history, customer, habit, date, shocked)
            day += timedelta(7)
    return history


def _make_habit(world, chance):
    kind = chance.random()
    monthly = world.weekly <= kind < world.weekly + world.monthly
    begin = world.last - timedelta(30 * world.months)
    if chance.random() < world.young:
        begin = world.last - timedelta(chance.randrange(120))
    days = [(10,), (15,), (31,), (10, 25), (5, 20)]
    return Habit(
        place=max(-8.0, chance.gauss(world.delay, world.delays)),
        spread=chance.uniform(*world.spread),
        skewed=chance.random() < world.skewed,
        drift=chance.gauss(0, 15) if chance.random() < world.drifting else 0.0,
        weekday=chance.randrange(WORKED) if kind < world.weekly else None,
        month_days=chance.choice(days) if monthly else (),
        rate=world.invoices * chance.lognormvariate(-0.32, 0.8),
        size=chance.lognormvariate(world.size, world.sizes),
        term=chance.choice(world.terms),
        begin=begin,
    )


def _count(chance, mean):
    """Return how many invoices there are (Poisson)."""
    limit, number, product = math.exp(-mean), 0, chance.random()
    while product > limit:
        number += 1
        product *= chance.random()
    return number


def _sell(world, chance, history, customer, habit, date, shocked):
    due = date + timedelta(habit.term[0])
    if habit.term[1]:
        due = _get_month_end(due)
    amount = round(habit.size * chance.lognormvariate(0, world.unequal), 2) or 0.01
    invoice = len(history.invoices)
    history.invoices.append((customer, date, due, amount))
    if chance.random() < world.never:
        return
    years = (date - world.last).days / 365
    place = habit.place + habit.drift * (years + 0.5)
    if habit.skewed:
        delay = place - habit.spread
        delay += chance.lognormvariate(math.log(habit.spread) - 0.3, 0.75)
    else:
        delay = chance.gauss(place, habit.spread)
    if chance.random() < world.late:
        delay += chance.expovariate(1 / 45)
    day = max(date + DAY, due + timedelta(round(delay)))
    if world.shocks:
        week = day.toordinal() // 7
        if shocked.setdefault(week, chance.random() < world.shocks):
            day += timedelta(7)
    day = _get_payment_day(habit, day)
    if amount >= 1 and chance.random() < world.partly:
        first = round(amount * chance.uniform(0.3, 0.8), 2)
        history.payments.append((invoice, day, first))
        day = _get_payment_day(habit, day + timedelta(chance.randrange(10, 50)))
        amount = round(amount - first, 2)
    history.payments.append((invoice, day, amount))


def _get_payment_day(habit, day):
    if habit.weekday is not None:
        day += timedelta((habit.weekday - day.weekday()) % 7)
    elif habit.month_days:
        while not _is_run(habit, day):
            day += DAY
    while day.weekday() >= WORKED:
        day += DAY
    return day


def _is_run(habit, day):
    last = 31 in habit.month_days and day == _get_month_end(day)
    return last or day.day in habit.month_days


def _get_month_end(day):
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
