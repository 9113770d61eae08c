"""Starting the measurements' processes, making their databases."""

import hashlib
import json
import os
import subprocess
import time

from benchmarks import clock
from dev import database, odoo
from dev.console import Problem, step
from dev.settings import ADDON


def measure(env, name, place, addons="", **options):
    """Run one measurement in a process of its own.

    :param name: database
    :param place: ``module.function`` in this package
    :param addons: a further folder of addons
    :return: dict of figures
    """
    command = [str(env.python), "-m", "benchmarks.process", str(env.conf), name, place]
    log = env.settings.log / f"bench-{place}-{name}.log"
    with open(log, "w") as handle:
        done = subprocess.run(
            [*command, json.dumps(options)],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=handle,
            text=True,
            env=_variables(env, addons),
            cwd=env.settings.root,
        )
    if done.returncode:
        raise Problem(f"{place} failed: {odoo.cause(log)} (log: {log})")
    return json.loads(done.stdout.splitlines()[-1])


def _variables(env, addons):
    variables = env.variables()
    path = [variables["PYTHONPATH"], str(env.settings.root)]
    variables["PYTHONPATH"] = os.pathsep.join(path)
    variables["PYTHONDONTWRITEBYTECODE"] = "1"
    if addons:
        variables["BENCH_ADDONS"] = addons_path(env, addons)
    return variables


def addons_path(env, folder):
    """The addons path of the checkout and one folder more."""
    lines = env.conf.read_text().splitlines()
    [path] = [x.split("=")[1].strip() for x in lines if x.startswith("addons_path")]
    return f"{path},{folder}"


def install(env, name, module=ADDON, addons=""):
    """Install a module; return the seconds it took."""
    arguments = ["-i", module]
    if addons:
        arguments.append(f"--addons-path={addons_path(env, addons)}")
    start = time.perf_counter()
    odoo.update(env, name, arguments, env.settings.log / f"bench-install-{name}.log")
    return time.perf_counter() - start


def copy(env, source, target):
    """Make ``target`` a new copy of ``source``."""
    database.drop(env, target)
    database.copy(env, source, target)


def name(env, kind, size):
    """The name of one of the benchmark's databases."""
    return f"bench_{env.settings.checkout_id}_{kind}_{size}"


def ledger(env, size):
    """The database with a ledger of today and without the addon, made once."""
    family = name(env, "ledger", f"{size}_")
    target = family + _ledger_hash(env)
    if not database.exists(env, target):
        for old in databases(env, family):
            database.drop(env, old)
        with step(f"Building a ledger of {size:,} open items"):
            database.plain(env, f"{family}draft")
            measure(env, f"{family}draft", "ledger.build", items=size)
        database.rename(env, f"{family}draft", target)
    return target


def databases(env, prefix):
    """The databases whose name begins so."""
    return env.server.query(
        f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')"
    )


def _ledger_hash(env):
    """Changes when a ledger built now would differ."""
    source = env.settings.root / "benchmarks" / "ledger.py"
    seed = f"{env.odoo.version}:{clock.first_day()}:{source.read_text()}"
    return hashlib.sha256(seed.encode()).hexdigest()[:6]
