"""The addons that glue the addon to other apps, on a database that has these."""

import os

from dev import database, odoo, testlog
from dev.console import say, step
from dev.testprocess import TestProcess

# What brings all the others; the glue installs itself. Of what Odoo does not have here,
# there are doubles.
APPS = ("sale_stock", "l10n_fr_pdp")


def find(root):
    """Return the names of the addons that glue."""
    return sorted(path.parent.name for path in root.glob("addons/*/__manifest__.py"))


def run(env):
    """Install the apps and run the tests of the addons that glue.

    :return: the :class:`testlog.Report`, and what else is wrong
    """
    names = find(env.settings.root)
    name = database.scratch_name(env)
    log = env.settings.log / f"glue-{os.getpid()}.log"
    try:
        database.fresh(env, name)
        with step("Installing the apps that are glued"):
            odoo.update(env, name, ["-i", ",".join(APPS)], log)
        installed = env.server.query(
            "SELECT name FROM ir_module_module WHERE state = 'installed'", name
        )
        say("  Running the tests of the glue")
        tests = env.settings.log / f"test-glue-{os.getpid()}.log"
        tags = ",".join(f"/{addon}" for addon in names)
        report = TestProcess(env, name, tags, tests, detailed=True).run()
        missing = set(names).difference(installed)
        return report, [
            *(f"{addon} has not installed itself" for addon in sorted(missing)),
            *(f"in Odoo's log: {line}" for line in testlog.noise_of(log)),
            *(f"in Odoo's log: {line}" for line in report.noise),
        ]
    finally:
        database.drop(env, name)
