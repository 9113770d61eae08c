"""Random ledgers for property-based tests, as objects of the plan model."""

import os
from datetime import date as Date
from datetime import timedelta
from fractions import Fraction

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from .plan_ledger import (
    COMPANY_CURRENCY,
    OPEN_STATES,
    TONES,
    Action,
    Hold,
    Item,
    Ledger,
    Level,
    Scenario,
)

CUSTOMERS = 3
ITEMS = 9
FOREIGN_CURRENCY = "foreign"

# A leap day, a month's and a year's end, a Friday, the change to summer time.
DATES = [
    Date(2028, 2, 29),
    Date(2026, 12, 31),
    Date(2026, 5, 22),
    Date(2026, 3, 29),
]
AMOUNTS = [10, 50, 100, 150, 300]

# The same examples at each run; more of them, different each time, on request:
# DUNNING_EXAMPLES=5000 make test T=test_plan_model
EXAMPLES = int(os.environ.get("DUNNING_EXAMPLES", 0))


def examples(number):
    """Settings of a property: that many examples unless the environment says."""
    return settings(
        max_examples=EXAMPLES or number,
        derandomize=not EXAMPLES,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


def rarely(draw, value, otherwise=None):
    """Draw a value one time out of eight."""
    return draw(value) if draw(st.integers(0, 7)) == 7 else otherwise


def often(draw, value, otherwise=None):
    """Draw a value every second time."""
    return draw(value) if draw(st.booleans()) else otherwise


@st.composite
def ledgers(draw):
    day = draw(st.sampled_from(DATES))
    scenarios = draw(st.lists(scenarios_of_levels(), min_size=1, max_size=2))
    items = draw(st.lists(items_around(day, scenarios), min_size=1, max_size=ITEMS))
    customer = st.integers(0, CUSTOMERS - 1)
    return Ledger(
        date=day,
        items=items,
        scenarios=scenarios,
        default=draw(st.sampled_from([scenarios[0], *scenarios, None])),
        archived=rarely(draw, st.tuples(customer), ()),
        chosen=rarely(
            draw,
            st.dictionaries(customer, st.sampled_from(scenarios), max_size=2),
            {},
        ),
        holds=draw(st.lists(holds_on(items, day), max_size=5)),
        actions=draw(actions_on(items, scenarios, day)),
        days_off=draw(days_off_around(day)),
    )


@st.composite
def scenarios_of_levels(draw):
    delays = st.sampled_from([-10, -5, -1, 0, 1, 3, 8, 15, 30])
    level = st.builds(
        Level,
        delay=st.just(0),
        gap=st.sampled_from([0, 1, 3, 10]),
        active=st.sampled_from([True, True, True, True, False]),
        tone=st.sampled_from(TONES),
        channel=st.sampled_from(["email", "email", "letter", "call", "task"]),
    )
    levels = []
    for delay in sorted(draw(st.sets(delays, max_size=5))):
        levels.append(draw(level))
        levels[-1].delay = delay
    rule = rarely(draw, st.sampled_from(["customers", "from", "below"]))
    return Scenario(
        levels=levels,
        minimum=draw(st.sampled_from([0, 0, 10, 50, 100])),
        contact_gap=draw(st.sampled_from([0, 1, 7])),
        active=not rarely(draw, st.just(True), False),
        customers=(0,) if rule == "customers" else None,
        amount_from=100 if rule == "from" else 0,
        amount_to=200 if rule == "below" else 0,
    )


@st.composite
def items_around(draw, day, scenarios):
    sign = rarely(draw, st.just(-1), 1)
    residual = Fraction(draw(st.sampled_from(AMOUNTS)) * sign)
    foreign = rarely(draw, st.just(True), False)
    rate = draw(st.sampled_from([Fraction(2, 3), Fraction(2)])) if foreign else 1
    customer = draw(st.sampled_from([0] * 8 + [1] * 6 + [2] * 5 + [None]))
    owed = customer is not None and residual > 0
    # Half of the credits are the parent's, and half of what it owns are credits.
    company = "own"
    if not owed or rarely(draw, st.just(True)):
        company = draw(st.sampled_from(["own", "own", "parent", "parent", "branch"]))
    blocked = rarely(draw, st.just(True), False)
    payable = owed and not blocked
    return Item(
        customer=customer,
        due=day - timedelta(days=draw(st.integers(-12, 40))),
        residual=residual,
        currency=FOREIGN_CURRENCY if foreign else COMPANY_CURRENCY,
        residual_company=round(residual * rate, 2),
        excluded=rarely(draw, st.just(True), False),
        blocked=blocked,
        discounted=owed and rarely(draw, st.just(True), False),
        arrived=rarely(draw, st.integers(-8, 2).map(lambda n: day + timedelta(days=n))),
        scenario=rarely(draw, st.sampled_from(scenarios)),
        paying=Fraction(rarely(draw, st.sampled_from(AMOUNTS), 0) if payable else 0),
        paid_in=draw(st.sampled_from(["own", "parent"])),
        company=company,
        account=rarely(draw, st.just("other"), "main"),
    )


@st.composite
def holds_on(draw, items, day):
    customer = draw(st.sampled_from([0, 0, 0, 1, 2]))
    own = [
        item
        for item in items
        if item.customer == customer and item.residual > 0 and item.company == "own"
    ]
    # As many on one item as on several: those of promises and disputes.
    most = draw(st.sampled_from([1, ITEMS]))
    held = own and draw(st.lists(st.sampled_from(own), unique=True, max_size=most))
    amount = often(draw, st.sampled_from([*AMOUNTS, 450]), 0)
    if amount and held:
        held = [item for item in held if item.currency == held[0].currency]
    hold = Hold(
        customer=customer,
        items=held,
        amount=Fraction(amount),
        currency=held[0].currency if held else COMPANY_CURRENCY,
        end=often(draw, st.integers(-2, 20).map(lambda n: day + timedelta(days=n))),
        released=rarely(draw, st.just(True), False),
    )
    # Half of the ledgers are about how dunning goes on.
    if held and draw(st.booleans()):
        resume = draw(st.sampled_from(["next", "next", "restart", "same"]))
        since = day + timedelta(days=draw(st.integers(-25, 4)))
        hold.released, hold.resume = True, (resume, since)
    return hold


@st.composite
def actions_on(draw, items, scenarios, day):
    """Done and open actions; no item twice at one level, on one day, or in two open
    actions: the database refuses the first, the engine does not do the others."""
    levels = [level for scenario in scenarios for level in scenario.levels]
    taken = set()
    actions = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 2, 3, 4]))):
        customer = draw(st.sampled_from([0, 0, 1, 2]))
        state = draw(st.sampled_from(["done"] * 5 + [*OPEN_STATES]))
        if state == "done":
            date = day - timedelta(days=draw(st.integers(0, 20)))
        else:
            date = day + timedelta(days=draw(st.integers(-3, 5)))
        reached = {}
        for item in items:
            if item.customer != customer or item.residual < 0 or not levels:
                continue
            if item.company != "own":
                continue
            level = often(draw, st.sampled_from(levels))
            once = (item, date) if state == "done" else (item, "open")
            if level and not {(item, level), once} & taken:
                taken |= {(item, level), once}
                reached[item] = level
        execution = draw(st.sampled_from(["automatic", "manual"]))
        if state == "to_validate":
            execution = "validate"
        if not reached:
            kinds = ["manual", "notice"]
        else:
            kinds = ["step", "start"] if state == "done" else ["step"]
        listed = [
            item
            for item in items
            if item.customer == customer and item.residual > 0 and item not in reached
        ]
        if reached and listed:
            listed = draw(st.lists(st.sampled_from(listed), unique=True, max_size=2))
        actions.append(
            Action(
                level=max(reached.values(), key=lambda x: x.delay, default=None),
                channel=draw(st.sampled_from(["email", "email", "registered", "call"])),
                listed=tuple(listed) if reached else (),
                customer=customer,
                date=date,
                levels=reached,
                state=state,
                kind=draw(st.sampled_from(kinds)),
                execution=execution,
            )
        )
    return actions


@st.composite
def days_off_around(draw, day):
    days = [day + timedelta(days=n) for n in range(60)]
    weekends = {other for other in days if other.weekday() >= 5}
    holidays = draw(st.sets(st.sampled_from(days[:15]), max_size=3))
    return often(draw, st.just(weekends), set()) | holidays
