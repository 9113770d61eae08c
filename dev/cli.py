"""The commands behind ``make``."""

import argparse
import os
import sys

from dev import console, database, environment, lint, odoo, runner, settings
from dev.console import Problem, say


def main(arguments=None):
    """Run one command; return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options) or 0
    except Problem as problem:
        sys.stdout.flush()
        print(f"make {options.command}: {problem}", file=sys.stderr, flush=True)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130


def _parser():
    parser = argparse.ArgumentParser(prog="python3 -m dev", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name, run, flags in (
        ("db", new_database, ["--db", "--demo"]),
        ("dropdb", drop_database, ["--db"]),
        ("shell", shell, ["--db"]),
        ("serve", serve, ["--db", "--port"]),
        ("update", update, ["--db"]),
        ("test", test, ["--tests"]),
        ("lint", check, []),
        ("format", reformat, []),
    ):
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
    command = env.command("shell", "-d", name, "--log-level=warn", "--no-http")
    _become(env, command)


def serve(options):
    """Serve a database in the foreground."""
    env = _environment()
    name = _existing(env, options)
    port = options.port or "8069"
    say(f"http://127.0.0.1:{port} serves {name}, login admin / admin; Ctrl-C stops it")
    _become(env, env.command("-d", name, f"--http-port={port}"))


def _become(env, command):
    """Continue as Odoo, which then owns the terminal and the exit status."""
    os.execve(command[0], command, env.variables())


def test(options):
    """Run the tests; lint first when no part of them was named."""
    return runner.run(_environment(for_tests=True), options.tests)


def check(_options):
    """Run the checks that need no database."""
    failed = lint.run(_environment())
    say(f"lint: {len(failed)} of {len(lint.CHECKS)} checks failed")
    return 1 if failed else 0


def reformat(_options):
    """Put the Python files in the common form."""
    lint.reformat(_environment())
