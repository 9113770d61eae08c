"""Checks without running anything: Python, Odoo's conventions, XML, PO files."""

import re
import subprocess

from dev import testfiles
from dev.console import say, step
from dev.settings import ADDON


def run(env):
    """Run every check.

    :return: one line for each check that failed, after printing what it found
    """
    failed = []
    for name, check in CHECKS.items():
        with step(f"Checking: {name}"):
            found = check(env)
        for line in found:
            say(f"    {line}")
        if found:
            failed.append(f"lint: {name}")
    return failed


def _tool(env, *arguments, cwd=None):
    """Run a checker of the virtual environment; return what it printed, if bad."""
    done = subprocess.run(
        [str(env.python), "-m", *arguments],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cwd or env.settings.root,
        env=env.variables(),
    )
    return done.stdout.splitlines() or ["it failed"] if done.returncode else []


def reformat(env):
    """Sort the imports and lay out the code."""
    _tool(env, "ruff", "check", "--quiet", "--fix", "--select=I,UP,F401", ".")
    for line in _tool(env, "ruff", "format", "."):
        say(line)


def _ruff(env):
    return _tool(env, "ruff", "check", "--quiet", "--output-format=concise", ".")


def _ruff_format(env):
    found = _tool(env, "ruff", "format", "--check", "--output-format=concise", ".")
    return [*found, "`make format` does it"] if found else []


def _pylint(env):
    """pylint-odoo, on the addon seen under its own name."""
    options = [f"--rcfile={env.settings.root / 'pyproject.toml'}", "--jobs=1"]
    options += ["--score=n", "--output-format=parseable", "--recursive=n"]
    found = _tool(env, "pylint", *options, ADDON, cwd=env.settings.dev / "addons")
    # It knows tests by the name of their folder, not by that above it.
    return [
        line
        for line in found
        if not line.startswith("****")
        and not ("/tests/" in line and "translation-required" in line)
    ]


def _tests_imported(env):
    """A test file nobody imports never runs, and nobody notices."""
    root = env.settings.root
    return [
        f"{file.relative_to(root)} is not imported in {file.parent.name}/__init__.py"
        for file in testfiles.find(root)
        if not _is_imported(file)
    ]


def _is_imported(file):
    """By its folder, and its folder by ``tests``: ``from .plan import *``."""
    text = (file.parent / "__init__.py").read_text()
    if not re.search(rf"\b{file.stem}\b", text):
        return False
    above = file.parent.parent / "__init__.py"
    folder = file.parent.name
    return folder == "tests" or f"from .{folder} import *" in above.read_text()


def _xml(env):
    return _script(env, "xmlfiles")


def _po(env):
    return _script(env, "pofiles")


def _script(env, module):
    """Run a check of this package that needs the virtual environment."""
    code = f"import sys; from dev import {module}; sys.exit({module}.main())"
    variables = env.variables()
    variables["PYTHONPATH"] += f":{env.settings.root}"
    done = subprocess.run(
        [str(env.python), "-c", code],
        check=False,
        capture_output=True,
        text=True,
        cwd=env.settings.dev,
        env=variables,
    )
    return (done.stdout + done.stderr).splitlines() if done.returncode else []


def _doctests(env):
    """The examples in this package's own documentation."""
    modules = "odoo_tests", "pofiles", "runner", "testfiles", "testlog"
    code = (
        f"import doctest, importlib\nfor name in {modules}:\n"
        "    doctest.testmod(importlib.import_module('dev.' + name))"
    )
    variables = {**env.variables(), "PYTHONPATH": str(env.settings.root)}
    done = subprocess.run(
        [str(env.python), "-c", code],
        check=False,
        capture_output=True,
        text=True,
        env=variables,
        cwd=env.settings.dev,
    )
    return (done.stdout + done.stderr).splitlines()


CHECKS = {
    "Python (ruff)": _ruff,
    "formatting (ruff format)": _ruff_format,
    "Odoo's conventions (pylint-odoo)": _pylint,
    "XML and CSV": _xml,
    "test files are imported": _tests_imported,
    "translations": _po,
    "examples in dev/": _doctests,
}
