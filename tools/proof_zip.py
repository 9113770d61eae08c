"""A ZIP that is written as it grows: no file of it is ever in memory as a whole."""

import hashlib
import re
import time
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from .text import seen

CHUNK = 1024 * 1024
MAX_NAME = 100
# What some system does not take in the name of a file.
_STRANGE = re.compile(r'[\\/:*?"<>|\r\n\t]+')
# Contents that are packed already.
PACKED = (".pdf", ".png", ".jpg", ".jpeg", ".zip", ".xlsx")


def clean_name(name: str | None) -> str:
    """Return a name that every system takes for a file.

    >>> clean_name("INV/2026/0001.pdf"), clean_name("..\\\\x:y"), clean_name(None)
    ('INV-2026-0001.pdf', 'x-y', 'file')
    >>> clean_name("Paid \\u202efdp.exe\\0.pdf")
    'Paid fdp.exe.pdf'
    >>> clean_name("a" * 200 + ".pdf")[-6:], len(clean_name("a" * 200 + ".pdf"))
    ('aa.pdf', 100)
    """
    name = _STRANGE.sub("-", seen(name)).strip(" .-") or "file"
    if len(name) > MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) < 10 else ""  # noqa: PLR2004
        name = (stem if ending else name)[: MAX_NAME - len(ending)] + ending
    return name


class Package:
    """Files, each once, with size and SHA-256 of each.

    >>> import io
    >>> package = Package(io.BytesIO())
    >>> package.add_text("a.txt", "One"), package.add_text("a.txt", "Two")
    ('a.txt', 'a (2).txt')
    >>> [entry["size"] for entry in package.entries]
    [3, 3]
    >>> package.close()
    """

    def __init__(self, target: BinaryIO):
        self.zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self.entries = []
        self._names = set()

    def add_text(self, path: str, text: str) -> str:
        """Add a text; see :meth:`add`."""
        return self.add(path, iter([text.encode("utf-8", "replace")]))

    def add_file(self, path: str, source: str) -> str:
        """Add a file of the disk; see :meth:`add`.

        :param source: where it is
        :raise OSError: it cannot be read; nothing was added
        """
        with open(source, "rb") as file:
            return self.add(path, iter(lambda: file.read(CHUNK), b""))

    def add(self, path: str, chunks: Iterator[bytes]) -> str:
        """Add a file.

        :param path: in the ZIP; another one is found if it is taken
        :return: its path
        """
        path = self._find_free(path)
        digest, size = hashlib.sha256(), 0
        info = zipfile.ZipInfo(path, time.localtime()[:6])
        packed = path.lower().endswith(PACKED)
        info.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
        with self.zip.open(info, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
        self.entries.append({"path": path, "size": size, "sha256": digest.hexdigest()})
        return path

    def close(self) -> None:
        """Finish the ZIP."""
        self.zip.close()

    def _find_free(self, path):
        folder, slash, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        if not dot:
            stem, ending = name, ""
        number, found = 1, path
        while found.lower() in self._names:
            number += 1
            found = f"{folder}{slash}{stem} ({number}){dot}{ending}"
        self._names.add(found.lower())
        return found
