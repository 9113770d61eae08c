"""What a PDF packs away: since version 1.5 its objects may stand in compressed streams,
where a search of the file does not see them."""

import re
import zlib
from bisect import bisect_left
from collections.abc import Iterator

# Unpacked, of all together that are handed in; no more than that is looked at.
MAX_UNPACKED = 30 * 1024 * 1024
# Of the description of a stream, and of all that are read in a file: bytes, and as many
# for each part of them as reading it takes longer.
MAX_DESCRIPTION, MAX_READ, PART = 256 * 1024, 10_000_000, 16
PIECE = 64 * 1024
# Each sign that is spelled by its number takes a call.
MAX_ESCAPED = 500_000
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
OBJECT = re.compile(rb"obj|trailer")
# What a stream of objects says of itself. Readers go by the place of the first one.
FIRST, TYPE = b"/First", b"/ObjStm"
# Some readers begin behind the word, others behind its line.
STREAM = re.compile(rb"stream(?:[ \t]*\r?(\n))?")
TOKEN = re.compile(
    rb"<<|>>|[\[\](]|%[^\r\n]*|<[^>]*>|/[^\0\s()<>\[\]{}/%]*|[^\0\s()<>\[\]{}/%]+|[\0\s]+|."
)
# Readers take what stands between such signs as numbers, whatever it is.
NUMBERS = re.compile(rb"<[0-9A-Fa-f\0\s]*>")
CLOSED_BY = {b"<<": b">>", b"[": b"]"}
# Within a text in brackets.
BRACKET = re.compile(rb"[()\\]")
# A name lasts until a space or a sign.
END = rb"(?=[\0\s()<>\[\]{}/%]|#00|$)"
ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z])")
INFLATED = ([b"/FlateDecode"], [b"/Fl"], [b"[", b"/FlateDecode", b"]"])


class HiddenError(ValueError):
    """Something in a PDF cannot be looked at."""


class LockedError(HiddenError):
    """A PDF is encrypted: banks protect theirs that way against changes."""


class Left:
    """How many bytes are left to be read."""

    def __init__(self, count: int):
        self.count = count

    def take(self, count: int) -> None:
        """Read some more.

        :raise HiddenError: it is more than there can be
        """
        self.count -= count
        if self.count < 0:
            raise HiddenError("size")


def unescape(text: bytes) -> bytes:
    """Return a text in which names are spelled by their signs: of each, a name may have
    the number instead.

    >>> unescape(b"/J#61vaScript")
    b'/JavaScript'

    :raise HiddenError: it has more numbers than names need
    """
    if text.count(b"#") > MAX_ESCAPED:
        raise HiddenError("escaped")
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), text)


def unpack(raw: bytes, left: Left | None = None) -> bytes:
    r"""Return the objects that a PDF has in streams, one after the other.

    :param left: what may be unpacked of this and others
    :raise HiddenError: they are encrypted, packed otherwise, or too large

    >>> packed = b"stream\r\n" + zlib.compress(b"<</S/JavaScript>>") + b"\nendstream"
    >>> start = b"%PDF-1.5 1 0 obj <</Type/Obj#53tm/A(obj <<)/N 1/First 4"
    >>> unpack(start + b"/Filter/FlateDecode>>" + packed)
    b'<</S/JavaScript>>'
    >>> unpack(b"%PDF-1.4 1 0 obj <</Length 5>>stream\n/JS x\nendstream")
    b''
    >>> unpack(b"%PDF-1.5 1 0 obj <</Type/ObjStm/First 4>>stream\n3 0 <</AA 1>>")
    b'3 0 <</AA 1>>'
    >>> for other in (b"/Filter[/ASCIIHexDecode/FlateDecode]>>", b"/Filter 5 0 R>>",
    ...               b"/Filter/FlateDecode/DecodeParms<</Predictor 12>>>>"):
    ...     try:
    ...         unpack(start + other + packed)
    ...     except HiddenError as error:
    ...         print(error)
    filter
    filter
    filter
    >>> unpack(start + b"/Filter/FlateDecode>>" + packed + b"<</Encrypt 2 0 R>>")
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.pdf_streams.LockedError: encrypted
    """
    return b"\n".join(_unpack(raw, left or Left(MAX_UNPACKED)))


def describe(raw: bytes, *names: bytes) -> bytes:
    r"""Return the dictionaries and lists of objects in which one of some names stands,
    one after the other.

    :raise HiddenError: one of them does not end, or is closed by a wrong sign

    >>> describe(b"1 0 obj<</A(/EF)>> 2 0 obj <</B(>>)/C<</E#46 3 0 R>>>>/EF", b"/EF")
    b'<</A(/EF)>>\n <</B(>>)/C<</E#46 3 0 R>>>>'
    >>> describe(b"1 0 obj[<</AA 2 0 R>>] 3 0 obj 4 endobj", b"/AA", b"/EF")
    b'[<</AA 2 0 R>>]'
    >>> describe(b"1 0 obj<</A<<]>>/EF 2 0 R>>", b"/EF")
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.pdf_streams.HiddenError: bracket
    """
    marks = [found.start() for found in _spelled(*names).finditer(raw)]
    reader, described = _Reader(raw), []
    for found in OBJECT.finditer(raw):
        place = bisect_left(marks, found.end())
        if place == len(marks):
            continue
        __, end = reader.read_object(found.end())
        if marks[place] < end:
            described.append(raw[found.end() : end].rstrip())
    return b"\n".join(described)


