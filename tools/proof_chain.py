"""What makes a change of the history show: contents, their hashes, and the chain of
these. ``static/proof/check.py`` works them out again without Odoo."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

# Before the first seal of a chain.
START = "0" * 64


@dataclass(frozen=True)
class Seal:
    """What is kept of a record when something was done.

    :param number: in its chain, from 1 on
    :param model: of the record
    :param res_id: its number
    :param moment: in UTC, as text
    :param user_id: who did it
    :param final: whether the record stays as it was from then on
    :param content: hash of what the record said
    """

    number: int
    model: str
    res_id: int
    moment: str
    user_id: int
    final: bool
    content: str

    def link(self, previous: str) -> str:
        """Return the hash that joins the seal to the one before it.

        >>> seal = Seal(1, "dunning.action", 7, "2026-03-02 11:00:00", 2, True, "ab")
        >>> seal.link(START)[:16]
        '11f7d9ad6c105ded'
        >>> seal.link(START) == seal.link("1" * 64)
        False
        """
        parts = (
            previous,
            self.number,
            self.model,
            self.res_id,
            self.moment,
            self.user_id,
            int(self.final),
            self.content,
        )
        return digest("\n".join(str(part) for part in parts))


def canonical(content: Mapping) -> str:
    """Return a content as text, always the same for the same content.

    >>> canonical({"b": "é", "a": [1, None, {"d": 1, "c": 2}]})
    '{"a":[1,null,{"c":2,"d":1}],"b":"é"}'
    """
    return json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )


def digest(text: str) -> str:
    """Return the SHA-256 of a text.

    >>> digest("")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
