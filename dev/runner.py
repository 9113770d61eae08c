"""The test suite: its databases, its processes, its verdict."""

import contextlib
import os
import queue
import re
import subprocess
import threading
import time

from dev import database, lint, odoo, testlog
from dev.console import Problem, say
from dev.settings import ADDON

SILENCE = 1200
KEPT_LOGS = 30


def selection(text):
    """Translate what the caller typed into Odoo's test tags.

    >>> selection("")
    '/account_dunning'
    >>> selection("tests/test_plan.py")
    '/account_dunning/tests/test_plan.py'
    >>> selection("TestPlan.test_gap")
    '/account_dunning:TestPlan.test_gap'
    >>> selection("dunning_tour")
    'dunning_tour/account_dunning'
    >>> selection("/account:TestAccountMove,-/account.test_slow")
    '/account:TestAccountMove,-/account.test_slow'
    """
    if not text:
        return f"/{ADDON}"
    if re.fullmatch(r"(tests/)?test_\w+(\.py)?", text):
        name = text.removeprefix("tests/").removesuffix(".py")
        return f"/{ADDON}/tests/{name}.py"
    if re.fullmatch(r"[A-Z]\w*(\.\w+)?", text):
        return f"/{ADDON}:{text}"
    if re.fullmatch(r"\w+", text):
        return f"{text}/{ADDON}"
    return text


def run(env, text):
    """Run the checks and tests; return the exit status.

    :param text: which tests, as typed; empty for everything
    """
    extra = [] if text else lint.run(env)
    tags = selection(_method_or_file(env, text))
    report = testlog.Report()
    try:
        report = _run_suite(env, tags, detailed=bool(text))
        extra += _noise(env, report)
        if not report.tests and not report.failed:
            extra.append(f"no test ran for {tags}")
    except Problem as problem:
        extra.append(str(problem))
    return _verdict(report, extra)


def _method_or_file(env, text):
    """``test_x`` names a file if there is one, else a method of any class."""
    name = text.removeprefix("tests/").removesuffix(".py")
    if name.startswith("test_") and "/" not in name and text == name:
        if not (env.settings.root / "tests" / f"{name}.py").exists():
            return f"/{ADDON}.{name}"
    return text


def _run_suite(env, tags, detailed):
    """Run the selected tests on a database of their own."""
    name = database.scratch_name(env)
    log = env.settings.log / f"test-{os.getpid()}.log"
    _prune_logs(env.settings.log)
    try:
        database.fresh(env, name)
        return _Process(env, name, tags, log, detailed).run()
    finally:
        with contextlib.suppress(Problem):
            database.drop(env, name)


class _Process:
    """One Odoo running tests, its log read while it runs."""

    def __init__(self, env, name, tags, log, detailed):
        self.env = env
        self.log = log
        self.detailed = detailed
        self.report = testlog.Report()
        self.shown = {}
        command = ["-d", name, f"--test-tags={tags}", "--stop-after-init"]
        command += [f"--http-port={odoo.free_port()}", "--max-cron-threads=0"]
        self.command = env.command(*command)

    def run(self):
        say(f"  Running the tests (log: {self.log})")
        process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=self.env.variables(),
            cwd=self.env.settings.dev,
        )
        try:
            self._follow(process)
        finally:
            if process.poll() is None:
                process.terminate()
            status = process.wait()
        self._show(self.report.close())
        self._show_class(None)
        if status and not self.report.failed and not self.report.noise:
            self.report.other_failures.append(f"Odoo stopped with status {status}")
        return self.report

    def _follow(self, process):
        lines = queue.Queue()
        threading.Thread(target=_pump, args=(process, lines), daemon=True).start()
        with open(self.log, "w") as log:
            while (line := self._next(lines)) is not None:
                log.write(line)
                log.flush()
                self._show(self.report.feed(line))

    def _next(self, lines):
        try:
            return lines.get(timeout=SILENCE)
        except queue.Empty:
            self.report.other_failures.append(
                f"Odoo said nothing for {SILENCE // 60} minutes and was stopped"
            )
            return None

    # -- progress -------------------------------------------------------------

    def _show(self, test):
        if not test:
            return
        if self.detailed:
            word = "FAIL" if test.failed else "skip" if test.skipped else "ok"
            say(f"    {word:4} {test.name} ({test.seconds:.1f} s)")
            return
        name = (test.file, test.name.rpartition(".")[0])
        if name not in self.shown:
            self._show_class(name)
        self.shown.setdefault(name, []).append(test)

    def _show_class(self, following):
        """Print the class that is over when another begins."""
        if self.shown and not self.detailed:
            (file, name), tests = self.shown.popitem()
            bad = sum(test.failed for test in tests)
            seconds = sum(test.seconds for test in tests)
            what = f"{len(tests)} tests" + (f", {bad} FAILED" if bad else "")
            say(f"    {file} {name}: {what} ({seconds:.1f} s)")


def _pump(process, lines):
    for line in process.stdout:
        lines.put(line)
    lines.put(None)


def _noise(env, report):
    """A warning in Odoo's log fails the suite, at installation too."""
    found = []
    if report.noise:
        found.append(f"{len(report.noise)} warnings or errors in Odoo's log")
    log = database.template_log(env)
    noise = testlog.noise_of(log) if log.exists() else []
    if noise:
        found.append(f"{len(noise)} warnings while the addon was installed ({log})")
        report.blocks += [[line] for line in noise]
    return found


def _verdict(report, extra):
    for block in report.blocks:
        say()
        for line in block:
            say(f"  {line}")
    say()
    for test in report.skipped:
        say(f"skipped: {test.file}: {test.name}: {test.skipped}")
    for name in [*report.failed, *extra]:
        say(f"FAILED: {name}")
    failed = len(report.failed) + len(extra)
    skipped = f", {len(report.skipped)} skipped" if report.skipped else ""
    say(f"{len(report.passed)} passed, {failed} failed{skipped}")
    return 1 if failed else 0


def _prune_logs(folder):
    """Keep the latest logs; a month of runs would fill the disk."""
    logs = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime)
    for path in logs[:-KEPT_LOGS]:
        if time.time() - path.stat().st_mtime > 86400:
            path.unlink(missing_ok=True)
