"""What documents of office programs do when they are opened: macros, and what is
fetched from elsewhere. They are archives of XML."""

import re
from xml.parsers import expat

from . import hardened_xml
from .errors import MessageError
from .hardened_zip import open_archive

# Parts of documents that run, by their names: of Microsoft, of OpenDocument.
RUNNING = re.compile(
    r"(?:^|/)(?:vbaProject|vbaData|activeX/|macrosheets/|embeddings/ole)|^(?:Basic|Scripts)/",
    re.IGNORECASE,
)
# Which relations of a part lead to others: a link waits until somebody follows it.
RELATIONS = ".rels"
FETCHED = {
    "afchunk",
    "attachedtemplate",
    "control",
    "frame",
    "image",
    "mailmergeheadersource",
    "mailmergesource",
    "oleobject",
    "package",
    "subdocument",
}
# Elements that have another program run something: links of sheets, and what
# OpenDocument has.
ASKING = {
    "ddeLink",
    "dde-source",
    "dde-connection",
    "dde-connection-decl",
    "event-listener",
}
# Instructions of fields, which may be in pieces: in elements of this name, or in an
# attribute.
INSTRUCTIONS, INSTRUCTED = {"instrText", "delInstrText"}, "instr"
ASKED = re.compile(r"DDE(?:AUTO)?(?![A-Za-z])", re.IGNORECASE)
# Of all parts of a document that are XML together, whatever they are called: relations
# say what they are.
MAX_ASKING, BEGINNING = 50 * 1024 * 1024, 256
# Each takes its time: elements and attributes, bytes, and those of instructions, of all
# documents of a form. No element is longer than that.
MAX_ELEMENTS, MAX_READ, MAX_HEARD = 5_000_000, 80 * 1024 * 1024, 1024 * 1024
PIECE, MAX_TAG = 256 * 1024, 1024 * 1024
# What no program reads as XML, such as a page or a drawing, has none of these names.
TOLD = (b"instr", b"ddelink", b"dde-", b"event-listener", b"<!entity")
MAX_PARTS = 2000
# Of one part that says which, unpacked, and of all of them together.
MAX_RELATIONS, MAX_ALL_RELATIONS = 1024 * 1024, 4 * 1024 * 1024


def is_active(raw: bytes, reader: "Reader | None" = None) -> bool:
    """Return whether a document runs or fetches something, or cannot be looked into.

    >>> is_active(b"no archive")
    True

    :param raw: of the file
    :param reader: of all documents that are handed in together
    """
    reader = reader or Reader()
    try:
        with open_archive(raw) as archive:
            parts = archive.infolist()
            if len(parts) > MAX_PARTS or any(
                RUNNING.search(part.filename) for part in parts
            ):
                return True
            related = [
                part for part in parts if part.filename.lower().endswith(RELATIONS)
            ]
            # Python reads no more of a part than what it says of its size.
            if sum(part.file_size for part in related) > MAX_ALL_RELATIONS:
                return True
            if any(_fetches(archive, part) for part in related):
                return True
            told = [part for part in parts if _is_xml(archive, part)]
            if sum(part.file_size for part in told) > MAX_ASKING:
                return True
            return any(reader.asks(archive, part) for part in told)
    # Whatever a damaged archive can have Python raise.
    except Exception:
        return True


def _fetches(archive, part):
    with archive.open(part) as file:
        content = file.read(MAX_RELATIONS + 1)
    if len(content) > MAX_RELATIONS:
        return True
    try:
        root = hardened_xml.parse(content)
    except MessageError:
        return True
    return any(
        relation.get("TargetMode", "").lower() == "external"
        and relation.get("Type", "").rpartition("/")[2].lower() in FETCHED
        for relation in root.iter("{*}Relationship")
    )


def _is_xml(archive, part):
    with archive.open(part) as file:
        start = file.read(BEGINNING).replace(b"\0", b"")
    start = start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return not start or start.startswith(b"<")


class Reader:
    """Looks for what documents have another program run, element by element: large
    sheets have more of them than a tree may have."""

    def __init__(self):
        self.left, self.unread, self.unheard = MAX_ELEMENTS, MAX_READ, MAX_HEARD

    def asks(self, archive, part) -> bool:
        """Return whether a part has another program run something.

        :raise ValueError: it is too large
        """
        try:
            return self._hears(archive, part)
        except expat.ExpatError:
            self.unread -= part.file_size
            if self.unread < 0:
                raise ValueError("size") from None
            with archive.open(part) as file:
                content = file.read(MAX_ASKING).replace(b"\0", b"").lower()
            return any(word in content for word in TOLD)

    def _hears(self, archive, part):
        self.asking, self.depth, self.told, self.attributes = False, 0, [], []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse
        with archive.open(part) as file:
            read = 0
            while piece := file.read(PIECE):
                self.parser.Parse(piece)
                read += len(piece)
                self.unread -= len(piece)
                silence = read - self.parser.CurrentByteIndex
                if self.unread < 0 or silence > MAX_TAG + PIECE:
                    raise ValueError("size")
        if not read:
            return False
        self.parser.Parse(b"", True)
        told = "".join(self.told) + " " + " ".join(self.attributes)
        return self.asking or bool(ASKED.search(told))

    def _start(self, name, attributes):
        self.left -= 1 + len(attributes)
        if self.left < 0:
            raise ValueError("size")
        own = name.rpartition(":")[2]
        self.asking = self.asking or own in ASKING
        if self.depth:
            self.depth += 1
        elif own in INSTRUCTIONS:
            self.depth = 1
            self.parser.EndElementHandler = self._end
            self.parser.CharacterDataHandler = self._hear
        self.attributes += [
            value
            for key, value in attributes.items()
            if key.rpartition(":")[2] == INSTRUCTED
        ]

    def _hear(self, text):
        self.told.append(text)
        self.unheard -= len(text)
        if self.unheard < 0:
            raise ValueError("size")

    def _end(self, _name):
        self.depth -= 1
        if not self.depth:
            self.parser.EndElementHandler = None
            self.parser.CharacterDataHandler = None

    def _refuse(self, *_declared):
        # These programs declare none.
        raise expat.ExpatError("doctype")
