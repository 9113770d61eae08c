"""What documents of office programs do when they are opened: macros, and what is
fetched from elsewhere. They are archives of XML."""

import re

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
    "oleobject",
    "package",
    "subdocument",
}
# Parts whose elements may have another program run something: fields of texts, links of
# sheets, and what OpenDocument has in one.
ASKING = re.compile(
    r"^word/[^/]+\.xml$|^xl/externalLinks/[^/]+\.xml$|^(?:content|styles)\.xml$",
    re.IGNORECASE,
)
ASKS = {
    "ddeLink",
    "dde-connection",
    "dde-connection-decl",
    "dde-source",
    "event-listener",
}
# An instruction may be in pieces.
INSTRUCTION = "instrText"
ASKED = re.compile(r"DDE(?:AUTO)?[\s\"“]", re.IGNORECASE)
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
            asking = [part for part in parts if ASKING.search(part.filename)]
            if sum(part.file_size for part in asking) > hardened_xml.MAX_SIZE:
                return True
            return any(_fetches(archive, part) for part in related) or any(
                _asks(archive, part) for part in asking
            )
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


def _asks(archive, part):
    """Return whether a part has another program run something."""
    with archive.open(part) as file:
        content = file.read(hardened_xml.MAX_SIZE + 1)
    try:
        root = hardened_xml.parse(content)
    except MessageError:
        return True
    instructions = []
    for element in root.iter("{*}*"):
        name = element.tag.rpartition("}")[2]
        if name in ASKS:
            return True
        if name == INSTRUCTION:
            instructions.append(element.text or "")
        elif name == "fldSimple":
            instructions.extend([*element.attrib.values(), " "])
    return bool(ASKED.search("".join(instructions)))
