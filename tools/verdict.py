"""What is judged of a contact that waits, and what becomes of it: see ``judgement``."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .tone import Level


@dataclass(frozen=True, eq=False)
class Line:
    """An item as the action has it.

    :param item_id: journal item, if there still is one
    :param level: which the item reaches by the action, None when it is only listed
    :param is_aligned: it comes up to the level of the contact, before its own day
    :param cause: why it has been left out, None while it is open
    :param amount: what it was about when it was last judged
    """

    id: int
    item_id: int | None
    level: Level | None = None
    is_aligned: bool = False
    cause: str | None = None
    amount: float = 0


@dataclass(frozen=True, eq=False)
class Action:
    """A contact that waits, or that the ledger has cancelled.

    :param is_call: it is made by telephone
    :param levels: those that the rows name, by id
    :param get_text_rank: how strong its text is at a level, 0 when it is no text
    :param is_listed: whether it speaks of an item, of which the row is given, that it
        brings to no level
    :param is_pointful: whether it is to be carried out for its lines: given those that
        stand, and those of them that bring their item to a level
    :param get_lost_cause: why a line does not stand of whose item the plan says nothing
    """

    partner_id: int
    kind: str
    lines: Sequence[Line]
    level: Level | None = None
    is_open: bool = True
    is_call: bool = False
    levels: Mapping[int, Level] = field(default_factory=dict)
    get_text_rank: Callable[[Level], int] = lambda level: level.rank
    is_listed: Callable[[Mapping], bool] = lambda row: row["listed"]
    is_pointful: Callable[[Sequence[Line], Sequence[Line]], bool] = (
        lambda lines, steps: bool(steps)
    )
    get_lost_cause: Callable[[Line], str] = lambda line: "deleted"


@dataclass(frozen=True)
class Verdict:
    """What becomes of an action. Lines are given by their ids.

    :param cause: why it does not stand, None if it does
    :param level: that decides, None when nothing does
    :param lines: those that stay, with the level that their item reaches, if any
    :param raised: those of them that come up to a level that is not their own
    :param further: those that the text only refers to
    :param dropped: those that are left out from now on, with the cause
    :param amount: what is claimed, in company currency, not rounded
    :param date_due: the oldest of the lines that stay
    :param wait_until: the day to wait for, if the plan gives one
    :param taken: what no other action has to do any more
    """

    cause: str | None = None
    level: Level | None = None
    lines: Mapping[int, Level | None] = field(default_factory=dict)
    raised: Collection[int] = ()
    further: Collection[int] = ()
    dropped: Mapping[int, str] = field(default_factory=dict)
    amount: float = 0
    date_due: date | None = None
    wait_until: date | None = None
    taken: Collection[tuple] = ()

    @property
    def stands(self) -> bool:
        """Whether the action stands."""
        return self.cause is None
