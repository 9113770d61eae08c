"""What documents of office programs do when they are opened: macros, and what is
fetched from elsewhere. They are archives of XML."""

import html
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
ASKS = re.compile(
    rb"<(?:[^\s<>/:]+:)?"
    rb"(?:ddeLink|dde-source|dde-connection(?:-decl)?|event-listener)[\s/>]"
)
# Instructions of fields, which may be in pieces: in elements of this name, or in an
# attribute.
INSTRUCTION = b"instrText"
EMPTY = re.compile(rb"instrText[^<>]{0,200}/>")
TAG_END = re.compile(rb"^(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
TAG = re.compile(rb"<[^<>]*>?")
ATTRIBUTE = re.compile(rb"[\s:]instr\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
ASKED = re.compile(r"DDE(?:AUTO)?(?![A-Za-z])", re.IGNORECASE)
# As these programs write: nothing is hidden by how signs are told, or by what stands
# between them.
PLAIN = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\s[^<>]{0,80}?encoding\s*=\s*[\"']utf-8[\"'][^<>]{0,40}>"
    rb"|<\?xml\s(?:(?!encoding)[^<>]){0,80}>|<[^?!])",
    re.IGNORECASE,
)
HIDING = re.compile(rb"<!(?:DOCTYPE|\[CDATA\[|--)|.<\?|\0", re.IGNORECASE | re.DOTALL)
MAX_ASKING = 50 * 1024 * 1024
# Each piece takes its time.
MAX_INSTRUCTIONS = 50_000
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
            if sum(part.file_size for part in asking) > MAX_ASKING:
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
    """Return whether a part has another program run something: looked for in what it
    is written in, as large sheets have more elements than a tree of them may have."""
    with archive.open(part) as file:
        content = file.read(MAX_ASKING + 1)
    if len(content) > MAX_ASKING or not PLAIN.match(content):
        return True
    if HIDING.search(content) or ASKS.search(content):
        return True
    if EMPTY.search(content) or content.count(INSTRUCTION) > MAX_INSTRUCTIONS:
        return True
    within = content.split(INSTRUCTION)[1::2]
    told = b"".join(TAG.sub(b"", TAG_END.sub(b"", piece)) for piece in within)
    told += b" ".join(ATTRIBUTE.findall(content))
    return bool(ASKED.search(html.unescape(told.decode("utf-8", "replace"))))
