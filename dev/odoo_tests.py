"""Odoo's own tests, with the addon and without: what it breaks of others."""

import os
from concurrent.futures import ThreadPoolExecutor

from dev import database, odoo
from dev.console import say, step
from dev.testprocess import TestProcess

MODULES = ("account", "mail", "sms", "portal", "test_mail")
# What is tested, and not among what the addon depends on.
ADDED = ("test_mail",)


def run(env, modules=MODULES):
    """Run the tests of Odoo's modules twice and compare.

    :param modules: whose tests
    :return: the exit status: 0 when no test fails with the addon alone
    """
    names = {}
    try:
        for kind, make in (("without", database.plain), ("with", database.fresh)):
            names[kind] = name = database.scratch_name(env)
            make(env, name)
            log = env.settings.log / f"odoo-tests-{kind}.log"
            with step(f"Installing what is tested, {kind} the addon"):
                odoo.update(env, name, ["-i", ",".join(ADDED)], log)
        say("  Running Odoo's tests, with the addon and without")
        with ThreadPoolExecutor(len(names)) as pool:
            reports = dict(
                zip(
                    names,
                    pool.map(
                        lambda kind: _run_one(env, names[kind], kind, modules), names
                    ),
                    strict=True,
                )
            )
    finally:
        for name in names.values():
            database.drop(env, name)
    return _verdict(reports["without"], reports["with"])


def _run_one(env, name, kind, modules):
    log = env.settings.log / f"test-odoo-{os.getpid()}-{kind}.log"
    tags = ",".join(f"/{module}" for module in modules)
    script = env.settings.root / "dev" / "scripts" / "odoo_tests.py"
    return TestProcess(env, name, tags, log, detailed=False, script=script).run()


def _verdict(without, within):
    """Tell what fails with the addon only."""
    added = compare(without, within)
    for block in within.blocks:
        if any(name.split(": ")[-1] in block[0] for name in added):
            for line in ["", *block]:
                say(f"  {line}")
    for name in added:
        say(f"FAILED: {name}")
    say(
        f"{len(within.passed)} passed; {len(without.failed)} fail without the addon, "
        f"{len(added)} more with it"
    )
    ran = without.passed and within.passed
    return 1 if added or not ran else 0


def compare(without, within):
    """Return the names of what fails with the addon alone, and of what no longer runs.

    >>> without, within = testlog.Report(), testlog.Report()
    >>> for report, failed in ((without, "a"), (within, "ab")):
    ...     for name in "abc":
    ...         test = testlog.Test(name, "test_x", 0.0, failed=name in failed)
    ...         report.tests["test_x", name] = test
    >>> del within.tests["test_x", "c"]
    >>> compare(without, within)
    ['test_x: b', 'test_x: c']
    """
    known = set(without.failed)
    added = [name for name in within.failed if name not in known]
    missing = without.tests.keys() - within.tests.keys()
    return added + sorted(f"{file}: {name}" for file, name in missing if file)
