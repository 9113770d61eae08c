import re

from lxml import etree

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .query_counts import QueryCountsCommon

LISTED = (
    "dunning.action",
    "dunning.item",
    "dunning.run",
    "dunning.worklist",
    "res.partner",
)
# What says that a profile is to be read anew.
MARK = "INTO dunning_profile_mark"
# What reads or writes a table of the addon.
OWN_STATEMENT = re.compile(r'(FROM|INTO|UPDATE)\s+"?\w*dunning_')


@tagged("post_install", "-at_install")
class TestQueryCounts(QueryCountsCommon):
    """The number of queries does not depend on the number of customers, as long as
    they fit in one batch."""

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

    def test_promising_for_many_customers(self):
        self.assertConstant(lambda invoices, _: self._promise(invoices))

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

    def _get_own_statements(self, invoice):
        """Register a payment of an invoice; return the statements about dunning."""
        # Another payment before fills the caches.
        self._pay(self.invoices[-1])
        self.env.flush_all()
        statements = {}
        with self._recorded(statements):
            self._pay(invoice)
            self.env.flush_all()
        return [
            text
            for text, count in statements.items()
            for _execution in range(count)
            if OWN_STATEMENT.search(str(text))
        ]

    def test_a_payment_that_concerns_nobody_asks_for_agreements_words_and_actions(self):
        statements = self._get_own_statements(self.invoices[0])
        marks = [text for text in statements if MARK in str(text)]
        # Promises and disputes, what buyers have said, and open actions.
        self.assertEqual(len(statements) - len(marks), 3, statements)
        # All that the profile costs a payment.
        self.assertEqual(len(marks), 1, statements)

    def _count_plans(self, statements):
        return sum("verdict.reason" in str(text) for text in statements)

    def _add_second_invoice(self):
        """Let the action of the first invoice keep another one."""
        self.invoices[1].button_draft()
        self.invoices[1].partner_id = self.invoices[0].partner_id
        self.invoices[1].action_post()

    def test_a_payment_that_leaves_the_rest_plans_nothing_and_writes_twice(self):
        self._add_second_invoice()
        self._run_actions(self.invoices.grouped("partner_id"))
        statements = self._get_own_statements(self.invoices[0])
        self.assertEqual(self._count_plans(statements), 0)
        self.assertEqual(sum("UPDATE" in str(text) for text in statements), 2)
        marks = [text for text in statements if MARK in str(text)]
        self.assertEqual(len(statements) - len(marks), 7, statements)

    def test_a_payment_that_may_change_the_rest_plans_once(self):
        self._add_second_invoice()
        self.scenario.minimum_amount = 50
        self._run_actions(self.invoices.grouped("partner_id"))
        self.scenario.minimum_amount = 100
        statements = self._get_own_statements(self.invoices[0])
        self.assertEqual(self._count_plans(statements), 1)

    def test_a_payment_of_all_that_an_action_lists_plans_nothing(self):
        self._run_actions(self.invoices)
        statements = self._get_own_statements(self.invoices[0])
        self.assertEqual(self._count_plans(statements), 0)

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
        for model in LISTED:
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
