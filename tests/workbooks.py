"""Workbooks read back by another library, and calculated anew."""

import re
import shutil
import subprocess
import tempfile
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

OFFICE = shutil.which("soffice")
OFFICE_TIMEOUT = 180
LINK = re.compile(r'=HYPERLINK\("([^"]*)","[^"]*"\)')


class Reading:
    """A workbook as whoever opens it finds it.

    :param content: of the file
    """

    def __init__(self, content: bytes):
        self.content = content
        self.values = load_workbook(BytesIO(content), data_only=True)
        self.formulas = load_workbook(BytesIO(content))

    def get_rows(self, name: str, values=True) -> list[list]:
        """Return the cells of a sheet."""
        book = self.values if values else self.formulas
        return [list(row) for row in book[name].iter_rows(values_only=True)]

    def get_list(self, name: str) -> list[dict]:
        """Return the rows of a list by the titles of its columns, on all its sheets,
        without the totals."""
        rows = []
        for sheet in self.values:
            if sheet.title == name or re.fullmatch(rf"{name} \d+", sheet.title):
                first, last = self.get_filtered(sheet)
                cells = sheet.iter_rows(first, last, values_only=True)
                titles = next(cells)
                rows += [dict(zip(titles, row, strict=True)) for row in cells]
        return [row for row in rows if any(x is not None for x in row.values())]

    def get_filtered(self, sheet):
        """Return the first and the last row of what can be filtered."""
        _left, first, _right, last = range_boundaries(sheet.auto_filter.ref)
        return first, last

    def get_text(self) -> str:
        """Return all that is written anywhere."""
        return "\n".join(
            str(value)
            for sheet in self.values
            for row in sheet.iter_rows(values_only=True)
            for value in row
            if value is not None
        )

    def get_formulas(self) -> dict:
        """Return the formulas other than links by sheet and cell, each with the value
        that was written with it."""
        return {
            (sheet.title, cell.coordinate): (
                cell.value,
                self.values[sheet.title][cell.coordinate].value,
            )
            for sheet in self.formulas
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and not LINK.fullmatch(cell.value)
        }

    def get_links(self) -> list[str]:
        """Return the addresses of all links."""
        return [
            found[1]
            for sheet in self.formulas
            for row in sheet.iter_rows()
            for cell in row
            if cell.data_type == "f" and (found := LINK.fullmatch(cell.value))
        ]

    # ------------------------------------------------------------------
    # CALCULATION
    # ------------------------------------------------------------------

    def calculate(self, formula: str, sheet: str):
        """Return what a formula comes to: a sum, a sum on conditions, a share.

        :param formula: with its equals sign
        :param sheet: on which it stands
        """
        text = formula.removeprefix("=")
        if text == "0":
            return 0
        if found := re.fullmatch(r'IF\((\$?\w+\$?\d+)=0,"",(.+)/\1\)', text):
            divisor = self._read(found[1], sheet)
            return (self._read(found[2], sheet) or 0) / divisor if divisor else ""
        if found := re.fullmatch(r"([^(]+)-([^(]+)", text):
            return self._read(found[1], sheet) - self._read(found[2], sheet)
        return sum(self._calculate_sum(part, sheet) for part in _split(text, "+"))

    def _calculate_sum(self, text, sheet):
        function, arguments = re.fullmatch(r"(SUMIFS|SUM)\((.*)\)", text).groups()
        parts = _split(arguments, ",")
        if function == "SUM":
            return sum(
                value
                for part in parts
                for value in self._read_range(part, sheet)
                if isinstance(value, int | float)
            )
        amounts = self._read_range(parts[0], sheet)
        chosen = [True] * len(amounts)
        for cells, criterion in zip(parts[1::2], parts[2::2], strict=True):
            wanted = criterion[2:-1].replace('""', '"')
            wanted = re.sub(r"~([~*?])", r"\1", wanted)
            for number, value in enumerate(self._read_range(cells, sheet)):
                chosen[number] &= str(value).casefold() == wanted.casefold()
        return sum(x for x, keep in zip(amounts, chosen, strict=True) if keep and x)

    def _read(self, cell, sheet):
        """Return what a cell comes to, calculated as well if it is a formula."""
        cell = cell.replace("$", "")
        value = self.formulas[sheet][cell].value
        if isinstance(value, str) and value.startswith("="):
            return self.calculate(value, sheet)
        return value

    def _read_range(self, text, sheet):
        name, _mark, cells = text.rpartition("!")
        if name:
            sheet = name.strip("'").replace("''", "'")
        found = self.formulas[sheet][cells.replace("$", "")]
        rows = found if isinstance(found, tuple) else ((found,),)
        return [
            self._read(cell.coordinate, sheet) if cell.data_type == "f" else cell.value
            for row in rows
            for cell in row
        ]

    def recalculate(self) -> "Reading":
        """Return the workbook as LibreOffice has it after calculating all of it."""
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "workbook.xlsx"
            source.write_bytes(self.content)
            target = Path(folder) / "calculated"
            subprocess.run(
                [
                    OFFICE,
                    f"-env:UserInstallation=file://{folder}/profile",
                    "--headless",
                    "--convert-to",
                    "xlsx:Calc MS Excel 2007 XML",
                    "--outdir",
                    str(target),
                    str(source),
                ],
                check=True,
                capture_output=True,
                timeout=OFFICE_TIMEOUT,
            )
            return Reading((target / "workbook.xlsx").read_bytes())


def _split(text, separator):
    """Split a text where no bracket and no quotation mark is open."""
    parts, depth, quoted, begin = [], 0, "", 0
    for position, letter in enumerate(text):
        if quoted:
            quoted = "" if letter == quoted else quoted
        elif letter in "\"'":
            quoted = letter
        elif letter in "()":
            depth += 1 if letter == "(" else -1
        elif letter == separator and not depth:
            parts.append(text[begin:position])
            begin = position + 1
    return [*parts, text[begin:]]
