"""Rows of a ledger that somebody hands in: CSV or XLSX, from whatever program.

Nothing in the file is trusted: it is read within limits, nothing in it is worked out
(formulas give what was last shown), and no other file is opened because of it.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date as Date
from typing import NamedTuple

from . import hardened_xml, ledger_workbook
from .hardened_zip import open_archive
from .ledger_cells import is_empty

# Of a file as it is handed in, and of what an XLSX becomes unpacked.
MAX_SIZE = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_MEMBERS = 500
# Of what is read: rows that have something, rows at all, and columns.
MAX_ROWS = 20_000
MAX_SCANNED = 100_000
MAX_COLUMNS = 60
MAX_CELL = 500

DELIMITERS = (";", ",", "\t", "|")
SAMPLE_LINES = 60
BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
# How papers and pictures begin.
OTHER_KINDS = (b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"{\\rtf")
# What declares entities, and where a shared string begins, whatever its prefix.
DECLARATIONS = (b"<!DOCTYPE", b"<!ENTITY")
STRING = re.compile(rb"[<:]si[\s/>]")
# Of shared strings, which are read at once: how many, and how large they become.
MAX_STRINGS, MAX_STRINGS_SIZE = 200_000, 20 * 1024 * 1024
# Of elements, which are held until their row ends: in a row, and apart from rows; and
# all of them, for each is read.
MAX_ROW_TAGS, MAX_TAGS, MAX_ALL_TAGS = 100_000, 1_000_000, 4_000_000
ROW = re.compile(rb"[<:]row[\s/>]")
# Parts that may have many, as what the table of contents says they are; of all others,
# each element becomes objects, and is kept.
ROOMY = {"xl/worksheets/": "worksheet+xml", "xl/sharedstrings.xml": "sharedstrings+xml"}
CONTENTS, MAX_LOOSE_TAGS = "[Content_Types].xml", 200_000
# Of an element that is that long: some parsers compare each attribute with all others.
LONG, MAX_ATTRIBUTES = re.compile(rb"[^<]{2000,}"), 400
# What an XML file says of its encoding, and which are looked through as they stand: in
# others, signs would stand for something else.
DECLARED = re.compile(rb"<\?xml(?:[^>]*\sencoding\s*=\s*[\"']([^\"'>]*)[\"'])?[^>]*\?>")
PLAIN = {
    b"utf-8",
    b"utf8",
    b"utf-16",
    b"us-ascii",
    b"iso-8859-1",
    b"iso-8859-15",
    b"windows-1252",
}
# How one begins in EBCDIC, which needs no declaration to be known.
EBCDIC = b"\x4c\x6f\xa7\x94"
CHUNK, OVERLAP = 256 * 1024, max(map(len, DECLARATIONS)) - 1


class LedgerFileError(ValueError):
    """A file that cannot be read.

    :param problem: ``empty``, ``size`` (too large), ``rows`` (too many), ``kind``
        (neither CSV nor XLSX), ``old`` (XLS), ``damaged``, ``encoding``, ``package``
        (XLSX cannot be read here) or ``columns`` (no number or no amount was found)
    """

    def __init__(self, problem: str):
        super().__init__(problem)
        self.problem = problem


def read_rows(content: bytes) -> list[tuple[int, list]]:
    """Return the rows of a file that have something, each with its place in it.

    :param content: of the file
    :return: list of pairs: number of the row (the first is 1), and its cells
    :raise LedgerFileError: saying what is wrong with the file

    >>> read_rows("Numéro;Montant\\n\\nFAC1;1 234,50".encode("cp1252"))
    [(1, ['Numéro', 'Montant']), (3, ['FAC1', '1 234,50'])]
    >>> read_rows(b"%PDF-1.7 ...")
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.ledger_file.LedgerFileError: kind
    """
    if not content or not content.strip(b"\0 \r\n\t"):
        raise LedgerFileError("empty")
    if len(content) > MAX_SIZE:
        raise LedgerFileError("size")
    rows = []
    for place, cells in enumerate(_get_reader(content), 1):
        if place > MAX_SCANNED:
            raise LedgerFileError("rows")
        if is_empty(cells):
            continue
        if len(rows) >= MAX_ROWS:
            raise LedgerFileError("rows")
        rows.append((place, [_shorten(cell) for cell in cells[:MAX_COLUMNS]]))
    if not rows:
        raise LedgerFileError("empty")
    return rows


def _get_reader(content):
    if content.startswith(b"PK\x03\x04"):
        return _read_workbook(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise LedgerFileError("old")
    return _read_text(content)


def _shorten(cell):
    if isinstance(cell, str):
        return cell[:MAX_CELL].strip()
    if cell is None or isinstance(cell, int | float | Date):
        return cell
    return str(cell)[:MAX_CELL]


# ----------------------------------------------------------------------
# CSV
# ----------------------------------------------------------------------


def _read_text(content) -> Iterator[list]:
    text = decode(content)
    delimiter = find_delimiter(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        yield from reader
    except csv.Error as error:
        raise LedgerFileError("damaged") from error


def decode(content: bytes) -> str:
    """Return the text of a file in whatever encoding programs write it.

    :raise LedgerFileError: it is no text

    >>> decode("é".encode("utf-8")), decode("é".encode("cp1252"))
    ('é', 'é')
    >>> decode("é;1".encode("utf-16"))
    'é;1'
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode(content, encoding)
    if b"\0" in content or content.startswith(OTHER_KINDS):
        raise LedgerFileError("kind")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decode(content, "cp1252")


