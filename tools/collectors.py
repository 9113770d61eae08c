"""Who does the work of a collector who cannot do it any more."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Workers:
    """Who works on the dunning of one company. Users are given by their ids.

    :param able: those who can: active, with rights, in the company
    :param default: collector of the customers who have none of their own, if any
    :param standby: who takes what is left without anybody, if there is somebody
    :param substitutes: by user, who stands in for them

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
    """

    able: frozenset[int]
    default: int | None = None
    standby: int | None = None
    substitutes: Mapping[int, int] = field(default_factory=dict)

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
        seen = set()
        while user and user not in seen:
            if user in self.able:
                return user
            seen.add(user)
            user = self.substitutes.get(user)
        return None
