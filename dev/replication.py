"""A primary server and a replica of it, beside the project's own server.

Each keeps its data in a folder of ``.dev`` of its own and listens on a socket in it;
the replica follows by streaming. Both are thrown away when they are no longer needed.
"""

from dev.postgres import PORT, ROLE, Cluster

CONFIGURATION = """
shared_buffers = 256MB
wal_level = replica
max_wal_senders = 4
wal_keep_size = 1GB
# What is committed is sent at once, not with the next write of the log.
synchronous_commit = on
hot_standby = on
# What the replica reads is not cleaned away under it.
hot_standby_feedback = on
"""


class Primary(Cluster):
    """The server that is written to."""

    def __init__(self, settings):
        super().__init__(settings, "pg-primary", CONFIGURATION)


class Replica(Cluster):
    """A server that follows another one and is only read.

    :param primary: :class:`Primary`, which runs
    """

    def __init__(self, settings, primary):
        super().__init__(settings, "pg-replica", CONFIGURATION)
        self.primary = primary

    def _fill(self, draft):
        # OVERRIDES: the data are those of the primary, as of now
        self._run(
            "pg_basebackup",
            *("-D", draft, "-h", self.primary.socket_folder(), "-p", PORT, "-U", ROLE),
            *("-w", "--write-recovery-conf", "--wal-method=stream"),
            *("--checkpoint=fast", "--no-sync"),
        )
