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
            tags = ",".join(f"/{module}" for module in modules)
            without, within = pool.map(
                lambda kind: _run_tags(env, names[kind], kind, tags), names
            )
        added = compare(without, within)
        if added:
            say(f"  Running again the {len(added)} that fail with the addon alone")
            again = _run_tags(env, names["with"], "again", _tags_of(added))
            failed = set(again.failed)
            passed = {f"{test.file}: {test.name}" for test in again.passed} - failed
            added = [name for name in added if name not in passed]
            within.blocks = again.blocks
    finally:
        for name in names.values():
            database.drop(env, name)
    return _verdict(without, within, added)


def _tags_of(names):
    """Return Odoo's test tags for tests by their names.

    >>> _tags_of(["test_x: TestX.test_a", "setUpClass (odoo.addons.x.tests.TestY)"])
    ':TestX.test_a,:TestY'
    """
    tags = (name.split(": ")[-1].rstrip(")") for name in names)
    return ",".join(
        f":{tag.rpartition('.')[2]}" if "(" in tag else f":{tag}" for tag in tags
    )


def _run_tags(env, name, kind, tags):
    log = env.settings.log / f"test-odoo-{os.getpid()}-{kind}.log"
    script = env.settings.root / "dev" / "scripts" / "odoo_tests.py"
    return TestProcess(env, name, tags, log, detailed=False, script=script).run()


def _verdict(without, within, added):
    """Tell what fails with the addon alone, twice."""
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

    >>> from dev import testlog
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
