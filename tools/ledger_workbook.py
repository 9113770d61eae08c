"""Workbooks (XLSX) that somebody hands in: openpyxl reads them, but gets no more of
them than the cells and what their formats say of days.

It looks in formats, headers and names of areas by patterns whose time grows with the
square of a text, and reads drawings and properties that nobody asked for.
"""

import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import chain
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZipFile

from . import hardened_xml

try:
    import openpyxl
except ImportError:
    openpyxl = None

# What is kept: elements, with their attributes.
KEPT = {
    "Relationships": (),
    "Relationship": ("Id", "Type", "Target", "TargetMode"),
    "workbook": (),
    "workbookPr": ("date1904",),
    "sheets": (),
    "sheet": ("name", "sheetId", "id"),
    "styleSheet": (),
    "numFmts": (),
    "numFmt": ("numFmtId", "formatCode"),
    "cellXfs": (),
    "xf": ("numFmtId",),
    "sst": (),
    "si": (),
    "worksheet": (),
    "sheetData": (),
    "row": ("r",),
    "c": ("r", "s", "t"),
    "is": (),
    "r": (),
    "v": (),
    "t": (),
}
# How many of them in a part: what comes behind is left out. For each sheet, all that
# it refers to is read anew.
MOST = {"Relationship": 1000, "sheet": 100, "numFmt": 2000, "xf": 65_000}
# How parts begin: with the names by which openpyxl knows the elements, and for sheets
# with a size, which it looks for up to the end.
SPACES = (
    ' xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
SIZE = '<dimension ref="A1"/>'
# No program keeps a longer format. Only whether it shows a day matters.
MAX_FORMAT, DAY, NO_DAY = 255, "yyyy-mm-dd", "0"
# With the namespace, which is told for each element.
MAX_NAME = 300

# It says that styles are missing, which are left out.
warnings.filterwarnings("ignore", "Workbook contains no", UserWarning, "openpyxl")


def read_cells(archive: ZipFile, most_columns: int) -> Iterator[list]:
    """Yield the rows of the first sheet, empty ones among them.

    :param archive: the workbook, looked through before
    :param most_columns: what stands behind is left out
    :raise Exception: whatever a workbook that somebody made can have Python raise
    """
    with tempfile.TemporaryFile() as file:
        _reduce(archive, file)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=most_columns, values_only=True):
                cells = list(row)
                while cells and cells[-1] is None:
                    cells.pop()
                yield cells
        finally:
            book.close()


def _reduce(archive, file):
    """Write an archive with what is kept of the parts of another one, and a table of
    contents that says of each what it is."""
    names = openpyxl.xml.constants
    kinds = {"workbook": names.XLSX, "sst": names.SHARED_STRINGS}
    contents = "<Types>"
    with ZipFile(file, "w") as reduced:
        for name in dict.fromkeys(archive.namelist()):
            if not name.lower().endswith((".xml", ".rels")):
                continue
            part = _Part()
            pieces = filter(None, _reduce_part(archive, name, part))
            if start := next(pieces, None):
                with reduced.open(name, "w") as written:
                    written.writelines(chain([start], pieces))
            if kind := kinds.get(part.root):
                path = quoteattr(f"/{name}")
                contents += f'<Override PartName={path} ContentType="{kind}"/>'
        reduced.writestr(names.ARC_CONTENT_TYPES, f"{contents}</Types>")


def _reduce_part(archive, name, part) -> Iterator[bytes]:
    """Yield what is kept of a part, piece by piece."""
    with archive.open(name) as file:
        pieces = iter(lambda: file.read(hardened_xml.CHUNK), b"")
        for _ in hardened_xml.feed(pieces, part):
            if part.is_other:
                return
            yield part.take()
    yield part.take()


class _Part:
    """Writes what is kept of a part as it is read: a target of lxml's parser."""

    def __init__(self):
        self.parts, self.problem = 0, None
        self.written, self.counts = [], Counter()
        # The depth within something that is left out; the part may be that as a whole.
        self.left_out, self.is_other, self.root = 0, False, None

    def take(self) -> bytes:
        """Return what was written since it was last asked for."""
        text = "".join(self.written)
        self.written.clear()
        return text.encode()

    def start(self, tag: str, attributes: dict, _namespaces: dict) -> None:
        """An element begins."""
        self.parts += 1
        if len(tag) > MAX_NAME or any(len(key) > MAX_NAME for key in attributes):
            raise ValueError("long name")
        name = tag.rpartition("}")[2]
        is_root, self.root = not self.root, self.root or name
        if self.left_out or not self._is_kept(name):
            self.left_out += 1
            self.is_other = self.is_other or is_root
            return
        own = self._write_attributes(KEPT[name], attributes) if attributes else ""
        self.written.append(f"<{name}{SPACES if is_root else ''}{own}>")
        if name == "worksheet":
            self.written.append(SIZE)

    def _is_kept(self, name):
        if name in MOST:
            self.counts[name] += 1
            return self.counts[name] <= MOST[name]
        return name in KEPT

    def _write_attributes(self, names, attributes):
        written = ""
        for key, value in attributes.items():
            name = key.rpartition("}")[2]
            if name not in names:
                continue
            if name == "formatCode":
                is_day = openpyxl.styles.numbers.is_date_format(value[:MAX_FORMAT])
                value = DAY if is_day else NO_DAY
            written += f" {'r:id' if name == 'id' else name}={quoteattr(value)}"
        return written

    def data(self, text: str) -> None:
        """A text goes on."""
        self.parts += 1
        if not self.left_out:
            self.written.append(escape(text))

    def end(self, tag: str) -> None:
        """An element ends."""
        self.parts += 1
        if self.left_out:
            self.left_out -= 1
        else:
            self.written.append(f"</{tag.rpartition('}')[2]}>")

    def close(self) -> None:
        """The part ends."""
