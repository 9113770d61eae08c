"""Workbooks with long lists, written while their rows are read.

How it works: a :class:`Book` has a summary, which comes first and is written last, and
lists, which are written row by row and go on on a further sheet where one is full.
Where a list ended up (:class:`Region`) is what formulas on the summary and below the
lists refer to. Formulas are written with their values, for readers that do not
calculate.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date as Date
from itertools import chain, islice
from tempfile import TemporaryDirectory
from textwrap import wrap

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_col_to_name

from . import workbook_styles as styles
from .workbook_cells import MAX_ROWS, Column, RowSheet, get_serial, quote

MAX_NAME = 31
# Twice as long, with codes, is what Excel takes.
MAX_FOOTER = 100
PAPER_A4 = 9


@dataclass(frozen=True)
class Head:
    """What stands above a list or the summary, and on each printed page.

    :param title: of the sheet
    :param lines: what is told of it: whose figures, of which day, by which rules, who
        made it
    :param footer: of printed pages, beside their number
    """

    title: str
    lines: tuple[str, ...] = ()
    footer: str = ""


@dataclass(frozen=True)
class Formula:
    """A formula, without the equals sign, and the value it has."""

    text: str
    value: float | str = 0


@dataclass
class Region:
    """Where the rows of a list are: on one sheet, or on several.

    >>> region = Region([("Items", 5, 9), ("Items 2", 5, 6)])
    >>> region.sum(2).text
    "SUM(Items!$C$6:$C$9,'Items 2'!$C$6:$C$6)"
    >>> region.sum(2, {0: "EUR"}).text.split("+")[1]
    'SUMIFS(\\'Items 2\\'!$C$6:$C$6,\\'Items 2\\'!$A$6:$A$6,"=EUR")'
    >>> Region([]).sum(2, value=0).text
    '0'
    """

    parts: list[tuple[str, int, int]] = field(default_factory=list)

    def __len__(self):
        return sum(end - first for _name, first, end in self.parts)

    def sum(self, column: int, where: dict[int, str] | None = None, value=0) -> Formula:
        """Return the sum of a column.

        :param column: its position
        :param where: only of rows that have a text in other columns
        :param value: what it comes to
        """
        parts = [part for part in self.parts if part[2] > part[1]]
        if not parts:
            return Formula("0", value)
        if not where:
            cells = ",".join(self._get_range(part, column) for part in parts)
            return Formula(f"SUM({cells})", value)
        sums = []
        for part in parts:
            conditions = [
                f"{self._get_range(part, other)},{get_criterion(text)}"
                for other, text in where.items()
            ]
            cells = ",".join([self._get_range(part, column), *conditions])
            sums.append(f"SUMIFS({cells})")
        return Formula("+".join(sums), value)

    @staticmethod
    def _get_range(part, column):
        name, first, end = part
        letters = xl_col_to_name(column)
        return f"{quote_sheetname(name)}!${letters}${first + 1}:${letters}${end}"


def get_criterion(text: str) -> str:
    """Return the condition that a cell has a text, whatever stands in it.

    >>> get_criterion("EUR"), get_criterion(">1 a*")
    ('"=EUR"', '"=>1 a~*"')
    """
    return quote("=" + re.sub(r"([~*?])", r"~\1", text))


def get_sheet_name(name: str, number: int, taken: Iterable[str] = ()) -> str:
    """Return the name of a sheet as Excel allows it.

    >>> get_sheet_name("Items", 1), get_sheet_name("Items", 2)
    ('Items', 'Items 2')
    >>> get_sheet_name("Promises / disputes: all of the customers", 3)
    'Promises - disputes- all of t 3'
    >>> get_sheet_name("items", 1, ["Items"]), get_sheet_name("'", 1)
    ('items 2', 'Sheet')

    :param number: 1 for the first of a list
    :param taken: names that are there
    """
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", "-", name).strip("' ") or "Sheet"
    taken = {other.casefold() for other in taken}
    while True:
        suffix = f" {number}" if number > 1 else ""
        found = clean[: MAX_NAME - len(suffix)].rstrip("' ") + suffix
        if found.casefold() not in taken:
            return found
        number += 1


class Book:
    """A workbook that is being written.

    :param target: path, or file
    :param digits: decimals of currencies by their code
    :param date_format: of Excel
    :param properties: what the file says of itself: ``title``, ``author``, ``company``
    :param max_rows: of a sheet
    """

    def __init__(
        self,
        target,
        digits: dict[str, int],
        date_format: str = styles.ISO_DATE,
        properties: dict | None = None,
        max_rows: int = MAX_ROWS,
    ):
        # What is written lies here until the file is put together.
        self._folder = TemporaryDirectory(prefix="workbook-")
        self._book = xlsxwriter.Workbook(
            target, {"constant_memory": True, "tmpdir": self._folder.name}
        )
        self._book.set_properties(properties or {})
        self._digits = digits
        self._date_format = date_format
        self._max_rows = max_rows
        self._formats = {}
        self._names = []

    def __enter__(self):
        return self

    def __exit__(self, kind, *_error):
        """Put the file together, unless something failed.

        :raise xlsxwriter.exceptions.FileCreateError: there is no room for it
        """
        try:
            if kind is None:
                self._book.close()
            else:
                # Otherwise it complains that it was not closed.
                self._book.fileclosed = True
        finally:
            self._folder.cleanup()

    # ------------------------------------------------------------------
    # SHEETS
    # ------------------------------------------------------------------

    def add_sheet(self, name: str, head: Head, number: int = 1) -> RowSheet:
        """Add a sheet with its head and its print set-up.

        :param number: 1 for the first of a list
        """
        name = get_sheet_name(name, number, self._names)
        self._names.append(name)
        sheet = self._book.add_worksheet(name, RowSheet)
        sheet.hide_gridlines(2)
        sheet.set_paper(PAPER_A4)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        footer = head.footer[:MAX_FOOTER].replace("&", "&&")
        # Without the blank, what begins with a digit would change the size.
        sheet.set_footer(f"&L&8 {footer}&R&8&P / &N")
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, head.title, self.get_format(bold=True, size=15))
        grey = self.get_format(colour="#595959", size=9)
        for row, line in enumerate(head.lines, 1):
            sheet.write_string(row, 0, line, grey)
        return sheet

    def add_list(
        self,
        name: str,
        head: Head,
        columns: list[Column],
        rows: Iterable[tuple],
        totals: Iterable = (),
    ) -> Region:
        """Write a list, with filters at its head and totals below it.

        :param rows: iterator of tuples, see :class:`RowSheet`
        :param totals: functions of the region that give a row: dict of position to
            text, number or :class:`Formula`
        :return: where its rows are
        """
        region, rows = Region(), iter(rows)
        first = len(head.lines) + 3
        totals = list(totals)
        limit = self._max_rows - first - len(totals) - 1
        following, number = list(islice(rows, 1)), 0
        while following or not number:
            number += 1
            sheet = self.add_sheet(name, head, number)
            self._write_head(sheet, first - 1, columns)
            count = sheet.write_rows(
                columns, self._get_cell_format, chain(following, rows), first, limit
            )
            region.parts.append((sheet.name, first, first + count))
            self._finish(sheet, first, count, columns)
            following = list(islice(rows, 1))
        for row, get_cells in enumerate(totals, first + count):
            self._write_total(sheet, row, columns, get_cells(region))
        return region

    def _write_head(self, sheet, row, columns):
        lines = max(len(wrap(column.title, column.width)) for column in columns)
        sheet.set_row(row, 16 * max(lines, 2))
        for position, column in enumerate(columns):
            sheet.set_column(position, position, column.width)
            sheet.write_string(
                row, position, column.title, self.get_head_format(column)
            )
        sheet.freeze_panes(row + 1, 0)
        sheet.repeat_rows(row)
        sheet.set_landscape()

    def _finish(self, sheet, first, count, columns):
        last = first + count - 1
        sheet.autofilter(first - 1, 0, last, len(columns) - 1)
        for position, column in enumerate(columns):
            for text, colour in column.tints if count else ():
                sheet.conditional_format(
                    first,
                    position,
                    last,
                    position,
                    {
                        "type": "cell",
                        "criteria": "==" if text else ">",
                        "value": quote(text) if text else 0,
                        "format": self._get_tint(colour),
                    },
                )

    def _write_total(self, sheet, row, columns, cells):
        for position, column in enumerate(columns):
            currency = cells.get(column.currency)
            style = self.get_style(
                column.kind, currency, bold=True, top=1, fill="#F2F2F2"
            )
            self.put(sheet, row, position, cells.get(position), style)

    def add_chart(self, options: dict):
        """Return a new chart of the workbook."""
        return self._book.add_chart(options)

    def put(self, sheet, row, position, value, style):
        """Write one value: a text, a number, a day, a formula or nothing."""
        match value:
            case None:
                sheet.write_blank(row, position, None, style)
            case Formula():
                sheet.write_formula(row, position, f"={value.text}", style, value.value)
            case str():
                sheet.write_string(row, position, value, style)
            case Date():
                sheet.write_number(row, position, get_serial(value) or 0, style)
            case _:
                sheet.write_number(row, position, value, style)

    # ------------------------------------------------------------------
    # FORMATS
    # ------------------------------------------------------------------

    def get_format(self, **options):
        """Return a format, the same for the same options.

        :param options: those of ``names`` below
        """
        key = tuple(sorted(options.items()))
        if key not in self._formats:
            names = {
                "align": "align",
                "bold": "bold",
                "bottom": "bottom",
                "colour": "font_color",
                "fill": "bg_color",
                "indent": "indent",
                "number": "num_format",
                "size": "font_size",
                "top": "top",
                "underline": "underline",
                "valign": "valign",
                "wrap": "text_wrap",
            }
            self._formats[key] = self._book.add_format(
                {"font_name": "Calibri", "font_size": 10}
                | {names[name]: value for name, value in options.items()}
            )
        return self._formats[key]

    def get_head_format(self, column: Column):
        """Return the format of the head of a column."""
        numeric = column.kind in ("amount", "integer", "share")
        return self.get_format(
            bold=True,
            colour="#000000" if column.colour else "#FFFFFF",
            fill=column.colour or styles.HEAD,
            wrap=True,
            valign="vcenter",
            **({"align": "right"} if numeric else {"align": "left", "indent": 1}),
        )

    def get_amount_format(self, currency: str | None, **options):
        """Return the format of amounts of a currency."""
        digits = self._digits.get(currency, 2)
        return self.get_format(number=styles.get_amount_format(digits), **options)

    def _get_cell_format(self, column, row):
        currency = row[column.currency] if column.currency is not None else None
        return self.get_style(column.kind, currency)

    def get_style(self, kind: str, currency: str | None = None, **options):
        """Return the format of values of a kind.

        :param currency: code of that of an amount
        :param options: see :meth:`get_format`
        """
        match kind:
            case "amount":
                return self.get_amount_format(currency, **options)
            case "date":
                return self.get_format(
                    number=self._date_format, align="left", indent=1, **options
                )
            case "integer":
                return self.get_format(number="#,##0", **options)
            case "share":
                return self.get_format(number="0.0%", **options)
            case "link":
                return self.get_format(
                    colour="#0563C1", underline=1, indent=1, **options
                )
        # Beside a number on its left a text would seem to go on.
        return self.get_format(indent=1, **options)

    def _get_tint(self, colour):
        """Return the format of cells that a condition colours."""
        key = ("tint", colour)
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"bg_color": colour})
        return self._formats[key]
