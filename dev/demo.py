"""The demo database: made once, brought up to date, dunned every day."""

import contextlib
import datetime
import json
import os

from dev import database, odoo
from dev.console import Problem, say, step
from dev.settings import ADDON
from dev.system import lock

NAME = "dunning_demo"


def prepare(env):
    """Make the demo database fit the present code and day.

    What it was built from is kept in the database's comment, so that it holds
    wherever the database goes.

    :return: what to tell the person: accounts, places, what was made
    """
    with lock(env.settings, NAME):
        made_of = _made_of(env)
        if not made_of:
            made_of = _create(env)
        elif made_of["odoo"] != env.odoo.version:
            say("  Odoo changed: the demo database is made anew.")
            made_of = _create(env)
        elif made_of["addon"] != database.addon_hash(env.settings):
            made_of = _update(env)
        if made_of["day"] != str(datetime.date.today()):
            with step("Running today's dunning"):
                made_of = _dun(env, NAME, made_of)
    return made_of["summary"]


def _made_of(env):
    if not database.exists(env, NAME):
        return None
    rows = env.server.query(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
        f" WHERE datname = '{NAME}'"
    )
    try:
        return json.loads(rows[0])
    except ValueError:
        raise Problem(
            f"A database {NAME} exists that `make run` did not make: rename it, or "
            f"remove it with `make dropdb DB={NAME}`."
        ) from None


def _create(env):
    with _draft(env) as draft:
        key = database.addon_hash(env.settings)
        database.fresh(env, draft, demo=True)
        past = env.settings.root / "dev/scripts/past_mails.py"
        with step("Putting past reminders into .dev/mail, and running today's dunning"):
            made_of = {"addon": key, "odoo": env.odoo.version}
            return _dun(env, draft, made_of, before=[past])


def _update(env):
    """Update the addon in a copy: if that fails, nothing happened."""
    with _draft(env) as draft:
        with step(f"The addon changed: updating {ADDON} in the demo database"):
            key = database.addon_hash(env.settings)
            _copy(env, draft)
            log = env.settings.log / "update-demo.log"
            odoo.update(env, draft, ["-u", ADDON], log)
        with step("Running today's dunning"):
            made_of = _dun(env, draft, {"addon": key, "odoo": env.odoo.version})
    return made_of


def _copy(env, draft):
    try:
        database.copy(env, NAME, draft)
    except Problem as problem:
        if "being accessed" not in str(problem):
            raise
        raise Problem(
            f"The demo database is in use, and the addon's code changed: stop what "
            f"uses {NAME} (`make stop`), then start again."
        ) from None


@contextlib.contextmanager
def _draft(env):
    """A database that takes the demo's place when the block succeeds."""
    draft = f"{NAME}_new_{os.getpid()}"
    try:
        yield draft
        if database.exists(env, NAME):
            database.drop(env, NAME)
        database.rename(env, draft, NAME)
    except BaseException:
        with contextlib.suppress(Problem):
            database.drop(env, draft)
        raise


def _dun(env, name, made_of, before=()):
    today = env.settings.root / "dev/scripts/dun_today.py"
    output = odoo.script(env, name, today, before=before)
    line = [x for x in output.splitlines() if x.startswith("SUMMARY ")][-1]
    made_of = {
        **made_of,
        "day": str(datetime.date.today()),
        "summary": json.loads(line.removeprefix("SUMMARY ")),
    }
    text = json.dumps(made_of).replace("'", "''")
    env.server.query(f"COMMENT ON DATABASE \"{name}\" IS '{text}'", name)
    return made_of


def banner(summary, port):
    """What a newcomer reads when the server answers."""
    address = f"http://127.0.0.1:{port}"
    yield f"\n  {address}\n"
    accounts = [
        (f"{login} / {password}", name) for login, password, name in summary["accounts"]
    ]
    yield from _table("Log in as", accounts)
    if summary["made"]:
        yield f"  Dunning contacts so far: {', '.join(summary['made'])}.\n"
    places = [(name, address + path) for name, path in summary["places"]]
    yield from _table("Look first at", places)
    yield "  Mails are files in .dev/mail, those of the past too; none goes out."


def _table(title, rows):
    if rows:
        width = max(len(left) for left, _right in rows)
        yield f"  {title}"
        for left, right in rows:
            yield f"    {left:<{width}}  {right}"
        yield ""
