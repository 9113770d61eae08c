"""Starting Odoo: installing, shells, servers."""

import re
import socket
import subprocess

from dev.console import Problem

LEVELS = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) \S+ (.*)$")


def free_port():
    """A port of the loopback interface nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def update(env, database, arguments, log):
    """Install or update modules in a database, then stop.

    :param arguments: Odoo's options, such as ``["-u", "account_dunning"]``
    :param log: file for Odoo's log
    :raise Problem: naming the first error of the log
    """
    command = env.command("-d", database, "--stop-after-init", "--no-http", *arguments)
    with open(log, "w") as handle:
        done = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            env=env.variables(),
            cwd=env.settings.dev,
        )
    errors = [line for level, line in noise(log) if level != "WARNING"]
    if done.returncode or errors:
        raise Problem(f"Odoo could not install: {_cause(log, errors)} (log: {log})")


def noise(log):
    """Warnings and errors of a log file, as (level, rest of the line)."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        match = LEVELS.match(line)
        if match:
            found.append(match.groups())
    return found


def _cause(log, errors):
    """The exception a traceback ends in, or else the first error."""
    lines = log.read_text(errors="replace").splitlines()
    raised = [x for x in lines if re.match(r"^[\w.]*(Error|Exception|Missing)\b", x)]
    return (raised[-1:] or errors[:1] or ["it stopped without a word"])[0]
