"""A folder into which others put files: only regular files in it are read, no link is
followed, and nothing is moved out of it but into its own subfolders."""

import os
import stat
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import PurePath

SUFFIXES = (".xml", ".zip")
DONE = "done"
FAILED = "failed"
# A file that was changed lately may still be written. One that will have been changed
# in a day was written by a clock that is wrong.
SETTLED = 5
DAY = 24 * 3600
# Of a name, in bytes.
MAX_NAME = 255
NOTE = ".txt"
OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class WatchedFolder:
    """An open folder: whoever replaces it by something else in the meantime changes
    nothing of what is read."""

    def __init__(self, handle: int):
        self.handle = handle
        # Which file it was that was read by a name.
        self._read = {}

    def get_names(self, count: int, room: int, seen: Collection[str] = ()) -> list[str]:
        """Return the names of files that are complete, the first in alphabetical
        order: at least one, if there is one.

        :param count: so many at most
        :param room: so many bytes in all
        :param seen: names to pass over
        """
        with os.scandir(self.handle) as entries:
            found = [
                (entry.name, size)
                for entry in entries
                if not entry.name.startswith(".") and _is_wanted(entry.name)
                if (size := _get_size(entry)) is not None
            ]
        names = []
        for name, size in sorted(found):
            if name in seen:
                continue
            room -= size
            if names and (room < 0 or len(names) == count):
                break
            names.append(name)
        return names

    def fetch(self, name: str, limit: int) -> bytes | None:
        """Return the content of a file, None when it is larger than the limit.

        :raise OSError: it is no regular file, or cannot be read
        """
        handle = os.open(name, OPEN_FILE, dir_fd=self.handle)
        with os.fdopen(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise OSError(f"{name} is no file")
            self._read[name] = _identify(status)
            content = file.read(limit + 1)
        return content if len(content) <= limit else None

    def move(self, name: str, target: str) -> str:
        """Move a file to a subfolder, which is made if there is none.

        :return: its name there: another one where the name is taken
        :raise OSError: it cannot be moved, the subfolder is a link, or the file is not
            the one that was read: another was put in its place
        """
        status = os.lstat(name, dir_fd=self.handle)
        if self._read.pop(name, _identify(status)) != _identify(status):
            raise OSError(f"{name} is another file by now")
        with self._open_subfolder(target) as subfolder:
            free = next(n for n in _give_names(name) if not _is_taken(n, subfolder))
            os.rename(name, free, src_dir_fd=self.handle, dst_dir_fd=subfolder)
        return free

    def note(self, name: str, target: str, text: str) -> None:
        """Write beside a file that was moved what is wrong with it.

        :raise OSError: it cannot be written
        """
        # Whatever else has that name, a pipe or a link, is not written to.
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with self._open_subfolder(target) as subfolder:
            noted = _shorten(name, NOTE)
            if _is_taken(noted, subfolder):
                os.unlink(noted, dir_fd=subfolder)
            handle = os.open(noted, flags, 0o640, dir_fd=subfolder)
            with os.fdopen(handle, "w", encoding="utf-8", errors="replace") as file:
                file.write(text + "\n")

    @contextmanager
    def _open_subfolder(self, name):
        if not _is_taken(name, self.handle):
            os.mkdir(name, 0o750, dir_fd=self.handle)
        handle = os.open(name, OPEN_FOLDER, dir_fd=self.handle)
        try:
            yield handle
        finally:
            os.close(handle)


@contextmanager
def watch(path: str) -> Iterator[WatchedFolder]:
    """Open a folder.

    :raise OSError: there is none, or it is a link
    """
    handle = os.open(path, OPEN_FOLDER)
    try:
        yield WatchedFolder(handle)
    finally:
        os.close(handle)


def is_usable(path: str) -> bool:
    """Return whether files can be read from a folder and moved in it.

    >>> is_usable("relative"), is_usable("/no/such/folder")
    (False, False)
    """
    return (
        os.path.isabs(path)
        and os.path.isdir(path)
        and not os.path.islink(path)
        and os.access(path, os.R_OK | os.W_OK | os.X_OK)
    )


def _get_size(entry):
    """Return the size of a file that is complete, None of anything else."""
    try:
        status = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return None
    age = time.time() - status.st_mtime
    is_settled = age >= SETTLED or age < -DAY
    return status.st_size if stat.S_ISREG(status.st_mode) and is_settled else None


def _identify(status):
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def _is_wanted(name):
    return PurePath(name).suffix.lower() in SUFFIXES


def _is_taken(name, handle):
    """Return whether there is something of that name in an open folder."""
    try:
        os.lstat(name, dir_fd=handle)
    except FileNotFoundError:
        return False
    return True


def _give_names(name):
    """Give names for a file: its own, then numbered ones.

    >>> names = _give_names("a.xml")
    >>> next(names), next(names)
    ('a.xml', 'a-2.xml')
    """
    path = PurePath(name)
    yield name
    number = 2
    while True:
        yield _shorten(path.stem, f"-{number}{path.suffix}")
        number += 1


def _shorten(start, end):
    """Return a name that begins and ends as told, and is no longer than names may be.

    >>> _shorten("a", ".xml"), len(os.fsencode(_shorten("e" * 300, ".xml")))
    ('a.xml', 255)
    """
    room = MAX_NAME - len(os.fsencode(end))
    while len(os.fsencode(start)) > room:
        start = start[:-1]
    return f"{start}{end}"
