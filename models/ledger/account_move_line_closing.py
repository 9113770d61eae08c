from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...tools.closing import CREDITED, PAID, TRANSFERRED, WRITTEN_OFF

# Journals by which money comes in.
PAYMENT_JOURNALS = ("bank", "cash", "credit")
# What is read, by model.
FIELDS = {
    "account.account": ["account_type"],
    "account.journal": ["type"],
    "account.move": ["move_type"],
    "account.move.line": [
        "account_id",
        "balance",
        "journal_id",
        "move_id",
        "partner_id",
        "tax_line_id",
    ],
    "account.partial.reconcile": None,
}
CREDIT_TYPES = ("out_invoice", "out_receipt", "out_refund")


class AccountMoveLine(models.Model):
    """What items were closed by: money, a credit note, or neither. It is the one place
    where the ledger is asked whether somebody has paid."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_matching_sql(self) -> SQL:
        """Return SQL of what is reconciled with these items, see
        :meth:`_dunning_get_matching_of_sql`."""
        return self._dunning_get_matching_of_sql(SQL("ANY(%s)", self.ids))

    @api.model
    def _dunning_get_matching_of_sql(self, items: SQL) -> SQL:
        """Return SQL of what is reconciled with items, the aliases ``partial, item,
        counterpart``, and ``matched``: its ``kind``, and the ``share`` of the amount
        that was written off while paying.

        Money is what comes in by a bank, cash or card journal, or by an entry on a
        bank account. What such an entry has on an income, expense or tax account, or
        moves to another receivable account of the customer, is none.

        :param items: ``ANY(…)`` of their ids
        """
        for name, field_names in FIELDS.items():
            self.env[name].flush_model(field_names)
        return SQL(
            """
            account_partial_reconcile partial
              JOIN account_move_line item
                ON item.id = partial.debit_move_id AND item.id = %(items)s
              JOIN account_move_line counterpart
                ON counterpart.id = partial.credit_move_id
              JOIN account_move entry ON entry.id = counterpart.move_id
              JOIN (%(content)s) content ON content.move_id = entry.id
        CROSS JOIN LATERAL (%(transfer)s) transfer
        CROSS JOIN LATERAL (
                       SELECT CASE WHEN content.is_payment THEN %(paid)s
                                   WHEN entry.move_type IN %(credit_types)s
                                   THEN %(credited)s
                                   WHEN transfer.amount > 0 THEN %(transferred)s
                                   ELSE %(written_off)s
                              END AS kind,
                              CASE WHEN content.is_payment AND content.settled > 0
                                   THEN LEAST(1, GREATEST(0,
                                       COALESCE(content.given_up, 0)
                                       + COALESCE(transfer.own_amount, 0)
                                   ) / content.settled)
                                   ELSE 0
                              END AS share
                   ) matched
            """,
            items=items,
            content=self._dunning_get_content_sql(items),
            transfer=self._dunning_get_transfer_sql(),
            credit_types=CREDIT_TYPES,
            paid=PAID,
            credited=CREDITED,
            transferred=TRANSFERRED,
            written_off=WRITTEN_OFF,
        )

    @api.model
    def _dunning_get_content_sql(self, items: SQL) -> SQL:
        """What the entries are made of that are reconciled with items: each is read
        once, however many items it pays."""
        return SQL(
            """
            SELECT line.move_id,
                   BOOL_OR(
                       journal.type IN %(payments)s
                       OR account.account_type = 'asset_cash' AND line.balance > 0
                   ) AS is_payment,
                   BOOL_OR(
                       account.account_type = 'asset_receivable' AND line.balance > 0
                   ) AS owes,
                   SUM(line.balance) FILTER (
                       WHERE account.account_type ~ '^(income|expense)'
                          OR line.tax_line_id IS NOT NULL
                   ) AS given_up,
                   -SUM(line.balance) FILTER (
                       WHERE account.account_type = 'asset_receivable'
                         AND line.balance < 0
                   ) AS settled
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
              JOIN account_journal journal ON journal.id = line.journal_id
             WHERE line.move_id IN (
                       SELECT counterpart.move_id
                         FROM account_partial_reconcile partial
                         JOIN account_move_line counterpart
                           ON counterpart.id = partial.credit_move_id
                        WHERE partial.debit_move_id = %(items)s
                   )
          GROUP BY line.move_id
            """,
            payments=PAYMENT_JOURNALS,
            items=items,
        )

    @api.model
    def _dunning_get_is_money_sql(self, company: models.BaseModel, alias: str) -> SQL:
        """Return the condition that an item was paid with money, for statements over a
        whole ledger, which do not look into each entry: what it writes off or moves
        elsewhere besides is not told apart. Taken for cheap by the database, it is to
        be asked of rows that are joined already.

        :param alias: of the ``account_move_line`` that an item is reconciled with
        """
        # What a company is to the ledger does not depend on who asks.
        journals_sudo = self.env["account.journal"].sudo()
        journals_sudo = journals_sudo.with_context(active_test=False).search(
            [
                ("type", "in", PAYMENT_JOURNALS),
                ("company_id", "parent_of", company.id),
            ]
        )
        return SQL(
            """
            (
                %(journal)s = ANY(%(journals)s)
                OR EXISTS (
                    SELECT
                      FROM account_move_line line
                      JOIN account_account account ON account.id = line.account_id
                     WHERE line.move_id = %(move)s
                       AND line.journal_id != ALL(%(journals)s)
                       AND line.company_id = %(company)s
                       AND line.balance > 0
                       AND account.account_type = 'asset_cash'
                    -- Keeps it from being worked out for the whole ledger at once.
                    OFFSET 0
                )
            )
            """,
            journal=SQL.identifier(alias, "journal_id"),
            move=SQL.identifier(alias, "move_id"),
            journals=journals_sudo.ids,
            company=company.id,
        )

    @api.model
    def _dunning_get_transfer_sql(self) -> SQL:
        """What an entry moves elsewhere: to another receivable account of the customer,
        or to another customer in one amount."""
        return SQL(
            """
            SELECT SUM(line.balance) AS amount,
                   SUM(line.balance) FILTER (
                       WHERE line.partner_id = counterpart.partner_id
                   ) AS own_amount
              FROM account_move_line line
              JOIN account_account account ON account.id = line.account_id
             WHERE content.owes
               AND line.move_id = counterpart.move_id
               AND line.balance > 0
               AND account.account_type = 'asset_receivable'
               AND (
                   line.partner_id = counterpart.partner_id
                   AND line.account_id != counterpart.account_id
                   OR line.partner_id != counterpart.partner_id
                   AND line.balance = -counterpart.balance
               )
            """
        )

    def _dunning_get_closings(self) -> dict:
        """Return what the items were closed by, wholly or in part.

        :return: dict of item id to list of kind (see ``tools/closing.py``) and amount
            in the currency of the item, the latest first
        """
        closings = defaultdict(list)
        if not self:
            return closings
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id, kind, share, partial.debit_amount_currency
                  FROM %s
                 WHERE partial.debit_amount_currency != 0
              ORDER BY partial.id DESC
                """,
                self._dunning_get_matching_sql(),
            )
        )
        for item_id, kind, share, amount in rows:
            closings[item_id].append((kind, float(amount * (1 - share))))
            if share:
                closings[item_id].append((WRITTEN_OFF, float(amount * share)))
        return closings
