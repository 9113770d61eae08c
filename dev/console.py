"""What a person at the terminal sees: steps with their time, and problems."""

import contextlib
import sys
import threading
import time

stream = sys.stdout
_together = False


class Problem(Exception):
    """A failure told in one line: what is wrong, and what to do about it."""


def use_stderr():
    """Keep standard output free for what a script prints."""
    global stream
    stream = sys.stderr


def say(text=""):
    """Print one line at once, also through a pipe."""
    print(text, file=stream, flush=True)


@contextlib.contextmanager
def together():
    """Steps that run at the same time: each takes a line when it is over."""
    global _together
    former, _together = _together, True
    try:
        yield
    finally:
        _together = former


@contextlib.contextmanager
def step(label, progress=None):
    """Show a long step while it runs, then the seconds it took.

    :param label: what is being done
    :param progress: function giving a short text to show on a terminal meanwhile
    """
    start = time.monotonic()
    ticker = _Ticker(label, start, progress)
    ticker.start()
    try:
        yield
    except BaseException:
        ticker.finish("failed after")
        raise
    ticker.finish("")


class _Ticker(threading.Thread):
    """Rewrites the step's line every second; through a pipe, writes it once."""

    def __init__(self, label, start, progress):
        super().__init__(daemon=True)
        self.label = label
        self.began = start
        self.progress = progress
        self.over = threading.Event()
        self.whole = _together
        self.live = stream.isatty() and not self.whole

    def run(self):
        if self.whole:
            return
        print(f"  {self.label} ...", end="", file=stream, flush=True)
        while self.live and not self.over.wait(1):
            seconds = int(time.monotonic() - self.began)
            more = f", {self.progress()}" if self.progress else ""
            self._rewrite(f"  {self.label} ... {seconds} s{more}")

    def finish(self, word):
        self.over.set()
        self.join()
        result = f"{word} {time.monotonic() - self.began:.1f} s".strip()
        if self.live:
            self._rewrite(f"  {self.label} ... {result}\n")
        elif self.whole:
            say(f"  {self.label} ... {result}")
        else:
            print(f" {result}", file=stream, flush=True)

    def _rewrite(self, text):
        print(f"\r\x1b[K{text}", end="", file=stream, flush=True)
