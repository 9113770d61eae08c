"""The test suite: its database, its processes, its verdict."""

import contextlib
import re
import subprocess

from dev import database, odoo
from dev.console import Problem, say, step
from dev.settings import ADDON

STARTED = re.compile(r"\d+ INFO \S+ [\w.]+: Starting (\S+) \.\.\.$")
BROKEN = re.compile(r" (?:FAIL|ERROR): (?:Subtest )?(\S+)")


def selection(text):
    """Translate what the caller typed into Odoo's test tags.

    >>> selection("")
    '/account_dunning'
    >>> selection("test_plan")
    '/account_dunning/tests/test_plan.py'
    """
    if not text:
        return f"/{ADDON}"
    if re.fullmatch(r"(tests/)?test_\w+(\.py)?", text):
        name = text.removeprefix("tests/").removesuffix(".py")
        return f"/{ADDON}/tests/{name}.py"
    if re.fullmatch(r"[A-Z]\w*(\.\w+)?", text):
        return f"/{ADDON}:{text}"
    return text


def run(env, text):
    tags = selection(text)
    name = database.scratch_name(env)
    log = env.settings.log / f"{name}.log"
    try:
        database.fresh(env, name)
        with step(f"Running {tags}"):
            _run_odoo(env, name, tags, log)
    finally:
        with contextlib.suppress(Problem):
            database.drop(env, name)
    return _verdict(log)


def _run_odoo(env, name, tags, log):
    command = env.command("-d", name, f"--test-tags={tags}", "--stop-after-init")
    command += [f"--http-port={odoo.free_port()}", "--max-cron-threads=0"]
    with open(log, "w") as handle:
        subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=handle,
            stderr=subprocess.STDOUT,
            env=env.variables(),
            cwd=env.settings.dev,
        )


def _verdict(log):
    text = log.read_text(errors="replace")
    started = set(m.group(1) for line in text.splitlines() if (m := STARTED.search(line)))
    broken = set(m.group(1) for line in text.splitlines() if (m := BROKEN.search(line)))
    noisy = odoo.noise(log)
    if broken or noisy:
        say(text)
    failed = len(broken) or (1 if noisy or not started else 0)
    say(f"Log: {log}")
    say(f"{len(started - broken)} passed, {failed} failed")
    return 1 if failed else 0
