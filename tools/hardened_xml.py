"""XML from strangers: no entities, no network, and no more than a message needs."""

from collections.abc import Iterable, Iterator

from lxml import etree

from .errors import MessageError

MAX_SIZE = 10 * 1024 * 1024
MAX_DEPTH = 60
MAX_NODES = 200_000
# Of one element, with the namespaces that it declares. Some versions of the parser
# compare each with all others: a million would keep it busy for hours.
MAX_ATTRIBUTES = 1000
# Bytes in which no element begins or ends and no text is: an element is read at once,
# before anything can be counted.
MAX_SILENCE = 64 * 1024
CHUNK = 16 * 1024


class _Builder:
    """Builds a tree while it is read, and gives up as soon as it becomes too much: a
    target of lxml's parser."""

    def __init__(self):
        self.builder = etree.TreeBuilder()
        self.root = None
        self.depth = self.nodes = self.parts = 0
        # lxml tells its own error rather than ours.
        self.problem = None

    def refuse(self, problem):
        """Give up.

        :raise MessageError: always
        """
        self.problem = self.problem or problem
        raise MessageError(problem)

    def doctype(self, _name, _public_id, _system_id):
        """A document type is declared."""
        self.refuse("doctype")

    def start(self, tag, attributes, namespaces):
        """An element begins."""
        self.depth += 1
        self.parts += 1
        own = len(attributes) + len(namespaces)
        self.nodes += 1 + own
        if self.depth > MAX_DEPTH:
            self.refuse("depth")
        if self.nodes > MAX_NODES or own > MAX_ATTRIBUTES:
            self.refuse("nodes")
        self.builder.start(tag, attributes)

    def end(self, tag):
        """An element ends."""
        self.depth -= 1
        self.parts += 1
        self.builder.end(tag)

    def data(self, text):
        """A text goes on."""
        self.parts += 1
        self.builder.data(text)

    def close(self):
        """The document ends."""
        self.root = self.builder.close()


def parse(content: bytes) -> etree._Element:
    """Return the root of an XML document. Comments and instructions are left out.

    >>> parse(b"<a><b>text</b></a>")[0].text
    'text'
    >>> parse(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    Traceback (most recent call last):
    odoo.addons.account_dunning.tools.errors.MessageError: doctype
    >>> parse(b"no XML")
    Traceback (most recent call last):
    odoo.addons.account_dunning.tools.errors.MessageError: syntax
    >>> parse(b"<a>" * 100 + b"</a>" * 100)
    Traceback (most recent call last):
    odoo.addons.account_dunning.tools.errors.MessageError: depth

    :raise MessageError: ``size``, ``syntax``, ``doctype``, ``depth`` or ``nodes``
    """
    if len(content) > MAX_SIZE:
        raise MessageError("size")
    builder = _Builder()
    pieces = (content[start : start + CHUNK] for start in range(0, len(content), CHUNK))
    for _ in feed(pieces, builder):
        pass
    return builder.root


def feed(pieces: Iterable[bytes], target: object) -> Iterator[None]:
    """Read an XML document piece by piece, and pause after each of them.

    :param pieces: of the document, none of them long
    :param target: of lxml's parser: it counts the ``parts`` of which it was told, and
        has in ``problem`` why it gave up
    :raise MessageError: as for :func:`parse`
    """
    parser = etree.XMLParser(
        target=target,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    silence, problem = 0, None
    try:
        for piece in pieces:
            before = target.parts
            parser.feed(piece)
            silence = 0 if target.parts > before else silence + len(piece)
            if silence > MAX_SILENCE:
                problem = "nodes"
                break
            yield
        parser.close()
    # What lxml says of the place helps nobody who is not its sender.
    except (etree.LxmlError, AssertionError, ValueError, LookupError):
        raise MessageError(problem or target.problem or "syntax") from None
    if problem:
        raise MessageError(problem)
