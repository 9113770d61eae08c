"""Numbers of the settings have upper bounds: what was beyond is brought to them, before
the database is told of them."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists

BOUNDS = {
    "dunning_first_contact_days": 365,
    "dunning_call_attempts": 100,
    "dunning_attachment_count": 100,
    "dunning_attachment_size": 100,
    "dunning_promise_max_days": 3650,
}


def migrate(cr, version):
    for name, highest in BOUNDS.items():
        if column_exists(cr, "res_company", name):
            cr.execute(
                SQL(
                    """
                    UPDATE res_company
                       SET %(column)s = LEAST(GREATEST(%(column)s, 0), %(highest)s)
                     WHERE %(column)s NOT BETWEEN 0 AND %(highest)s
                    """,
                    column=SQL.identifier(name),
                    highest=highest,
                )
            )
