from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..query_counts import QueryCountsCommon


@tagged("post_install", "-at_install")
class TestDisputeMany(QueryCountsCommon):
    """An import that reconciles many items settles their disputes together: as many
    queries for few as for many, and no message where nothing is to be told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["dunning.reason"].create({"name": "Wrong Price"})
        cls.disputes = cls.env["dunning.dispute"].create(
            [
                {
                    "move_line_ids": [Command.set(cls._items(invoice).ids)],
                    "reason_id": cls.reason.id,
                    "amount": 60,
                    "user_id": cls.collector.id,
                }
                for invoice in cls.invoices
            ]
        )

    def _change_residual(self, invoices, residual):
        """Change what is left to pay, in SQL: reconciling itself takes its time."""
        items = self._items(invoices)
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET amount_residual = %(residual)s,"
                " amount_residual_currency = %(residual)s,"
                " reconciled = %(residual)s = 0 WHERE id IN %(items)s",
                residual=residual,
                items=items._ids,
            )
        )
        self.env.invalidate_all()
        return items

    def _settle(self, items):
        """Follow the change of items.

        :return: their disputes
        """
        items._dunning_ledger_changed()
        return self.disputes.search([("move_line_ids", "in", items.ids)])

    def test_many_disputes_close_together(self):
        messages = self.env["mail.message"].search_count([])

        def settle(_invoices, items):
            disputes = self._settle(items)
            self.assertEqual(set(disputes.mapped("closed_by")), {"paid"})
            self.assertEqual(self.env["mail.message"].search_count([]), messages)

        self.assertConstant(settle, lambda found: self._change_residual(found, 0))

    def test_many_disputes_shrink_together(self):
        def settle(_invoices, items):
            disputes = self._settle(items)
            self.assertEqual(set(disputes.mapped("amount_held")), {50})

        self.assertConstant(settle, lambda found: self._change_residual(found, 50))

    def test_many_disputes_reopen_together(self):
        def close(invoices):
            self._settle(self._change_residual(invoices, 0))
            return self._change_residual(invoices, 100)

        def settle(_invoices, items):
            disputes = self._settle(items)
            self.assertEqual(set(disputes.mapped("state")), {"new"})
            self.assertEqual(len(disputes.activity_ids), len(disputes))

        self.assertConstant(settle, close)
