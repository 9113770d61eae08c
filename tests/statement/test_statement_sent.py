from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestStatementSent(DunningCommon):
    """Statements of account that are sent: what they say, and that they leave."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"dunning_statement_scope": "all", "dunning_statement_day": 2}
        )

    def _state(self):
        """Run and send the statements."""
        actions = self._run().action_ids
        return self._execute(actions.filtered(lambda x: x.notice == "statement"))

    def test_what_waits_in_the_queue_leaves_as_long_as_it_is_true(self):
        self._create_invoice(due=-10)
        self._create_payment(amount=30)
        invoice = self._create_invoice(due=10, amount=50)
        [statement] = self._state()
        # As another process reads it, on the day and the next.
        for day in (0, 1):
            self._go_to(day)
            self.env.flush_all()
            self.env.invalidate_all()
            statement.mail_id._dunning_stop_outdated()
            self.assertEqual(
                (statement.state, statement.mail_id.state), ("done", "outgoing")
            )
        mail = statement.mail_id
        self._pay(invoice, 20)
        self.env.invalidate_all()
        mail._dunning_stop_outdated()
        self.assertEqual((statement.state, mail.state), ("todo", "cancel"))

    def test_what_a_discount_leaves_is_said(self):
        terms = self.env["account.payment.term"].create(
            {
                "name": "2/7 Net 30",
                "early_discount": True,
                "discount_days": 7,
                "discount_percentage": 2,
                "line_ids": [Command.create({"value": "percent", "nb_days": 30})],
            }
        )
        invoice = self._create_invoice(amount=100, terms=terms, date=0)
        payment = self._create_payment(amount=98, date=1)
        lines = (payment.move_id | invoice).line_ids
        lines.filtered(lambda x: x.account_type == "asset_receivable").reconcile()
        [statement] = self._state()
        [item] = statement.notice_details["items"]
        self.assertEqual((item["balance"], item["said"]), (2, "discount"))
        self.assertIn("nothing to pay", str(statement.items_table))

    # ------------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------------

    def _get_statements(self, run):
        return run.action_ids.filtered(lambda x: x.notice == "statement")

    def _send_by_hand(self):
        window = self.customer.with_user(self.collector).action_dunning_send_statement()
        return self.env["dunning.action"].browse(window["res_id"])

    def test_who_has_one_that_waits_gets_no_second_one_by_itself(self):
        self._create_invoice(due=20)
        self._send_by_hand()
        self.assertFalse(self._get_statements(self._run()))

    def test_who_was_sent_one_the_day_before_gets_no_second_one_by_itself(self):
        self._create_invoice(due=20)
        other = self._create_customer("Other")
        self._create_invoice(other, due=20)
        self._execute(self._send_by_hand())
        self.assertEqual(self._get_statements(self._run(1)).partner_id, other)

    def test_who_was_sent_one_a_week_before_gets_that_of_the_month(self):
        self._create_invoice(due=20)
        self._execute(self._send_by_hand())
        self.company.dunning_statement_day = 9
        self.assertTrue(self._get_statements(self._run(7)))

    # ------------------------------------------------------------------
    # CUSTOMERS THAT BECOME ONE
    # ------------------------------------------------------------------

    def _state_two(self, send=True):
        """Return two customers who have had the statement of one month."""
        other = self._create_customer("Other")
        for customer in (self.customer, other):
            self._create_invoice(customer, due=20)
        statements = self._get_statements(self._run())
        self.assertEqual(len(statements), 2)
        if send:
            self._execute(statements)
        return other, statements

    def _merge(self, other):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.customer | other).ids, self.customer)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_who_have_both_had_the_statement_of_a_month_can_be_merged(self):
        other, statements = self._state_two()
        self._merge(other)
        self.assertEqual(statements.partner_id, self.customer)
        self.assertEqual(set(statements.mapped("state")), {"done"})
        self.assertFalse(self._get_statements(self._run(1)))

    def test_who_have_become_one_get_no_other_statement_of_the_month(self):
        other, statements = self._state_two()
        self._merge(other)
        self.assertEqual(len(set(statements.mapped("statement_period")) - {False}), 1)
        # Later than what was sent of late would keep it away.
        self.assertFalse(self._get_statements(self._run(9)))

    def test_of_two_statements_that_wait_one_is_left_when_customers_are_merged(self):
        other, statements = self._state_two(send=False)
        self._merge(other)
        self.assertEqual(sorted(statements.mapped("state")), ["cancelled", "todo"])

    def test_who_have_both_had_the_statement_of_a_month_become_one_by_a_parent(self):
        other, statements = self._state_two()
        other.write({"is_company": False, "parent_id": self.customer.id})
        self.env.flush_all()
        self.assertEqual(statements.partner_id, self.customer)
