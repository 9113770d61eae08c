from unittest.mock import patch

from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import DunningCommon

FEW, MANY = 5, 50


@tagged("post_install", "-at_install")
class TestQueryCounts(DunningCommon):
    """The number of queries does not depend on the number of customers, as long as
    they fit in one batch."""

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

    def _run_actions(self, invoices):
        actions = self.company._dunning_run().action_ids
        self.assertEqual(len(actions), len(invoices))
        # As a list view gives them: not by way of the run.
        return actions.browse(actions.ids)

    # ------------------------------------------------------------------
    # THE WAY OF THE DATA
    # ------------------------------------------------------------------

    def test_the_plan_is_one_statement(self):
        self.assertConstant(lambda invoices, _: self.company._dunning_plan())

    def test_a_run_with_emails(self):
        self.assertConstant(lambda invoices, _: self._run_actions(invoices))

    def test_a_run_with_manual_actions(self):
        self.scenario.level_ids.write({"channel": "call", "execution": "manual"})
        self.assertConstant(lambda invoices, _: self._run_actions(invoices))

    def test_sending_emails(self):
        self.assertConstant(
            lambda invoices, actions: actions.action_execute(), self._run_actions
        )

    def test_the_scheduled_action_that_sends(self):
        with self._without_commits():
            self.assertConstant(
                lambda invoices, actions: actions.sudo()._cron_execute(),
                self._run_actions,
            )

    def test_carrying_out_manual_actions(self):
        self.scenario.level_ids.write({"channel": "call", "execution": "manual"})
        self.assertConstant(
            lambda invoices, actions: actions.action_execute(), self._run_actions
        )

    def _promise(self, invoices):
        """Have the customers promise to pay what they will be reminded of today."""
        self._go_to(-7)
        self.company.dunning_promise_reminder_days = 3
        self.env["dunning.promise"].create(
            [
                {
                    "partner_id": item.partner_id.id,
                    "move_line_ids": [Command.set(item.ids)],
                    "line_ids": [Command.create({"date": self._day(3), "amount": 100})],
                }
                for item in self._items(invoices)
            ]
        )
        self._go_to(0)

    def _remind(self, invoices):
        self._promise(invoices)
        return self._run_actions(invoices)

    def test_a_run_that_reminds_of_promises(self):
        self.assertConstant(
            lambda invoices, _: self._run_actions(invoices), self._promise
        )

    def test_sending_reminders_of_promises(self):
        self.assertConstant(
            lambda invoices, actions: actions.action_execute(), self._remind
        )

    def test_following_the_ledger(self):
        self.assertConstant(
            lambda invoices, actions: actions._refresh_customers(
                self.company, invoices.partner_id
            ),
            self._run_actions,
        )

    def test_following_payments(self):
        def pay(invoices):
            actions = self._run_actions(invoices)
            self.env.cr.execute(
                SQL(
                    "UPDATE account_move_line SET reconciled = TRUE WHERE id IN %s",
                    self._items(invoices)._ids,
                )
            )
            return actions

        self.assertConstant(
            lambda invoices, actions: actions._refresh_customers(
                self.company, invoices.partner_id
            ),
            pay,
        )

    # ------------------------------------------------------------------
    # SCREENS
    # ------------------------------------------------------------------

    def test_lists_of_invoices(self):
        names = [
            name
            for name in self.env["account.move"]._fields
            if name.startswith("dunning_")
        ]
        self.assertConstant(lambda invoices, _: invoices.read(names))

    def test_lists(self):
        for model in ("dunning.action", "dunning.item", "dunning.run", "res.partner"):
            with self.subTest(model=model):
                records = self.env[model].with_user(self.collector)
                names = self._get_listed_fields(records)
                self.assertConstant(
                    lambda *args, records=records, names=names: records.search([]).read(
                        names
                    ),
                    self._run_actions,
                )

    def _get_listed_fields(self, records):
        """Return the fields of all lists and kanban views of a model."""
        views = self.env["ir.ui.view"].search(
            [("model", "=", records._name), ("type", "in", ["list", "kanban"])]
        )
        names = set()
        for view in views.filtered(lambda view: not view.inherit_id):
            arch = records.get_view(view.id, view.type)["arch"]
            found = etree.fromstring(arch).xpath("//field/@name")
            names |= {name for name in found if name in records._fields}
        self.assertTrue(names, "no list to look at")
        return sorted(records.fields_get(names, attributes=["type"]))
