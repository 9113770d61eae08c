"""What was entered for a contact counted for nothing: it is of its customer."""

from odoo.tools import SQL

TABLES = ("dunning_acknowledgement", "dunning_contract_rate", "dunning_solvency")


def migrate(cr, version):
    for table in TABLES:
        cr.execute(
            SQL(
                """
                UPDATE %s kept
                   SET partner_id = contact.commercial_partner_id
                  FROM res_partner contact
                 WHERE contact.id = kept.partner_id
                   AND contact.commercial_partner_id != contact.id
                """,
                SQL.identifier(table),
            )
        )
