"""How far a customer can be trusted to pay, from how it has paid: a letter, and the
rule that gave it.

Each rule asks for one or more measures to be exceeded. The first one that holds gives
the letter, the strictest come first, and who breaks none has the best one. The same
table is read by Python and by SQL (``models/risk/dunning_profile_statement.py``), and a
test compares both.
"""

from collections.abc import Mapping
from typing import NamedTuple

RATINGS = ("a", "b", "c", "d", "e")
BEST, BEST_RULE = "a", "on_time"
# Fewer items, paid or late for long, say nothing about a customer.
LEAST_ITEMS = 3
# From so many days on, an item that is still open says how its customer pays.
TELLING_DAYS = 30


class Rule(NamedTuple):
    """A letter, and what must be exceeded for it.

    :param code: by which the rule is told in words
    :param limits: measure to the value above which it counts; all of them
    """

    rating: str
    code: str
    limits: Mapping[str, float]


class Rating(NamedTuple):
    """A letter and the code of the rule that gave it; both None for too little
    history."""

    rating: str | None
    rule: str | None


# Measures: ``open_days`` (days late of the oldest item that is open), ``delay`` (days
# after the due date, weighted by amount, over twelve months), ``trend`` (by how many
# days the last three months were later than the others), ``late_share`` and
# ``reminded_share`` (of the items paid, as fractions), ``broken`` (promises).
RULES = (
    Rule("e", "unpaid_long", {"open_days": 90}),
    Rule("e", "very_late", {"delay": 60}),
    Rule("e", "broken_often", {"broken": 2}),
    Rule("d", "unpaid", {"open_days": 60}),
    Rule("d", "late", {"delay": 30}),
    Rule("d", "broken_again", {"broken": 1}),
    Rule("d", "worsening", {"trend": 30, "delay": 10}),
    Rule("c", "broken", {"broken": 0}),
    Rule("c", "unpaid_lately", {"open_days": 30}),
    Rule("c", "often_late", {"delay": 15}),
    Rule("c", "reminded", {"reminded_share": 0.5}),
    Rule("c", "slower", {"trend": 15, "delay": 5}),
    Rule("b", "little_late", {"delay": 5}),
    Rule("b", "late_items", {"late_share": 0.25}),
)
RULE_CODES = (BEST_RULE, *(rule.code for rule in RULES))


def rate(items: int, measures: Mapping[str, float | None]) -> Rating:
    """Return the rating of a customer.

    Two invoices are no history; on time, late, or with promises that were not kept:

    >>> rate(2, {"delay": 80})
    Rating(rating=None, rule=None)
    >>> rate(12, {"delay": -2, "late_share": 0.1})
    Rating(rating='a', rule='on_time')
    >>> rate(12, {"delay": 16, "late_share": 0.9})
    Rating(rating='c', rule='often_late')
    >>> rate(12, {"delay": 16, "broken": 2})
    Rating(rating='d', rule='broken_again')

    What is still open tells more than what was paid, and a limit has to be exceeded:

    >>> rate(3, {"delay": 0, "open_days": 91})
    Rating(rating='e', rule='unpaid_long')
    >>> rate(3, {"delay": 0, "open_days": 90}).rule
    'unpaid'

    Somebody who begins to pay later is noticed before the average is bad, but not who
    is early and becomes less so:

    >>> rate(20, {"delay": 12, "trend": 31})
    Rating(rating='d', rule='worsening')
    >>> rate(20, {"delay": 0, "trend": 31})
    Rating(rating='a', rule='on_time')

    :param items: number of items paid over twelve months, or late for
        ``TELLING_DAYS`` and more
    :param measures: see ``RULES``; what is missing or None exceeds nothing
    """
    if items < LEAST_ITEMS:
        return Rating(None, None)
    for rule in RULES:
        if all(
            exceeds(measures.get(name), limit) for name, limit in rule.limits.items()
        ):
            return Rating(rule.rating, rule.code)
    return Rating(BEST, BEST_RULE)


def exceeds(value: float | None, limit: float) -> bool:
    """Return whether a measure is above a limit; one that is not known is not.

    >>> exceeds(5.1, 5), exceeds(5, 5), exceeds(None, 0)
    (True, False, False)
    """
    return value is not None and value > limit
