"""Reading Odoo's log of a test run: what ran, what failed, what made noise."""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d (?P<clock>[\d:]+,\d+)) \d+"
    r" (?P<level>[A-Z]+) (?P<db>\S+) (?P<logger>[^:\s]+): (?P<text>.*)$"
)
STARTING = re.compile(r"^Starting (\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (.+?) : (.*)$")
BROKEN = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(\S+)(?: \((\S+)\))?")
SUMMARY = re.compile(r"^\d+ failed, \d+ error\(s\) of \d+ tests")
PROGRESS = re.compile(r"^Progress: (.*)$")
LOUD = ("WARNING", "ERROR", "CRITICAL")

# Noise of Odoo itself that says nothing about the addon. Keep it short, and say
# why each one is here.
IGNORED = (
    # Debian and Ubuntu move to new Pythons before Odoo declares them.
    re.compile(r"^Python [\d.]+ is not officially supported"),
    # The browser of a tour that is over takes its time to leave.
    re.compile(r"^Error during browser shutdown"),
)


@dataclass
class Test:
    """One test as the log shows it."""

    name: str
    file: str
    start: float
    seconds: float = 0.0
    failed: bool = False
    skipped: str = ""

    @property
    def group(self):
        """The file and class it belongs to."""
        return self.file, self.name.rpartition(".")[0]


@dataclass
class Report:
    """What a run's log says, filled line by line.

    >>> report = Report()
    >>> line = "2026-01-31 10:00:0{},000 7 {} db odoo.addons.x.tests.test_x: {}"
    >>> for number, (level, text) in enumerate([
    ...     ("INFO", "Starting TestX.test_a ... "),
    ...     ("INFO", "Starting TestX.test_b ... "),
    ...     ("ERROR", "FAIL: Subtest TestX.test_b (i=1)"),
    ...     ("ERROR", "FAIL: Subtest TestX.test_b (i=2)"),
    ...     ("ERROR", "ERROR: setUpClass (odoo.addons.x.tests.test_x.TestY)"),
    ...     ("INFO", "Starting TestX.test_c ... "),
    ...     ("WARNING", "something is deprecated"),
    ... ]):
    ...     ended = report.feed(line.format(number, level, text))
    >>> [test.name for test in report.passed], report.failed
    (['TestX.test_a', 'TestX.test_c'], ['test_x: TestX.test_b', \
'setUpClass (odoo.addons.x.tests.test_x.TestY)'])
    >>> report.noise
    ['WARNING odoo.addons.x.tests.test_x: something is deprecated']

    :param tests: the tests that started, by (file, name)
    :param other_failures: failures outside tests, such as setUpClass
    :param alarms: warnings and errors, each with the test that ran, if any
    """

    tests: dict = field(default_factory=dict)
    other_failures: list = field(default_factory=list)
    alarms: list = field(default_factory=list)
    blocks: list = field(default_factory=list)
    _current: Test | None = None
    _in_block: bool = False

    def feed(self, line):
        """Take one line of the log; return the test it ended, if it did."""
        match = LINE.match(line.rstrip())
        if not match:
            if self._in_block:
                self.blocks[-1].append(line.rstrip())
            return None
        self._in_block = False
        clock = _seconds(match["clock"])
        text = match["text"].rstrip()
        if match["level"] == "INFO":
            return self._informed(match["logger"], text, clock)
        if match["level"] in LOUD:
            self._alarmed(match, text)
        return None

    def close(self, clock=None):
        """The current test is over; return it."""
        test, self._current = self._current, None
        if test and clock is not None:
            test.seconds = (clock - test.start) % 86400
        return test

    # -- kinds of lines -------------------------------------------------------

    def _informed(self, logger, text, clock):
        started = STARTING.match(text)
        if started:
            ended = self.close(clock)
            test = Test(started[1], logger.rpartition(".")[2], clock)
            self.tests[(test.file, test.name)] = self._current = test
            return ended
        skipped = SKIPPED.match(text)
        if skipped:
            self._skip(skipped[1], skipped[2])
        elif logger == "odoo.service.server" and "post-tests in" in text:
            return self.close(clock)
        return None

    def _skip(self, name, reason):
        if self._current and self._current.name == name:
            self._current.skipped = reason
        else:
            test = Test(name, "", 0.0, skipped=reason)
            self.tests[("", name)] = test

    def _alarmed(self, match, text):
        broken = BROKEN.match(text)
        is_test = ".tests." in match["logger"] or match["logger"].startswith(
            "odoo.tests"
        )
        if broken and is_test:
            self._break(match["logger"], broken)
            self._open_block(text)
        elif match["logger"] == "odoo.tests.result" and SUMMARY.match(text):
            return
        elif not any(pattern.match(text) for pattern in IGNORED):
            alarm = f"{match['level']} {match['logger']}: {text}"
            self.alarms.append((self._current, alarm))
            self._open_block(alarm)

    def _break(self, logger, broken):
        test = self.tests.get((logger.rpartition(".")[2], broken[1]))
        if test:
            test.failed = True
        else:
            where = f" ({broken[2]})" if broken[2] else ""
            name = f"{broken[1]}{where}"
            if name not in self.other_failures:
                self.other_failures.append(name)

    def _open_block(self, first):
        self._in_block = True
        self.blocks.append([first])

    # -- results --------------------------------------------------------------

    @property
    def noise(self):
        """Warnings and errors that no failed test accounts for."""
        return [text for test, text in self.alarms if not (test and test.failed)]

    @property
    def failed(self):
        """Names of what failed, each once."""
        names = [f"{t.file}: {t.name}" for t in self.tests.values() if t.failed]
        return names + self.other_failures

    @property
    def skipped(self):
        return [t for t in self.tests.values() if t.skipped and not t.failed]

    @property
    def passed(self):
        return [t for t in self.tests.values() if not t.failed and not t.skipped]


def _seconds(clock):
    hours, minutes, rest = clock.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + float(rest.replace(",", "."))


def merged(reports):
    """One report for several processes."""
    whole = Report()
    for report in reports:
        whole.tests.update(report.tests)
        whole.other_failures += report.other_failures
        whole.alarms += report.alarms
        whole.blocks += report.blocks
    return whole


def progress_of(line):
    """What a long test says about how far it is.

    >>> line = "2026-01-31 10:00:00,000 7 INFO db odoo.addons.x.tests.test_x: {}"
    >>> progress_of(line.format("Progress: 50 of 100"))
    '50 of 100'
    >>> progress_of(line.format("Starting TestX.test_a ... "))
    """
    match = LINE.match(line.rstrip())
    said = match and PROGRESS.match(match["text"])
    return said[1] if said else None


def noise_of(path):
    """Warnings and errors of a whole log file."""
    report = Report()
    for line in path.read_text(errors="replace").splitlines():
        report.feed(line)
    return report.noise
