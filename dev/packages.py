"""What the machine's distribution must provide, asked for all at once."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from dev import postgres
from dev.console import Problem, say, step
from dev.system import apt, is_root

NO_AUTOMATIC_CLUSTER = Path("/etc/postgresql-common/createcluster.d")
NO_PDF = (
    "Letters are not printed as PDF, which takes wkhtmltopdf (also on "
    "https://wkhtmltopdf.org/downloads.html)"
)
NO_OFFICE = "Workbooks are not calculated by LibreOffice in the tests"
BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


@dataclass(frozen=True)
class Need:
    """A package something is missing without.

    :param optional: text saying what does not work without it, if the rest does
    """

    package: str
    why: str
    optional: str = ""


def require(settings, for_tests=False):
    """Install what is missing as root; otherwise tell the command to run.

    What the distribution lacks and the rest can do without is told once.

    :param for_tests: also what only the tests need
    """
    needs = [
        need
        for need in _missing(settings, for_tests)
        if not (need.optional and _told(settings, need).exists())
    ]
    if not needs:
        return
    if not shutil.which("apt-get"):
        raise Problem(_by_hand(needs))
    if is_root():
        with step("Reading the distribution's package lists"):
            apt("update", "-qq")
    optional = [n for n in needs if n.optional and not _offered(n.package)]
    for need in optional:
        say(f"  {need.optional}: this distribution has no {need.package}.")
        _tell_once(settings, need)
    needs = [need for need in needs if need not in optional]
    if needs and is_root():
        _install([need for need in needs if not need.optional])
        for need in needs:
            if need.optional:
                _try_to_install(settings, need)
    elif needs:
        _ask_for(settings, needs)


def _told(settings, need):
    return settings.state / f"without-{need.package}"


def _tell_once(settings, need):
    settings.state.mkdir(exist_ok=True)
    _told(settings, need).touch()


def _missing(settings, for_tests):
    if not _can_make_venv(settings):
        yield Need(f"python{_python_version()}-venv", "virtual environments")
    if settings.external_server and not shutil.which("psql"):
        yield Need("postgresql-client", "PostgreSQL's client")
    if not settings.external_server and not postgres.usable():
        yield Need("postgresql", "the database server")
    if not settings.odoo_path and not shutil.which("dpkg-deb"):
        yield Need("dpkg", "unpacking Odoo")
    if not shutil.which("wkhtmltopdf"):
        yield Need("wkhtmltopdf", "PDF letters", NO_PDF)
    if for_tests and not any(map(shutil.which, BROWSERS)):
        yield Need("chromium", "browser tours")
    if for_tests and not shutil.which("soffice"):
        yield Need("libreoffice-calc-nogui", "calculating workbooks", NO_OFFICE)


def _python_version():
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _can_make_venv(settings):
    if (settings.dev / "venvs").is_dir():
        return True
    code = "import venv, ensurepip"
    done = subprocess.run(
        [sys.executable, "-c", code], check=False, capture_output=True
    )
    return done.returncode == 0


def _by_hand(needs):
    names = ", ".join(f"{need.package} ({need.why})" for need in needs)
    return f"apt-get is missing here: install by hand {names}, then start again."


def _ask_for(settings, needs):
    """Say which command installs what is missing; go on if nothing must be."""
    names = " ".join(need.package for need in needs)
    command = f"sudo apt-get install --no-install-recommends {names}"
    if all(need.optional for need in needs):
        for need in needs:
            say(f"  {need.optional}: `{command}` changes that.")
            _tell_once(settings, need)
        return
    why = ", ".join(need.why for need in needs)
    hint = ""
    if "postgresql" in names.split():
        hint = " (the cluster that package creates is not used)"
    raise Problem(f"Missing: {why}. Run `{command}`{hint}, then start again.")


def _try_to_install(settings, need):
    """Go on without what the rest can do without."""
    try:
        _install([need])
    except Problem as problem:
        say(f"  {need.optional}: {problem}")
        _tell_once(settings, need)


def _install(needs):
    if not needs:
        return
    for need in needs:
        if not _offered(need.package):
            raise Problem(_not_offered(need))
    wanted = [need.package for need in needs]
    with step(f"Installing {' '.join(wanted)}"), _no_system_cluster(wanted):
        apt("install", "-y", "-qq", "--no-install-recommends", *wanted)


def _offered(package):
    """Whether apt would really install something by that name."""
    command = ["apt-cache", "policy", package]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env={"LC_ALL": "C"}
    )
    return "Candidate:" in done.stdout and "Candidate: (none)" not in done.stdout


def _not_offered(need):
    if need.package == "chromium":
        return (
            "This distribution has no package chromium: install Google Chrome, or "
            "Chromium by other means, so that `chromium` is on PATH, then start again."
        )
    return (
        f"This distribution has no package {need.package} ({need.why}): install it by "
        "other means, then start again."
    )


class _no_system_cluster:
    """While packages are installed, keep PostgreSQL's from creating a cluster."""

    def __init__(self, packages):
        self.needed = "postgresql" in packages
        self.marker = NO_AUTOMATIC_CLUSTER / "account_dunning.conf"

    def __enter__(self):
        if self.needed:
            apt("install", "-y", "-qq", "--no-install-recommends", "postgresql-common")
            self.marker.parent.mkdir(parents=True, exist_ok=True)
            self.marker.write_text("create_main_cluster = false\n")

    def __exit__(self, *error):
        if self.needed:
            self.marker.unlink(missing_ok=True)
