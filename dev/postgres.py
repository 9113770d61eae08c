"""The project's own PostgreSQL, or the server the caller named.

The project's server keeps its data in ``.dev/pg``, listens on a Unix socket
only and never touches the clusters of the machine. Others of the project's own
stand beside it, each in a folder of ``.dev`` (see ``dev/replication.py``).
"""

import contextlib
import getpass
import os
import pwd
import re
import shutil
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path

from dev.console import Problem, step
from dev.system import is_root, last_line, need_space

MINIMUM = 13
ROLE = "odoo"
PORT = 5432
MAIN = "pg"
LONGEST_SOCKET = 107
CAPABILITIES = {"dac_read_search": 2, "dac_override": 1}
INITDB = ("--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
CONFIGURATION = """\
# Written by dev/postgres.py at every start.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = {buffers}MB
work_mem = 16MB
maintenance_work_mem = 128MB
jit = off
# Nothing here outlives the project's folder: speed before crash safety.
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
"""


@dataclass(frozen=True)
class Server:
    """A running server and the tools to reach it.

    :param host: address or folder of the socket; empty for the default socket
    :param psql: the client program
    """

    host: str
    port: str
    user: str
    password: str
    psql: str

    def password_variable(self):
        return {"PGPASSWORD": self.password} if self.password else {}

    def query(self, sql, database="postgres"):
        """Run SQL, each statement on its own; return the rows as text.

        :raise Problem: with the server's message
        """
        command = [self.psql, "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database]
        command += ["-h", self.host] if self.host else []
        command += ["-p", self.port, "-U", self.user, "-w"]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            input=sql,
            env={**_clean_environment(), **self.password_variable()},
        )
        if done.returncode:
            raise Problem(f"PostgreSQL: {_server_message(done.stderr)}")
        return done.stdout.splitlines()


def _clean_environment():
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    return {**kept, "LC_ALL": "C.UTF-8", "PGCONNECT_TIMEOUT": "10"}


def _server_message(text):
    found = re.search(r"(?:ERROR|FATAL|failed):\s*(.*)", text)
    return found.group(1) if found else last_line(text)


def prepare(settings):
    """Return a server that answers, starting the project's own if need be."""
    if settings.external_server:
        return _named()
    return Cluster(settings).ready()


def _named():
    """The server described by the caller's PG* variables."""
    server = Server(
        os.environ.get("PGHOST", ""),
        os.environ.get("PGPORT", "5432"),
        os.environ.get("PGUSER") or getpass.getuser(),
        os.environ.get("PGPASSWORD", ""),
        shutil.which("psql"),
    )
    where = f"{server.user}@{server.host or 'the default socket'}:{server.port}"
    if server.user == "postgres":
        raise Problem(
            "Odoo refuses to work as the database user postgres: create a role with "
            "`createuser --createdb odoo` and name it with PGUSER=odoo."
        )
    try:
        rows = server.query(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
    except Problem as problem:
        raise Problem(
            f"{problem} ({where}). Check PGHOST, PGPORT, PGUSER and PGPASSWORD, or "
            "leave them out: a server of the project's own is used then."
        ) from None
    if rows != ["t"]:
        raise Problem(
            f"The role of {where} may not create databases: "
            f"`ALTER ROLE {server.user} CREATEDB` as an administrator of that server."
        )
    return server


def stop_all(settings):
    """Stop the project's own servers; return whether one was running."""
    found = settings.dev.glob("*/data/PG_VERSION")
    names = {MAIN, *(file.parent.parent.name for file in found)}
    return any([Cluster(settings, name).stop() for name in sorted(names)])


class Cluster:
    """A server of the project's own: its folder, its user, its socket.

    :param name: of its folder in ``.dev``
    :param configuration: lines that come after those of all
    """

    def __init__(self, settings, name=MAIN, configuration=""):
        self.settings = settings
        self.configuration = CONFIGURATION + configuration
        self.folder = settings.dev / name
        self.data = self.folder / "data"
        self.log = self.folder / "log"
        self.user = _system_user(self.data)

    # -- use ---------------------------------------------------------------

    def ready(self):
        """Return the running server, after making and starting it if needed."""
        socket_folder = self.socket_folder()
        if not self.answers(socket_folder):
            self._create()
            self._start()
        psql = str(self.programs() / "psql")
        return Server(str(socket_folder), str(PORT), ROLE, "", psql)

    def answers(self, socket_folder):
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def stop(self):
        """Stop the server; return whether one was running."""
        if not (self.data / "postmaster.pid").exists():
            return False
        return self._pg_ctl("stop", "-m", "fast", "-w").returncode == 0

    def remove(self):
        """Stop the server and remove its data."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- where -------------------------------------------------------------

    def socket_folder(self):
        """In the project, or in a short private folder when that is too deep."""
        inside = self.folder / "socket"
        longest = LONGEST_SOCKET - len(f"/.s.PGSQL.{PORT}.lock")
        if len(os.fsencode(inside)) <= longest:
            return inside
        base = os.environ.get("XDG_RUNTIME_DIR") if not is_root() else None
        name = f"dunning-{self.user.pw_uid}-{self.settings.checkout_id}"
        if self.folder.name != MAIN:
            name += f"-{self.folder.name}"
        return Path(base or "/tmp") / name

    def programs(self):
        """The folder of PostgreSQL's programs, of the version the data needs."""
        found = _installed()
        version_file = self.data / "PG_VERSION"
        if self._may_read(version_file):
            wanted = int(version_file.read_text())
            if wanted not in found:
                raise Problem(
                    f"The project's databases were made by PostgreSQL {wanted}, which "
                    f"is gone: install postgresql-{wanted}, or run `make clean`."
                )
            return found[wanted]
        return found[max(found)]

    def _may_read(self, path):
        try:
            return path.exists()
        except PermissionError:
            raise Problem(
                f"{self.folder} belongs to another user: work as that user, or let "
                "that user run `make clean`."
            ) from None

    # -- making and starting -------------------------------------------------

    def _create(self):
        if self._may_read(self.data / "PG_VERSION"):
            return
        need_space(self.settings.dev, 1000, "the databases")
        self._own_folder(self.folder)
        draft = self.folder / "data.part"
        if draft.exists():
            shutil.rmtree(draft)
        with step(f"Creating the project's PostgreSQL{self._label()}"):
            self._fill(draft)
        draft.rename(self.data)

    def _fill(self, draft):
        """Make the data of an empty server."""
        self._run("initdb", *("-D", draft, "-U", ROLE), *INITDB)
        with open(draft / "postgresql.conf", "a") as conf:
            conf.write("include = 'dunning.conf'\n")

    def _run(self, program, *arguments):
        done = self._as_user([self.programs() / program, *arguments])
        if done.returncode:
            raise Problem(f"{program} failed: {last_line(done.stderr)}")

    def _label(self):
        return "" if self.folder.name == MAIN else f" ({self.folder.name})"

    def _start(self):
        socket_folder = self.socket_folder()
        self._own_folder(socket_folder)
        conf = self.data / "dunning.conf"
        conf.write_text(
            self.configuration.format(
                port=PORT, socket=socket_folder, buffers=_buffers()
            )
        )
        os.chown(conf, self.user.pw_uid, self.user.pw_gid)
        with step(f"Starting the project's PostgreSQL{self._label()}"):
            done = self._pg_ctl("start", "-w", "-t", "60", "-l", str(self.log))
        if done.returncode:
            raise Problem(
                f"PostgreSQL does not start: {self._why()} (more in {self.log}). If "
                "the databases are damaged, `make clean` removes them."
            )

    def _why(self):
        try:
            lines = self.log.read_text(errors="replace").splitlines()
        except OSError:
            return "it left no log"
        errors = [x for x in lines[-30:] if "FATAL" in x or "PANIC" in x]
        return (errors or lines or ["its log is empty"])[-1].split("]", 1)[-1].strip()

    def _pg_ctl(self, *arguments):
        return self._as_user([self.programs() / "pg_ctl", "-D", self.data, *arguments])

    def _own_folder(self, folder):
        """Make a folder only the server's user (and root) can enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        status = folder.lstat()
        if folder.is_symlink() or status.st_uid not in (os.geteuid(), self.user.pw_uid):
            raise Problem(
                f"{folder} belongs to someone else: remove it, or have it removed."
            )
        if is_root():
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        folder.chmod(0o700)

    def _as_user(self, command):
        """Run a program as the server's user, in the place it may stand."""
        output = self.settings.dev / f"pg-output-{os.getpid()}"
        try:
            with open(output, "w") as handle:
                done = subprocess.run(
                    [*self._become(), *(str(part) for part in command)],
                    check=False,
                    stdin=subprocess.DEVNULL,
                    stdout=handle,
                    stderr=handle,
                    env=_clean_environment(),
                    cwd="/",
                )
            done.stderr = output.read_text(errors="replace")
            return done
        except FileNotFoundError as error:
            raise Problem(f"{error.filename} is missing: install util-linux.") from None
        finally:
            output.unlink(missing_ok=True)

    def _become(self):
        """Prefix that changes the user; PostgreSQL refuses to run as root.

        A checkout may lie where that user cannot go (``/root``): the one
        capability that lets it pass is handed over then.
        """
        if not is_root():
            return []
        user = self.user
        base = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}"]
        base.append("--clear-groups")
        test = [*base, "test", "-x", str(self.folder)]
        if subprocess.run(test, check=False, capture_output=True).returncode == 0:
            return base
        for name, bit in CAPABILITIES.items():
            if _bounding_set() >> bit & 1:
                return [*base, f"--inh-caps=+{name}", f"--ambient-caps=+{name}"]
        raise Problem(
            f"The user {user.pw_name}, which PostgreSQL runs as, cannot enter "
            f"{self.folder}: move the checkout out of a private folder such as /root."
        )


def _system_user(data):
    """Who the server runs as: root's servers as another, the data's owner first."""
    if not is_root():
        return pwd.getpwuid(os.geteuid())
    with contextlib.suppress(OSError, KeyError):
        if data.stat().st_uid:
            return pwd.getpwuid(data.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Problem("PostgreSQL cannot run as root: create a system user `postgres`.")


def _bounding_set():
    text = Path("/proc/self/status").read_text()
    return int(re.search(r"^CapBnd:\s*(\w+)", text, re.M).group(1), 16)


def _buffers():
    """An eighth of the memory, between 128 and 1024 MB."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(1024, memory // 8))


def _installed():
    """Folders of PostgreSQL's server programs on this machine, by version."""
    folders = list(Path("/usr/lib/postgresql").glob("*/bin"))
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    found = {}
    for folder in folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            version = _version(folder)
            if version and version >= MINIMUM:
                found[version] = folder
    return found


def usable():
    """Whether this machine has a server the project can start."""
    return bool(_installed())


def _version(folder):
    if folder.parent.name.isdigit():
        return int(folder.parent.name)
    command = [str(folder / "postgres"), "--version"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    found = re.search(r"\) (\d+)", done.stdout)
    return int(found.group(1)) if found else None
