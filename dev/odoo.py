"""Starting Odoo: installing, shells, servers."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time

from dev import testlog
from dev.console import Problem


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
    errors = [x for x in testlog.noise_of(log) if not x.startswith("WARNING")]
    if done.returncode or errors:
        raise Problem(f"Odoo could not install: {cause(log, errors)} (log: {log})")


def script(env, database, path, *options, before=()):
    """Run a script in Odoo's shell.

    :param options: further options of Odoo
    :param before: scripts to run before it in the same shell, which takes seconds to
        start
    :return: what they printed
    :raise Problem: with the exception it ended in
    """
    command = env.command("shell", "-d", database, "--log-level=warn", "--no-http")
    command += options
    log = env.settings.log / f"{path.stem}-{database}.log"
    with open(log, "w") as handle:
        done = subprocess.run(
            command,
            check=False,
            input="\n".join(file.read_text() for file in (*before, path)),
            stdout=subprocess.PIPE,
            stderr=handle,
            text=True,
            env=env.variables(),
            cwd=env.settings.dev,
        )
    if done.returncode:
        raise Problem(f"{path.name} failed: {cause(log)} (log: {log})")
    return done.stdout


def end(process, patience=20):
    """End a child process, gently first."""
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def terminate(pid, patience=20):
    """End another run's process of this checkout, gently first."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        for _ in range(patience * 10):
            time.sleep(0.1)
            os.kill(pid, 0)
        os.kill(pid, signal.SIGKILL)


def cause(log, errors=()):
    """The exception a traceback ends in, or else the first error."""
    lines = log.read_text(errors="replace").splitlines()
    raised = [x for x in lines if re.match(r"^[\w.]*(Error|Exception|Missing)\b", x)]
    errors = errors or testlog.noise_of(log)
    return (raised[-1:] or list(errors[:1]) or ["it stopped without a word"])[0]
