"""The results where everybody looks first: in the README, between two marks."""

from dev.console import Problem

BEGIN = "<!-- from here on written by make bench -->\n"
END = "<!-- up to here written by make bench -->\n"


def insert(readme, text):
    """Return the README with ``text`` in the place of what was between the marks.

    >>> print(insert(f"Fast\\n{BEGIN}old\\n{END}Layout\\n", "new\\n"))
    Fast
    <!-- from here on written by make bench -->
    new
    <!-- up to here written by make bench -->
    Layout
    <BLANKLINE>
    """
    before, begin, rest = readme.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise Problem(f"README.md has lost the lines {BEGIN.strip()}, {END.strip()}")
    return f"{before}{BEGIN}{text}{END}{after}"
