from odoo import Command, fields
from odoo.tests import new_test_user

from .common import DunningCommon


class ChangeCommon(DunningCommon):
    """Customers with promises, disputes, holds and actions, and accountants who have
    no rights on dunning."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"dunning_promise_tolerance": 3, "dunning_promise_tolerance_amount": 0}
        )
        cls.reminder, cls.second, cls.notice = cls._set_levels(
            [("Reminder", 5, {}), ("Second", 15, {}), ("Notice", 30, {})]
        )
        cls.reason = cls.env["dunning.reason"].create(
            {"name": "Wrong Price", "delay_days": 3}
        )
        cls.other = cls._create_customer("Other")
        cls.group = cls._create_customer("Group", is_company=True)
        cls.accountant = new_test_user(
            cls.env,
            "accountant",
            "account.group_account_user,base.group_partner_manager",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    def _get_items(self, items):
        return self._items(items) if items._name == "account.move" else items

    def _promise(self, items, *lines, **values):
        return (
            self.env["dunning.promise"]
            .with_user(self.collector)
            .create(
                {
                    "partner_id": items.partner_id.commercial_partner_id.id,
                    "move_line_ids": [Command.set(self._get_items(items).ids)],
                    "line_ids": [
                        Command.create({"date": self._day(day), "amount": amount})
                        for day, amount in lines
                    ],
                    **values,
                }
            )
            .sudo()
        )

    def _dispute(self, items, amount=0, **values):
        return (
            self.env["dunning.dispute"]
            .with_user(self.collector)
            .create(
                {
                    "move_line_ids": [Command.set(self._get_items(items).ids)],
                    "reason_id": self.reason.id,
                    "amount": amount,
                    **values,
                }
            )
            .sudo()
        )

    def _attach(self, customer=None, parent=None):
        """Make a customer a contact of another one, as in the form of contacts."""
        customer = (customer or self.customer).with_user(self.accountant)
        customer.write({"parent_id": (parent or self.group).id})
        self.assertAgendaTrue()

    def _readdress(self, invoice, partner):
        """Give an invoice to another customer, as accountants do."""
        invoice = invoice.with_user(self.accountant)
        invoice.button_draft()
        invoice.partner_id = partner
        invoice.action_post()
        self.assertAgendaTrue()

    def _pay_as_accountant(self, invoice, amount=None):
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": amount or invoice.amount_residual})
        )
        return wizard._create_payments()

    def _reconcile_bank_line(self, invoice, amount):
        """Match a bank line with an invoice, as the bank reconciliation does."""
        bank_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": fields.Date.today(),
                "payment_ref": "Transfer",
                "amount": amount,
                "partner_id": invoice.partner_id.id,
            }
        )
        bank_line = bank_line.with_user(self.accountant).with_context(
            force_delete=True, skip_readonly_check=True
        )
        _liquidity, suspense, _others = bank_line._seek_for_lines()
        item = self._items(invoice)
        bank_line.line_ids = [
            Command.delete(suspense.id),
            Command.create(
                {
                    "account_id": item.account_id.id,
                    "partner_id": item.partner_id.id,
                    "balance": -amount,
                }
            ),
        ]
        (self._items(bank_line.move_id) + item).reconcile()
        return bank_line

    # ------------------------------------------------------------------
    # ASSERTIONS
    # ------------------------------------------------------------------

    def assertHeld(self, item, amount):
        """Check what the plan of today takes for kept out of an item."""
        item = self._items(item)
        scope = self.company._dunning_scope()
        rows = self.env.execute_query_dict(self.env["dunning.plan"]._get_query(scope))
        [row] = [row for row in rows if row["id"] == item.id]
        if row["reason"] == "held":
            return self.assertEqual(row["residual"], amount)
        return self.assertEqual(row["withheld"], amount)

    def assertAgendaTrue(self):
        """Compare the open actions with what a new plan would do without them."""
        actions = self.env["dunning.action"].search(
            [("state", "in", ("to_validate", "todo")), ("kind", "=", "step")]
        )
        scope = self.company._dunning_scope(without_actions=actions.ids)
        rows = self.env.execute_query_dict(self.env["dunning.plan"]._get_query(scope))
        planned = {
            (row["id"], row["level_id"], row["partner_id"])
            for row in rows
            if row["decision"] == "step"
        }
        found = {
            (line.move_line_id.id, line.level_id.id, line.action_id.partner_id.id)
            for line in actions.line_ids
            if line.state == "open" and line.level_id
        }
        self.assertLessEqual(found, planned)
