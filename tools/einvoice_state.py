"""What holds of an e-invoice, of all that was said of it: in whatever order, late or
several times it has come in."""

import itertools
from collections.abc import Hashable, Iterable
from datetime import datetime
from typing import NamedTuple

# What may be open between a buyer and us, the gravest first.
CANCELLATION = "cancellation"
DELIVERY = "delivery"
CONTEST = "contest"
SUSPENSION = "suspension"
PAYEE = "payee"
PAYMENT = "payment"
RECEIVED = "received"
APPROVAL = "approval"
TASK = "task"

TOPICS = (
    CANCELLATION,
    DELIVERY,
    CONTEST,
    SUSPENSION,
    PAYEE,
    PAYMENT,
    RECEIVED,
    APPROVAL,
    TASK,
)
# Of these several can be open side by side, told apart by what was said.
SEPARATE = (PAYMENT, TASK)


class Said(NamedTuple):
    """A status, and what it means by the rules.

    :param key: names it
    :param when: date of the status itself, not of its arrival
    :param code: of the status
    :param content: what else it says, in a form that can be compared: the same content
        is the same thing said again
    :param opens: topic that it opens, if any
    :param closes: topics that it ends
    :param amount: what it is about, 0 for all
    :param proves: it can only be said of an invoice that the buyer has got
    :param restarts: the clock of dunning begins anew where it ends a suspension
    """

    key: Hashable
    when: datetime
    code: str
    content: tuple = ()
    opens: str | None = None
    closes: frozenset = frozenset()
    amount: float = 0.0
    proves: bool = False
    restarts: bool = False


class Matter(NamedTuple):
    """Something that is open.

    :param topic: one of ``TOPICS``
    :param since: when it was said first
    :param last: the status that holds: the last one about it
    :param keys: of all statuses that say so, the first one first
    """

    topic: str
    since: datetime
    last: Said
    keys: tuple


class State(NamedTuple):
    """What holds.

    :param matters: what is open, the gravest first
    :param received: since when the buyer has certainly had the invoice
    :param restart: from when delays count, after a suspension that is over
    :param headline: the status to show: that of the gravest matter, else the last one
    """

    matters: tuple = ()
    received: datetime | None = None
    restart: datetime | None = None
    headline: Said | None = None


def order(said: Said) -> tuple:
    """Return by what statuses are put in order: by their own dates; of those of the
    same moment the code, then the content decide, so that the order in which they came
    in never does."""
    return (said.when, said.code, said.content, str(said.key))


def get_state(statuses: Iterable[Said]) -> State:
    """Return what holds after some statuses of one invoice.

    A status opens its topic or goes on with it, in which case what it says replaces
    what was said before; it ends what was open before of the topics that it names. What
    was said at the same moment is not ended by it, so that in doubt nobody is dunned.
    While the whole invoice is contested no announced payment is open: the dispute says
    what happens.

    >>> day = lambda number: datetime(2026, 3, number)
    >>> late = Said(1, day(5), "205", opens=APPROVAL, closes=frozenset({CONTEST}))
    >>> early = Said(2, day(3), "207", ("DOUBLON",), CONTEST, proves=True)
    >>> [m.topic for m in get_state([late, early]).matters]
    ['approval']
    >>> [m.topic for m in get_state([early]).matters]
    ['contest']
    >>> get_state([late, early]) == get_state([early, late, early])
    True
    >>> get_state([early, late]).received
    datetime.datetime(2026, 3, 3, 0, 0)

    What is said again goes on, by its last words, since the first ones:

    >>> again = Said(3, day(4), "207", ("PRIX",), CONTEST)
    >>> [matter] = get_state([again, early]).matters
    >>> matter.since, matter.last.content, matter.keys
    (datetime.datetime(2026, 3, 3, 0, 0), ('PRIX',), (2, 3))

    Of the same moment, what keeps an invoice out of dunning is stronger:

    >>> same = early._replace(when=day(5))
    >>> [m.topic for m in get_state([same, late]).matters]
    ['contest', 'approval']
    """
    found: dict[tuple, list[Said]] = {}
    restart = received = None
    ordered = sorted(set(statuses), key=order)
    # Odoo's own is not for what knows no Odoo.
    # pylint: disable-next=bad-builtin-groupby
    for _when, group in itertools.groupby(ordered, key=lambda said: said.when):
        together, ends = list(group), set()
        for said in together:
            ended = [place for place in found if place[0] in said.closes]
            if said.restarts and any(topic == SUSPENSION for topic, _slot in ended):
                restart = said.when
            ends.update(ended)
        for place in ends:
            del found[place]
        for said in together:
            if said.opens:
                slot = said.content if said.opens in SEPARATE else None
                found.setdefault((said.opens, slot), []).append(said)
            if said.proves and received is None:
                received = said.when
    matters = _get_matters(found)
    headline = matters[0].last if matters else ordered[-1] if ordered else None
    return State(matters, received, restart, headline)


def _get_matters(found: dict) -> tuple:
    """Return the matters of what is open, in order."""
    matters = [
        Matter(topic, run[0].when, run[-1], tuple(said.key for said in run))
        for (topic, _slot), run in found.items()
    ]
    if any(m.topic == CONTEST and not m.last.amount for m in matters):
        matters = [matter for matter in matters if matter.topic != PAYMENT]
    return tuple(sorted(matters, key=_rank))


def _rank(matter: Matter) -> tuple:
    return (TOPICS.index(matter.topic), matter.last.when, matter.last.content)


def share_payments(amounts: Iterable[float], total: float, contested: float) -> list:
    """Return how much of each announced payment can be expected: in all, no more than
    what is not contested.

    :param amounts: announced, in the order of the payments; 0 for all that is left
    :param total: of the invoice
    :param contested: part of it

    >>> share_payments([300, 0, 100], 1000, 200)
    [300, 500, 0]
    """
    left, shares = max(total - contested, 0), []
    for amount in amounts:
        shares.append(min(amount or left, left))
        left -= shares[-1]
    return shares
