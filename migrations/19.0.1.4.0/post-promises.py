"""What was kept, broken, closed or left out for a cause that was not the true one is
told as it is: promises and disputes are settled anew, and the causes of what was left
out are read again from the ledger."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL, split_every

BATCH = 500


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in ("dunning.promise", "dunning.dispute"):
        records = env[name].with_context(active_test=False)
        ids = records.search(records._get_settled_domain(), order="id").ids
        for batch in split_every(BATCH, ids, records.browse):
            batch._settle()
            env.flush_all()
            env.invalidate_all()
    tell_causes(env)


def tell_causes(env):
    """Say of what was left out as paid by what its items were closed."""
    lines = env["dunning.action.line"]
    actions = env["dunning.action"]
    ids = lines.search(
        [("drop_cause", "=", "paid"), ("move_line_id.reconciled", "=", True)]
    ).ids
    changed = set()
    for batch in split_every(BATCH, ids, lines.browse):
        for line in batch:
            if line.closing_cause not in ("paid", False):
                write(env, line, "drop_cause", line.closing_cause)
                changed.add(line.action_id.id)
        env.invalidate_all()
    for action in actions.browse(sorted(changed)):
        if action.cancel_cause == "paid":
            told = action.line_ids.filtered("level_id") or action.line_ids
            causes = {line: line.drop_cause for line in told}
            write(env, action, "cancel_cause", told._get_main_cause(causes))


def write(env, record, name, value):
    """Write a cause alone: what is over concerns nobody any more."""
    env.cr.execute(
        SQL(
            "UPDATE %s SET %s = %s WHERE id = %s",
            SQL.identifier(record._table),
            SQL.identifier(name),
            value,
            record.id,
        )
    )
