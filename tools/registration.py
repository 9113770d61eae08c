"""Numbers by which companies are registered."""

import re

SIREN_DIGITS = 9


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
    digits = re.sub(r"\W", "", registry or "")
    if not re.fullmatch(r"\d{9}(\d{5})?", digits):
        number = re.sub(r"\W", "", vat or "").upper()
        if not re.fullmatch(r"FR\w{2}\d{9}", number):
            return None
        digits = number[-SIREN_DIGITS:]
    siren = digits[:SIREN_DIGITS]
    return " ".join(siren[place : place + 3] for place in range(0, SIREN_DIGITS, 3))
