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
    "attachedtemplate",
    "control",
    "frame",
    "oleobject",
    "package",
    "subdocument",
}
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
            return any(_fetches(archive, part) for part in related)
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