def _decode(content, encoding):
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise LedgerFileError("encoding") from error


def find_delimiter(text: str) -> str:
    r"""Return what separates the columns: the sign that gives most lines the same
    number of columns.

    >>> find_delimiter("a;b\n1,5;2,5\n1,5;2,5")
    ';'
    >>> find_delimiter('No,Amount\nA1,"1,234.00"')
    ','
    >>> find_delimiter("one column")
    ';'
    """
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    best, best_score = DELIMITERS[0], (0, 0)
    for delimiter in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter)]
        except csv.Error:
            continue
        split = [width for width in widths if width > 1]
        if not split:
            continue
        usual = max(set(split), key=split.count)
        score = (split.count(usual), usual)
        if score > best_score:
            best, best_score = delimiter, score
    return best


# ----------------------------------------------------------------------
# XLSX
# ----------------------------------------------------------------------


def _read_workbook(content) -> Iterator[list]:
    _check_archive(content)
    if ledger_workbook.openpyxl is None:
        raise LedgerFileError("package")
    try:
        with open_archive(content) as archive:
            yield from ledger_workbook.read_cells(archive, MAX_COLUMNS)
    # Whatever a file that somebody made can have the reader raise.
    except Exception as error:
        raise LedgerFileError("damaged") from error


def _check_archive(content):
    """Refuse an archive that is no workbook, becomes too much, or declares entities."""
    try:
        with open_archive(content) as archive:
            members = archive.infolist()
            if not any(member.filename.startswith("xl/") for member in members):
                raise LedgerFileError("kind")
            # Python reads no more of a member than what it says of its size.
            if (
                len(members) > MAX_MEMBERS
                or sum(member.file_size for member in members) > MAX_UNPACKED
            ):
                raise LedgerFileError("size")
            strings = tags = loose = 0
            for member in members:
                if member.flag_bits & 0x1:
                    raise LedgerFileError("damaged")
                with archive.open(member) as file:
                    found = _look_through(file)
                strings += found.strings
                tags += found.tags
                loose += 0 if _get_room(member.filename) else found.tags
                if (
                    strings > MAX_STRINGS
                    or tags > MAX_ALL_TAGS
                    or loose > MAX_LOOSE_TAGS
                    or (found.strings and member.file_size > MAX_STRINGS_SIZE)
                ):
                    raise LedgerFileError("size")
            _check_contents(archive)
    except LedgerFileError:
        raise
    # Whatever a damaged archive can have Python raise.
    except Exception as error:
        raise LedgerFileError("damaged") from error


