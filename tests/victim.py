"""A process that is killed while it works, and what it can still tell afterwards."""

import gc
import mmap
import os
import signal
import tempfile
import time
import traceback
import warnings

from odoo import sql_db

# A process that says nothing for so long waits for a lock that nobody gives back.
PATIENCE = 60


class Victim:
    """A copy of this process that does some work on connections of its own.

    Starting Odoo takes seconds, copying a process that has it loaded takes
    milliseconds. The copy counts its steps in memory that it shares with the process
    that started it: each statement, and before and after each commit. It is killed
    by ``SIGKILL`` on a given step, by its own hand, so that every step can be hit; or
    after a given time, by the process that started it, in the middle of whatever it
    or the database is doing.

    :param registry: ``Registry`` of the database
    :param work: function without arguments
    """

    def __init__(self, registry, work):
        self.registry = registry
        self.work = work
        self.last_step = None
        self.seconds = 0
        # How many steps and commits, and the step of each commit.
        self._counters = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("q")
        self._errors = tempfile.TemporaryFile()

    def run(self, step=None, seconds=None):
        """Let it work, until it has reached a step or until a time is over.

        :return: whether it was killed; otherwise it has done its work
        :raise RuntimeError: it failed, or waited for something that did not come
        """
        self.last_step = step
        start = time.monotonic()
        pid = self._fork()
        status = self._wait(pid, PATIENCE if seconds is None else seconds)
        if late := status is None:
            os.kill(pid, signal.SIGKILL)
            _pid, status = os.waitpid(pid, 0)
        self.seconds = time.monotonic() - start
        self._wait_for_database(pid)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        meant = seconds is not None or (step is not None and not late)
        if status and not (killed and meant):
            raise RuntimeError(self._get_failure(status))
        return killed

    @property
    def steps(self):
        """The number of steps it has reached."""
        return self._counters[0]

    @property
    def commits(self):
        """The steps on which its commits were over."""
        return self._counters[2 : 2 + self._counters[1]].tolist()

    def close(self):
        """Give back what the process shared with it."""
        self._counters.release()
        self._errors.close()

    # ------------------------------------------------------------------
    # THE COPY
    # ------------------------------------------------------------------

    def _fork(self):
        self._counters[0] = self._counters[1] = 0
        with warnings.catch_warnings():
            # Other threads are not copied; nothing here waits for them.
            warnings.simplefilter("ignore", DeprecationWarning)
            pid = os.fork()
        if not pid:
            self._live()
        return pid

    def _live(self):
        """Work and end, leaving whatever it shares with its origin untouched."""
        status = 1
        try:
            # What the origin has left behind is not the copy's to tidy up.
            gc.freeze()
            self._open_own_connections()
            self._count_steps()
            self.work()
            status = 0
        except BaseException:
            os.write(self._errors.fileno(), traceback.format_exc().encode())
        finally:
            os._exit(status)

    def _open_own_connections(self):
        """Forget the connections of the origin without closing them: they are shared,
        and it goes on using them."""
        self._inherited = (sql_db._Pool, sql_db._Pool_readonly)
        sql_db._Pool = sql_db._Pool_readonly = None
        name = self.registry.db_name
        self.registry._db = sql_db.db_connect(name)
        if self.registry._db_readonly is not None:
            self.registry._db_readonly = sql_db.db_connect(name, readonly=True)

    def _count_steps(self):
        """Count the steps of every cursor."""
        execute, commit = sql_db.Cursor.execute, sql_db.Cursor.commit

        def counted_execute(cr, *args, **kwargs):
            self._step()
            return execute(cr, *args, **kwargs)

        def counted_commit(cr):
            cr.flush()
            self._step()
            commit(cr)
            self._step(committed=True)

        sql_db.Cursor.execute = counted_execute
        sql_db.Cursor.commit = counted_commit

    def _step(self, committed=False):
        self._counters[0] += 1
        if committed:
            self._counters[1] += 1
            self._counters[1 + self._counters[1]] = self._counters[0]
        if self._counters[0] == self.last_step:
            os.kill(os.getpid(), signal.SIGKILL)

    # ------------------------------------------------------------------
    # ITS ORIGIN
    # ------------------------------------------------------------------

    def _wait(self, pid, seconds):
        """Wait for the process to end.

        :return: its status, None when the time is over before
        """
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                return status
            time.sleep(min(left, 0.002))
        return None

    def _wait_for_database(self, pid):
        """Wait until the server has noticed that the process is gone, too."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with self.registry.cursor() as cr:
                cr.execute(
                    "SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = %s",
                    [f"odoo-{pid}"],
                )
                if cr.fetchone() == (0,):
                    return
            time.sleep(0.002)
        raise RuntimeError("the database still works for a process that is dead")

    def _get_failure(self, status):
        self._errors.seek(0)
        said = self._errors.read().decode()
        return said or f"ended with status {status} after {self.seconds:.0f} s"


def work_together(victims):
    """Let several work at the same time, until all have done their work.

    :raise RuntimeError: one of them failed, or waited for something that did not come
    """
    pids = [victim._fork() for victim in victims]
    failures = []
    for victim, pid in zip(victims, pids, strict=True):
        status = victim._wait(pid, PATIENCE)
        if status is None:
            os.kill(pid, signal.SIGKILL)
            _pid, status = os.waitpid(pid, 0)
        victim._wait_for_database(pid)
        if status:
            failures.append(victim._get_failure(status))
    if failures:
        raise RuntimeError("\n".join(failures))
