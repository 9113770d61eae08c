"""What happens to a database over the years: the addon is installed on a ledger,
updated, uninstalled. Odoo's tests run inside one version of one database, so these
work on databases of their own, from outside."""

import contextlib
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dev import database, odoo, testlog
from dev.console import Problem, step
from dev.settings import ADDON

# Former versions, as git keeps them: `git archive --prefix=account_dunning/`, without
# what is not installed.
FIRST_VERSION = "dev/fixtures/first_version.zip"
VERSION_1_3 = "dev/fixtures/version_1_3.zip"
VERSION_1_8 = "dev/fixtures/version_1_8.zip"
# Rows of these change while Odoo works, whatever is installed.
RESTLESS = ("ir_", "bus_", "res_users_log", "res_device", "base_registry_signaling")
# Installing an addon with settings and groups writes to these: administrators get the
# groups. When they were written last is not what they hold.
WRITTEN = {
    f"{table}.{column}"
    for table in ("res_company", "res_groups", "res_partner")
    for column in ("write_date", "write_uid")
}
# The PDFs of invoices that e-mails attach are made by Odoo's own "Send & Print", which
# notes on the invoices that they were sent: they were.
WRITTEN |= {
    "account_move.is_manually_modified",
    "account_move.is_move_sent",
    "account_move.message_main_attachment_id",
    "account_move.write_date",
    "account_move.write_uid",
    "account_move_line.write_date",
    "account_move_line.write_uid",
}
# Tables to which nothing may have been added either.
LEDGER = ("account_", "res_partner", "res_company", "product_")


def run(env):
    """Run every check, at the same time.

    :return: one line for each check that failed, with what it found
    """
    with (
        step(f"Checking: {', '.join(CHECKS)}"),
        ThreadPoolExecutor(len(CHECKS)) as pool,
    ):
        found = list(pool.map(lambda check: _found(env, check), CHECKS.values()))
    return [
        f"{name}: {line}"
        for name, lines in zip(CHECKS, found, strict=True)
        for line in lines
    ]


def _found(env, check):
    with _scratch(env) as name:
        try:
            return check(env, name)
        except Problem as problem:
            return [str(problem)]


@contextlib.contextmanager
def _scratch(env):
    """A database with accounting and a ledger, without the addon."""
    with _named(env) as name:
        database.plain(env, name)
        _script(env, name, "ledger")
        yield name


@contextlib.contextmanager
def _named(env):
    """The name of a database that goes when the block ends."""
    name = database.scratch_name(env)
    try:
        yield name
    finally:
        with contextlib.suppress(Problem):
            database.drop(env, name)


def _script(env, name, what, *options):
    path = env.settings.root / f"dev/scripts/life_{what}.py"
    return odoo.script(env, name, path, *options)


def _noise(env, name, what):
    """Warnings and errors a script left in Odoo's log."""
    log = env.settings.log / f"life_{what}-{name}.log"
    return [f"said by {what}: {line}" for line in testlog.noise_of(log)]


def _update(env, name, *arguments):
    log = env.settings.log / f"life-{name}.log"
    odoo.update(env, name, list(arguments), log)


# -- uninstalling --------------------------------------------------------------


def check_uninstall(env, name):
    """Uninstalling leaves the ledger as it was, and nothing of the addon."""
    before = _columns(env, name)
    last_ids = _last_ids(env, name, before)
    sums = _sums(env, name, before, last_ids)
    _update(env, name, "-i", ADDON)
    _script(env, name, "dunning")
    _script(env, name, "agreements")
    _script(env, name, "uninstall")
    after = _columns(env, name)
    return [
        *_noise(env, name, "uninstall"),
        *(f"left: {table}" for table in sorted(after.keys() - before.keys())),
        *_left_columns(before, after),
        *_differing(sums, _sums(env, name, before, last_ids)),
        *_mentions(env, name, after),
    ]


