"""Cells of a workbook (XLSX) that somebody hands in: those of its first sheet, as they
were last shown, and what their formats say of days.

Libraries that read workbooks read all that may be in one, and much of it by patterns
whose time grows with the square of a text: headers, formats, names of areas. Here
nothing else is read than cells.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from posixpath import join, normpath
from zipfile import ZipFile

from . import hardened_xml

# Where programs put parts of which they do not say where.
USUAL_BOOK = "xl/workbook.xml"
USUAL = {"sharedStrings": "xl/sharedStrings.xml", "styles": "xl/styles.xml"}
# Formats of days that all workbooks know by their number.
DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
# No program keeps a longer format.
MAX_FORMAT = 255
# In a format: what is shown as it stands, colours and currencies, signs that follow.
LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|[\\_*].')
DAY_SIGNS = frozenset("dmyhsDMYHS")
# The day from which days are counted. Workbooks have a 29 February 1900.
FIRST_DAY, MAC_DAYS, LAST_DAY = datetime(1899, 12, 30), 1462, 2_958_465
LETTERS = re.compile(r"[A-Z]{1,3}(?=\d)")
# Of numbers that are whole, as many digits as a number keeps.
WHOLE = re.compile(r"-?\d{1,15}")


def read_cells(
    archive: ZipFile, most_columns: int, most_rows: int, most_signs: int
) -> Iterator[list]:
    """Yield the rows of the first sheet, empty ones among them.

    :param archive: the workbook, looked through before
    :param most_columns: what stands behind is left out
    :param most_rows: whoever counts rows stops there: no more empty ones are made up
    :param most_signs: of a text, the beginning
    :raise Exception: whatever a workbook that somebody made can have Python raise
    """
    book = _find_book(archive)
    parts = _get_related(archive, book)
    root = _parse(archive, book)
    strings, days = _Strings(most_signs), set()
    if path := _get_path(archive, parts, "sharedStrings"):
        _read(archive, path, strings)
    if path := _get_path(archive, parts, "styles"):
        days = _find_days(_parse(archive, path))
    sheet = _Sheet(strings.texts, days, most_columns, most_signs)
    sheet.first_day = FIRST_DAY + timedelta(days=MAC_DAYS * _counts_from_1904(root))
    place = 0
    for number, cells in _read_rows(archive, _find_sheet(root, parts), sheet):
        for _ in range(min(number - place - 1, most_rows)):
            yield []
        yield cells
        place = max(number, place + 1)


# ----------------------------------------------------------------------
# PARTS
# ----------------------------------------------------------------------


def _parse(archive, path):
    with archive.open(path) as file:
        return hardened_xml.parse(file.read(hardened_xml.MAX_SIZE + 1))


def _get_related(archive, path):
    """Return the parts to which one refers: pairs of kind and path, by id."""
    folder, _slash, name = path.rpartition("/")
    own = join(folder, "_rels", f"{name}.rels")
    if own not in archive.namelist():
        return {}
    return {
        told.get("Id"): (
            told.get("Type", "").rpartition("/")[2],
            normpath(join("/", folder, told.get("Target", ""))).lstrip("/"),
        )
        for told in _parse(archive, own).iter("{*}Relationship")
        if told.get("TargetMode") != "External"
    }


def _get_path(archive, parts, kind):
    """Return where a part of the workbook is, None if it has none."""
    usual = USUAL.get(kind)
    told = (path for own, path in parts.values() if own == kind)
    return next(told, usual if usual in archive.namelist() else None)


def _find_book(archive):
    parts = _get_related(archive, "")
    return _get_path(archive, parts, "officeDocument") or USUAL_BOOK


def _find_sheet(book, parts):
    """Return where the first sheet with cells is."""
    for sheet in book.iter("{*}sheet"):
        ids = (value for name, value in sheet.attrib.items() if name.endswith("}id"))
        kind, path = parts.get(next(ids, None), ("", ""))
        if kind == "worksheet":
            return path
    raise ValueError("no sheet")


def _counts_from_1904(book):
    told = next(book.iter("{*}workbookPr"), None)
    return told is not None and told.get("date1904") in ("1", "true")


# ----------------------------------------------------------------------
# DAYS
# ----------------------------------------------------------------------


def _find_days(styles):
    """Return the numbers of the styles that show a day."""
    formats = {
        told.get("numFmtId"): is_day(told.get("formatCode", ""))
        for told in styles.iter("{*}numFmt")
    }
    listed = styles.find("{*}cellXfs")
    numbers = [] if listed is None else [own.get("numFmtId", "0") for own in listed]
    return {
        str(place)
        for place, number in enumerate(numbers)
        if formats.get(number, number.isdecimal() and int(number[:9]) in DAYS)
    }


def is_day(code: str) -> bool:
    r"""Return whether a format shows a day.

    >>> is_day("dd/mm/yyyy"), is_day('[$-40C]d\\ mmm')
    (True, True)
    >>> is_day('#,##0.00 "dollars";[Red]-0'), is_day("[$USD] 0.00"), is_day("General")
    (False, False, False)
    """
    shown = LITERAL.sub("", code[:MAX_FORMAT]).partition(";")[0]
    return not DAY_SIGNS.isdisjoint(shown)


# ----------------------------------------------------------------------
# CELLS
# ----------------------------------------------------------------------


def _read(archive, path, target):
    for _ in _feed(archive, path, target):
        pass


def _feed(archive, path, target) -> Iterator[None]:
    """Read a part, and pause after each piece of it."""
    with archive.open(path) as file:
        yield from hardened_xml.feed(
            iter(lambda: file.read(hardened_xml.CHUNK), b""), target
        )


def _read_rows(archive, path, sheet):
    """Yield the rows of a sheet, with their numbers, as they are read."""
    for _ in _feed(archive, path, sheet):
        yield from sheet.rows
        sheet.rows.clear()
    yield from sheet.rows


class _Texts:
    """Reads texts, no more of each than is wanted: a target of lxml's parser."""

    def __init__(self, most):
        self.most = most
        self.text, self.is_open = "", False
        self.parts, self.problem = 0, None

    def open(self, is_open: bool) -> None:
        """Begin or end to take what is read for the text."""
        self.is_open = is_open

    def take(self) -> str:
        """Return the text, and begin another one."""
        text, self.text = self.text, ""
        return text

    def data(self, text: str) -> None:
        """A text goes on."""
        self.parts += 1
        if self.is_open and len(self.text) < self.most:
            self.text = (self.text + text)[: self.most]

    def close(self) -> None:
        """The part ends."""


