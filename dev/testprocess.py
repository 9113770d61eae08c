"""One Odoo running tests, its log read while it runs."""

import queue
import subprocess
import threading

from dev import odoo, testlog
from dev.console import say

SILENCE = 1200


class TestProcess:
    """Runs the selected tests on one database.

    :param env: the environment
    :param database: the database, which the tests may change
    :param tags: Odoo's test tags
    :param log: file that keeps Odoo's log
    :param detailed: show every test, not every class
    :param script: what starts Odoo, in the place of its own command
    """

    def __init__(self, env, database, tags, log, detailed, script=None):
        self.env = env
        self.log = log
        self.detailed = detailed
        self.report = testlog.Report()
        self.shown = []
        self.process = None
        options = ["-d", database, f"--test-tags={tags}", "--stop-after-init"]
        options += [f"--http-port={odoo.free_port()}", "--max-cron-threads=0"]
        self.command = env.command(*options)
        if script:
            # In the place of "-m odoo".
            self.command[1:3] = [str(script)]

    def run(self):
        """Run to the end and return the report."""
        self.process = process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=self.env.variables(),
            cwd=self.env.settings.dev,
            start_new_session=True,
        )
        try:
            self._follow(process)
        finally:
            if process.poll() is None:
                odoo.end(process)
            status = process.wait()
        self._show(self.report.close())
        self._show_class()
        if status and not self.report.failed and not self.report.noise:
            self.report.other_failures.append(f"Odoo stopped with status {status}")
        return self.report

    def stop(self):
        """End it early, as when the person interrupts."""
        if self.process and self.process.poll() is None:
            odoo.end(self.process, patience=3)

    def _follow(self, process):
        lines = queue.Queue()
        threading.Thread(target=_pump, args=(process, lines), daemon=True).start()
        with open(self.log, "w") as log:
            while (line := self._next(lines)) is not None:
                log.write(line)
                log.flush()
                self._show(self.report.feed(line))
                self._show_progress(line)

    def _next(self, lines):
        try:
            return lines.get(timeout=SILENCE)
        except queue.Empty:
            self.report.other_failures.append(
                f"Odoo said nothing for {SILENCE // 60} minutes and was stopped"
            )
            return None

    # -- progress ---------------------------------------------------------------

    def _show(self, test):
        """Tell about a test that is over."""
        if not test:
            return
        if self.detailed:
            word = "FAIL" if test.failed else "skip" if test.skipped else "ok"
            say(f"    {word:4} {test.name} ({test.seconds:.1f} s)")
            return
        if self.shown and self.shown[0].group != test.group:
            self._show_class()
        self.shown.append(test)

    def _show_progress(self, line):
        """Tell what a long test says about how far it is."""
        if said := testlog.progress_of(line):
            say(f"         {said}")

    def _show_class(self):
        """Tell about a class of tests that is over."""
        if not self.shown:
            return
        bad = sum(test.failed for test in self.shown)
        seconds = sum(test.seconds for test in self.shown)
        count = len(self.shown)
        what = f"{count} test{'s' * (count > 1)}" + (f", {bad} FAILED" if bad else "")
        say(f"    {' '.join(self.shown[0].group)}: {what} ({seconds:.1f} s)")
        self.shown = []


def _pump(process, lines):
    for line in process.stdout:
        lines.put(line)
    lines.put(None)
