"""Tone never goes backwards: which level may decide, what a text may list."""

from collections.abc import Iterable
from typing import NamedTuple

from .words import TONE_RANKS


class Level(NamedTuple):
    """A level of a scenario.

    :param delay: days after the due date, negative before
    :param rank: how strong its tone is
    :param is_written: something is written to the customer
    """

    id: int
    scenario_id: int
    delay: int
    rank: int = 0
    is_written: bool = True


def get_deciding_level(levels: Iterable[Level], loudest: int) -> Level | None:
    """Return the highest level, but for a text that is too soft for an item that has a
    step.

    :param loudest: rank of the strongest text that listed one of these items

    >>> soft = Level(1, 7, delay=20, rank=1)
    >>> firm = Level(2, 7, delay=10, rank=2)
    >>> call = Level(3, 7, delay=5, rank=1, is_written=False)
    >>> get_deciding_level([firm, soft, call], 1) == soft
    True
    >>> get_deciding_level([firm, soft, call], 2) == firm
    True
    >>> get_deciding_level([firm, soft, call], 3) == call
    True
    """
    ordered = sorted(
        dict.fromkeys(levels),
        key=lambda level: (not level.is_written or level.rank >= loudest, level.delay),
    )
    return ordered[-1] if ordered else None


def is_further(heard: int, rank: int) -> bool:
    """Return whether an item has heard what a text of that rank cannot come back to:
    something stronger, or a formal notice, which is not repeated.

    :param heard: rank of the strongest text that listed the item
    :param rank: of the text, 0 for what is no text

    >>> is_further(2, 1), is_further(2, 2), is_further(3, 3), is_further(3, 0)
    (True, False, True, False)
    """
    formal = TONE_RANKS["formal"]
    return bool(rank) and (heard > rank or heard == rank == formal)


def misses_notice(heard: int, reached: int | None, notices: Iterable[int]) -> bool:
    """Return whether a formal notice lies beyond the level that an item has reached,
    and it has had none.

    :param heard: rank of the strongest text that listed the item
    :param reached: delay of the level reached, None without one
    :param notices: delays of the levels that write one, up to that of the contact

    >>> misses_notice(2, 10, [20]), misses_notice(0, None, [20])
    (True, True)
    >>> misses_notice(2, 20, [20]), misses_notice(3, 10, [20])
    (False, False)
    """
    if heard >= TONE_RANKS["formal"]:
        return False
    return any(reached is None or delay > reached for delay in notices)
