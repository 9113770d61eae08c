"""The machine: running commands, locks, system packages."""

import contextlib
import fcntl
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

from dev.console import Problem, say, together


def is_root():
    return os.geteuid() == 0


def run(command, **options):
    """Run a command quietly.

    :raise Problem: with the last line it printed, when it fails
    :return: what it printed on standard output
    """
    what = options.pop("what", None) or os.path.basename(str(command[0]))
    try:
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            **options,
        )
    except FileNotFoundError:
        raise Problem(f"The command {command[0]} is missing: install it.") from None
    if done.returncode:
        raise Problem(f"{what} failed: {last_line(done.stderr or done.stdout)}")
    return done.stdout


def last_line(text):
    """The last line that says something: usually the error itself."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing about why"


def side_by_side(*calls):
    """Call functions at the same time, which mostly wait for other programs.

    :return: list of what they return
    :raise Problem: that of the first one that failed, when all are over
    """
    with together(), ThreadPoolExecutor(len(calls)) as pool:
        results = [pool.submit(call) for call in calls]
    return [result.result() for result in results]


class Busy(Exception):
    """Another run holds the lock."""


@contextlib.contextmanager
def lock(settings, name, shared=False, wait=True):
    """Hold one of the checkout's locks, so that parallel runs wait in turn.

    :raise Busy: when another run holds it and ``wait`` is false
    """
    folder = settings.dev / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
    with open(folder / name, "w") as handle:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise Busy from None
            say(f"  Waiting for another run in this checkout ({name}) ...")
            fcntl.flock(handle, kind)
        yield


def apt(*arguments):
    """Run apt-get without questions, as root."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    command = ["apt-get", "-o", "DPkg::Lock::Timeout=300", *arguments]
    run(command, env=environment, what=f"apt-get {arguments[0]}")


def point(link, target):
    """Make a symbolic link point somewhere, at once for whoever reads it."""
    if link.is_symlink() and os.readlink(link) == str(target):
        return
    draft = link.with_name(f".{link.name}.{os.getpid()}")
    draft.symlink_to(target)
    draft.replace(link)


def need_space(folder, megabytes, what):
    """:raise Problem: when the disk under ``folder`` is too full for ``what``"""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Problem(
            f"No room for {what}: {folder} has {free} MB free and {megabytes} MB "
            "are needed. Free some space, then start again."
        )
