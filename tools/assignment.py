"""Whose customer somebody becomes: ranges of letters, and sharing out within a team."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence


def sort_key(name: str) -> str:
    """Return the letters and digits by which a name is filed, without accents.

    >>> sort_key("Émile & Cie"), sort_key("  'L’Œuvre'"), sort_key("3M"), sort_key("…")
    ('EMILECIE', 'LŒUVRE', '3M', '')
    """
    letters = unicodedata.normalize("NFKD", name)
    return "".join(one for one in letters if one.isalnum()).upper()


def is_within(name: str, first: str, last: str) -> bool:
    """Return whether a name is filed within a range, whose ends count.

    >>> [is_within(name, "A", "F") for name in ("Abel", "élan", "Fuchs", "Gaz", "3M")]
    [True, True, True, False, False]
    >>> is_within("Dupond", "DU", "DZ"), is_within("Dubois", "", "Dub")
    (True, True)
    >>> is_within("Dupond", "", "DUB"), is_within("3M", "0", "9"), is_within("", "", "")
    (False, True, True)

    :param first: letters with which the range begins, empty for the first
    :param last: letters with which it ends, empty for the last
    """
    key, first, last = sort_key(name), sort_key(first), sort_key(last)
    if first and key[: len(first)] < first:
        return False
    return not last or key[: len(last)] <= last


def share(
    customers: Iterable[tuple[int, int | None]],
    team: Sequence[int],
    loads: Mapping[int, int],
) -> dict[int, int]:
    """Share customers out: who is with one of the team stays, each other one goes to
    who has fewest, the first of the team where several have.

    >>> share([(1, None), (2, 8), (3, 9), (4, None)], [7, 8], {7: 0, 8: 1})
    {1: 7, 2: 8, 3: 7, 4: 8}

    :param customers: pairs of customer and present collector
    :param team: collectors, at least one
    :param loads: how many customers each of them has
    :return: dict of customer to collector
    """
    loads, chosen = Counter(loads), {}
    for customer, present in customers:
        if present in team:
            chosen[customer] = present
            continue
        user = min(team, key=lambda one: (loads[one], team.index(one)))
        chosen[customer] = user
        loads[user] += 1
    return chosen
