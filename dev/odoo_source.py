"""Odoo 19 itself: a checkout named by ODOO_PATH, or Debian's package unpacked."""

import hashlib
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev import debian
from dev.console import Problem, step
from dev.system import need_space, run

SERIES = "19.0"
RELEASE = re.compile(r"^version_info = \((\d+), (\d+),", re.M)


@dataclass(frozen=True)
class Odoo:
    """A usable Odoo 19.

    :param python_root: folder to put on Python's path, holding ``odoo``
    :param addons: folders of addons outside the ``odoo`` package
    :param version: what tells one version of the code from another
    """

    python_root: Path
    addons: tuple[Path, ...]
    version: str


def prepare(settings):
    """Return a usable Odoo 19, fetching it when none was named."""
    if settings.odoo_path:
        return _named(settings.odoo_path)
    return _from_debian(settings)


def _named(path):
    """A checkout of Odoo (or an unpacked package) the caller pointed at."""
    release = path / "odoo" / "release.py"
    if not release.is_file():
        raise Problem(f"ODOO_PATH={path} is no Odoo: {release} does not exist.")
    found = RELEASE.search(release.read_text())
    series = ".".join(found.groups()) if found else "unknown"
    if series != SERIES:
        raise Problem(
            f"ODOO_PATH={path} is Odoo {series}: check out the branch {SERIES} there."
        )
    beside = path / "addons"
    is_checkout = (beside / "web" / "__manifest__.py").is_file()
    is_checkout = is_checkout and not (path / "odoo" / "addons" / "web").is_dir()
    addons = (beside,) if is_checkout else ()
    return Odoo(path, addons, _version_of(path, release))


def _version_of(path, release):
    """The commit of a git checkout; otherwise the folder and its release file."""
    command = ["git", "-C", str(path), "rev-parse", "--short=12", "HEAD"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            return done.stdout.strip()
    except FileNotFoundError:
        pass
    seed = f"{path}{release.stat().st_mtime_ns}{release.read_text()}"
    return hashlib.sha256(seed.encode()).hexdigest()[:12]


def _from_debian(settings):
    packages = debian.packages(settings)
    version = packages.version
    folder = settings.dev / "odoo" / version
    root = folder / "usr" / "lib" / "python3" / "dist-packages"
    if not folder.exists():
        _unpack(settings, packages, folder)
    if not (root / "odoo" / "release.py").is_file():
        raise Problem(f"{folder} is damaged: run `make clean`, then start again.")
    return Odoo(root, (), version)


def _unpack(settings, packages, folder):
    """Unpack beside the final place, then rename: never half an Odoo."""
    need_space(settings.dev, 1800, "Odoo's source")
    draft = folder.with_name(f".{folder.name}.part")
    if draft.exists():
        shutil.rmtree(draft)
    draft.mkdir(parents=True)
    with step(f"Unpacking Odoo {packages.version} and {len(packages.files) - 1} more"):
        try:
            for file in packages.files:
                run(["dpkg-deb", "-x", file, draft], what=f"Unpacking {file.name}")
        except Problem as problem:
            debian.forget(settings)
            raise Problem(f"{problem}. Start again: it is downloaded anew.") from None
        _drop_dangling_links(draft)
    draft.rename(folder)


def _drop_dangling_links(folder):
    """Remove links to files of packages that were not unpacked.

    They are fonts nothing asks for (Odoo's style sheets name the woff files it
    ships); left in place they would be errors for whoever walks the folder.
    """
    for path in folder.rglob("*"):
        if path.is_symlink() and not path.exists():
            path.unlink()
