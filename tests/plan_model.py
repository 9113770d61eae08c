"""The rules of progression in plain Python, to compare the SQL plan with.

Written from the rules, not from the statement: objects and loops, no sets of rows,
no speed. :func:`plan` says for each due item of a :class:`Ledger` what happens to
it on one date.
"""

from dataclasses import dataclass, replace
from datetime import date as Date
from datetime import timedelta

from ..tools.plan import LATER, LATER_REASONS, OUT, STEP
from ..tools.working_days import next_working_day
from .plan_ledger import OPEN_STATES, TONES, Level
from .plan_model_history import heard, is_overtaken, reached

FORMAL = len(TONES)


@dataclass(frozen=True)
class Verdict:
    """What the plan says of an item. ``level`` is that of a step, today or later."""

    decision: str
    level: Level | None = None
    date: Date | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Coming:
    """The level that comes next, the first day it may happen, before and after that
    day is moved to a working day, and what the day is waiting for."""

    level: Level
    base: Date
    day: Date
    waits_for: str


def plan(ledger):
    """Say what happens to each due item on the date of the ledger.

    :return: dict of :class:`Item` to :class:`Verdict`
    """
    return {item: _decide(ledger, item) for item in ledger.due_items}


# -- decision ----------------------------------------------------------------


def _decide(ledger, item):
    reason = _barrier(ledger, item)
    if reason == "held":
        return Verdict(OUT, date=_held_until(ledger, item), reason="held")
    if reason:
        return Verdict(OUT, reason=reason)
    action = open_action(ledger, item)
    if action:
        return Verdict(OUT, date=action.date, reason="open_action")
    overdue = ledger.is_overdue(item)
    if is_claimable(ledger, item) and (reason := _shortfall(ledger, item, early=False)):
        return Verdict(OUT, reason=reason)
    coming = _coming(ledger, item)
    if not coming:
        return _after_last_level(ledger, item)
    if coming.day > ledger.date:
        is_only_off = coming.base == ledger.date
        reason = "non_working_day" if is_only_off else coming.waits_for
        return Verdict(LATER, coming.level, coming.day, reason)
    contact = _planned_contact(ledger, item)
    if contact:
        return Verdict(LATER, coming.level, max(contact, ledger.date), "open_contact")
    if not overdue and (reason := _shortfall(ledger, item, early=True)):
        return Verdict(OUT, reason=reason)
    return Verdict(STEP, coming.level, ledger.date)


def _after_last_level(ledger, item):
    """What follows waits for the day from which delays count after a dispute."""
    restart = _last_mark(ledger, item, "restart")
    if not restart or restart <= ledger.date:
        return Verdict(OUT, reason="last_level")
    days = [restart]
    if contact := last_contact(ledger, item.customer):
        gap = scenario_of(ledger, item).contact_gap
        days.append(contact + timedelta(days=gap))
    day = next_working_day(max(days), ledger.days_off)
    return Verdict(LATER, None, day, "restarts")


def _barrier(ledger, item):
    """Why the item is out whatever the balance of its customer."""
    if item.customer is None:
        return "no_partner"
    if item.excluded:
        return "excluded"
    if item.blocked:
        return "blocked"
    if item.discounted:
        return "discount"
    if item.customer in ledger.archived:
        return "archived"
    scenario = scenario_of(ledger, item)
    if not scenario:
        return "no_scenario"
    if not scenario.ladder:
        return "no_level"
    if _is_held(ledger, item):
        return "held"
    return "in_payment" if item.paying >= item.residual else None


def scenario_of(ledger, item):
    """Invoice > customer > first rule that matches > default of the company."""
    overdue = sum(
        other.residual_company
        for other in ledger.due_items
        if other.customer == item.customer and ledger.is_overdue(other)
    )
    ruled = [s for s in ledger.scenarios if s.applies_to(item.customer, overdue)]
    candidates = [item.scenario, ledger.chosen.get(item.customer), *ruled]
    candidates.append(ledger.default)
    return next((s for s in candidates if s and s.active), None)


