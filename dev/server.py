"""Odoo's server: started, watched until it answers, told about, stopped."""

import contextlib
import errno
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from dev import odoo
from dev.console import Problem, say, step

PATIENCE = 120


def check_port(settings, text):
    """Return the port's number.

    :raise Problem: when it is no port, or somebody listens there
    """
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Problem(f"PORT={text} is no port: give a number from 1024 to 65535.")
    port = int(text)
    other = f"or choose another port, as PORT={port + 1}"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise Problem(f"Port {port} needs root's rights: {other}.") from None
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise Problem(
                    f"Port {port} cannot be used ({error}): {other}."
                ) from None
            if running(settings, port):
                said = "this project's own server: stop it with `make stop`"
            else:
                said = "another program: stop that"
            raise Problem(f"Port {port} is taken by {said}, {other}.") from None
    return port


# Links in e-mails lead to where it is served, unless somebody has set another place.
BASE_URL = r"""
UPDATE ir_config_parameter
   SET value = 'http://localhost:{port}'
 WHERE key = 'web.base.url' AND value ~ '^http://localhost:\d+$'
"""


def serve(env, database, port, banner):
    """Serve a database in the foreground until it is interrupted.

    :param banner: lines to print once the server answers
    :return: the exit status
    """
    check_port(env.settings, str(port))  # making the database takes minutes
    env.server.query(BASE_URL.format(port=port), database)
    log = env.settings.log / f"server-{port}.log"
    command = env.command("-d", database, f"--http-port={port}")
    with open(log, "w") as handle:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            env=env.variables(),
            cwd=env.settings.dev,
            start_new_session=True,
        )
    with _registered(env.settings, port, process):
        with step("Starting the server"):
            _wait_until_ready(process, port, log)
        for line in banner:
            say(line)
        say(f"\nOdoo's log is in {log}. Ctrl-C stops the server.")
        if _wait(process):
            raise Problem(f"The server stopped: {odoo.cause(log)} (log: {log})")
        return 0


@contextlib.contextmanager
def _registered(settings, port, process):
    """Note the process for `make stop`; never leave it behind."""
    file = _pid_file(settings, port)
    file.parent.mkdir(exist_ok=True)
    file.write_text(str(process.pid))
    try:
        yield
    finally:
        if process.poll() is None:
            odoo.end(process)
        file.unlink(missing_ok=True)


def _wait_until_ready(process, port, log):
    address = f"http://127.0.0.1:{port}/web/login"
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise Problem(f"The server stopped: {odoo.cause(log)} (log: {log})")
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE):
                time.sleep(0.5)
                if process.poll() is None:
                    return
        except urllib.error.HTTPError as error:
            said = f"{error.code}, {odoo.cause(log)}"
            raise Problem(f"The server answers {said} (log: {log})") from None
        except OSError:
            time.sleep(0.3)
    raise Problem(f"The server does not answer after {PATIENCE} s (log: {log})")


def _wait(process):
    """Until the server ends, or Ctrl-C asks for it."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        say("\nStopping the server ...")
        odoo.end(process)
        return 0


def _pid_file(settings, port):
    return settings.dev / "run" / f"server-{port}.pid"


def running(settings, port):
    """The process id of this checkout's server on a port, or None."""
    try:
        pid = int(_pid_file(settings, port).read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"odoo" in command else None


def stop_all(settings):
    """Stop this checkout's servers; return how many."""
    count = 0
    for file in (settings.dev / "run").glob("server-*.pid"):
        port = file.stem.removeprefix("server-")
        pid = running(settings, port)
        if pid:
            count += 1
            odoo.terminate(pid)
        file.unlink(missing_ok=True)
    return count


def become(env, command):
    """Continue as Odoo, which then owns the terminal and the exit status."""
    os.execve(command[0], command, env.variables())
