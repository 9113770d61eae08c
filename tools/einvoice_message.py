"""From files to statuses: XML of the formats that are known, and archives of them."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from . import cdar, hardened_xml, peppol_response
from .einvoice_status import Status
from .errors import MessageError
from .hardened_zip import open_archive

READERS = {cdar.ROOT: cdar.read, peppol_response.ROOT: peppol_response.read}

ZIP_START = b"PK\x03\x04"
MAX_FILES = 5000
MAX_TOTAL = 100 * 1024 * 1024
# Anybody may write an e-mail: of all that comes with one, so much is read.
MAX_UNTRUSTED = hardened_xml.MAX_SIZE
MAX_NAME = 100
# Of what one file says: statuses, and bytes, for each status is kept with the message.
MAX_STATUSES, MAX_KEPT = 10_000, 1024 * 1024 * 1024
# Elements that statuses are read from, by name: so many at most.
PARTS = ("ReferenceReferencedDocument", "SpecifiedDocumentStatus", "DocumentReference")
MAX_PARTS = 3 * MAX_STATUSES
# Where an XML message says how it is written, if it does.
ENCODING = re.compile(r"""(<\?xml[^>]*?)\s+encoding\s*=\s*("[^"]*"|'[^']*')""")
MAX_DECLARATION = 500


@dataclass(frozen=True)
class Document:
    """A file that was received.

    :param name: of the file, as it is shown and kept
    :param content: as it was received
    :param origin: name of the file in which it came, by which its bringer knows it
    """

    name: str
    content: bytes
    origin: str = ""


class Room:
    """How much is taken at once: a small message may speak of so many invoices that
    keeping them would take days, and reading takes its time, too.

    >>> room = Room()
    >>> room.enter(b"<a/>")
    >>> room.take(b"<a/>", 9000)
    >>> room.take(b"<a/>", 9000)
    Traceback (most recent call last):
    odoo.addons.account_dunning.tools.errors.MessageError: size

    :param unread: how many bytes are read at most
    """

    def __init__(self, unread: int = MAX_TOTAL):
        self.statuses, self.kept, self.unread = MAX_STATUSES, MAX_KEPT, unread

    def enter(self, content: bytes) -> None:
        """Let a file in that is to be read.

        :raise MessageError: ``size``, too, once anything was too much
        """
        self.unread -= len(content)
        if self.statuses < 0 or self.unread < 0:
            raise MessageError("size")

    def take(self, content: bytes, count: int) -> None:
        """Take a message.

        :param count: of its statuses
        :raise MessageError: ``size``
        """
        kept = len(content) * count
        if count > self.statuses or kept > self.kept:
            self.statuses = -1
            raise MessageError("size")
        self.statuses -= count
        self.kept -= kept


def read(content: bytes) -> list[Status]:
    """Return what a message says of invoices.

    >>> read(b"<Invoice/>")
    Traceback (most recent call last):
    odoo.addons.account_dunning.tools.errors.MessageError: kind

    :raise MessageError: saying why it cannot be read
    """
    root = hardened_xml.parse(content)
    name = root.tag.rpartition("}")[2]
    if name not in READERS:
        raise MessageError("kind")
    if sum(1 for _ in root.iter(*(f"{{*}}{part}" for part in PARTS))) > MAX_PARTS:
        raise MessageError("size")
    return READERS[name](root)


def encode(text: str) -> bytes:
    """Return a message that was decoded already: what it says of its encoding is no
    longer true.

    >>> encode("<?xml version='1.0' encoding='latin-1' standalone='yes'?><é/>").decode()
    "<?xml version='1.0' standalone='yes'?><é/>"
    """
    # A text of many beginnings would be searched from each of them to its end.
    told, rest = text[:MAX_DECLARATION], text[MAX_DECLARATION:]
    return (ENCODING.sub(r"\1", told, count=1) + rest).encode("utf-8", "replace")


def unpack(document: Document) -> list[Document]:
    """Return the files of an archive, and any other file as it is. Archives in archives
    stay packed: they are told as what cannot be read.

    >>> unpack(Document("a.xml", b"<a/>"))
    [Document(name='a.xml', content=b'<a/>', origin='')]

    :raise MessageError: ``zip``
    """
    if not document.content.startswith(ZIP_START):
        return [document]
    try:
        with open_archive(document.content) as archive:
            members = [one for one in archive.infolist() if not one.is_dir()]
            if len(members) > MAX_FILES:
                raise MessageError("zip")
            return list(_unpack(archive, members, document.origin))
    except MessageError:
        raise
    # Whatever a damaged archive can have Python raise.
    except Exception:
        raise MessageError("zip") from None


def _unpack(archive, members, origin):
    total = 0
    for member in members:
        with archive.open(member) as packed:
            # What an archive says of its sizes need not be true.
            content = packed.read(hardened_xml.MAX_SIZE + 1)
        total += len(content)
        if total > MAX_TOTAL:
            raise MessageError("zip")
        yield Document(shorten(member.filename), content, origin)


def shorten(name: str | None) -> str:
    """Return the name of a file without its folders.

    >>> shorten("../../etc/passwd"), shorten("C:\\\\temp\\\\a.xml"), shorten("")
    ('passwd', 'a.xml', 'message.xml')
    """
    last = PurePosixPath((name or "").replace("\\", "/")).name
    shown = "".join(letter for letter in last if letter.isprintable())
    return shown[-MAX_NAME:] or "message.xml"
