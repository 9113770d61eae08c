"""Numbers by which companies are registered."""

import re
from collections.abc import Iterable

SIREN_DIGITS = 9


def get_identifiers(*values: str | None) -> set[str]:
    """Return what identifies a company in the words of registers: its SIREN, and each
    number as it is without punctuation.

    >>> sorted(get_identifiers("732 829 320 00074", "FR44732829320"))
    ['732829320', '73282932000074', 'FR44732829320']
    >>> sorted(get_identifiers("0477.472.701", "BE0477472701", None))
    ['0477472701', 'BE0477472701']
    >>> sorted(get_identifiers("732829320_STATUTS"))
    ['732829320']
    """
    found = set()
    for value in values:
        # Electronic addresses in France: SIREN, then SIRET or a suffix.
        number = re.sub(r"[^0-9A-Z_]", "", (value or "").upper()).split("_")[0]
        if not number:
            continue
        found.add(number)
        if re.fullmatch(r"\d{14}", number):
            found.add(number[:9])
        elif re.fullmatch(r"FR[0-9A-Z]{2}\d{9}", number):
            found.add(number[4:])
        elif re.fullmatch(r"BE[01]\d{9}", number):
            found.add(number[2:])
    return found


def get_identifier(numbers: Iterable[str | None]) -> str:
    """Return the SIREN among numbers, or else the first of what identifies a company.

    >>> get_identifier(["FR44732829320"]), get_identifier(["0477472701"])
    ('732829320', '0477472701')
    >>> get_identifier([])
    ''
    """
    found = sorted(get_identifiers(*numbers))
    return next(iter(_get_sirens(found) or found), "")


def get_siren(registry: str | None, vat: str | None) -> str | None:
    """Return the SIREN of a French company, in groups of three: the first nine digits
    of its SIRET, the last nine of its VAT number.

    >>> get_siren("732 829 320 00074", None)
    '732 829 320'
    >>> get_siren(None, "FR 44 732829320")
    '732 829 320'
    >>> get_siren("HRB 12345", "DE123456789"), get_siren(None, None)
    (None, None)
    """
    for number in (registry, vat):
        for siren in _get_sirens(get_identifiers(number)):
            return " ".join(siren[i : i + 3] for i in range(0, SIREN_DIGITS, 3))
    return None


def _get_sirens(numbers):
    return [number for number in numbers if re.fullmatch(r"\d{9}", number)]