# -- amounts -----------------------------------------------------------------


def _customer_holds(ledger, item):
    return [
        hold
        for hold in ledger.active_holds
        if hold.customer == item.customer and not hold.items and not hold.amount
    ]


def _is_held(ledger, item):
    """Whether holds keep all of the item out, with what is being paid of it."""
    parts = sum(held_parts(ledger, item).values())
    covered = parts + item.paying >= item.residual
    return bool(_customer_holds(ledger, item) or (parts and covered))


def held_parts(ledger, item):
    """What each hold on items keeps out of this one, the oldest item first."""
    parts = {}
    for hold in ledger.active_holds:
        if item not in hold.items:
            continue
        if not hold.amount:
            parts[hold] = item.residual
        elif hold.currency == item.currency:
            left = hold.amount
            for other in _oldest_first(ledger, hold.items):
                if other is item and left > 0:
                    parts[hold] = min(left, item.residual)
                if other.currency == hold.currency:
                    left -= other.residual
    return parts


def _oldest_first(ledger, items):
    return sorted(
        (item for item in items if item.residual > 0),
        key=lambda item: (item.due, ledger.items.index(item)),
    )


def _held_until(ledger, item):
    """The first day on which holds no longer keep all of the item out, if nothing
    else happens; None when they never end."""
    holds = [*_customer_holds(ledger, item), *held_parts(ledger, item)]
    ends = sorted({hold.end for hold in holds if hold.end})
    for day in (end + timedelta(days=1) for end in ends):
        if not _is_held(replace(ledger, date=day), item):
            return day
    return None


def withheld(ledger, item):
    """Part of the item that is on hold or being paid."""
    claimed = sum(held_parts(ledger, item).values()) + item.paying
    return min(item.residual, claimed)


def collectable(ledger, item, early=False):
    """Overdue - unallocated credits - amounts on hold, of the item's customer and
    currency, in both currencies. Holds leave nothing at worst.

    :param early: with the items that a level reaches today before they are due
    """
    mates = [
        other
        for other in ledger.own_items
        if other.customer == item.customer and other.currency == item.currency
    ]
    claimable = [m for m in mates if m.residual > 0 and not _barrier(ledger, m)]
    counted = [
        other
        for other in claimable
        if is_claimable(ledger, other) or (early and _comes_today(ledger, other))
    ]
    amount = sum(other.residual - withheld(ledger, other) for other in counted)
    amount += sum(credit.residual for credit in mates if credit.residual < 0)
    # What is paid without journal entry beyond an item is a credit.
    amount -= sum(
        max(mate.paying - mate.residual, 0) for mate in mates if mate.residual > 0
    )
    amount -= sum(
        _parent_credit(ledger, item, account)
        for account in {mate.account for mate in mates}
    )
    held = sum(
        hold.amount
        for hold in ledger.active_holds
        if hold.customer == item.customer
        and hold.currency == item.currency
        and not hold.items
    )
    amount -= min(held, max(amount, 0))
    rate = sum(m.residual_company for m in claimable) / sum(
        m.residual for m in claimable
    )
    return amount, amount * rate


def _parent_credit(ledger, item, account):
    """What credits of the parent cover of the customer's items on an account: they can
    be reconciled with no others."""
    of_account = [
        other
        for other in ledger.items
        if other.customer == item.customer
        and other.currency == item.currency
        and other.account == account
    ]
    owed = sum(o.residual for o in of_account if o.company == "own")
    credit = sum(
        -o.residual for o in of_account if o.company == "parent" and o.residual < 0
    )
    return min(credit, max(owed, 0))


def _comes_today(ledger, item):
    coming = _coming(ledger, item)
    return coming and coming.day == ledger.date and not open_action(ledger, item)


def _shortfall(ledger, item, early):
    amount, in_company_currency = collectable(ledger, item, early)
    if amount <= 0:
        return "covered"
    if in_company_currency <= scenario_of(ledger, item).minimum:
        return "below_minimum"
    return None


