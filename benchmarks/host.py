"""A host: a server of Odoo with scheduled actions, as it would run on a machine of its
own, with a log and a mail folder that tell what it did."""

import re
import subprocess
import time
import urllib.request
from contextlib import contextmanager, suppress

from dev import odoo
from dev.console import Problem

PATIENCE = 120
JOBS = "odoo.addons.base.models.ir_cron:DEBUG"
# What the log says of a scheduled action, and of a request.
PROCESSED = re.compile(r"Job '([^']*)' \(\d+\) processed (\d+) records")
REQUEST = re.compile(
    r'"(?:GET|POST) (/[^ "?#]*)[^"]*" (\d+) - \d+ [\d.]+ [\d.]+ (ro->rw|ro|rw)\b'
)


class Host:
    """A server that runs.

    :param env: of :class:`dev.environment.Environment`
    :param database: that it serves
    :param name: of the host, for its log
    :param jobs: how many scheduled actions it carries out at a time
    :param data: its data folder, that of the checkout by default; mails are written
        beside it
    """

    def __init__(self, env, database, name, jobs, data=None):
        self.port = odoo.free_port()
        self.log = env.settings.log / f"scale-{name}.log"
        options = [f"--http-port={self.port}", f"--max-cron-threads={jobs}"]
        options += [f"--log-handler={JOBS}", "--http-interface=127.0.0.1"]
        if data:
            options.append(f"--data-dir={data}")
        with open(self.log, "w") as handle:
            self.process = subprocess.Popen(
                env.command("-d", database, *options),
                stdin=subprocess.DEVNULL,
                stdout=handle,
                stderr=subprocess.STDOUT,
                env=env.variables(),
                cwd=env.settings.dev,
                start_new_session=True,
            )

    def wait(self):
        """Until it answers."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            address = f"http://127.0.0.1:{self.port}/web/login"
            with suppress(OSError):
                with urllib.request.urlopen(address, timeout=PATIENCE):
                    return
            time.sleep(0.3)
        raise Problem(f"A host does not answer: {odoo.cause(self.log)} ({self.log})")

    def kill(self):
        """Have it vanish, as when its machine fails."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        """End it."""
        if self.process.poll() is None:
            odoo.end(self.process)

    def count_processed(self, job):
        """Return how many records a scheduled action and its copies have dealt with
        here.

        :param job: how their names begin
        """
        found = PROCESSED.findall(self.log.read_text(errors="replace"))
        return sum(int(count) for name, count in found if name.startswith(job))

    def read_requests(self, start=0):
        """Return the requests that were answered.

        :param start: place in the log from which on
        :return: list of address, status and mode: ``ro`` by the replica, ``rw`` by the
            primary, ``ro->rw`` by the primary because the replica could not
        """
        text = self.log.read_text(errors="replace")[start:]
        return [(path, int(code), mode) for path, code, mode in REQUEST.findall(text)]

    def get_place(self):
        """Return where the log ends now."""
        return len(self.log.read_text(errors="replace"))


@contextmanager
def running(*arguments, names, **options):
    """Have hosts run while the block does.

    :param names: of the hosts; the other arguments are those of :class:`Host`
    :return: the hosts, which answer
    """
    hosts = []
    try:
        for name in names:
            hosts.append(Host(*arguments, name=name, **options))
        for host in hosts:
            host.wait()
        yield hosts
    finally:
        for host in hosts:
            host.stop()