class _Strings(_Texts):
    """The texts that cells share."""

    def __init__(self, most):
        super().__init__(most)
        self.texts, self.is_said = [], False

    def start(self, tag: str, _attributes: dict, _namespaces: dict) -> None:
        """An element begins."""
        self.parts += 1
        name = tag.rpartition("}")[2]
        if name == "rPh":
            # How the text is spoken.
            self.is_said = True
        elif name == "t":
            self.open(not self.is_said)

    def end(self, tag: str) -> None:
        """An element ends."""
        self.parts += 1
        name = tag.rpartition("}")[2]
        if name == "si":
            self.texts.append(self.take())
        elif name == "rPh":
            self.is_said = False
        elif name == "t":
            self.open(False)


class _Sheet(_Texts):
    """The cells of a sheet."""

    def __init__(self, strings, days, most_columns, most):
        super().__init__(most)
        self.strings, self.days, self.most_columns = strings, days, most_columns
        self.first_day = FIRST_DAY
        self.rows, self.cells, self.number, self.column = [], {}, 0, 0
        self.kind, self.style, self.is_said = "n", "", False

    def start(self, tag: str, attributes: dict, _namespaces: dict) -> None:
        """An element begins."""
        self.parts += 1
        name = tag.rpartition("}")[2]
        if name == "row":
            given = attributes.get("r", "")
            own = int(given[:9]) if given.isdecimal() else 0
            self.number = max(own, self.number + 1)
            self.cells, self.column = {}, 0
        elif name == "c":
            self.column = self._find_column(attributes.get("r", ""))
            self.kind = attributes.get("t", "n")
            self.style = attributes.get("s", "")
        elif name == "rPh":
            self.is_said = True
        elif name in ("v", "t"):
            self.open(not self.is_said and (name == "t") == (self.kind == "inlineStr"))

    def end(self, tag: str) -> None:
        """An element ends."""
        self.parts += 1
        name = tag.rpartition("}")[2]
        if name in ("v", "t"):
            self.open(False)
        elif name == "rPh":
            self.is_said = False
        elif name == "c":
            text = self.take()
            if text and self.column <= self.most_columns:
                self.cells[self.column] = self._read_value(text)
        elif name == "row":
            last = max(self.cells, default=0)
            cells = [self.cells.get(place) for place in range(1, last + 1)]
            self.rows.append((self.number, cells))

    def _find_column(self, reference):
        """Return the number of a column, that of the next one without any."""
        letters = LETTERS.match(reference)
        if not letters:
            return self.column + 1
        number = 0
        for letter in letters[0]:
            number = number * 26 + ord(letter) - ord("A") + 1
        return number

    def _read_value(self, text):
        """Return what a cell shows."""
        if self.kind == "s":
            return self.strings[int(text)]
        if self.kind == "b":
            return text.strip() == "1"
        if self.kind != "n":
            return text
        value = int(text) if WHOLE.fullmatch(text) else float(text)
        if self.style in self.days and 0 <= value <= LAST_DAY:
            return self.first_day + timedelta(days=value)
        return value
