"""By which channel and when somebody is best reached, from how past contacts ended. It
proposes and decides nothing."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

# Fewer contacts by a channel say nothing about it, nor fewer answers about hours.
LEAST_CONTACTS, LEAST_ANSWERS = 3, 3
# This share of the contacts, or of the answers, is a habit.
LEAST_SHARE = 0.5
# Hours that are told together.
WINDOW = 2


class Contact(NamedTuple):
    """A contact and whether the customer answered or paid after it.

    :param weekday: on which it answered, from Monday, 0; None where nobody knows
    :param hour: at which it answered; None where nobody knows
    """

    channel: str
    reached: bool
    weekday: int | None = None
    hour: int | None = None


class Proposal(NamedTuple):
    """What is proposed.

    :param channel: None where too little is known
    :param reached: contacts by it that reached somebody, of so many ``contacts``
    :param hours: from and to; None where no time of the day stands out
    :param weekday: None where no day of the week stands out
    """

    channel: str | None = None
    reached: int = 0
    contacts: int = 0
    hours: tuple[int, int] | None = None
    weekday: int | None = None


def propose(contacts: Iterable[Contact]) -> Proposal:
    """Return the channel that reached somebody most often, and when.

    >>> calls = [Contact("call", True, 1, 10), Contact("call", True, 1, 11)]
    >>> calls += [Contact("call", True, 3, 10), Contact("call", False)]
    >>> mails = [Contact("email", False)] * 5
    >>> propose(calls + mails)
    Proposal(channel='call', reached=3, contacts=4, hours=(10, 12), weekday=1)

    Whoever answers late is called late:

    >>> propose([Contact("call", True, day, 22 + day % 2) for day in range(3)]).hours
    (22, 24)

    Two contacts say nothing, nor does a channel that seldom reaches anybody; answers at
    all hours have no best one:

    >>> propose([Contact("call", True, 1, 10)] * 2)
    Proposal(channel=None, reached=0, contacts=0, hours=None, weekday=None)
    >>> propose(mails + [Contact("email", True, 1, 9)]).channel
    >>> propose([Contact("call", True, day, 3 * day) for day in range(5)])
    Proposal(channel='call', reached=5, contacts=5, hours=None, weekday=None)

    :param contacts: of one customer
    """
    contacts = list(contacts)
    tried = Counter(contact.channel for contact in contacts)
    reached = Counter(contact.channel for contact in contacts if contact.reached)
    known = [
        channel
        for channel, count in tried.items()
        if count >= LEAST_CONTACTS and reached[channel] >= LEAST_SHARE * count
    ]
    if not known:
        return Proposal()
    best = max(known, key=lambda c: (reached[c] / tried[c], reached[c], c))
    answers = [
        contact
        for contact in contacts
        if contact.channel == best and contact.reached and contact.hour is not None
    ]
    return Proposal(
        best,
        reached[best],
        tried[best],
        _get_hours([contact.hour for contact in answers]),
        _get_most([contact.weekday for contact in answers]),
    )


def _get_hours(hours):
    """Return the hours at which most answers came, if they stand out.

    >>> _get_hours([9, 9, 10, 16]), _get_hours([9, 9, 11, 13])
    ((9, 11), (9, 11))
    >>> _get_hours([9, 11, 13, 15])
    """
    counts = {
        start: sum(start <= hour < start + WINDOW for hour in hours)
        for start in range(24 - WINDOW + 1)
    }
    start = max(counts, key=lambda s: (counts[s], s))
    if counts[start] < max(LEAST_ANSWERS - 1, LEAST_SHARE * len(hours)):
        return None
    return (start, start + WINDOW) if len(hours) >= LEAST_ANSWERS else None


def _get_most(days):
    """Return the day of the week on which more than half of the answers came."""
    if len(days) < LEAST_ANSWERS:
        return None
    [(day, count)] = Counter(days).most_common(1)
    return day if count > LEAST_SHARE * len(days) else None