def _columns(env, name):
    """The columns of each table."""
    rows = env.server.query(
        """
        SELECT table_name, string_agg(quote_ident(column_name), ', '
                                      ORDER BY ordinal_position)
          FROM information_schema.columns
          JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
      GROUP BY table_name
        """,
        name,
    )
    return {table: text for table, text in (row.split("|") for row in rows)}


def _left_columns(before, after):
    for table in before.keys() & after.keys():
        left = set(after[table].split(", ")) - set(before[table].split(", "))
        yield from (f"left: {table}.{column}" for column in sorted(left))
    yield from (f"lost: {table}" for table in before.keys() - after.keys())


def _last_ids(env, name, columns):
    """The highest id of each table outside the ledger, which may grow."""
    tables = [
        table
        for table, text in columns.items()
        if "id" in text.split(", ") and not table.startswith(LEDGER)
    ]
    query = " UNION ALL ".join(
        f"SELECT '{table}', COALESCE(MAX(id), 0) FROM {table}" for table in tables
    )
    rows = env.server.query(query, name)
    return {table: last for table, last in (row.split("|") for row in rows)}


def _sums(env, name, columns, last_ids):
    """A checksum of each column: of every row of the ledger's tables, of the rows
    that were there of the others."""
    parts = []
    for table, text in columns.items():
        if table.startswith(RESTLESS) or not (
            table in last_ids or table.startswith(LEDGER)
        ):
            continue
        where = f" WHERE id <= {last_ids[table]}" if table in last_ids else ""
        parts += [
            f"SELECT '{table}.{column}', COUNT(*),"
            f" md5(string_agg(md5({column}::text), '' ORDER BY rows.*::text))"
            f" FROM (SELECT {text} FROM {table}{where}) AS rows"
            for column in text.split(", ")
        ]
    return set(env.server.query(" UNION ALL ".join(parts), name))


def _differing(before, after):
    columns = {row.split("|")[0] for row in before ^ after}
    return [f"changed: {column}" for column in sorted(columns - WRITTEN)]


def _mentions(env, name, columns):
    """Rows that still speak of the addon. The list of modules knows it; what was
    written to customers and noted on invoices is theirs; and what Odoo has written
    down of models for other modules it leaves behind after any addon."""
    kept = {"bus_bus", "ir_logging", "ir_model_constraint", "ir_model_data"}
    # What the list of modules says of the addons that glue.
    kept |= {"ir_module_module", "ir_module_module_dependency"}
    kept |= {"mail_mail", "mail_message"}
    queries = [
        f"SELECT '{table}: ' || left(row_text, 150) FROM (SELECT"
        f" replace(replace({table}::text, '{ADDON}_dev', ''), chr(10), ' ')"
        f" AS row_text FROM {table}) AS rows WHERE row_text ILIKE '%dunning%'"
        for table in columns.keys() - kept
    ]
    queries += [
        f"SELECT 'ir_model_data: ' || name FROM ir_model_data WHERE module = '{ADDON}'",
        "SELECT 'mail_message of ' || model FROM mail_message"
        " WHERE model LIKE 'dunning.%'",
    ]
    rows = env.server.query(" UNION ALL ".join(queries), name)
    return [f"mentioned: {row}" for row in rows]


# -- updating ------------------------------------------------------------------


def check_update(env, name):
    """Updating from the first version keeps what happened."""
    changes, _noise = _compare_update(env, name, FIRST_VERSION, "dunning")
    return [
        *changes,
        *_levels_without_letter(env, name),
        *_reasons_without_category(env, name),
    ]


def check_update_1_3(env, name):
    """Updating from version 1.3, after dunning and all that is agreed, keeps what
    happened, says nothing, and gives what a new installation has."""
    return _check_update(env, name, VERSION_1_3)


def check_update_1_8(env, name):
    """So does updating from version 1.8, of which the views are those that others
    stand on now."""
    return _check_update(env, name, VERSION_1_8)