def _unpack(raw, left) -> Iterator[bytes]:
    marks = [found.start() for found in _spelled(FIRST, TYPE).finditer(raw)]
    encrypted = bool(marks) and ENCRYPTED.search(unescape(raw))
    reader, known = _Reader(raw), set()
    # Streams stand side by side: together they pack no more than the file has.
    packed = Left(2 * len(raw))
    # Within texts and other streams as well: a table says where objects begin.
    for found in OBJECT.finditer(raw):
        place = bisect_left(marks, found.end())
        if place == len(marks):
            continue
        told, end = reader.read_object(found.end())
        stream = told and STREAM.match(raw, end)
        if not stream or stream.end() in known:
            continue
        if FIRST not in told and not any(TYPE in said for said in told.values()):
            continue
        if not stream[1]:
            raise HiddenError("line")
        known.add(stream.end())
        if encrypted:
            raise LockedError("encrypted")
        if b"/Filter" in told or b"/F" in told:
            content = _inflate(
                told, memoryview(raw)[stream.end() :], left.count, packed
            )
        else:
            # Where it ends is said elsewhere.
            content = raw[stream.end() :]
        left.take(len(content))
        yield content


def _spelled(*names):
    """Return what finds names however they are spelled.

    >>> bool(_spelled(b"/First").search(b"/#46ir#73t"))
    True
    """
    spellings = (
        b"".join(
            b"(?:%c|#%02x|#%02X)" % (sign, sign, sign) if sign != ord("/") else b"/"
            for sign in name
        )
        for name in names
    )
    return re.compile(rb"(?:" + b"|".join(spellings) + rb")" + END)


class _Reader:
    """Reads dictionaries and lists, and gives up when they become too many."""

    def __init__(self, raw):
        self.raw = raw
        self.left = MAX_READ

    def _next(self, place):
        """Return the next token that says something, and where it ends."""
        token = b" "
        while not token.strip(b"\0 \t\r\n\f") or token.startswith(b"%"):
            found = TOKEN.match(self.raw, place)
            if not found:
                raise HiddenError("end")
            token, start = found[0], place
            place = found.end()
            if token == b"(":
                place = self._skip_text(place)
            elif token[:1] in b"<>" and not (
                token in (b"<<", b">>") or NUMBERS.fullmatch(token)
            ):
                raise HiddenError("numbers")
            self.left -= PART + place - start
            if self.left < 0:
                raise HiddenError("size")
        return token, place

    def read_object(self, start: int) -> tuple[dict, int]:
        """Return what a dictionary says, as its names and the tokens of each, and where
        what follows it, or a list, begins; nothing where there is none of these.

        :param start: behind the word that begins an object
        :raise HiddenError: it does not end
        """
        token, place = self._next(start)
        if token not in CLOSED_BY:
            return {}, start
        is_list = token == b"["
        # What is said twice is told together: readers differ in which one counts.
        told, said, within = {}, None, [CLOSED_BY[token]]
        while place < start + MAX_DESCRIPTION:
            token, place = self._next(place)
            if token in CLOSED_BY:
                within.append(CLOSED_BY[token])
            elif token in CLOSED_BY.values() and token != within.pop():
                # Readers go on, each in its own way.
                raise HiddenError("bracket")
            if not within:
                return told, self._skip_blanks(place)
            token = unescape(token) if token.startswith(b"/") else token
            if b"\0" in token:
                # Some readers end a name there, though none may have it.
                raise HiddenError("name")
            is_outside = len(within) == 1 and not is_list
            if is_outside and token.startswith(b"/") and said != []:
                key, said = token, []
                told.setdefault(key, [])
            elif said is not None:
                said.append(token)
                told[key].append(token)
        raise HiddenError("size")

    def _skip_blanks(self, place):
        try:
            token, end = self._next(place)
        except HiddenError:
            return len(self.raw)
        return end - len(token)

    def _skip_text(self, place):
        """Return where a text in brackets ends, which takes longer the more it has."""
        depth = 1
        while depth and self.left >= 0:
            found = BRACKET.search(self.raw, place)
            if not found:
                return len(self.raw)
            place = found.end() + (found[0] == b"\\")
            depth += (found[0] == b"(") - (found[0] == b")")
            self.left -= PART
        return place


def _inflate(told, packed, most, budget):
    """Return the content of a stream.

    :param told: what its dictionary says
    :param budget: of all streams of the file
    """
    filters = told.get(b"/Filter") or told.get(b"/F")
    parameters = told.get(b"/DecodeParms") or told.get(b"/DP") or [b"null"]
    if filters not in INFLATED or parameters != [b"null"]:
        raise HiddenError("filter")
    reader, content = zlib.decompressobj(), b""
    try:
        for start in range(0, len(packed), PIECE):
            piece = packed[start : start + PIECE]
            content += reader.decompress(piece, most - len(content) + 1)
            budget.take(len(piece) - len(reader.unused_data))
            if len(content) > most:
                raise HiddenError("size")
            if reader.eof:
                break
    except zlib.error as error:
        raise HiddenError("damaged") from error
    return content
