"""Databases: templates built once, copies made in a second.

Two layers of templates. The base holds Odoo with the modules the addon depends
on; it changes with Odoo's version or the list of modules. The addon's template
is a copy of it with the addon installed; it changes with the addon's files,
tests excepted. Both are built under another name and renamed when complete.
"""

import ast
import contextlib
import hashlib
import itertools
import os
import re
import shutil
from pathlib import Path

from dev import odoo
from dev.console import Problem, step
from dev.environment import DEV_ADDON
from dev.settings import ADDON
from dev.system import Busy, lock, need_space, side_by_side

COUNTRY_MODULE = "l10n_fr_account"
# Pays without a bank, for tests and for the demo company.
TEST_PROVIDER = "payment_demo"
LANGUAGES = "en_US,fr_FR"
# Set before accounting is installed, the country decides the chart of accounts.
FRENCH_COMPANY = """
UPDATE res_partner
   SET country_id = (SELECT id FROM res_country WHERE code = 'FR')
 WHERE id = (SELECT partner_id FROM res_company ORDER BY id LIMIT 1)
"""
KEPT_TEMPLATES = 2
_numbers = itertools.count(1)
# Files of these folders never reach the database.
OUTSIDE = {"tests", "dev", "benchmarks", "docs", "build", "dist", "node_modules"}
OUTSIDE_STATIC = {"src", "tests", "lib"}
SUFFIXES = {".py", ".xml", ".csv", ".po", ".pot", ".sql", ".svg", ".png", ".yml"}
DATABASE_NAME = re.compile(r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$")


def check_name(name):
    """:raise Problem: when the name cannot be a database's"""
    if not DATABASE_NAME.match(name):
        raise Problem(
            f"`{name}` cannot be a database's name: use letters, digits and _."
        )


# -- keys --------------------------------------------------------------------


def addon_files(root):
    """Every file of the addon that can change what is in the database."""
    for folder, folders, files in os.walk(root):
        here = Path(folder).relative_to(root)
        left_out = OUTSIDE if here == Path(".") else set()
        if here == Path("static"):
            left_out = OUTSIDE_STATIC
        folders[:] = sorted(
            name
            for name in folders
            if name not in left_out and name != "__pycache__" and name[0] != "."
        )
        for name in sorted(files):
            if Path(name).suffix in SUFFIXES and name[0] != ".":
                yield Path(folder) / name


def addon_hash(settings):
    """Changes when the addon installed from these files would differ."""
    return _hash(settings.root, addon_files(settings.root))


def _hash(root, paths):
    digest = hashlib.sha256()
    for path in paths:
        with contextlib.suppress(FileNotFoundError):
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root)}:{len(content)}:".encode())
            digest.update(content)
    return digest.hexdigest()[:12]


def manifest(settings):
    """The addon's manifest, read without importing anything."""
    try:
        return ast.literal_eval((settings.root / "__manifest__.py").read_text())
    except (SyntaxError, ValueError) as error:
        raise Problem(f"__manifest__.py cannot be read: {error}.") from None


# -- single databases --------------------------------------------------------


def exists(env, name):
    sql = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    return env.server.query(sql) == ["1"]


def drop(env, name):
    """Remove a database and its files, whoever is connected."""
    env.server.query(
        f'ALTER DATABASE "{name}" IS_TEMPLATE false' if exists(env, name) else ""
    )
    env.server.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(env.settings.filestore / name, ignore_errors=True)


def rename(env, old, new):
    """Give a finished database its final name, files first."""
    store = env.settings.filestore
    if (store / new).exists():
        shutil.rmtree(store / new)
    if (store / old).exists():
        (store / old).rename(store / new)
    env.server.query(f'ALTER DATABASE "{old}" RENAME TO "{new}"')


def copy(env, source, target):
    """Make ``target`` a copy of ``source``: rows by the server, files as links.

    The file store never changes a file in place, so hard links are safe.
    """
    check_name(target)
    env.server.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
    origin, copied = env.settings.filestore / source, env.settings.filestore / target
    shutil.rmtree(copied, ignore_errors=True)
    if origin.exists():
        shutil.copytree(origin, copied, copy_function=_link)
    env.server.query(
        "UPDATE ir_config_parameter SET value = gen_random_uuid()"
        " WHERE key IN ('database.uuid', 'database.secret')",
        target,
    )


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


# -- templates ---------------------------------------------------------------


def fresh(env, name, demo=False):
    """Make a database with the addon installed, from a template.

    :param name: the new database
    :param demo: with demonstration data
    """
    for _attempt in range(3):
        template, stable = _addon_template(env, demo)
        if not stable:
            rename(env, template, name)
            return
        with lock(env.settings, template, shared=True):
            if exists(env, template):
                copy(env, template, name)
                return
    raise Problem("The template database keeps disappearing: run `make clean`.")


def plain(env, name):
    """Make a database with the modules the addon depends on, without the addon."""
    _copy_locked(env, _base_template(env), name)


def _prefix(env):
    return f"dunning_{env.settings.checkout_id}"


