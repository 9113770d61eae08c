from unittest.mock import patch

from odoo import Command
from odoo.tools import SQL

from .common import DunningCommon

FEW, MANY = 5, 50


class QueryCountsCommon(DunningCommon):
    """Counts the queries made for few and for many customers, of one invoice each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"c{number}@example.com"}
                for number in range(MANY)
            ]
        )
        cls.invoices = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": customer.id,
                    "invoice_date": cls._day(-40),
                    "invoice_date_due": cls._day(-10),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Goods", "price_unit": 100, "tax_ids": []}
                        )
                    ],
                }
                for customer in cls.customers
            ]
        )
        cls.invoices.action_post()

    # ------------------------------------------------------------------
    # COUNTING
    # ------------------------------------------------------------------

    def assertConstant(self, function, prepare=None):
        """Check that a function makes as many queries for few as for many customers.

        :param function: takes the open invoices, and what ``prepare`` returned
        :param prepare: takes the open invoices; its queries are not counted
        """
        # What is read once for all is in the caches afterwards.
        self._count(FEW, function, prepare)
        few = self._count(FEW, function, prepare)
        many = self._count(MANY, function, prepare)
        if sum(few.values()) != sum(many.values()):
            self.fail(self._explain(few, many))

    def _count(self, number, function, prepare):
        """Return how many times each query is made for a number of customers."""
        savepoint = self.env.cr.savepoint()
        queries = {}
        try:
            invoices = self._open_only(self.invoices[:number])
            prepared = prepare(invoices) if prepare else None
            self.env.flush_all()
            self.env.invalidate_all()
            with self._recorded(queries):
                function(invoices, prepared)
                self.env.flush_all()
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
        return queries

    def _open_only(self, invoices):
        """Close all other invoices: in SQL, for posting and paying take their time."""
        lines = self._items(self.invoices - invoices)
        if lines:
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move_line SET reconciled = TRUE WHERE id IN %s",
                    lines._ids,
                )
            )
        self.env.invalidate_all()
        return invoices

    def _recorded(self, queries):
        execute = type(self.env.cr).execute

        def record(cursor, query, params=None, log_exceptions=True):
            text = query.code if isinstance(query, SQL) else query
            queries[text] = queries.get(text, 0) + 1
            return execute(cursor, query, params, log_exceptions)

        return patch.object(type(self.env.cr), "execute", record)

    def _explain(self, few, many):
        lines = [
            f"{few.get(text, 0)} -> {many.get(text, 0)}: {' '.join(text.split())[:300]}"
            for text in {**few, **many}
            if few.get(text, 0) != many.get(text, 0)
        ]
        totals = (
            f"{sum(few.values())} queries for {FEW}, {sum(many.values())} for {MANY}"
        )
        return "\n".join([totals, *sorted(lines)])

    def _without_commits(self):
        return patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1
        )
