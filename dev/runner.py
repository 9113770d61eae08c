"""The test suite: its databases, its processes, its verdict."""

import contextlib
import os
import re
from concurrent.futures import ThreadPoolExecutor

from dev import database, glue, lifecycle, lint, odoo_tests, split, testfiles, testlog
from dev.console import Problem, say
from dev.settings import ADDON
from dev.testprocess import TestProcess

KEPT_LOGS = 30


def selection(text):
    """Translate what the caller typed into Odoo's test tags.

    >>> selection("TestPlan.test_gap")
    '/account_dunning:TestPlan.test_gap'
    >>> selection(":TestPlan,:TestRun.test_gap")
    '/account_dunning:TestPlan,/account_dunning:TestRun.test_gap'
    >>> selection("dunning_tour")
    'dunning_tour/account_dunning'
    >>> selection("/account:TestAccountMove,-/account.test_slow")
    '/account:TestAccountMove,-/account.test_slow'
    """
    if re.fullmatch(r":?[A-Z]\w*(\.\w+)?(,:?[A-Z]\w*(\.\w+)?)*", text):
        # Odoo's own tests have classes of the same names.
        return ",".join(f"/{ADDON}:{one.lstrip(':')}" for one in text.split(","))
    if re.fullmatch(r"\w+", text):
        return f"{text}/{ADDON}"
    return text


def run(env, text):
    """Run the checks and tests; return the exit status.

    :param text: which tests, as typed; empty for the checks and everything
    """
    if text == "lifecycle":
        return _run_lifecycle(env)
    if text == "odoo":
        return odoo_tests.run(env)
    if text == "glue":
        return _run_glue(env)
    if text:
        return run_tags(env, [_selected(env, text)], detailed=True)
    failed = [*lint.run(env), *lifecycle.run(env)]
    glued, wrong = glue.run(env)
    failed += [*glued.failed, *wrong]
    return run_tags(env, split.shares(env.settings), failed, whole=True)


def _run_lifecycle(env):
    failed = lifecycle.run(env)
    report = testlog.Report()
    for name in lifecycle.CHECKS:
        if not any(line.startswith(name) for line in failed):
            report.tests[("lifecycle", name)] = testlog.Test(name, "lifecycle", 0.0)
    return _verdict(report, failed)


def _run_glue(env):
    report, extra = glue.run(env)
    if not report.tests:
        extra.append("no test ran")
    return _verdict(report, extra)


def run_tags(env, shares, failed=(), detailed=False, whole=False):
    """Run what tags select; return the exit status.

    :param shares: tags for each process
    :param failed: what has failed before
    :param detailed: show every test, not every class
    :param whole: it is the whole suite, remember how long each file took
    """
    extra = list(failed)
    report = testlog.Report()
    try:
        report = _run_suite(env, shares, detailed)
        extra += _noise(env, report)
        if not report.tests and not report.failed:
            extra.append(f"no test ran for {' '.join(shares)}")
        elif whole:
            split.remember(env.settings, report)
    except Problem as problem:
        extra.append(str(problem))
    return _verdict(report, extra)


def _selected(env, text):
    """A name is that of a file or folder if there is one, else a tag; ``test_x`` a
    method of any class."""
    root = env.settings.root
    if files := testfiles.named(root, text):
        return ",".join(testfiles.tag(root, file) for file in files)
    if re.fullmatch(r"test_\w+", text):
        return f"/{ADDON}.{text}"
    return selection(text)


def _run_suite(env, shares, detailed):
    """Run every share on a database of its own, all at the same time."""
    _prune_logs(env.settings.log)
    names = [database.scratch_name(env) for _share in shares]
    processes = []
    for number, (name, tags) in enumerate(zip(names, shares, strict=True), 1):
        log = env.settings.log / f"test-{os.getpid()}-{number}.log"
        processes.append(TestProcess(env, name, tags, log, detailed))
    try:
        for name in names:
            database.fresh(env, name)
        logs = ", ".join(str(process.log) for process in processes)
        say(f"  Running the tests ({logs})")
        with ThreadPoolExecutor(len(processes)) as pool:
            try:
                reports = list(pool.map(TestProcess.run, processes))
            except BaseException:
                for process in processes:
                    process.stop()
                raise
        return testlog.merged(reports)
    finally:
        for name in names:
            with contextlib.suppress(Problem):
                database.drop(env, name)


def _noise(env, report):
    """A warning in Odoo's log fails the suite, at installation too."""
    found = []
    if report.noise:
        found.append(f"warnings or errors in Odoo's log: {len(report.noise)}")
    log = database.template_log(env)
    noise = testlog.noise_of(log) if log.exists() else []
    if noise:
        found.append(f"warnings while the addon was installed: {len(noise)} ({log})")
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
    logs = sorted(folder.glob("test-*.log"), key=lambda path: path.stat().st_mtime)
    for path in logs[:-KEPT_LOGS]:
        path.unlink(missing_ok=True)
