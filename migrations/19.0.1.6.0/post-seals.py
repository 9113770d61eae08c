"""What was done before seals were kept is sealed as it is now."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL
from odoo.tools.misc import split_every

BATCH = 500
SEALED = (
    ("dunning.action", SQL("state = 'done' AND kind != 'start'")),
    ("dunning.sending", SQL("TRUE")),
)


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
    for model, condition in SEALED:
        table = SQL.identifier(env[model]._table)
        rows = env.execute_query(
            SQL("SELECT id FROM %s WHERE %s ORDER BY id", table, condition)
        )
        for ids in split_every(BATCH, [id_ for (id_,) in rows]):
            env["dunning.seal"]._seal(env[model].browse(ids))
            env.flush_all()
            env.invalidate_all()
