"""Texts that were shipped with the addon and belong to their users since: an update
replaces the sentences of them that are still there."""

from collections.abc import Iterable

# Pairs of what was shipped and what is.
Sentences = Iterable[tuple[str, str]]


def replace(text: str | None, sentences: Sentences) -> str | None:
    """Return a text with its shipped sentences replaced.

    >>> replace("<p>Pay the items.</p>", [("the items", "what is listed")])
    '<p>Pay what is listed.</p>'
    """
    for before, after in sentences:
        text = text and text.replace(before, after)
    return text
