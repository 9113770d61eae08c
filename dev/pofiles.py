"""Checks of the translations: complete, not fuzzy, placeholders kept.

Runs inside the virtual environment, where polib is.
"""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "i18n"
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf.\d]*|%[sdf]|\{\w*\}|%%|\$\{\w+\}")


def main():
    """Print what is wrong with each file; return 1 if anything is."""
    found = [line for path in sorted(FOLDER.glob("*.po")) for line in check(path)]
    print("\n".join(found))
    return 1 if found else 0


def check(path):
    """Yield what is wrong with one PO file."""
    import polib

    try:
        entries = polib.pofile(str(path), check_for_duplicates=True)
    except (OSError, ValueError) as error:
        yield f"{path.name}: {error}"
        return
    for entry in entries:
        if entry.obsolete:
            continue
        where = f"{path.name}:{entry.linenum}: {entry.msgid[:60]!r}"
        if entry.fuzzy:
            yield f"{where} is fuzzy"
        elif not entry.msgstr.strip():
            yield f"{where} is not translated"
        elif placeholders(entry.msgid) != placeholders(entry.msgstr):
            yield f"{where}: the translation's placeholders differ"
        elif tags(entry.msgid) != tags(entry.msgstr):
            yield f"{where}: the translation's tags differ"


def placeholders(text):
    """
    >>> placeholders("%(name)s owes %s%%") == placeholders("%s%% dus par %(name)s")
    True
    """
    return sorted(PLACEHOLDER.findall(text))


def tags(text):
    """
    >>> tags("<b>late</b>") == tags("<b>en retard</b>")
    True
    """
    return sorted(re.findall(r"</?\w+", text))