# -- progression -------------------------------------------------------------


def first_contact(ledger, item):
    """The day before which the customer is not spoken to of an invoice that has come
    late, if it is still to come."""
    contacted = reached(ledger, item)[0] or heard(ledger, item)
    if not item.arrived or item.arrived > ledger.date or contacted:
        return None
    day = item.arrived + timedelta(days=ledger.first_contact_days)
    return day if day > ledger.date else None


def is_claimable(ledger, item):
    """Whether the customer may be asked for the item."""
    return ledger.is_overdue(item) and not first_contact(ledger, item)


def open_action(ledger, item):
    """The open action through which the item waits to reach a level."""
    for action in ledger.actions:
        if action.state in OPEN_STATES and item in action.levels:
            return action
    return None


def last_contact(ledger, customer):
    contacts = [
        action.date
        for action in ledger.actions
        if action.customer == customer
        and action.state == "done"
        and action.kind not in ("start", "notice")
    ]
    return max(contacts, default=None)


def _planned_contact(ledger, item):
    """Date of the first contact that the system is about to make by itself."""
    planned = [
        action.date
        for action in ledger.actions
        if action.customer == item.customer
        and action.state in ("to_validate", "todo")
        and action.execution != "manual"
        and action.kind != "notice"
    ]
    return min(planned, default=None)


def _coming(ledger, item):
    """The next level of the item. A preventive one that could not happen before the
    due date is left out, with all other preventive ones."""
    level_reached, _ = reached(ledger, item)
    scenario = scenario_of(ledger, item)
    following = [
        level
        for level in scenario.ladder
        if (
            not level_reached
            or level.delay > level_reached.delay
            or (level_reached not in scenario.levels and level.is_formal_text)
        )
        and not is_overtaken(level, scenario, heard(ledger, item))
    ]
    for level in following:
        coming = _time(ledger, item, level)
        if level.delay >= 0 or coming.day < item.due:
            return coming
        following = [level for level in following if level.delay >= 0]
        return _time(ledger, item, following[0]) if following else None
    return None


def _level_day(ledger, item, level):
    """The day of a level. Delays count from the last restart, if it is after the due
    date; what comes next may be due before, but not before the item is late."""
    restart = _last_mark(ledger, item, "restart")
    delay = timedelta(days=level.delay)
    if level.delay < 0:
        return max(item.due + delay, restart or Date.min)
    day = max(item.due, restart or Date.min) + delay
    at_once = _last_mark(ledger, item, "next")
    _, reached_date = reached(ledger, item)
    others = [other for other in (restart, reached_date) if other]
    if not at_once or any(other >= at_once for other in others):
        return day
    return min(day, max(at_once, item.due + timedelta(days=1)))


def _last_mark(ledger, item, resume):
    """The last day from which an ended hold says how dunning goes on."""
    marks = [hold.resume for hold in ledger.holds if hold.resume and item in hold.items]
    return max((day for name, day in marks if name == resume), default=None)


def _time(ledger, item, level):
    scenario = scenario_of(ledger, item)
    _, reached_date = reached(ledger, item)
    contact = last_contact(ledger, item.customer)
    not_due = "level_date" if ledger.is_overdue(item) else "not_due"
    waits = [(_level_day(ledger, item, level), not_due)]
    if reached_date:
        gap = timedelta(days=max(level.gap, 1))
        waits.append((reached_date + gap, "level_gap"))
    if first := first_contact(ledger, item):
        waits.append((first, "first_contact"))
    if contact:
        gap = timedelta(days=scenario.contact_gap)
        waits.append((contact + gap, "contact_gap"))
    base = max(ledger.date, *(day for day, _reason in waits))
    reason = next((reason for day, reason in waits if day == base), None)
    return Coming(level, base, next_working_day(base, ledger.days_off), reason)


assert {"not_due", "level_date", "level_gap", "contact_gap"} < set(LATER_REASONS)
