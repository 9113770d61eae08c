"""The virtual environment with the pinned Python packages."""

import hashlib
import os
import platform
import shutil
import subprocess
import sys

from dev.console import Problem, step
from dev.system import last_line, need_space, side_by_side

NEWEST = (3, 14)
REQUIREMENTS = ("requirements.txt", "requirements-lint.txt")


def prepare(settings):
    """Return the Python of an environment holding what the files pin.

    Each set of pins has its own folder, finished by a marker: an interrupted
    installation is thrown away, and the former environment stays whole.
    """
    folder = settings.dev / "venvs" / _key(settings)
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _build(settings, folder, python)
        (folder / "complete").touch()
    return python


def _key(settings):
    """Changes with the pins and with the Python they are installed for."""
    digest = hashlib.sha256()
    for name in REQUIREMENTS:
        digest.update((settings.root / "dev" / name).read_bytes())
    digest.update(sys.executable.encode())
    version = ".".join(platform.python_version_tuple()[:2])
    return f"py{version}-{digest.hexdigest()[:8]}"


def _build(settings, folder, python):
    if sys.version_info[:2] > NEWEST:
        newest = ".".join(map(str, NEWEST))
        raise Problem(
            f"The pinned packages know Python 3.10 to {newest}, and this is "
            f"{platform.python_version()}: name another, as make PYTHON=python{newest}."
        )
    need_space(settings.dev, 600, "the Python packages")
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(exist_ok=True)
    _create(folder)
    pins = [
        line
        for name in REQUIREMENTS
        for line in (settings.root / "dev" / name).read_text().splitlines()
        if line.strip() and not line.startswith("#")
    ]
    with step(f"Installing {len(pins)} Python packages from PyPI"):
        # Half of the time is spent waiting for answers.
        side_by_side(
            lambda: _install(settings, python, pins[::2]),
            lambda: _install(settings, python, pins[1::2]),
        )


def _create(folder):
    done = subprocess.run(
        [sys.executable, "-m", "venv", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        said = last_line(done.stdout + done.stderr)
        raise Problem(f"{sys.executable} cannot make a virtual environment: {said}")


def _install(settings, python, pins):
    command = [str(python), "-m", "pip", "install", "--no-input", "--no-deps"]
    command += ["--only-binary", ":all:", "--quiet", "--disable-pip-version-check"]
    # What is used of them is compiled as it is used, see Environment.variables().
    command += ["--no-compile", "--cache-dir", str(settings.cache / "pip"), *pins]
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_REQUIRE_VIRTUALENV": "1"},
    )
    if done.returncode:
        errors = [x for x in done.stderr.splitlines() if x.startswith("ERROR")]
        said = errors[0] if errors else last_line(done.stderr)
        raise Problem(
            f"pip could not install the Python packages: {said} "
            "Check the network and pip's index, then start again."
        )
