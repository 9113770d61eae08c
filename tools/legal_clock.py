"""Deadlines of the law: which apply to an act, and on which day they end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Rule:
    """A deadline that an act sets.

    :param key: what the rule is known by
    :param trigger: kind of the act that sets it
    :param basis: kind of the act whose day decides whether the rule applies
    :param endings: kinds of acts that meet it
    :param date_from: first day of the basis for which it applies, or None
    :param date_to: last day
    :param count: how long
    :param unit: ``month`` or ``day``
    """

    key: object
    trigger: str
    basis: str
    endings: tuple[str, ...]
    date_from: Date | None
    date_to: Date | None
    count: int
    unit: str


@dataclass(frozen=True)
class Act:
    """Something that was done.

    :param key: what it is known by
    :param kind: what was done
    :param day: when
    """

    key: object
    kind: str
    day: Date


@dataclass(frozen=True)
class Deadline:
    """A day by which something is to be done.

    :param rule: the rule that sets it
    :param act: the act from which it counts
    :param day: the last day
    :param met_by: the act that has met it, or None
    """

    rule: Rule
    act: Act
    day: Date
    met_by: Act | None


def add_delay(day: Date, count: int, unit: str) -> Date:
    """Return the last day of a delay. One in months ends on the day of the last month
    that has the same number, or on its last day (code de procédure civile, art. 641).

    >>> add_delay(Date(2026, 9, 15), 3, "month")
    datetime.date(2026, 12, 15)
    >>> add_delay(Date(2026, 12, 31), 2, "month")
    datetime.date(2027, 2, 28)
    >>> add_delay(Date(2026, 3, 1), 30, "day")
    datetime.date(2026, 3, 31)
    """
    if unit == "month":
        return day + relativedelta(months=count)
    return day + timedelta(days=count)


def get_deadlines(rules: Iterable[Rule], acts: Iterable[Act]) -> list[Deadline]:
    """Return the deadlines that acts set, met or not, the earliest first.

    :param acts: those that stand

    An order to pay issued from 1 September 2026 is to be served within three months,
    one issued before within six:

    >>> until = Rule("6", "issued", "issued", ("served",), None, Date(2026, 8, 31), 6,
    ...     "month")
    >>> since = Rule("3", "issued", "issued", ("served",), Date(2026, 9, 1), None, 3,
    ...     "month")
    >>> [d.day for d in get_deadlines([until, since], [Act(1, "issued",
    ...     Date(2026, 8, 31))])]
    [datetime.date(2027, 2, 28)]
    >>> issued = Act(1, "issued", Date(2026, 9, 1))
    >>> [deadline] = get_deadlines([until, since], [issued])
    >>> deadline.day, deadline.met_by
    (datetime.date(2026, 12, 1), None)
    >>> served = Act(2, "served", Date(2026, 10, 5))
    >>> get_deadlines([until, since], [issued, served])[0].met_by.key
    2

    What counts from the service goes by the day on which the order was issued:

    >>> enforceable = Rule("2", "served", "issued", ("opposition",), Date(2026, 9, 1),
    ...     None, 2, "month")
    >>> [d.day for d in get_deadlines([enforceable], [issued, served])]
    [datetime.date(2026, 12, 5)]
    >>> get_deadlines([enforceable], [Act(1, "issued", Date(2026, 8, 1)), served])
    []
    """
    acts = sorted(acts, key=lambda act: (act.day, str(act.key)))
    found = [
        Deadline(
            rule,
            act,
            add_delay(act.day, rule.count, rule.unit),
            _find_end(rule, act, acts),
        )
        for act in acts
        for rule in rules
        if rule.trigger == act.kind and _applies(rule, act, acts)
    ]
    return sorted(found, key=lambda deadline: (deadline.day, str(deadline.rule.key)))


def _applies(rule, act, acts):
    """Return whether a rule is that of the day of its basis: the last act of that kind
    until then; without one, the act itself."""
    basis = [a.day for a in acts if a.kind == rule.basis and a.day <= act.day]
    day = basis[-1] if basis else act.day
    return (not rule.date_from or rule.date_from <= day) and (
        not rule.date_to or day <= rule.date_to
    )


def _find_end(rule, act, acts):
    """Return the first act that meets the deadline, None when there is none."""
    ends = (a for a in acts if a.kind in rule.endings and a.day >= act.day)
    return next(ends, None)
