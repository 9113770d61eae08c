"""Several hosts on one database: the same day by one, by two, and by two of which one
is killed."""

import shutil
import time
from collections import Counter

from benchmarks import conduct, host
from dev import database
from dev.console import Problem, step

SIZE = 4_000
# At a time: one that sends, and one for what else there is to do.
JOBS = 2
PATIENCE, TIME_TO_PLAN = 1800, 120
SENDER = "Dunning: send what is due"
NAMES = ("a", "b")

BEGIN = """
UPDATE ir_cron SET nextcall = NOW() AT TIME ZONE 'UTC' - INTERVAL '1 minute'
 WHERE id = (
       SELECT res_id FROM ir_model_data
        WHERE module = 'account_dunning' AND name = 'cron_run'
 )
"""
STANDING = """
SELECT COUNT(*),
       COUNT(*) FILTER (WHERE state = 'todo'),
       (SELECT COUNT(*) FROM mail_mail WHERE state = 'outgoing')
  FROM dunning_action
"""
# What must be there once, each as many times as there are customers.
RESULT = """
SELECT (SELECT COUNT(*) FROM dunning_run WHERE state = 'done' AND action_count > 0),
       (SELECT COUNT(*) FROM dunning_action WHERE state = 'done'),
       (SELECT COUNT(DISTINCT partner_id) FROM dunning_action),
       (SELECT COUNT(*) FROM dunning_action WHERE state NOT IN ('done', 'failed')),
       (SELECT COUNT(*) FROM dunning_action WHERE state = 'failed'),
       (SELECT COUNT(*) FROM dunning_sending),
       (SELECT COUNT(DISTINCT action_id) FROM dunning_sending)
"""
RESULT_NAMES = ("runs", "done", "customers", "open", "failed", "sendings", "sent")


def run(env):
    """Have one host, then two, then two of which one is killed deal with the day.

    :return: dict of figures
    """
    planned = conduct.name(env, "work", "planned_hosts")
    with step("A ledger for hosts"):
        conduct.copy(env, conduct.ledger(env, SIZE), planned)
        conduct.install(env, planned)
        figures = conduct.measure(env, planned, "hosts_day.prepare", senders=2)
    customers = figures["customers"]
    try:
        return {
            "customers": customers,
            "one": _measure(env, planned, customers, NAMES[:1]),
            "two": _measure(env, planned, customers, NAMES),
            "killed": _measure(env, planned, customers, NAMES, kill=True),
        }
    finally:
        database.drop(env, planned)


def _measure(env, planned, customers, names, kill=False):
    label = "one of them killed" if kill else "nobody disturbed"
    name = conduct.name(env, "work", "hosts")
    place = env.settings.dev / "scale"
    with step(f"The day of {customers:,} customers, hosts: {len(names)}, {label}"):
        conduct.copy(env, planned, name)
        shutil.rmtree(place, ignore_errors=True)
        data = place / "data"
        data.mkdir(parents=True)
        (data / "filestore").symlink_to(env.settings.filestore)
        try:
            with host.running(env, name, names=names, jobs=JOBS, data=data) as hosts:
                figures = _watch(env, name, customers, hosts, kill)
            figures["result"] = _check(env, name, customers, place / "mail", kill)
            figures["shares"] = [each.count_processed(SENDER) for each in hosts]
        finally:
            database.drop(env, name)
            shutil.rmtree(place, ignore_errors=True)
    return figures


def _watch(env, name, customers, hosts, kill):
    """Begin the day, and note when it was planned, sent, and out."""
    env.server.query(BEGIN, name)
    env.server.query(f"SELECT pg_notify('cron_trigger', '{name}')")
    start, moments = time.monotonic(), {}
    while "out" not in moments:
        time.sleep(0.5)
        passed = time.monotonic() - start
        if passed > PATIENCE:
            raise Problem(f"The day is not over after {PATIENCE} s ({name}).")
        [row] = env.server.query(STANDING, name)
        planned, todo, outgoing = map(int, row.split("|"))
        if planned < customers:
            if passed > TIME_TO_PLAN:
                raise Problem(
                    f"The day is not planned after {TIME_TO_PLAN} s ({name})."
                )
            continue
        moments.setdefault("planned", passed)
        if kill and todo < 2 * customers / 3:
            hosts[-1].kill()
            kill = False
            moments.update(killed=passed, killed_done=planned - todo)
        if not todo:
            moments.setdefault("sent", passed)
            if not outgoing:
                moments["out"] = passed
    return moments


def _check(env, name, customers, folder, killed):
    """Nothing twice, nothing left, one e-mail a customer.

    :return: dict of what was counted
    """
    [row] = env.server.query(RESULT, name)
    found = dict(zip(RESULT_NAMES, map(int, row.split("|")), strict=True))
    # Named after moment and recipient.
    received = Counter(
        file.stem.split("-customer")[1].split("@")[0] for file in folder.glob("*.eml")
    )
    found |= {
        "received": len(received),
        "twice": sum(received.values()) - len(received),
    }
    # Who was just handing over an e-mail when he was killed leaves one that nobody can
    # know of: people decide, and it is not sent again.
    doubtful = 1 if killed else 0
    once = ("done", "customers", "sendings", "sent", "received")
    wrong = {key: found[key] for key in once if customers - found[key] > doubtful}
    wrong |= {key: found[key] for key in once if found[key] > customers}
    wrong |= {key: found[key] for key in ("open", "twice") if found[key]}
    if found["runs"] != 1 or found["failed"] > doubtful or wrong:
        raise Problem(f"Of {customers} customers: {found}")
    return found
