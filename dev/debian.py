"""Odoo 19 as Debian packages, downloaded once into the user's cache.

apt runs on a state of its own, so neither root nor a change of the machine's
configuration is needed: the mirror comes from the sources the machine already
uses, and the signature is checked with Debian's keyring.
"""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.console import Problem, step
from dev.system import apt, is_root, last_line, lock, need_space

SUITE = "unstable"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
ODOO = "odoo-19"
PACKAGES = (
    ODOO,
    # what Odoo's tree links to by relative path
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
)
ELSEWHERE = (
    "Get a checkout of Odoo's branch 19.0 by other means and name it with "
    "ODOO_PATH=/path/to/odoo."
)


@dataclass(frozen=True)
class Packages:
    """Downloaded package files and the version of Odoo among them."""

    version: str
    files: tuple[Path, ...]


def packages(settings, refresh=False):
    """Return the package files, downloading them when the cache lacks them.

    :param refresh: ask the mirror again even when the cache is complete
    """
    folder = settings.cache / "debian"
    found = None if refresh else _cached(folder)
    if found:
        return found
    with lock(settings, "download"):
        return _download(settings, folder)


def _cached(folder):
    """What an earlier run downloaded, if every file is still as it was."""
    try:
        index = json.loads((folder / "index.json").read_text())
    except (OSError, ValueError):
        return None
    files = {folder / name: size for name, size in index["files"].items()}
    if all(f.is_file() and f.stat().st_size == size for f, size in files.items()):
        return Packages(index["version"], tuple(files))
    return None


def forget(settings):
    """Do not use the cached files again: one of them turned out damaged."""
    (settings.cache / "debian" / "index.json").unlink(missing_ok=True)


def _download(settings, folder):
    folder.mkdir(parents=True, exist_ok=True)
    need_space(folder, 300, "Odoo's packages")
    _need_keyring()
    draft = folder / f".part-{os.getpid()}"
    draft.mkdir()
    try:
        apt = _Apt(draft / "apt")
        _find_mirror(settings, apt)
        _fetch(apt, draft)
        return _keep(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _need_keyring():
    if not KEYRING.exists():
        if not is_root():
            raise Problem(
                "Debian's keyring is missing, needed to check what is downloaded: run "
                "`sudo apt-get install debian-archive-keyring`, then start again."
            )
        with step("Installing debian-archive-keyring"):
            apt("update", "-qq")
            apt("install", "-y", "-qq", "debian-archive-keyring")


def _find_mirror(settings, apt):
    """Use the first of the machine's sources that carries Debian unstable."""
    mirrors = [settings.debian_mirror] if settings.debian_mirror else _mirrors()
    if not mirrors:
        raise Problem(
            "This machine's apt sources name no Debian mirror to fetch Odoo from: "
            "name one with DEBIAN_MIRROR=http://.../debian (the list is on "
            f"https://www.debian.org/mirror/list). Or do without Debian. {ELSEWHERE}"
        )
    said = ""
    with step(f"Reading the package list of Debian {SUITE}"):
        for mirror in mirrors:
            said = apt.use(mirror)
            if not said:
                return
    raise Problem(
        f"No apt source of this machine gives Debian {SUITE} ({said}): check the "
        f"network, or name a mirror with DEBIAN_MIRROR=http://.../debian. {ELSEWHERE}"
    )


def _mirrors():
    """Addresses in the machine's apt configuration that may be Debian mirrors."""
    form = "$(ORIGIN)|$(LABEL)|$(COMPONENT)|$(REPO_URI)"
    command = ["apt-get", "indextargets", "--format", form, "Created-By: Packages"]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        raise Problem(
            f"Odoo is fetched with apt-get, missing here. {ELSEWHERE}"
        ) from None
    sure, maybe = [], []
    for line in done.stdout.splitlines():
        origin, label, component, address = line.split("|", 3)
        if component != "main":
            continue
        if (origin, label) == ("Debian", "Debian"):
            sure.append(address)
        elif not origin and address.rstrip("/").endswith("/debian"):
            maybe.append(address)
    return list(dict.fromkeys(sure + maybe))


class _Apt:
    """apt with its own sources, lists and cache, reading nothing of the system's."""

    def __init__(self, folder):
        self.folder = folder
        for part in ("state/lists/partial", "cache/archives/partial", "etc"):
            (folder / part).mkdir(parents=True)
        (folder / "status").touch()
        self.sources = folder / "sources.list"

    def command(self, *arguments):
        options = {
            "Dir::Etc::sourcelist": self.sources,
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "Dir::State": self.folder / "state",
            "Dir::State::status": self.folder / "status",
            "Dir::Cache": self.folder / "cache",
        }
        if is_root():
            options["APT::Sandbox::User"] = "root"
        pairs = [
            x for name, value in options.items() for x in ("-o", f"{name}={value}")
        ]
        return ["apt-get", *pairs, *arguments]

    def run(self, *arguments, cwd=None):
        environment = {**os.environ, "LC_ALL": "C"}
        return subprocess.run(
            self.command(*arguments),
            check=False,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            cwd=cwd,
        )

    def use(self, mirror):
        """Read the package list of a mirror; return why it failed, if it did."""
        self.sources.write_text(
            f"deb [signed-by={KEYRING} lang=none target=Packages] "
            f"{mirror} {SUITE} main\n"
        )
        done = self.run("update", "--error-on=any")
        if done.returncode:
            errors = [x for x in done.stderr.splitlines() if x.startswith("E:")]
            return errors[0][2:].strip() if errors else last_line(done.stderr)
        return ""


def _fetch(apt, folder):
    """Download the packages into ``folder``."""
    listed = apt.run("download", "--print-uris", *PACKAGES)
    if listed.returncode:
        if ODOO in listed.stderr:
            raise Problem(f"Debian {SUITE} no longer offers {ODOO}. {ELSEWHERE}")
        raise Problem(f"Debian {SUITE}: {last_line(listed.stderr)}. {ELSEWHERE}")
    total = sum(int(line.split()[2]) for line in listed.stdout.splitlines())

    def progress():
        done = sum(file.stat().st_size for file in folder.glob("*.deb"))
        return f"{done // 10**6} of {total // 10**6} MB"

    with step(f"Downloading Odoo 19 from Debian ({total // 10**6} MB)", progress):
        done = apt.run("download", *PACKAGES, cwd=folder)
    if done.returncode:
        raise Problem(
            f"The download of Odoo stopped: {last_line(done.stderr)}. Start again; "
            f"if it stays so: {ELSEWHERE}"
        )


def _keep(draft, folder):
    """Move a complete download into the cache, then let the index name it."""
    files = sorted(
        draft.glob("*.deb"), key=lambda f: (not f.name.startswith(ODOO), f.name)
    )
    version = files[0].name.split("_")[1]
    for file in files:
        file.replace(folder / file.name)
    index = {"version": version, "files": {f.name: 0 for f in files}}
    for name in index["files"]:
        index["files"][name] = (folder / name).stat().st_size
    text = json.dumps(index, indent=1)
    (draft / "index.json").write_text(text)
    (draft / "index.json").replace(folder / "index.json")
    for old in folder.glob("*.deb"):
        if old.name not in index["files"]:
            old.unlink()
    return Packages(version, tuple(folder / f.name for f in files))
