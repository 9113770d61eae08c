"""Which column of somebody's ledger is what, and the lines that it gives."""

from collections.abc import Sequence
from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

from .ledger_cells import (
    as_text,
    find_day_order,
    find_decimal_sign,
    is_empty,
    plain,
    read_amount,
    read_day,
)
from .ledger_file import LedgerFileError

# Where the names of the columns are looked for.
HEADER_ROWS = 25

# How programs name their columns, in English and French, without accents; the first
# that a column bears wins, and longer names are looked for within what it is called.
NAMES = {
    "number": (
        "INVOICE NUMBER",
        "INVOICE NO",
        "INVOICE #",
        "INVOICE",
        "DOCUMENT NUMBER",
        "DOCUMENT NO",
        "DOC NO",
        "DOCUMENT",
        "NUMERO DE FACTURE",
        "N° FACTURE",
        "NO FACTURE",
        "NUM FACTURE",
        "NUMERO DE PIECE",
        "N° PIECE",
        "N° DE PIECE",
        "NUM PIECE",
        "PIECEREF",
        "PIECE",
        "FACTURE",
        "VOUCHER",
        "REFERENCE",
        "REF",
        "NUMERO",
        "NUMBER",
        "NO",
        "N°",
        "NUM",
    ),
    "label": (
        "ECRITURELIB",
        "LIBELLE",
        "DESCRIPTION",
        "LABEL",
        "TEXT",
        "TEXTE",
        "INTITULE",
        "MEMO",
    ),
    "residual": (
        "OPEN AMOUNT",
        "AMOUNT DUE",
        "OUTSTANDING",
        "RESTE DU",
        "RESTE A PAYER",
        "SOLDE",
        "BALANCE",
        "RESIDUAL",
        "OPEN",
    ),
    "amount": (
        "AMOUNT",
        "MONTANT TTC",
        "MONTANT",
        "TOTAL TTC",
        "TTC",
        "TOTAL",
        "VALUE",
        "SOMME",
    ),
    "debit": ("DEBIT",),
    "credit": ("CREDIT",),
    "due": (
        "DUE DATE",
        "DATE D'ECHEANCE",
        "DATE ECHEANCE",
        "ECHEANCE",
        "DUE",
        "MATURITY",
    ),
    "date": (
        "INVOICE DATE",
        "DOCUMENT DATE",
        "DATE DE FACTURE",
        "DATE FACTURE",
        "DATE PIECE",
        "PIECEDATE",
        "POSTING DATE",
        "ECRITUREDATE",
        "DATE",
    ),
    "currency": ("CURRENCY", "DEVISE", "IDEVISE", "CUR"),
    "settled": (
        "PAID ON",
        "PAID",
        "PAYMENT DATE",
        "PAYE LE",
        "PAYE",
        "REGLE LE",
        "REGLE",
        "DATE DE PAIEMENT",
        "DATE DE REGLEMENT",
        "ECRITURELET",
        "LETTRAGE",
        "LETTRE",
        "CLEARED",
        "CLEARING",
        "STATUT",
        "STATUS",
    ),
}
# Names that are too short, or too general, to be looked for within others.
WHOLE_ONLY = {
    "NO",
    "N°",
    "NUM",
    "REF",
    "CUR",
    "DUE",
    "OPEN",
    "TEXT",
    "TOTAL",
    "DATE",
    "PAID",
}

# What says in such a column that a line is not paid.
UNPAID = {
    "",
    "0",
    "-",
    "NO",
    "NON",
    "N",
    "FALSE",
    "FAUX",
    "OPEN",
    "UNPAID",
    "NOT PAID",
    "IMPAYE",
    "IMPAYEE",
    "NON PAYE",
    "NON PAYEE",
    "NON REGLE",
    "NON REGLEE",
    "OUVERT",
    "A PAYER",
    "EN ATTENTE",
    "PENDING",
    "DUE",
}
# How a line begins that only sums up others.
SUMS = (
    "TOTAL",
    "SOUS TOTAL",
    "SOUS-TOTAL",
    "SUBTOTAL",
    "SUB TOTAL",
    "SOLDE",
    "BALANCE",
    "REPORT",
    "A NOUVEAU",
    "GRAND TOTAL",
)


class Line(NamedTuple):
    """A line of somebody's ledger.

    :param place: number of its row in the file
    :param texts: where the number of an invoice may stand, the surest first
    :param amount: with the sign that the file gives it
    :param settled: whether the file says that it is paid
    """

    place: int
    texts: tuple[str, ...]
    amount: Decimal
    currency: str = ""
    date: Date | None = None
    due: Date | None = None
    settled: bool = False


class Ledger(NamedTuple):
    """What a file says.

    :param lines: that could be read
    :param unread: places of those that could not, because they have a number and no
        amount
    """

    lines: list[Line]
    unread: list[int]


def find_columns(cells: Sequence[object]) -> dict[str, int]:
    """Return which column is what, by the names that a row gives them.

    >>> find_columns(["N° facture", "Date", "Échéance", "Débit", "Crédit"])
    {'number': 0, 'debit': 3, 'credit': 4, 'due': 2, 'date': 1}
    >>> find_columns(["Supplier invoice number", "Amount (EUR)"])
    {'number': 0, 'amount': 1}
    >>> find_columns(["A1", 12])
    {}
    """
    titles = [plain(cell) if isinstance(cell, str) else "" for cell in cells]
    found, taken = {}, set()
    for whole in (True, False):
        for kind, names in NAMES.items():
            if kind in found:
                continue
            place = _find_column(titles, names, whole, taken)
            if place is not None:
                found[kind] = place
                taken.add(place)
    return {kind: found[kind] for kind in NAMES if kind in found}


