"""Rows of a worksheet, as many as there are: written as they come, nothing is kept.

How it works: xlsxwriter keeps the cells of a row as objects and asks for each of them
again when the row is over. Here each column has a function, made once, that gives the
cell as Excel reads it; a row is these put together, in a sixth of the time. A worksheet
that does not know what is needed for this (another release of xlsxwriter) gets the same
cells by its public methods.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date as Date
from html import escape
from operator import itemgetter
from typing import Literal

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

Kind = Literal["text", "integer", "amount", "date", "share", "link"]

# Excel's own limits.
MAX_ROWS = 1_048_576
MAX_TEXT = 32_767
MAX_LITERAL = 255
# Of the number of a record.
MAX_DIGITS = 10

# Rows that are handed to the file at a time.
CHUNK = 1_000

# Day 0 of Excel, which takes 1900 for a leap year: its days count from March on.
DAY_ZERO = Date(1899, 12, 30).toordinal()
FIRST_DATE = Date(1900, 3, 1)

# What has to be said otherwise in XML, or is not allowed in it; and what Excel would
# take for such a character.
_SPECIAL = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|^\s|\s$|_x[0-9a-fA-F]{4}_")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LIKE_FORBIDDEN = re.compile(r"_(x[0-9a-fA-F]{4}_)")

# What :class:`RowSheet` uses beside the public methods of a worksheet.
_NEEDED = (
    "_write_single_row",
    "dim_colmax",
    "dim_colmin",
    "dim_rowmax",
    "dim_rowmin",
    "previous_row",
    "row_data_fh",
)


@dataclass(frozen=True)
class Column:
    """A column of a list.

    :param title: what stands at its head
    :param kind: what its values are: ``link`` takes the number of a record, ``share``
        a fraction
    :param width: in characters
    :param colour: of its head, as ``#RRGGBB``
    :param currency: of an amount: position in the rows of the code of its currency
    :param link: address of a record, up to its number
    :param label: what is shown of a link
    :param tints: colours of cells by their text; of amounts that are positive by ``""``
    """

    title: str
    kind: Kind = "text"
    width: int = 12
    colour: str = ""
    currency: int | None = None
    link: str = ""
    label: str = ""
    tints: tuple[tuple[str, str], ...] = ()


def get_serial(day: Date) -> int | None:
    """Return the number by which Excel knows a day, None for one it does not know.

    >>> get_serial(Date(2026, 10, 31)), get_serial(Date(9999, 12, 31))
    (46326, 2958465)
    >>> get_serial(FIRST_DATE), get_serial(Date(1900, 2, 28)), get_serial(Date(1, 1, 1))
    (61, None, None)
    """
    return day.toordinal() - DAY_ZERO if day >= FIRST_DATE else None


def quote(text: str) -> str:
    """Return a text as it stands in a formula.

    >>> quote('the "big" one')
    '"the ""big"" one"'
    """
    return '"' + text.replace('"', '""') + '"'


def get_link(column: Column, number: int) -> str:
    """Return the formula of a link, without the equals sign; nothing where Excel would
    not take the address.

    >>> get_link(Column("", "link", link="https://x.org/odoo/y/", label="Open"), 7)
    'HYPERLINK("https://x.org/odoo/y/7","Open")'
    >>> get_link(Column("", "link", link="x" * 300), 7)
    ''
    """
    if len(column.link) + MAX_DIGITS > MAX_LITERAL:
        return ""
    address = f"{column.link}{number}"
    return f"HYPERLINK({quote(address)},{quote(column.label)})"


def get_text(value: str) -> str:
    """Return a text as XML has it in a cell.

    >>> get_text("=1+1"), get_text("A & B <c>")
    ('=1+1', 'A &amp; B &lt;c&gt;')
    >>> get_text("bell\\x07"), get_text("_x0007_")
    ('bell_x0007_', '_x005F_x0007_')
    """
    if not _SPECIAL.search(value):
        return value
    value = _LIKE_FORBIDDEN.sub(r"_x005F_\1", value)
    value = _FORBIDDEN.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    return escape(value, quote=False)


class RowSheet(Worksheet):
    """A worksheet that takes whole rows of a list."""

    def write_rows(
        self,
        columns: list[Column],
        get_format: Callable,
        rows: Iterable[tuple],
        first: int,
        limit: int,
    ) -> int:
        """Write rows of a list until there are no more, or the sheet is full.

        :param columns: those shown; values beyond them are not
        :param get_format: gives the format of a column, and of the currency of a row
        :param rows: iterator of tuples; amounts are numbers, missing values None
        :param first: of the rows, from 0
        :param limit: how many fit
        :return: number of rows written
        """
        if all(hasattr(self, name) for name in _NEEDED) and self.row_data_fh:
            return self._write_xml(columns, get_format, rows, first, limit)
        return self._write_cells(columns, get_format, rows, first, limit)

    def _write_xml(self, columns, get_format, rows, first, limit):
        self._write_single_row(first)
        layouts, get_key = {}, _key_getter(columns)
        number, last, chunk = first, first + limit, []
        for row in rows:
            number += 1
            key = get_key(row)
            if (layout := layouts.get(key)) is None:
                layout = layouts[key] = [
                    _RENDER[column.kind](column, xl_col_to_name(position), style)
                    for position, column in enumerate(columns)
                    for style in [get_format(column, row)._get_xf_index()]
                ]
            cells = [render(number, x) for render, x in zip(layout, row, strict=False)]
            chunk.append(f'<row r="{number}">{"".join(cells)}</row>')
            if len(chunk) == CHUNK:
                self.row_data_fh.write("".join(chunk))
                chunk.clear()
            if number == last:
                break
        self.row_data_fh.write("".join(chunk))
        self._cover(first, number, len(columns))
        return number - first

    def _cover(self, first, end, width):
        """Have the worksheet know which cells it has."""
        self.previous_row = end
        if end > first:
            if self.dim_rowmin is None:
                self.dim_rowmin = first
            self.dim_rowmax = max(self.dim_rowmax or 0, end - 1)
            self.dim_colmin = 0
            self.dim_colmax = max(self.dim_colmax or 0, width - 1)

    def _write_cells(self, columns, get_format, rows, first, limit):
        """Write the same by public methods."""
        number, last = first, first + limit
        for row in rows:
            for position, (column, value) in enumerate(zip(columns, row, strict=False)):
                if value is not None and value != "":
                    self.write_value(
                        number, position, column, value, get_format(column, row)
                    )
            number += 1
            if number == last:
                break
        return number - first

    def write_value(self, row, position, column, value, style):
        """Write a value as a column has it.

        :param row: from 0
        :param position: of the column, from 0
        :param style: ``Format``
        """
        match column.kind:
            case "text":
                self.write_string(row, position, value[:MAX_TEXT], style)
            case "date" if get_serial(value) is None:
                self.write_string(row, position, value.isoformat(), style)
            case "date":
                self.write_number(row, position, get_serial(value), style)
            case "link":
                if formula := get_link(column, value):
                    self.write_formula(
                        row, position, f"={formula}", style, column.label
                    )
            case _:
                self.write_number(row, position, value, style)


def _key_getter(columns):
    """Return what tells of a row how its cells are laid out: its currencies."""
    positions = {column.currency for column in columns} - {None}
    return itemgetter(*sorted(positions)) if positions else lambda row: None


def _render_text(_column, letters, style):
    head, tail = f'<c r="{letters}', f'" s="{style}" t="inlineStr"><is><t>'
    preserving = tail.replace("<t>", '<t xml:space="preserve">')
    special = _SPECIAL.search

    def render(number, value):
        if not value:
            return ""
        if len(value) > MAX_TEXT:
            value = value[:MAX_TEXT]
        if special(value):
            return f"{head}{number}{preserving}{get_text(value)}</t></is></c>"
        return f"{head}{number}{tail}{value}</t></is></c>"

    return render


def _render_number(_column, letters, style):
    head, tail = f'<c r="{letters}', f'" s="{style}"><v>'

    def render(number, value):
        return "" if value is None else f"{head}{number}{tail}{value!r}</v></c>"

    return render


def _render_date(column, letters, style):
    head, tail = f'<c r="{letters}', f'" s="{style}"><v>'
    render_text = _render_text(column, letters, style)

    def render(number, value):
        if value is None:
            return ""
        if value < FIRST_DATE:
            return render_text(number, value.isoformat())
        return f"{head}{number}{tail}{value.toordinal() - DAY_ZERO}</v></c>"

    return render


def _render_link(column, letters, style):
    # There are as many as rows: what is the same for all is written once.
    pattern = get_text(get_link(column, "\a"))
    if not pattern:
        return lambda number, value: ""
    before, after = pattern.split("_x0007_")
    head = f'" s="{style}" t="str"><f>{before}'
    end = f"{after}</f><v>{get_text(column.label)}</v></c>"

    def render(number, value):
        return f'<c r="{letters}{number}{head}{value}{end}' if value else ""

    return render


_RENDER = {
    "text": _render_text,
    "integer": _render_number,
    "amount": _render_number,
    "share": _render_number,
    "date": _render_date,
    "link": _render_link,
}
