"""Vocabulary of the plan: its rows, decisions and reasons."""

from datetime import date
from typing import NamedTuple

STEP, LATER, OUT = "step", "later", "out"

# Why an open item is not stepped on the date of the plan. The first group puts
# the item out; the second only says what its next date is waiting for.
OUT_REASONS = (
    "no_partner",
    "excluded",
    "blocked",
    "discount",
    "archived",
    "no_scenario",
    "no_level",
    "held",
    "in_payment",
    "open_action",
    "covered",
    "below_minimum",
    "last_level",
)
# Of those that put an item out: by what its entry, its customer or a setting is ...
LEFT_OUT_REASONS = (
    "no_partner",
    "excluded",
    "blocked",
    "discount",
    "archived",
    "no_scenario",
    "no_level",
)
RULE_REASONS = (*LEFT_OUT_REASONS, "below_minimum")
# ... by what pays it ...
PAYMENT_REASONS = ("covered", "in_payment")
# ... and with these it is not claimed, whatever was planned before.
UNCLAIMED_REASONS = (
    "excluded",
    "blocked",
    "discount",
    "archived",
    "held",
    "below_minimum",
    *PAYMENT_REASONS,
)
LATER_REASONS = (
    "not_due",
    "level_date",
    "restarts",
    "level_gap",
    "first_contact",
    "contact_gap",
    "open_contact",
    "non_working_day",
)


class PlanRow(NamedTuple):
    """What happens to one open item on the date of the plan.

    Fields can be read by attribute or by name, as those of a dictionary:

    >>> row = PlanRow(7, 3, "later", 5, date(2026, 3, 2), "non_working_day")
    >>> row.decision, row["reason"], row[0]
    ('later', 'non_working_day', 7)
    """

    move_line_id: int
    partner_id: int | None
    decision: str
    level_id: int | None
    date: date | None
    reason: str | None

    def __getitem__(self, key):
        if isinstance(key, str):
            return getattr(self, key)
        return tuple.__getitem__(self, key)
