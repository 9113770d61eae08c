"""A read replica: who answers what, and that nothing wrong is sent while it is behind
or gone."""

import subprocess
import time
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path

from benchmarks import conduct, host
from dev import database, environment
from dev.console import Problem, step
from dev.postgres import PORT
from dev.replication import Primary, Replica

SIZE = 10_000
PATIENCE = 60
TRAFFIC = """
SELECT SUM(xact_commit + xact_rollback), SUM(tup_returned)
  FROM pg_stat_database WHERE datname = '{name}'
"""


def run(env):
    """Have a replica follow, lag and vanish while people look and the system sends.

    :return: dict of figures
    :raise Problem: something wrong was sent, or a screen was not answered
    """
    source = conduct.name(env, "work", "replica")
    with step("A ledger for the replica"):
        conduct.copy(env, conduct.ledger(env, SIZE), source)
        conduct.install(env, source)
        actions = conduct.measure(env, source, "replica_client.prepare")["actions"]
    primary = Primary(env.settings)
    replica = Replica(env.settings, primary)
    try:
        _remove(primary, replica)
        there = environment.elsewhere(
            env,
            primary.ready(),
            db_replica_host=replica.socket_folder(),
            db_replica_port=PORT,
        )
        with step("Moving the ledger to the primary"):
            _move(env, there.server, source)
        # Before the server, which would try again after 20 minutes only.
        follower = replica.ready()
        with host.running(there, source, names=["replicated"], jobs=0) as [server]:
            return Trial(there, source, follower, server, actions).run(replica)
    finally:
        _remove(primary, replica)
        database.drop(env, source)


def _remove(primary, replica):
    for cluster in (replica, primary):
        cluster.remove()


def _move(env, target, name):
    """Copy a database from one server to another."""
    programs = Path(env.server.psql).resolve().parent
    target.query(f'CREATE DATABASE "{name}"')
    dump = subprocess.Popen(
        [programs / "pg_dump", "-Fc", "-Z0", *_reach(env.server), name],
        stdout=subprocess.PIPE,
        env=env.variables(),
    )
    done = subprocess.run(
        [programs / "pg_restore", "--no-owner", *_reach(target), "-d", name],
        check=False,
        stdin=dump.stdout,
        capture_output=True,
        env=env.variables(),
    )
    dump.stdout.close()
    if dump.wait() or done.returncode:
        raise Problem(f"The ledger could not be copied: {done.stderr.decode()[-500:]}")
    target.query("ANALYZE", name)


def _reach(server):
    where = ["-h", server.host] if server.host else []
    return [*where, "-p", server.port, "-U", server.user, "-w"]


class Trial:
    """A server with a replica, on trial.

    :param env: of the primary
    :param name: of the database
    :param replica: the :class:`dev.postgres.Server` that follows
    :param server: the :class:`benchmarks.host.Host`
    :param actions: ids of those of the two payers
    """

    def __init__(self, env, name, replica, server, actions):
        self.env, self.name, self.replica = env, name, replica
        self.server, self.actions = server, actions

    def run(self, cluster):
        """Try it.

        :param cluster: :class:`dev.replication.Replica`, to be stopped
        """
        self._catch_up()
        figures = {"following": self._ask("the replica follows")}
        figures["export"] = self._export()
        with self._behind():
            figures["behind"] = self._ask("the replica is behind")
            figures["behind"] |= self._send_behind()
        self._catch_up()
        seen = self._measure("look", port=self.server.port, actions=self.actions)
        self._expect(seen["states"], ["cancelled", "done"], "seen once it follows")
        cluster.stop()
        figures["gone"] = self._ask("the replica is gone")
        self._measure("send")
        told = self._measure("tell")
        self._expect(told["todo"], 0, "left to send")
        self._expect(told["sendings"], told["sent"], "sent once")
        self._expect(told["claimed"], [0, 50], "claimed of the payers")
        return figures | {"sent": told["sent"]}

    # -- what is done ------------------------------------------------------

    def _ask(self, label):
        """Ask for every screen; return who answered, and what both servers did."""
        place = self.server.get_place()
        with step(f"Every screen while {label}"), self._counting() as traffic:
            asked = self._measure("ask", port=self.server.port)
        modes, written = Counter(), Counter()
        for path, code, mode in self.server.read_requests(place):
            if code != 200:
                raise Problem(f"{path} was answered by {code} while {label}.")
            modes[mode] += 1
            if mode != "ro":
                written[f"{mode} {path}"] += 1
        return {
            "seconds": asked["seconds"],
            "modes": dict(modes),
            "not_by_replica": dict(written),
            "traffic": traffic,
        }

    def _export(self):
        """Make a workbook; return what each server read for it."""
        with step("A workbook in the background"), self._counting() as traffic:
            made = self._measure("export")
        self._expect(made["state"], "done", "workbook")
        return {"items": made["items"], "traffic": traffic}

    def _send_behind(self):
        """Pay, which the replica does not hear of, then send what it still shows."""
        self._measure("pay")
        seen = self._measure("look", port=self.server.port, actions=self.actions)
        self._expect(seen["states"], ["todo", "todo"], "seen while it is behind")
        told = self._measure("execute", port=self.server.port, actions=self.actions)
        self._expect(len(told["refused"]), 1, "refused")
        known = self._measure("tell")
        self._expect(known["states"], ["cancelled", "done"], "known to the primary")
        self._expect(known["claimed"], [0, 50], "claimed of the payers")
        self._expect(known["owed"], [0, 50], "owed by the payers")
        return {"refused": told["refused"], "claimed": known["claimed"]}

    # -- the servers -------------------------------------------------------

    @contextmanager
    def _behind(self):
        """Have the replica not hear of anything while the block runs."""
        self.replica.query("SELECT pg_wal_replay_pause()")
        try:
            yield
        finally:
            self.replica.query("SELECT pg_wal_replay_resume()")

    def _catch_up(self):
        """Until the replica knows what the primary knows now."""
        [place] = self.env.server.query("SELECT pg_current_wal_lsn()")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.replica.query(f"SELECT pg_last_wal_replay_lsn() >= '{place}'") == [
                "t"
            ]:
                return
            time.sleep(0.1)
        raise Problem(f"The replica does not follow within {PATIENCE} s.")

    @contextmanager
    def _counting(self):
        """Count what both servers do while the block runs, without what it costs to
        begin to ask.

        :return: dict by server of transactions and rows read, complete at the end
        """
        traffic, moments = {}, [self._get_counts()]
        self._measure("begin")
        moments.append(self._get_counts())
        yield traffic
        moments.append(self._get_counts())
        for key, (first, second, third) in {
            key: [moment[key] for moment in moments] for key in moments[0]
        }.items():
            traffic[key] = [
                # Beginning to ask costs more the first time.
                max(z - y - (y - x), 0)
                for x, y, z in zip(first, second, third, strict=True)
            ]

    def _get_counts(self):
        """Return transactions and rows read so far by server; none by who is gone."""
        time.sleep(1.5)  # a connection tells of them when it has been idle a while
        counts = {}
        servers = {"primary": self.env.server, "replica": self.replica}
        for key, server in servers.items():
            row = "0|0"
            with suppress(Problem):
                [row] = server.query(TRAFFIC.format(name=self.name))
            counts[key] = [int(number) for number in row.split("|")]
        return counts

    # -- helpers -----------------------------------------------------------

    def _measure(self, what, **options):
        place = f"replica_client.{what}"
        return conduct.measure(self.env, self.name, place, **options)

    def _expect(self, found, wanted, label):
        if found != wanted:
            raise Problem(f"{label}: {found} instead of {wanted} ({self.name}).")
