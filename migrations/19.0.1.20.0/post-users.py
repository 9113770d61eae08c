"""Customers may delete their access: who works here is kept as who has done something,
and nobody where it was the customer."""

from odoo.tools import SQL

KEPT = (
    ("dunning_action", "done_user_id"),
    ("dunning_dispute", "closed_user_id"),
    ("dunning_hold", "released_user_id"),
    ("dunning_promise", "decision_user_id"),
)


def migrate(cr, version):
    for table, column in KEPT:
        cr.execute(
            SQL(
                """
                UPDATE %(table)s kept
                   SET %(column)s = NULL
                  FROM res_users users
                 WHERE users.id = kept.%(column)s AND users.share
                """,
                table=SQL.identifier(table),
                column=SQL.identifier(column),
            )
        )
