"""``make scale``: past one machine, tried on this one.

Slow, and no part of the tests: minutes for each part. Each writes its table between
its marks of ``docs/scale.md`` and fails when something was sent twice or wrongly.
"""

import json

from benchmarks import hosts, machine, replica, scale_report
from dev.console import Problem, say

DOCUMENT = "docs/scale.md"
PARTS = {"hosts": hosts.run, "replica": replica.run}


def run(env, part=""):
    """Try what goes past one machine.

    :param part: one of :data:`PARTS`, all by default
    """
    if part not in ("", *PARTS):
        raise Problem(f"PART={part}: choose one of {', '.join(PARTS)}.")
    kept = env.settings.dev / "scale.json"
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for name in [part] if part else PARTS:
        results[name] = {"machine": machine.describe(env), **PARTS[name](env)}
        kept.write_text(json.dumps(results, indent=1))
        text = getattr(scale_report, f"write_{name}")(results[name])
        _write(env.settings.root / DOCUMENT, name, text)
        say()
        say(text)


def _write(path, name, text):
    """Put a table in the place of the former one."""
    begin, end = (f"<!-- {name}: {word} by make scale -->\n" for word in MARKS)
    before, found, rest = path.read_text().partition(begin)
    _old, ended, after = rest.partition(end)
    if not found or not ended:
        raise Problem(f"{DOCUMENT} has lost the lines {begin.strip()}, {end.strip()}")
    path.write_text(f"{before}{begin}{text}{end}{after}")


MARKS = ("from here on written", "up to here written")
