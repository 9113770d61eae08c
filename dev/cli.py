"""The commands behind ``make``."""

import argparse
import errno
import os
import shutil
import signal
import sys

from benchmarks import bench, scale
from dev import (
    console,
    database,
    demo,
    environment,
    lint,
    odoo,
    postgres,
    runner,
    server,
    settings,
    stress,
)
from dev.console import Problem, say

HELP = """\
make run                 A demo company in Odoo 19, dunned today, on 127.0.0.1:8069
                         (PORT=...); everything it needs is fetched the first time
make test                Checks and the whole test suite
make test T=...          A part of it: T=test_plan (a file), T=TestPlan (a class),
                         T=TestPlan.test_gap, T=a_tag, or Odoo's --test-tags syntax;
                         T=odoo runs Odoo's own tests with the addon and without,
                         T=glue those of addons/, with sales and inventory
make stress              1 000 processes killed while they dun, and the concurrency
                         tests again and again; KILLS=50 ROUNDS=5 for less, SEED=7
                         for the same choices as another time
make lint                Ruff, pylint-odoo, XML, CSV and translations
make format              Lay out the Python code
make bench               Measure the engine on 10 000, 100 000 and 1 000 000 items;
                         SIZES="10000 100000" chooses, PEER=all has the slow peer
                         work on all of them; writes the table into README.md.
                         PART=figures measures aged balance, indicators, forecast,
                         dashboard and workbook alone, PART=risk profiles, points
                         and worklist, PART=einvoices messages of platforms, and
                         tells what came out
make scale               Past one machine, on this one: two servers on one database,
                         one of them killed; a read replica, behind and gone.
                         PART=hosts or replica for one; writes into docs/scale.md
make backtest DB=name    How good the cash forecast would have been in a database:
                         weekly error, with due dates alone, 4-week total, band
make samples DB=name     A message of a platform of each kind about its open invoices

make db DB=name          A fresh database with the addon; DEMO=1 with demo data
make shell DB=name       Odoo's shell; runs a script given on standard input:
                         make -s shell DB=name < script.py
make serve DB=name       Look at a database in the browser (PORT=8069)
make update DB=name      Update the addon in a database
make dropdb DB=name      Remove a database

make stop                Stop this checkout's servers, PostgreSQL included
make clean               Remove .dev: databases, Odoo, virtual environment
make upgrade             Fetch Debian's newest Odoo 19

Variables: ODOO_PATH=/path/to/odoo (a 19.0 checkout), PGHOST PGPORT PGUSER
PGPASSWORD (a server), DEBIAN_MIRROR=http://.../debian, PYTHON=python3.12.
More in docs/development.md."""


ADVICE = {
    errno.ENOSPC: "the disk is full: free some space, then start again",
    errno.EACCES: "it belongs to another user: work as that user, or `make clean` it",
    errno.EROFS: "the disk is read-only: work in another place",
}


def main(arguments=None):
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        return options.run(options) or 0
    except Problem as problem:
        return _failed(options, str(problem))
    except OSError as error:
        return _failed(options, _explained(error))
    except KeyboardInterrupt:
        return _failed(options, "interrupted; what was there before is unchanged")


def _interrupt(*_):
    raise KeyboardInterrupt


def _failed(options, text):
    sys.stdout.flush()
    print(f"make {options.command}: {text}", file=sys.stderr, flush=True)
    if options.command in ("test", "stress"):
        say("0 passed, 1 failed")
    return 1


def _explained(error):
    """What to do about the commonest failures of the machine itself."""
    where = f"{error.filename}: " if error.filename else ""
    name = os.strerror(error.errno) if error.errno else str(error)
    advice = ADVICE.get(error.errno)
    return f"{where}{name}" + (f"; {advice}." if advice else ".")


def _parser():
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, (run, flags) in COMMANDS.items():
        command = commands.add_parser(name)
        command.set_defaults(run=run)
        for flag in flags:
            command.add_argument(flag, default="")
    return parser


def _environment(**options):
    return environment.prepare(settings.load(), **options)


def _database(options):
    if not options.db:
        raise Problem(f"Name the database: make {options.command} DB=name.")
    database.check_name(options.db)
    return options.db


def _existing(env, options):
    name = _database(options)
    if not database.exists(env, name):
        raise Problem(f"There is no database {name}: make db DB={name} creates it.")
    return name


# -- the demo ------------------------------------------------------------------


def run_demo(options):
    """Serve the demo company, after making whatever is missing."""
    place = settings.load()
    port = server.check_port(place, options.port)
    env = environment.prepare(place)
    summary = demo.prepare(env)
    banner = demo.banner(summary, port)
    return server.serve(env, demo.NAME, port, banner)


