"""Several processes that send what is due at the same time."""

import time

from odoo.fields import Domain

from benchmarks import clock

# Distinguishes the lock by which the processes find each other.
LOCK = 742_650_193


def send(env, mails, processes):
    """Send e-mails together with other processes.

    :param mails: how many there are to share
    :param processes: how many there are with this one
    :return: when this one began and ended, and how many e-mails there were then
    """
    clock.pretend(env, clock.first_day())
    actions = env["dunning.action"]
    due = actions.search([("state", "=", "todo")], order="id", limit=mails)
    only_these = Domain("id", "in", due.ids)
    everything = actions._get_due_domain
    type(actions)._get_due_domain = lambda self: everything() & only_these
    env.cr.commit()
    with env.registry.cursor() as cr:
        _wait_for_others(cr, processes)
        begin = time.time()
        actions._cron_execute()
        end = time.time()
    sent = env["mail.mail"].search_count([("model", "=", "res.partner")])
    return {"begin": begin, "end": end, "mails": sent}


def _wait_for_others(cr, processes):
    """Begin when everybody is there."""
    cr.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    count = 0
    while count < processes:
        time.sleep(0.01)
        cr.execute(
            "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s",
            [LOCK],
        )
        [count] = cr.fetchone()
