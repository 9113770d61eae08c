"""The days of the benchmark, and a stopwatch."""

import contextlib
import datetime
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


def pretend(env, day):
    """Have the addon take ``day`` for today, whenever the benchmark is run."""
    type(env["res.company"])._dunning_today = lambda company: day
