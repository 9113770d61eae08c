"""Telling what the system writes to follow the ledger from what people choose."""

from .marks import Mark

FOLLOWING = Mark("dunning_following")

# For the context of what is written.
FOLLOWING_CONTEXT = FOLLOWING.context


def is_following(env):
    """Return whether what is written follows the ledger: it is not checked as if
    somebody had chosen it, for nothing of it may refuse what people do to the ledger.

    >>> from types import SimpleNamespace
    >>> is_following(SimpleNamespace(context=FOLLOWING_CONTEXT))
    True
    >>> is_following(SimpleNamespace(context={"dunning_following": True}))
    False
    """
    return FOLLOWING.is_set(env)
