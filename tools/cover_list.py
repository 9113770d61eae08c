"""The list that a credit insurer sends of whom it covers: which column is what, and
what each row says. Columns are found by their names, in English and French."""

from collections.abc import Sequence
from datetime import date as Date
from decimal import Decimal
from typing import NamedTuple

from .ledger_cells import (
    as_text,
    find_day_order,
    find_decimal_sign,
    plain,
    read_amount,
    read_day,
)
from .ledger_file import LedgerFileError

# Where the names of the columns are looked for.
HEADER_ROWS = 25
# How insurers name their columns, without accents; a column is what it is called
# first. What is told of a customer is its number, or its name.
NAMES = {
    "number": (
        *("SIREN", "SIRET", "NUMERO SIREN", "N° SIREN", "IDENTIFIANT", "VAT", "TVA"),
        *("NUMERO DE TVA", "N° TVA", "COMPANY ID", "TAX ID", "REFERENCE CLIENT"),
        *("CUSTOMER REFERENCE", "CODE CLIENT", "REFERENCE", "REF"),
    ),
    "name": (
        *("CLIENT", "CUSTOMER", "ACHETEUR", "BUYER", "DEBITEUR", "DEBTOR"),
        *("RAISON SOCIALE", "NOM", "NAME", "NOM DU CLIENT", "CUSTOMER NAME"),
        *("SOCIETE", "COMPANY"),
    ),
    "amount": (
        *("MONTANT", "AMOUNT", "MONTANT GARANTI", "GARANTIE", "COVER", "AGREMENT"),
        *("MONTANT ACCORDE", "LIMITE", "LIMIT", "CREDIT LIMIT", "LIMITE DE CREDIT"),
        *("ENCOURS GARANTI", "MONTANT AGREE", "COVERED AMOUNT", "INSURED AMOUNT"),
    ),
    "currency": ("DEVISE", "CURRENCY", "MONNAIE"),
    "date_from": (
        *("PREMIER JOUR", "FIRST DAY", "DU", "FROM", "DEBUT", "START", "DATE DE DEBUT"),
        *("DATE D'EFFET", "DATE EFFET", "EFFET", "START DATE", "VALID FROM"),
        *("DEPUIS", "SINCE"),
    ),
    "date_to": (
        *("DERNIER JOUR", "LAST DAY", "AU", "TO", "FIN", "END", "DATE DE FIN"),
        *("END DATE", "VALID TO", "UNTIL", "JUSQU'AU", "EXPIRATION", "EXPIRY"),
        *("DATE D'EXPIRATION", "DATE D'ECHEANCE", "ECHEANCE"),
    ),
    "insurer": ("ASSUREUR", "INSURER", "ASSUREUR-CREDIT", "COMPAGNIE"),
    "policy": (
        *("CONTRAT", "POLICY", "POLICE", "NUMERO DE CONTRAT", "N° CONTRAT"),
        *("NUMERO DE POLICE", "N° POLICE", "POLICY NUMBER", "CONTRACT"),
    ),
    "days": (
        *("DECLARER APRES (JOURS)", "DECLARE AFTER DAYS", "DELAI DE DECLARATION"),
        *("DECLARATION DAYS", "DELAI"),
    ),
}
NEEDED = ({"number", "name"}, {"amount"})


class CoverRow(NamedTuple):
    """What a row says. What is written in it and cannot be read is in ``unreadable``,
    by its column.

    :param place: number of the row in the file
    """

    place: int
    unreadable: dict
    name: str = ""
    number: str = ""
    amount: Decimal | None = None
    currency: str = ""
    date_from: Date | None = None
    date_to: Date | None = None
    insurer: str = ""
    policy: str = ""
    days: int | None = None


def read_covers(rows: Sequence[tuple[int, list]], decimal_sign: str) -> list[CoverRow]:
    """Return what a list of covers says, row by row.

    :param rows: numbers of rows with their cells, see :func:`.ledger_file.read_rows`
    :param decimal_sign: by custom, where the amounts leave it open
    :raise LedgerFileError: no column has customers, or none has amounts

    >>> [row] = read_covers([(1, ["Débiteur", "Montant garanti", "Au"]),
    ...                      (2, ["Alpha SA", "12 500,50 €", "31/12/2027"])], ".")
    >>> row.name, row.amount, row.date_to, row.unreadable
    ('Alpha SA', Decimal('12500.50'), datetime.date(2027, 12, 31), {})
    >>> [row] = read_covers([(1, ["Client", "Montant"]), (2, ["Beta", "abc"])], ".")
    >>> row.amount, row.unreadable
    (None, {'amount': 'abc'})
    >>> read_covers([(1, ["Nothing", "Known"])], ".")
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.ledger_file.LedgerFileError: columns
    """
    start, columns = _find_columns(rows)
    told = [
        (place, {kind: cells[at] for kind, at in columns.items() if at < len(cells)})
        for place, cells in rows[start + 1 :]
    ]
    amounts = [cells.get("amount") for _place, cells in told]
    sign = find_decimal_sign(amounts, decimal_sign)
    order = find_day_order(
        cells.get(kind) for _place, cells in told for kind in ("date_from", "date_to")
    )
    return [_read_row(place, cells, sign, order) for place, cells in told]


def _find_columns(rows):
    """Return the place of the row of heads, and the columns by what they are."""
    for start, (_place, cells) in enumerate(rows[:HEADER_ROWS]):
        columns = {}
        for at, cell in enumerate(cells):
            for kind, names in NAMES.items():
                if plain(cell) in names:
                    columns.setdefault(kind, at)
        if all(kinds & columns.keys() for kinds in NEEDED):
            return start, columns
    raise LedgerFileError("columns")


def _read_row(place, cells, sign, order):
    values, unreadable = {}, {}
    for kind, cell in cells.items():
        text = as_text(cell)
        match kind:
            case "amount":
                value = read_amount(cell, sign)
            case "days":
                value = int(text) if text.isdecimal() else None
            case "date_from" | "date_to":
                value = read_day(cell, order)
            case _:
                value = text
        values[kind] = value
        if text and value is None:
            unreadable[kind] = text
    return CoverRow(place, unreadable, **values)
