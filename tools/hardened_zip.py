"""Archives from strangers: packed as usual, which is unpacked piece by piece."""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

USUAL = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What an open document says that it is: who guesses kinds of files reads it at once.
KIND = "mimetype"


@contextmanager
def open_archive(content: bytes) -> Iterator[zipfile.ZipFile]:
    r"""Open an archive. Of those that are packed otherwise (bzip2, LZMA), Python
    unpacks a piece whole, however little is asked for: of a thousand bytes that is a
    gigabyte.

    :raise Exception: whatever a damaged archive can have Python raise

    >>> file = io.BytesIO()
    >>> with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
    ...     archive.writestr("a.txt", "a")
    >>> with open_archive(file.getvalue()):
    ...     pass
    Traceback (most recent call last):
    ...
    NotImplementedError: bzip2
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.compress_type not in USUAL or (
                member.filename == KIND and member.compress_type != zipfile.ZIP_STORED
            ):
                names = zipfile.compressor_names
                raise NotImplementedError(names.get(member.compress_type, "unknown"))
        yield archive


def is_usual(content: bytes) -> bool:
    """Return whether something is an archive that can be looked into.

    >>> is_usual(b"PK no archive")
    False
    """
    try:
        with open_archive(content):
            return True
    # Whatever a damaged archive can have Python raise.
    except Exception:
        return False