def _get_room(name):
    """Return what a part has to be by whose name it may have many elements, nothing of
    others.

    >>> _get_room("xl/worksheets/sheet1.xml"), _get_room("xl/sharedStrings.xml")
    ('worksheet+xml', 'sharedstrings+xml')
    >>> _get_room("xl/styles.xml"), _get_room("xl/worksheets/_rels/sheet1.xml.rels")
    (None, None)
    """
    name = name.lower()
    known = (kind for start, kind in ROOMY.items() if name.startswith(start))
    return None if "_rels/" in name else next(known, None)


def _check_contents(archive):
    """Refuse an archive that says of a part that may have many elements that it is
    something else: that would be read at once."""
    with archive.open(CONTENTS) as file:
        root = hardened_xml.parse(file.read(hardened_xml.MAX_SIZE + 1))
    for told in root.iter("{*}Override"):
        kind = _get_room(told.get("PartName", "").lstrip("/"))
        if kind and not told.get("ContentType", "").lower().endswith(kind):
            raise LedgerFileError("damaged")


class Found(NamedTuple):
    """What a member of an archive has: shared strings, and elements."""

    strings: int
    tags: int


def _look_through(file) -> Found:
    r"""Return what a member has. Names of members say nothing: the file itself tells
    which ones are read.

    :raise LedgerFileError: it declares entities, cannot be looked through, or has more
        elements or attributes than tables have

    >>> _look_through(io.BytesIO("<sst><si/><si>a</si></sst>".encode("utf-16"))).strings
    2
    >>> _look_through(io.BytesIO(b"<sst><x:si><x:t/></x:si></sst>"))
    Found(strings=2, tags=5)
    >>> _look_through(io.BytesIO(b"<row>" + b"<c/>" * 100_001))
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.ledger_file.LedgerFileError: size
    """
    strings, rest = 0, b""
    tags, most, total = 0, MAX_TAGS, 0
    while chunk := file.read(CHUNK):
        if not total and not rest:
            _check_encoding(chunk)
        # Without its zeros, UTF-16 is as readable as UTF-8.
        text = rest + chunk.replace(b"\0", b"")
        upper = text.upper()
        if any(mark in upper for mark in DECLARATIONS):
            raise LedgerFileError("damaged")
        if any(part.count(b"=") > MAX_ATTRIBUTES for part in LONG.findall(text)):
            raise LedgerFileError("size")
        new = text[len(rest) :]
        total += new.count(b"<")
        if rows := list(ROW.finditer(text)):
            new, tags, most = text[rows[-1].start() :], 0, MAX_ROW_TAGS
        tags += new.count(b"<")
        if tags > most:
            raise LedgerFileError("size")
        # Of what was seen before, only what reaches into the chunk is new.
        strings += len(STRING.findall(text, max(len(rest) - 3, 0)))
        rest = text[-OVERLAP:]
    return Found(strings, total)


def _check_encoding(start):
    r"""Refuse XML in which what is looked for would be written otherwise.

    :param start: of the file

    >>> _check_encoding(b'<?xml version="1.0" encoding="UTF-8"?><a/>')
    >>> for encoding in ("utf-7", "IBM037", "hz-gb-2312"):
    ...     try:
    ...         _check_encoding(b'<?xml version="1.0" encoding="%s"?><a/>'
    ...                         % encoding.encode())
    ...     except LedgerFileError as error:
    ...         print(error)
    damaged
    damaged
    damaged
    """
    text = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if text.startswith(EBCDIC):
        raise LedgerFileError("damaged")
    if text.startswith(b"<?xml"):
        declared = DECLARED.match(text)
        if not declared or (declared[1] or b"utf-8").lower() not in PLAIN:
            raise LedgerFileError("damaged")
