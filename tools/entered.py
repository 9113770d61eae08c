"""What comes in from outside as the value of a field or the argument of a method:
whether it is of its kind, and such that the database and the calendar can take it."""

import math
from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

# Integers of the database, of records too.
MAX_INTEGER = 2**31 - 1
# Amounts that are kept to the cent by a computer's numbers.
MAX_AMOUNT = 10**13
FIRST_YEAR = 1900
# As Odoo writes them.
MOMENT = "%Y-%m-%d %H:%M:%S"

# Characters of a text, and records of a list.
MAX_LENGTH = 200_000
MAX_RECORDS = 10_000

NUMBERS = ("integer", "float", "monetary")
TEXTS = ("char", "text", "html")
LISTS = ("one2many", "many2many")

Problem = Literal[
    "single",
    "number",
    "too_large",
    "date",
    "too_early",
    "character",
    "too_long",
    "choice",
    "record",
    "records",
]


def find_problem(kind: str, value, choices=None) -> Problem | None:
    """Return what is wrong with a value, None when nothing is.

    Empty is always allowed; a kind that is not known here is not looked at.

    >>> find_problem("integer", 12), find_problem("integer", "12")
    (None, None)
    >>> find_problem("integer", 2**40), find_problem("integer", float("inf"))
    ('too_large', 'number')
    >>> find_problem("monetary", float("nan")), find_problem("monetary", -1e300)
    ('number', 'too_large')
    >>> find_problem("monetary", [12]), find_problem("char", {"a": 1})
    ('single', 'single')
    >>> find_problem("date", "2026-02-30"), find_problem("date", "0001-01-01")
    ('date', 'too_early')
    >>> find_problem("date", "9999-12-31"), find_problem("date", False)
    (None, None)
    >>> find_problem("char", "a\\0b"), find_problem("text", "\\ud800")
    ('character', 'character')
    >>> find_problem("selection", "x", {"a", "b"})
    'choice'
    >>> find_problem("many2one", "x"), find_problem("many2many", "12")
    ('record', 'records')
    >>> find_problem("ids", [1, 2]), find_problem("ids", [1, [2]])
    (None, 'records')

    :param kind: the type of a field, or ``string``, ``ids``, ``dict``, ``domain``
    :param choices: the values of a selection
    """
    if value is None or value is False or value == "":
        return None
    if find := _OTHERS.get(kind):
        return find(value)
    if kind in (*NUMBERS, *TEXTS, "boolean", "date", "datetime", "selection"):
        if isinstance(value, list | tuple | dict | set):
            return "single"
        if kind in NUMBERS:
            return _find_in_number(kind, value)
        if kind in TEXTS:
            return _find_in_text(kind, value)
        if kind in ("date", "datetime"):
            return _find_in_date(kind, value)
        if kind == "selection" and choices is not None and value not in choices:
            return "choice"
    return None


def _find_in_number(kind, value):
    try:
        number = float(value)
        if kind == "integer":
            int(value)
    except OverflowError:
        return "too_large" if isinstance(value, int) else "number"
    except (TypeError, ValueError):
        return "number"
    if not math.isfinite(number):
        return "number"
    limit = MAX_INTEGER if kind == "integer" else MAX_AMOUNT
    return "too_large" if abs(number) > limit else None


def _find_in_text(kind, value):
    text = str(value)
    if "\0" in text or not _is_unicode(text):
        return "character"
    # Pictures are part of what is laid out.
    return "too_long" if kind != "html" and len(text) > MAX_LENGTH else None


def _is_unicode(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _find_in_date(kind, value):
    if not isinstance(value, date):
        try:
            if kind == "date":
                value = datetime.strptime(value[:10], "%Y-%m-%d")
            else:
                value = datetime.strptime(value, MOMENT[: len(value) - 2])
        except (TypeError, ValueError):
            return "date"
    return "too_early" if value.year < FIRST_YEAR else None


def _find_in_record(value):
    match value:
        case [id_, str()]:
            return None if _is_id(id_) else "record"
        case bool() | int():
            return None if _is_id(value) else "record"
        case str() | float() | list() | dict():
            return "record"
    # A record, or one that is new.
    return None


def _find_in_commands(value):
    if isinstance(value, str) or not isinstance(value, Sequence | tuple):
        # Records are no sequence.
        return "records" if isinstance(value, str | int | float | dict) else None
    if len(value) > MAX_RECORDS:
        return "too_large"
    return None if all(_is_command(command) for command in value) else "records"


def _is_command(command):
    match command:
        case bool():
            return False
        case int():
            return _is_id(command)
        case [0, _, dict()] | {"id": _}:
            return True
        case [1, id_, dict()] | [(2 | 3 | 4), id_, *_]:
            # Records that a form has not saved yet have other ids.
            return _is_id(id_) or not isinstance(id_, int | float | list | dict)
        case [5, *_]:
            return True
        case [6, _, ids]:
            return _are_ids(ids) or not isinstance(ids, list | tuple | str | int)
    return False


def _are_ids(value):
    return isinstance(value, list | tuple) and all(_is_id(id_) for id_ in value)


def _is_id(value):
    return type(value) is int and 0 < value <= MAX_INTEGER


def _find_in_string(value):
    return _find_in_text("text", value) if isinstance(value, str) else "single"


def _find_in_ids(value):
    return None if _are_ids(value) else "records"


def _find_in_dict(value):
    return None if isinstance(value, dict) else "single"


def _find_in_domain(value):
    if isinstance(value, str | int | float | dict):
        return "single"
    # Otherwise one that was made here.
    terms = value if isinstance(value, list | tuple) else []
    return None if all(_is_term(term) for term in terms) else "single"


def _is_term(term):
    match term:
        case "&" | "|" | "!":
            return True
        case [str() | 0 | 1, str(), _]:
            return True
    return False


_OTHERS = {
    "dict": _find_in_dict,
    "domain": _find_in_domain,
    "ids": _find_in_ids,
    "many2many": _find_in_commands,
    "many2one": _find_in_record,
    "one2many": _find_in_commands,
    "string": _find_in_string,
}
