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
