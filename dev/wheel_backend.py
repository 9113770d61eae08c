"""Build backend (PEP 517): whool, on the addon's own files and name.

whool names the distribution after the folder it builds in and takes every file
that git knows. A checkout may be called anything, and Odoo needs nothing of the
development environment: so the addon is laid out in a folder of its own first.
"""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from whool import buildapi

ADDON = "account_dunning"
ROOT = Path(__file__).resolve().parent.parent
# Top-level entries Odoo does not use.
LEFT_OUT = {"benchmarks", "build", "dev", "dist", "docs", "Makefile", "pyproject.toml"}
PYPROJECT = """\
[build-system]
requires = ["whool"]
build-backend = "whool.buildapi"
"""


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Build the wheel; return its file name."""
    target = str(Path(wheel_directory).resolve())
    with _laid_out():
        return buildapi.build_wheel(target, config_settings)


def build_sdist(sdist_directory, config_settings=None):
    """Build the source distribution; return its file name."""
    target = str(Path(sdist_directory).resolve())
    with _laid_out():
        return buildapi.build_sdist(target, config_settings)


@contextlib.contextmanager
def _laid_out():
    """Work in a folder called as the addon, holding just the addon."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        stage = Path(folder) / ADDON
        for name in _files():
            target = stage / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
        (stage / "pyproject.toml").write_text(PYPROJECT)
        # whool must not take the stage for a part of some repository
        os.environ["GIT_CEILING_DIRECTORIES"] = folder
        os.chdir(stage)
        try:
            yield
        finally:
            os.chdir(before)


def _files():
    """The addon's files, as paths from the root: those git knows, if it is there."""
    command = ["git", "ls-files"]
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=ROOT
        )
        names = done.stdout.splitlines()
    except FileNotFoundError:
        names = []
    names = names or [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")]
    for name in names:
        first = Path(name).parts[0]
        hidden = first.startswith(".") or "__pycache__" in name
        if first not in LEFT_OUT and not hidden and (ROOT / name).is_file():
            yield name
