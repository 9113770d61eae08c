"""Sharing the test files out among processes, by how long they took before."""

import json
import os

from dev import testfiles
from dev.settings import ADDON

BROWSER_WORDS = ("HttpCase", "start_tour", "browser_js")
UNKNOWN = 5.0
UNKNOWN_BROWSER = 40.0
WORTHWHILE = 60.0
MOST = 4


def shares(settings):
    """Test tags for each process; together they select every test of the addon.

    The first share is "everything but the other shares", so that no test is lost
    whatever file it lives in.
    """
    root = settings.root
    files = testfiles.find(root)
    known = _durations(settings)
    costs = {
        testfiles.tag(root, file): known.get(file.stem) or _guess(file)
        for file in files
    }
    count = min(os.cpu_count() or 1, MOST, len(files))
    if count < 2 or sum(costs.values()) < WORTHWHILE:
        return [f"/{ADDON}"]
    return _tags(_balance(costs, count))


def _balance(costs, count):
    """Longest first, each to the process that has least so far."""
    groups = [[] for _ in range(count)]
    totals = [0.0] * count
    for name in sorted(costs, key=costs.get, reverse=True):
        lightest = totals.index(min(totals))
        groups[lightest].append(name)
        totals[lightest] += costs[name]
    return groups


def _tags(groups):
    others = [tag for group in groups[1:] for tag in group]
    first = ",".join([f"/{ADDON}", *(f"-{tag}" for tag in others)])
    return [first, *(",".join(group) for group in groups[1:])]


def _guess(file):
    text = file.read_text(errors="replace")
    browser = any(word in text for word in BROWSER_WORDS)
    return UNKNOWN_BROWSER if browser else UNKNOWN


def _store(settings):
    return settings.state / "durations.json"


def _durations(settings):
    try:
        return json.loads(_store(settings).read_text())
    except (OSError, ValueError):
        return {}


def remember(settings, report):
    """Keep how long each file took, for the next run."""
    durations = {}
    for test in report.tests.values():
        if test.file:
            durations[test.file] = durations.get(test.file, 0.0) + test.seconds
    draft = _store(settings).with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(durations))
    draft.replace(_store(settings))