def stop(_options):
    """Stop the servers of this checkout."""
    place = settings.load()
    count = server.stop_all(place)
    with_database = not place.external_server and postgres.stop_all(place)
    say(f"{count} servers stopped" + (", PostgreSQL too" if with_database else ""))


def clean(options):
    """Remove what was made in the checkout; downloads stay in the cache."""
    place = settings.load()
    if place.dev.exists():
        stop(options)
        if place.external_server:
            database.drop_all(place, postgres.prepare(place))
        with console.step(f"Removing {place.dev}"):
            shutil.rmtree(place.dev)
    say(f"{place.dev} is removed; downloads stay in {place.cache}")


def upgrade(_options):
    """Fetch the newest Odoo 19 Debian has."""
    place = settings.load()
    place.dev.mkdir(exist_ok=True)
    say(f"Odoo {environment.upgrade(place)} is used from now on")


# -- databases -----------------------------------------------------------------


def new_database(options):
    """Create a database with the addon."""
    name = _database(options)
    env = _environment()
    if database.exists(env, name):
        raise Problem(
            f"The database {name} exists already: make dropdb DB={name} removes it."
        )
    database.fresh(env, name, demo=options.demo not in ("", "0"))
    say(f"Database {name} is ready: make shell DB={name}, make serve DB={name}")


def drop_database(options):
    """Remove a database and its files."""
    env = _environment()
    database.drop(env, _existing(env, options))


def update(options):
    """Update the addon in a database."""
    env = _environment()
    name = _existing(env, options)
    with console.step(f"Updating {settings.ADDON} in {name}"):
        log = env.settings.log / f"update-{name}.log"
        odoo.update(env, name, ["-u", settings.ADDON], log)


def shell(options):
    """Open Odoo's shell, or run the script on standard input."""
    console.use_stderr()
    env = _environment()
    name = _existing(env, options)
    server.become(
        env, env.command("shell", "-d", name, "--log-level=warn", "--no-http")
    )


def serve(options):
    """Serve a database in the foreground."""
    place = settings.load()
    port = server.check_port(place, options.port or "8069")
    env = environment.prepare(place)
    name = _existing(env, options)
    banner = ["", f"http://127.0.0.1:{port} serves {name}; log in as admin / admin"]
    return server.serve(env, name, port, banner)


# -- checks --------------------------------------------------------------------


def test(options):
    """Run the tests; lint first when no part of them was named."""
    return runner.run(_environment(for_tests=True), options.tests)


def under_fire(options):
    """Kill processes that dun, and repeat the concurrency tests."""
    env = _environment(for_tests=True)
    return stress.run(env, options.kills, options.rounds, options.seed)


def check(_options):
    """Run the checks that need no database."""
    failed = lint.run(_environment())
    say(f"lint: {len(failed)} of {len(lint.CHECKS)} checks failed")
    return 1 if failed else 0


def benchmark(options):
    """Measure the engine; write the table and the picture of the README."""
    bench.run(_environment(), options.sizes, options.peer, options.part)


def past_one_machine(options):
    """Try several hosts and a replica; write docs/scale.md."""
    scale.run(_environment(), options.part)


def backtest(options):
    """Compare the forecasts that a database would have made with what came."""
    env = _environment()
    name = _existing(env, options)
    script = env.settings.root / "dev/scripts/backtest.py"
    with console.step(f"Forecasting the past in {name}"):
        output = odoo.script(env, name, script)
    say(output.rstrip())


def samples(options):
    """Write messages of platforms about the open invoices of a database."""
    env = _environment()
    name = _existing(env, options)
    output = odoo.script(env, name, env.settings.root / "dev/scripts/samples.py")
    say(output.rstrip())


def reformat(_options):
    """Put the Python files in the common form."""
    lint.reformat(_environment())


def show_help(_options):
    """List the targets."""
    say(HELP)


COMMANDS = {
    "run": (run_demo, ["--port"]),
    "test": (test, ["--tests"]),
    "stress": (under_fire, ["--kills", "--rounds", "--seed"]),
    "bench": (benchmark, ["--sizes", "--peer", "--part"]),
    "scale": (past_one_machine, ["--part"]),
    "backtest": (backtest, ["--db"]),
    "samples": (samples, ["--db"]),
    "lint": (check, []),
    "format": (reformat, []),
    "db": (new_database, ["--db", "--demo"]),
    "shell": (shell, ["--db"]),
    "serve": (serve, ["--db", "--port"]),
    "update": (update, ["--db"]),
    "dropdb": (drop_database, ["--db"]),
    "stop": (stop, []),
    "clean": (clean, []),
    "upgrade": (upgrade, []),
    "help": (show_help, []),
}
