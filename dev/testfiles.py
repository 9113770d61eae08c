"""Where the tests lie: files named ``test_*.py``, in ``tests/`` or in a folder of one
capability below it."""

from dev.settings import ADDON


def find(root):
    """Return every file of tests of a checkout, sorted."""
    return sorted((root / "tests").rglob("test_*.py"))


def tag(root, file):
    """Return what selects a file for Odoo.

    >>> from pathlib import Path
    >>> tag(Path("/x"), Path("/x/tests/plan/test_rules.py"))
    '/account_dunning/tests/plan/test_rules.py'
    """
    return f"/{ADDON}/{file.relative_to(root).as_posix()}"


def named(root, text):
    """Return the files that somebody has typed the name or the folder of.

    :param text: ``test_rules``, ``tests/plan/test_rules.py``, or a folder: ``plan``
    """
    path = text.removeprefix("tests/").removesuffix(".py").rstrip("/")
    return [file for file in find(root) if path in _names(root, file)]


def _names(root, file):
    """
    >>> from pathlib import Path
    >>> sorted(_names(Path("/x"), Path("/x/tests/plan/test_rules.py")))
    ['plan', 'plan/test_rules', 'test_rules']
    """
    path = file.relative_to(root / "tests").with_suffix("")
    folders = {parent.as_posix() for parent in path.parents} - {"."}
    return {path.as_posix(), path.name} | folders
