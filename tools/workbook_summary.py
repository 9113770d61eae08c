"""The first sheet of a workbook: tables of a few rows, and a chart beside each."""

from collections.abc import Callable
from dataclasses import dataclass

from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from .workbook import Book, Formula, Head
from .workbook_cells import Column

# Rows and pixels that a chart takes.
CHART_ROWS = 15
CHART_SIZE = {"width": 560, "height": 290}
WIDTHS = (30, 14)


@dataclass(frozen=True)
class Place:
    """Where a table stands.

    >>> Place(4).ref(0, 1), Place(4).ref(2, 1)
    ('$B$5', '$B$7')
    """

    first: int

    def ref(self, row: int, column: int) -> str:
        """Return the address of a cell of the table."""
        return xl_rowcol_to_cell(self.first + row, column, True, True)


Cell = str | float | Formula | None | Callable[[Place], Formula]


@dataclass(frozen=True)
class Row:
    """A row of a table.

    :param cells: text, number, formula, or a function of the table's place
    :param currency: code of that of its amounts
    :param colour: of its first cell
    :param total: whether it closes the table
    """

    cells: tuple[Cell, ...]
    currency: str | None = None
    colour: str = ""
    total: bool = False


@dataclass(frozen=True)
class Bars:
    """A chart of rows of a table: their first cells, and the amounts of a column.

    :param title: of the chart
    :param column: position of the amounts
    :param rows: how many, from the first
    """

    title: str
    column: int
    rows: int


def share_of(row: int, total: int, column: int, value: float | None) -> Callable:
    """Return the cell for the share that a row has in the total of a table, empty where
    there is nothing to divide by.

    >>> share_of(0, 6, 2, 0.25)(Place(4)).text
    'IF($C$11=0,"",$C$5/$C$11)'

    :param value: what it comes to
    """
    return lambda place: Formula(
        'IF({0}=0,"",{1}/{0})'.format(place.ref(total, column), place.ref(row, column)),
        "" if value is None else value,
    )


class Summary:
    """The summary of a workbook, to be filled when its lists are written.

    :param book: the workbook; this becomes its next sheet
    """

    def __init__(self, book: Book, name: str, head: Head):
        self._book = book
        self._sheet = book.add_sheet(name, head)
        self._sheet.set_landscape()
        self._row = len(head.lines) + 2
        self._bold = book.get_format(bold=True, size=12)
        for column, width in enumerate((WIDTHS[0], *[WIDTHS[1]] * 12)):
            self._sheet.set_column(column, column, width)

    def add_table(
        self, title: str, columns: list[Column], rows: list[Row], bars: Bars | None
    ):
        """Write a table below what is there.

        :param bars: of the chart beside it
        """
        sheet = self._sheet
        sheet.write_string(self._row, 0, title, self._bold)
        sheet.set_row(self._row + 1, 30)
        for position, column in enumerate(columns):
            style = self._book.get_head_format(column)
            sheet.write_string(self._row + 1, position, column.title, style)
        place = Place(self._row + 2)
        for number, row in enumerate(rows, place.first):
            self._write_row(number, columns, row, place)
        end = place.first + len(rows)
        if bars and bars.rows:
            self._add_chart(bars, rows, place, len(columns) + 1)
            end = max(end, self._row + CHART_ROWS)
        self._row = end + 1

    def add_note(self, text: str):
        """Write a line of text below what is there."""
        grey = self._book.get_format(colour="#595959", size=9)
        self._sheet.write_string(self._row, 0, text, grey)
        self._row += 1

    def _write_row(self, number, columns, row, place):
        options = {"bold": True, "top": 1} if row.total else {"bottom": 4}
        for position, (column, cell) in enumerate(zip(columns, row.cells, strict=True)):
            fill = {"fill": row.colour} if row.colour and not position else {}
            style = self._book.get_style(column.kind, row.currency, **options, **fill)
            value = cell(place) if callable(cell) else cell
            self._book.put(self._sheet, number, position, value, style)

    def _add_chart(self, bars, rows, place, position):
        name = quote_sheetname(self._sheet.name)
        last = bars.rows - 1
        chart = self._book.add_chart({"type": "column"})
        labels = f"{place.ref(0, 0)}:{place.ref(last, 0)}"
        amounts = f"{place.ref(0, bars.column)}:{place.ref(last, bars.column)}"
        shown = rows[: bars.rows]
        values = [row.cells[bars.column] for row in shown]
        chart.add_series(
            {
                "name": bars.title,
                "categories": f"={name}!{labels}",
                "values": f"={name}!{amounts}",
                # Cells are not in memory any more, and not every reader looks.
                "categories_data": [row.cells[0] for row in shown],
                "values_data": [
                    value.value if isinstance(value, Formula) else value
                    for value in values
                ],
                "points": [{"fill": {"color": row.colour}} for row in shown],
                "gap": 40,
            }
        )
        font = {"size": 9, "color": "#404040"}
        chart.set_title({"name": bars.title, "name_font": {"size": 11, "bold": True}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"num_font": font, "label_position": "low"})
        chart.set_y_axis(
            {
                "num_format": "#,##0",
                "num_font": font,
                "line": {"none": True},
                "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
            }
        )
        chart.set_size(CHART_SIZE)
        self._sheet.insert_chart(
            self._row, position, chart, {"description": bars.title}
        )