def _find_column(titles, names, whole, taken):
    """Return the column that bears one of some names, None if none does."""
    for name in names:
        if not whole and name in WHOLE_ONLY:
            continue
        for place, title in enumerate(titles):
            if place in taken or not title:
                continue
            if title == name if whole else _is_within(name, title):
                return place
    return None


def _is_within(name, title):
    return f" {name} " in f" {title.replace('(', ' ').replace(')', ' ')} "


def _is_complete(columns):
    return "number" in columns and bool(
        {"amount", "residual", "debit", "credit"} & columns.keys()
    )


def read_ledger(
    rows: Sequence[tuple[int, list]], decimal_sign: str = ".", day_order: str = "dmy"
) -> Ledger:
    """Return the lines of a ledger.

    :param rows: see :func:`~.ledger_file.read_rows`
    :param decimal_sign: by custom, for files that leave it open
    :param day_order: ``dmy`` or ``mdy``, likewise
    :raise LedgerFileError: no column of numbers or none of amounts was found

    >>> rows = [(1, ["Invoice", "Amount", "Paid"]), (2, ["INV/1", "1,200.50", "yes"]),
    ...         (3, ["Total", "1,200.50", ""]), (4, ["INV/2", "?", ""])]
    >>> ledger = read_ledger(rows)
    >>> [(line.place, line.texts, line.amount, line.settled) for line in ledger.lines]
    [(2, ('INV/1',), Decimal('1200.50'), True)]
    >>> ledger.unread
    [4]
    """
    start, columns = _find_header(rows)
    body = rows[start + 1 :]
    reader = _Reader(
        columns, [cells for _place, cells in body], decimal_sign, day_order
    )
    lines, unread = [], []
    for place, cells in body:
        texts = reader.get_texts(cells)
        amount = reader.get_amount(cells)
        if reader.is_sum(cells) or not (texts or amount):
            continue
        if amount is None:
            if reader.has_number(cells):
                unread.append(place)
            continue
        lines.append(reader.get_line(place, cells, texts, amount))
    return Ledger(lines, unread)


def _find_header(rows):
    """Return the row that names the columns, and which is what."""
    best = None
    for index, (_place, cells) in enumerate(rows[:HEADER_ROWS]):
        columns = find_columns(cells)
        if _is_complete(columns) and (best is None or len(columns) > len(best[1])):
            best = (index, columns)
    if best is None:
        raise LedgerFileError("columns")
    return best


class _Reader:
    """Reads cells by what their columns are."""

    def __init__(self, columns, body, decimal_sign, day_order):
        self.columns = columns
        amounts = [
            self._get(cells, name)
            for cells in body
            for name in ("amount", "residual", "debit", "credit")
        ]
        days = [self._get(cells, name) for cells in body for name in ("date", "due")]
        self.decimal_sign = find_decimal_sign(amounts, decimal_sign)
        self.day_order = find_day_order(days, day_order)

    def _get(self, cells, name):
        place = self.columns.get(name)
        return cells[place] if place is not None and place < len(cells) else None

    def _read(self, cells, name):
        return read_amount(self._get(cells, name), self.decimal_sign)

    def get_amount(self, cells: list) -> Decimal | None:
        """Return what is open where the file says it, else what was booked: credits
        less debits, for a supplier's invoice is a credit."""
        if (residual := self._read(cells, "residual")) is not None and not (
            {"debit", "credit"} & self.columns.keys()
        ):
            return residual
        if "credit" in self.columns or "debit" in self.columns:
            credit, debit = self._read(cells, "credit"), self._read(cells, "debit")
            if credit is not None or debit is not None:
                return (credit or Decimal(0)) - (debit or Decimal(0))
        return self._read(cells, "amount")

    def get_texts(self, cells: list) -> tuple[str, ...]:
        """Return where the number of an invoice may stand, the surest first."""
        texts = (as_text(self._get(cells, name)) for name in ("number", "label"))
        return tuple(text for text in texts if text)

    def has_number(self, cells: list) -> bool:
        """Return whether a line has something that may be a number."""
        return any(char.isdigit() for char in as_text(self._get(cells, "number")))

    def is_sum(self, cells: list) -> bool:
        """Return whether a line only sums up others."""
        first = plain(next((cell for cell in cells if not is_empty([cell])), ""))
        return first.rstrip(" :").startswith(SUMS) and not self.has_number(cells)

    def is_settled(self, cells: list) -> bool:
        """Return whether the file says that a line is paid."""
        return plain(as_text(self._get(cells, "settled"))) not in UNPAID

    def get_line(self, place: int, cells: list, texts: tuple, amount: Decimal) -> Line:
        """Return what a row says."""
        return Line(
            place=place,
            texts=texts,
            amount=amount,
            currency=plain(self._get(cells, "currency"))[:3],
            date=read_day(self._get(cells, "date"), self.day_order),
            due=read_day(self._get(cells, "due"), self.day_order),
            settled=self.is_settled(cells),
        )
