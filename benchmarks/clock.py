"""The days of the benchmark, and a stopwatch."""

import contextlib
import datetime
import statistics
import time

# Days after the due date of the levels of the benchmark's scenario.
DELAYS = (3, 15, 30)


def first_day():
    """The day of the first run: the last Monday, so that neither it nor the day of
    the daily run is a day off."""
    today = datetime.date.today()
    return today - datetime.timedelta(days=today.weekday())


def next_day():
    """The day of the daily run."""
    return first_day() + datetime.timedelta(days=1)


@contextlib.contextmanager
def stopwatch(figures, name="seconds"):
    """Write the seconds that the block takes into ``figures``."""
    start = time.perf_counter()
    yield
    figures[name] = time.perf_counter() - start


def again(env, function, times=5):
    """Return the seconds that a function takes in a server that has been asked before,
    as servers are: the median after a first time.

    :param function: without arguments
    """
    seconds = []
    for _number in range(times + 1):
        env.invalidate_all()
        figures = {}
        with stopwatch(figures):
            function()
        seconds.append(figures["seconds"])
    return statistics.median(seconds[1:])


def pretend(env, day):
    """Have the addon take ``day`` for today, whenever the benchmark is run."""
    type(env["res.company"])._dunning_today = lambda company: day
