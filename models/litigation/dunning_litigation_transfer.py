from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.closing import TRANSFERRED


class DunningLitigation(models.Model):
    """What an accountant moves to the account of doubtful debts is owed there: the
    litigation covers it as well, as long as it stands."""

    _inherit = "dunning.litigation"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    transferred_line_ids = fields.Many2many(
        "account.move.line",
        "dunning_litigation_transferred_rel",
        "litigation_id",
        "line_id",
        string="Doubtful Debts",
        readonly=True,
        copy=False,
        help="Items on another account, in the place of those handed over.",
    )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_transfers(self):
        """Cover what stands in the place of the items, as long as it does."""
        found = self._find_transferred(self.move_line_ids)
        lines = self.env["account.move.line"]
        for litigation in self:
            covered = lines.browse(
                {id_ for item in litigation.move_line_ids for id_ in found[item.id]}
            )
            if covered != litigation.transferred_line_ids:
                litigation.transferred_line_ids = covered

    @api.model
    def _find_transferred(self, items):
        """Return the items to which an entry has moved others. While it is changed as a
        draft it keeps them reconciled.

        :return: dict of journal item id to list of ids
        """
        found = defaultdict(list)
        if not items:
            return found
        rows = self.env.execute_query(
            SQL(
                """
                -- What an entry is, is asked once for each item, not for each of
                -- the lines in its place.
                WITH moved AS MATERIALIZED (
                         SELECT DISTINCT item.id,
                                item.partner_id,
                                item.account_id,
                                entry.id AS entry_id
                           FROM %(matching)s
                          WHERE matched.kind = %(transferred)s
                            AND entry.state != 'cancel'
                     )
                SELECT moved.id, ARRAY_AGG(DISTINCT other.id)
                  FROM moved
                  JOIN account_move_line other
                    ON other.move_id = moved.entry_id
                   AND other.partner_id = moved.partner_id
                   AND other.account_id != moved.account_id
                   AND other.balance > 0
                  JOIN account_account place ON place.id = other.account_id
                 WHERE place.account_type = 'asset_receivable'
              GROUP BY moved.id
                """,
                matching=items._dunning_get_matching_sql(),
                transferred=TRANSFERRED,
            )
        )
        found.update(rows)
        return found

    def _get_ordered_items(self):
        # EXTENDS 'dunning.withholding'
        items = self.move_line_ids | self.transferred_line_ids
        return items._dunning_by_due_date()

    @api.model
    def _get_domain_of_items(self, items):
        # EXTENDS 'dunning.withholding'
        found = fields.Domain("transferred_line_ids", "in", items.ids)
        return super()._get_domain_of_items(items) | found

    @api.model
    def _get_query_of_items(self, items):
        # EXTENDS 'dunning.withholding'
        field = self._fields["transferred_line_ids"]
        return SQL(
            "%s UNION ALL SELECT FROM %s WHERE %s = ANY(%s)",
            super()._get_query_of_items(items),
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            items.ids,
        )