def _base_template(env):
    """Odoo with the modules the addon depends on."""
    depends = [
        *manifest(env.settings)["depends"],
        *(COUNTRY_MODULE, DEV_ADDON, TEST_PROVIDER),
    ]
    own = env.settings.root / "dev" / "addons"
    seed = f"{env.odoo.version}:{sorted(depends)}:{LANGUAGES}:{FRENCH_COMPANY}"
    seed += _hash(own, sorted(own.rglob("*.py")))
    key = hashlib.sha256(seed.encode()).hexdigest()[:10]
    name = f"{_prefix(env)}_base_bare_{key}"
    with lock(env.settings, name):
        if not exists(env, name):
            _build_base(env, name, sorted(set(depends)))
    return name


def _build_base(env, name, modules):
    need_space(env.settings.dev, 1000, "the template databases")
    draft = _draft(env, "base")
    log = env.settings.log / f"{name}.log"
    with _dropped_on_failure(env, draft):
        with step("Installing Odoo"):
            arguments = ["-i", "base", f"--load-language={LANGUAGES}"]
            odoo.update(env, draft, arguments, env.settings.log / f"{name}-base.log")
        env.server.query(FRENCH_COMPANY, draft)
        with step("Installing Odoo's accounting"):
            odoo.update(env, draft, ["-i", ",".join(modules)], log)
    _finish(env, draft, name)
    _prune(env, f"{_prefix(env)}_base_", KEPT_TEMPLATES)


def _addon_template(env, demo):
    """The template with the addon, and whether it may be kept.

    When the addon's files changed while it was installed, nobody knows which
    state it shows: the database is handed out once and not kept.
    """
    key = addon_hash(env.settings)
    base = _base_template(env)
    family = f"{_prefix(env)}_addon_{'demo' if demo else 'bare'}_"
    name = f"{family}{key}_{base[-4:]}"
    with lock(env.settings, name):
        if exists(env, name):
            return name, True
        draft = _draft(env, "addon")
        with _dropped_on_failure(env, draft):
            if demo:
                fresh(env, draft)
                side_by_side(
                    lambda: _build_demo(env, draft), lambda: _build_bundles(env, draft)
                )
            else:
                _copy_locked(env, base, draft)
                with step(f"Installing {ADDON}"):
                    log = env.settings.log / f"{name}.log"
                    odoo.update(env, draft, ["-i", ADDON], log)
        if addon_hash(env.settings) != key:
            return draft, False
        _finish(env, draft, name)
    _prune(env, family, KEPT_TEMPLATES)
    return name, True


def _build_demo(env, name):
    """Load the demo data of the addon alone: the demo company needs none of Odoo's,
    without which Odoo itself would not load it."""
    with step("Building the demo company"):
        odoo.script(env, name, env.settings.root / "dev/scripts/load_demo.py")


def _build_bundles(env, name):
    with step("Building the web client's files"):
        odoo.script(env, name, env.settings.root / "dev/scripts/assets.py")


def template_log(env):
    """The log of the installation the present addon template came from."""
    base = _base_template(env)
    name = f"{_prefix(env)}_addon_bare_"
    return env.settings.log / f"{name}{addon_hash(env.settings)}_{base[-4:]}.log"


def _copy_locked(env, source, target):
    with lock(env.settings, source, shared=True):
        copy(env, source, target)


def _draft(env, kind):
    """A name of this process's own; what dead processes left goes."""
    _drop_left_overs(env)
    return f"{_prefix(env)}_tmp_{os.getpid()}_{kind}_{next(_numbers)}"


def scratch_name(env):
    """A database name of this process's own, for one run of tests."""
    return _draft(env, "test")


def drop_all(settings, server):
    """Drop every template and scratch database of this checkout."""
    prefix = f"dunning_{settings.checkout_id}_"
    names = server.query(
        f"SELECT datname FROM pg_database WHERE starts_with(datname, '{prefix}')"
    )
    for name in names:
        server.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _drop_left_overs(env):
    """Drop scratch databases of processes that no longer live."""
    pattern = re.compile(rf"^{_prefix(env)}_tmp_(\d+)_")
    for name in env.server.query("SELECT datname FROM pg_database"):
        found = pattern.match(name)
        if found and not Path(f"/proc/{found.group(1)}").exists():
            drop(env, name)


@contextlib.contextmanager
def _dropped_on_failure(env, name):
    try:
        yield
    except BaseException:
        with contextlib.suppress(Problem):
            drop(env, name)
        raise


def _finish(env, draft, name):
    """Give a complete template its name and close it to connections."""
    rename(env, draft, name)
    env.server.query(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')


def _prune(env, family, keep):
    """Drop the oldest templates of a family that nobody is copying."""
    names = env.server.query(
        f"SELECT datname FROM pg_database WHERE starts_with(datname, '{family}')"
        " ORDER BY oid DESC"
    )
    for name in names[keep:]:
        with contextlib.suppress(Busy), lock(env.settings, name, wait=False):
            drop(env, name)
