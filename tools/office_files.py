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
INSTRUCTION, INSTRUCTED = "instrText", "instr"
ASKED = re.compile(r"DDE(?:AUTO)?(?![A-Za-z])", re.IGNORECASE)
# Of all parts that are XML together, whatever they are called: relations say what they
# are. Each element takes its time.
MAX_ASKING, MAX_ELEMENTS = 50 * 1024 * 1024, 4_000_000
BEGINNING = 256
MAX_PARTS = 2000
# Of one part that says which, unpacked, and of all of them together.
MAX_RELATIONS, MAX_ALL_RELATIONS = 1024 * 1024, 4 * 1024 * 1024


def is_active(raw: bytes) -> bool:
    """Return whether a document runs or fetches something, or cannot be looked into.

    >>> is_active(b"no archive")
    True

    :param raw: of the file
    """
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
            reader = _Reader()
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


class _Reader:
    """Looks for what a document has another program run, element by element: large
    sheets have more of them than a tree may have."""

    def __init__(self):
        self.left = MAX_ELEMENTS

    def asks(self, archive, part) -> bool:
        """Return whether a part has another program run something.

        :raise Exception: it is no XML as these programs write it, or too large
        """
        with archive.open(part) as file:
            content = file.read(MAX_ASKING + 1)
        if not content:
            return False
        self.asking, self.depth, self.told, self.attributes = False, 0, [], []
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.Parse(content, True)
        told = "".join(self.told) + " " + " ".join(self.attributes)
        return self.asking or bool(ASKED.search(told))

    def _start(self, name, attributes):
        self.left -= 1
        if self.left < 0:
            raise ValueError("size")
        own = name.rpartition(":")[2]
        self.asking = self.asking or own in ASKING
        if self.depth:
            self.depth += 1
        elif own == INSTRUCTION:
            self.depth = 1
            self.parser.EndElementHandler = self._end
            self.parser.CharacterDataHandler = self.told.append
        self.attributes += [
            value
            for key, value in attributes.items()
            if key.rpartition(":")[2] == INSTRUCTED
        ]

    def _end(self, _name):
        self.depth -= 1
        if not self.depth:
            self.parser.EndElementHandler = None
            self.parser.CharacterDataHandler = None

    def _refuse(self, *_declared):
        raise ValueError("doctype")
