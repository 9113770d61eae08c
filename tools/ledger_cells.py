"""What people write in the cells of a ledger: amounts, days and numbers of invoices, as
they are written in Europe and America, and read without guessing more than needed."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date as Date
from datetime import datetime
from decimal import Decimal, InvalidOperation

# No ledger has more: what is longer is no amount.
MAX_LENGTH = 40

# Some signs stand for as many as eighteen others: what is longer says nothing.
MAX_PLAIN = 1000

# Years in which invoices are dated: what is outside is a number, or a slip.
FIRST_YEAR, LAST_YEAR = 1980, 2100

# Signs that stand between groups of thousands, beside dot and comma.
SPACES = re.compile(r"[\s'’`_]+")
CURRENCY = re.compile(r"^(?:[A-Z]{3}|[^\w\s(),.+=-])|(?:[A-Z]{3}|[^\w\s(),.+=-])$")
PARTS = re.compile(r"\d+|[^\W\d_]+")
DAY = re.compile(r"^(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})(?:[T ].*)?$")
COMPACT_DAY = re.compile(r"^(\d{4})(\d{2})(\d{2})$")


def plain(text: object) -> str:
    """Return a text in capitals, without accents nor spaces around it.

    >>> plain("  Numéro de pièce ")
    'NUMERO DE PIECE'
    >>> plain(None)
    ''
    """
    if text is None:
        return ""
    # To put many accents of one letter in order takes as long as their square.
    letters = _without_accents(str(text))
    kept = _without_accents(unicodedata.normalize("NFKD", letters)[:MAX_PLAIN])
    return " ".join(kept.upper().split())


def _without_accents(text):
    return "".join(char for char in text if not unicodedata.combining(char))


def number_parts(text: object) -> tuple[str, ...]:
    """Return the runs of digits and of letters of which a number is made.

    >>> number_parts("INV/2026/00042")
    ('INV', '2026', '00042')
    >>> number_parts("inv2026-00042") == number_parts("INV 2026 00042")
    True
    """
    return tuple(PARTS.findall(plain(text)))


def written_with_dots(parts: Sequence[str]) -> str:
    """Return a number in which dots part what would run together without them.

    >>> written_with_dots(("INV", "2026", "00042"))
    'INV2026.00042'
    """
    written = []
    for part in parts:
        if written and written[-1][-1].isdigit() == part[0].isdigit():
            written.append(".")
        written.append(part)
    return "".join(written)


def without_zeros(parts: Iterable[str]) -> str:
    """Return a number without the zeros that a spreadsheet takes away.

    >>> without_zeros(("INV", "2026", "00042"))
    'INV.2026.42'
    >>> without_zeros(("0",))
    '0'
    """
    return ".".join(part.lstrip("0") or "0" for part in parts)


def find_decimal_sign(cells: Iterable[object], default: str = ".") -> str:
    """Return the sign before the decimals of a column of amounts.

    It is told by what the cells leave no doubt about: the last of two signs, or one
    that is not followed by three digits. Where all of them are doubtful, by custom.

    >>> find_decimal_sign(["1.234,50", "1.000"])
    ','
    >>> find_decimal_sign(["1,234", "12,5"])
    ','
    >>> find_decimal_sign(["1,234,567"])
    '.'
    >>> find_decimal_sign(["1,234"], default=",")
    ','
    """
    votes = {".": 0, ",": 0}
    for cell in cells:
        if not isinstance(cell, str):
            continue
        signs = [char for char in cell if char in votes]
        if not signs:
            continue
        last = signs[-1]
        after = re.sub(r"\D", "", cell.rpartition(last)[2])
        other = "," if last == "." else "."
        if other in signs:
            votes[last] += 1
        elif signs.count(last) > 1:
            votes[other] += 1
        elif len(after) != 3:
            votes[last] += 1
    if votes["."] == votes[","]:
        return default
    return max(votes, key=votes.get)


def read_amount(cell: object, decimal_sign: str = ".") -> Decimal | None:
    """Return the amount of a cell, None where there is none.

    >>> read_amount("1 234,50 €", ",")
    Decimal('1234.50')
    >>> read_amount("(1,234.50)"), read_amount("12.00-"), read_amount("EUR -3.1")
    (Decimal('-1234.50'), Decimal('-12.00'), Decimal('-3.1'))
    >>> read_amount("1.234", ","), read_amount("1.234", ".")
    (Decimal('1234'), Decimal('1.234'))
    >>> read_amount(12.5), read_amount("n/a"), read_amount(True), read_amount("=A1")
    (Decimal('12.5'), None, None, None)
    >>> read_amount("1.23", ","), read_amount("1.2.3", ".")
    (None, None)
    """
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float | Decimal):
        return _finite(repr(cell) if isinstance(cell, float) else str(cell))
    text = SPACES.sub("", str(cell))
    if not text or len(text) > MAX_LENGTH:
        return None
    text = text.replace("−", "-").replace("–", "-")
    text = CURRENCY.sub("", text)
    negative = text.startswith(("-", "(-")) or text.endswith("-")
    if text.startswith("(") and text.endswith(")"):
        negative = True
    digits = text.strip("()+-")
    other = "," if decimal_sign == "." else "."
    whole, *decimals = digits.split(decimal_sign)
    if len(decimals) > 1 or not _is_grouped(whole, other):
        return None
    number = whole.replace(other, "")
    if decimals and decimals[0]:
        number = f"{number or 0}.{decimals[0]}"
    amount = _finite(number)
    return -amount if amount is not None and negative else amount


def _is_grouped(whole, sign):
    """Return whether thousands are where they belong."""
    first, *groups = whole.split(sign)
    if not groups:
        return whole.isdecimal() or not whole
    return first.isdecimal() and all(len(g) == 3 and g.isdecimal() for g in groups)


def _finite(text):
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and abs(amount) < Decimal("1e15") else None


def find_day_order(cells: Iterable[object], default: str = "dmy") -> str:
    """Return the order in which a column tells day and month: ``dmy`` or ``mdy``.

    >>> find_day_order(["03/04/2026", "03/25/2026"])
    'mdy'
    >>> find_day_order(["03/04/2026"])
    'dmy'
    >>> find_day_order(["12/13/2026"]), find_day_order(["13/12/2026"], "mdy")
    ('mdy', 'dmy')
    """
    first, second = 0, 0
    for cell in cells:
        found = DAY.match(cell.strip()) if isinstance(cell, str) else None
        if found and len(found[1]) <= 2:
            first += int(found[1]) > 12
            second += int(found[2]) > 12
    if first == second:
        return default
    return "dmy" if first > second else "mdy"


def read_day(cell: object, order: str = "dmy") -> Date | None:
    """Return the day of a cell, None where there is none.

    >>> read_day("31/12/2026") == read_day("2026-12-31") == read_day("31.12.26")
    True
    >>> read_day("12/31/2026", "mdy"), read_day("20261231")
    (datetime.date(2026, 12, 31), datetime.date(2026, 12, 31))
    >>> read_day("31/02/2026"), read_day("paid"), read_day(None)
    (None, None, None)
    """
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, Date):
        return cell if FIRST_YEAR <= cell.year <= LAST_YEAR else None
    text = str(cell).strip() if isinstance(cell, str) else ""
    if found := COMPACT_DAY.match(text):
        return _day(*found.groups())
    found = DAY.match(text)
    if not found:
        return None
    first, second, third = found.groups()
    if len(first) == 4:
        return _day(first, second, third)
    if order == "mdy":
        first, second = second, first
    return _day(third, second, first)


def _day(year, month, day):
    if len(year) == 2:
        year = f"20{year}"
    try:
        found = Date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def as_text(cell: object) -> str:
    """Return what a cell shows: whole numbers without decimals.

    >>> as_text(42.0), as_text(" A 1 "), as_text(None)
    ('42', 'A 1', '')
    """
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return " ".join(str(cell).split())


def is_empty(row: Sequence[object]) -> bool:
    """Return whether a row has nothing.

    >>> is_empty([None, " "]), is_empty([0])
    (True, False)
    """
    return all(
        cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row
    )
