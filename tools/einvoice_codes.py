"""Codes of statuses and reasons of e-invoices, with their names and where they come
from: ``data/einvoice_codes.json``. Codes that are not there come through as they are.
"""

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "einvoice_codes.json"
# The lists in which a code is looked up, in this order.
LISTS = ("status", "reason", "peppol_reason", "action")


@cache
def load() -> dict:
    """Return all that the file says."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def get_statuses() -> tuple[str, ...]:
    """Return the codes of statuses.

    >>> {"200", "207", "213", "228"} <= set(get_statuses())
    True
    """
    return tuple(load()["status"])


def get_reasons(status: str) -> tuple[str, ...]:
    """Return the codes of the reasons that a status may have.

    >>> get_reasons("200"), get_reasons("205"), get_reasons("999")
    (('NON_TRANSMISE',), (), ())
    """
    return tuple(load()["reasons_by_status"].get(status, ()))


def get_reason_codes() -> tuple[str, ...]:
    """Return the codes of reasons of all formats, each once.

    >>> codes = get_reason_codes()
    >>> {"PU_ERR", "QTY"} <= set(codes), len(codes) == len(set(codes))
    (True, True)
    """
    codes = load()
    return tuple({**codes["reason"], **codes["peppol_reason"]})


def get_name(code: str, lang: str | None = None) -> str:
    """Return the name of a code, or the code when it is not known.

    :param lang: of who reads, as Odoo writes it (``"fr_FR"``); English by default

    >>> get_name("207"), get_name("207", "fr_FR"), get_name("QTY", "fr_BE")
    ('In dispute', 'En litige', 'Quantité incorrecte')
    >>> get_name("999")
    '999'
    """
    language = "fr" if (lang or "").startswith("fr") else "en"
    codes = load()
    names = next((codes[name][code] for name in LISTS if code in codes[name]), {})
    return names.get(language, code)


def get_names(codes, lang: str | None = None) -> str:
    """Return the names of codes, as one text.

    >>> get_names(["AUTRE", "NEW"], "fr_FR"), get_names([])
    ('Autre motif, NEW', '')
    """
    return ", ".join(get_name(code, lang) for code in codes if code)
