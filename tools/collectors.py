"""Who does the work of a collector who cannot do it: any more, or while away."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Workers:
    """Who works on the dunning of one company. Users are given by their ids.

    :param able: those who can: active, with rights, in the company
    :param default: collector of the customers who have none of their own, if any
    :param standby: who takes what is left without anybody, if there is somebody
    :param substitutes: by user, who stands in for them
    :param away: those who are absent today

    >>> workers = Workers({2, 3, 7}, default=3, standby=7, substitutes={8: 9, 9: 2})
    >>> workers.find(2)
    2
    >>> workers.find(8), workers.find(None), workers.find(6)
    (2, 3, 3)

    Nobody is chosen for a company that has not said who collects:

    >>> Workers({7}, standby=7).find(None) is None
    True

    Who was chosen and cannot is replaced in any case:

    >>> Workers({7}, standby=7).find(6), Workers({7}, default=6, standby=7).find(None)
    (7, 7)
    >>> Workers(set()).find(6) is None
    True
    >>> Workers(set(), substitutes={6: 5, 5: 6}).find(6) is None
    True

    Who is away is replaced by a substitute who is not, else by nobody:

    >>> away = Workers({2, 3, 4}, default=3, substitutes={2: 4, 4: 3}, away={2})
    >>> away.find(2), away.find(4), away.replaced
    (4, 4, [2])
    >>> both = Workers({2, 3, 4}, substitutes={2: 4, 4: 3}, away={2, 4})
    >>> both.find(2), both.find(4), both.replaced
    (3, 3, [2, 4])
    >>> alone = Workers({2, 3}, default=3, substitutes={2: 9}, away={2})
    >>> alone.find(2), alone.replaced
    (2, [])
    """

    able: frozenset[int]
    default: int | None = None
    standby: int | None = None
    substitutes: Mapping[int, int] = field(default_factory=dict)
    away: frozenset[int] = frozenset()

    @property
    def replaced(self) -> list[int]:
        """Those who could work, are away, and have somebody who does it meanwhile."""
        return [
            user
            for user in sorted(self.away)
            if user in self.able and self.find(user) != user
        ]

    def find(self, user: int | None) -> int | None:
        """Return who does the work of a collector.

        :param user: the collector, None where the customer has none of its own
        :return: the collector, a substitute, or who is left; None for nobody
        """
        if not (user or self.default):
            return None
        found = self._stand_in(user) or self._stand_in(self.default)
        return found or self.standby

    def _stand_in(self, user):
        """Return the first who can and is there; with all of them away, the first who
        can."""
        able = [one for one in self._follow(user) if one in self.able]
        there = [one for one in able if one not in self.away]
        return next(iter([*there, *able]), None)

    def _follow(self, user) -> Iterator[int]:
        """Yield a user, who stands in for that one, and so on."""
        seen = set()
        while user and user not in seen:
            yield user
            seen.add(user)
            user = self.substitutes.get(user)