def _check_update(env, name, version):
    changes, noise = _compare_update(env, name, version, "dunning", "agreements")
    updated = set(_script(env, name, "data").splitlines())
    with _named(env) as new:
        database.fresh(env, new)
        installed = set(_script(env, new, "data").splitlines())
    return [
        *changes,
        *noise,
        *(f"only updated: {line}" for line in sorted(updated - installed)),
        *(f"only installed: {line}" for line in sorted(installed - updated)),
        *_script(env, name, "sent").splitlines(),
    ]


def _compare_update(env, name, version, *scripts):
    """Install a former version, let it live, update it.

    :param version: archive of the version
    :param scripts: what it does
    :return: what of its history has changed, and what the update said
    """
    folder = env.settings.dev / Path(version).stem
    with zipfile.ZipFile(env.settings.root / version) as archive:
        archive.extractall(folder)
    paths = _addons_path(env)
    old = ",".join([str(folder), *(path for path in paths if path != _own(env))])
    _update(env, name, "-i", ADDON, f"--addons-path={old}")
    for script in scripts:
        _script(env, name, script, f"--addons-path={old}")
    columns = _history_columns(env, name)
    before = _history(env, name, columns)
    _update(env, name, "-u", ADDON)
    noise = testlog.noise_of(env.settings.log / f"life-{name}.log")
    after = _history(env, name, columns)
    changes = [
        *(f"{table}: nothing to compare" for table in HISTORY if not before[table]),
        *(
            f"{table} changed: {sorted(rows - after[table])[:4]}"
            for table, rows in before.items()
            # An update may bring further levels.
            if rows - after[table]
        ),
    ]
    return changes, [f"said: {line}" for line in noise]


def _levels_without_letter(env, name):
    """What goes by post needs a text, which the first version did not know."""
    rows = env.server.query(
        "SELECT name->>'en_US' FROM dunning_level WHERE letter_template_id IS NULL"
        " AND channel IN ('letter', 'registered')",
        name,
    )
    return [f"without a text for its letter: {row}" for row in rows]


def _reasons_without_category(env, name):
    """The reasons that were shipped are those of disputes, too."""
    rows = env.server.query(
        "SELECT name->>'en_US' FROM dunning_reason WHERE category IS NULL", name
    )
    return [f"without a category: {row}" for row in rows]


def _own(env):
    return str(env.settings.dev / "addons")


def _addons_path(env):
    [line] = [
        line
        for line in env.conf.read_text().splitlines()
        if line.startswith("addons_path")
    ]
    return line.partition("=")[2].strip().split(",")


# What must not change; columns that the first version has not got are passed over.
HISTORY = {
    "dunning_action": "id partner_id company_id kind scenario_id level_id run_id"
    " channel execution date user_id amount date_due state state_before date_done"
    " done_user_id reason_id cancel_cause failure mail_id",
    "dunning_action_line": "id action_id state drop_cause level_id move_line_id"
    " move_id item_ref name date_due currency_id amount_residual amount_withheld",
    "dunning_hold": "id partner_id company_id scope amount date_end reason_id origin"
    " date_released",
    "dunning_item_state": "move_line_id level_id date",
    "dunning_level": "id scenario_id name delay_days gap_days channel execution",
    "dunning_run": "id company_id date state action_count item_count",
}


def _history_columns(env, name):
    columns = _columns(env, name)
    return {
        table: [name for name in text.split() if name in columns[table].split(", ")]
        for table, text in HISTORY.items()
    }


def _history(env, name, columns):
    return {
        table: set(env.server.query(f"SELECT {', '.join(kept)} FROM {table}", name))
        for table, kept in columns.items()
    }


CHECKS = {
    "uninstalling": check_uninstall,
    "updating from the first version": check_update,
    "updating from version 1.3": check_update_1_3,
    "updating from version 1.8": check_update_1_8,
}
