"""Dunning under fire, for as long as one likes: the suite's tests, many times."""

import os

from dev import runner, testfiles
from dev.console import Problem, say

KILLS = 1000
ROUNDS = 10
KILL_TESTS = "test_kills"
# The class whose tests are those on several connections.
CONCURRENCY_CLASS = "ConcurrencyCommon"


def run(env, kills, rounds, seed):
    """Kill processes while they dun, and meanwhile repeat the concurrency tests.

    :param kills: how many processes are killed
    :param rounds: how often each concurrency test runs
    :param seed: of the random choices, another one each time by default
    :return: the exit status
    """
    variables = {
        "DUNNING_KILLS": _number("KILLS", kills, KILLS),
        "DUNNING_ROUNDS": _number("ROUNDS", rounds, ROUNDS),
        "DUNNING_SEED": _number("SEED", seed, int.from_bytes(os.urandom(3), "big") + 1),
    }
    os.environ.update({name: str(value) for name, value in variables.items()})
    say(
        "{} kills, {} rounds of the concurrency tests, SEED={}".format(
            *variables.values()
        )
    )
    root = env.settings.root
    [kill_tests] = testfiles.named(root, KILL_TESTS)
    concurrency = ",".join(_concurrency_tests(root))
    return runner.run_tags(env, [testfiles.tag(root, kill_tests), concurrency])


def _concurrency_tests(root):
    for file in testfiles.find(root):
        if file.stem != KILL_TESTS and CONCURRENCY_CLASS in file.read_text():
            yield testfiles.tag(root, file)


def _number(name, text, default):
    """Return what the caller asked for.

    >>> _number("KILLS", "", 1000), _number("KILLS", "50", 1000)
    (1000, 50)
    >>> _number("KILLS", "0", 1000)
    Traceback (most recent call last):
        ...
    dev.console.Problem: KILLS=0: name a number above 0.
    """
    if not text:
        return default
    if not text.isdecimal() or not int(text):
        raise Problem(f"{name}={text}: name a number above 0.")
    return int(text)
