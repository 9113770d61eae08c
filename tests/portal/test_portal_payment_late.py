from odoo.tests import tagged

from .common_payment import PortalPaymentCommon


@tagged("post_install", "-at_install")
class TestPortalPaymentLate(PortalPaymentCommon):
    """What becomes of items while the payment of them is on its way."""

    def setUp(self):
        super().setUp()
        self.first = self._create_item(amount=1000)
        self.second = self._create_item(amount=500)
        self.transaction = self._begin(self._look(self._enter(), self._due()))

    def _check_booked(self, paid, credit):
        """Check that the payment is booked, what it has paid and what is left of it."""
        self._finish(self.transaction)
        payment = self.transaction.payment_id
        self.assertTrue(payment)
        self.assertTrue(self.transaction.is_post_processed)
        items = self.first | self.second
        self.assertEqual(items.filtered("reconciled"), paid)
        lines = payment.move_id.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        self.assertEqual(-sum(lines.mapped("amount_residual")), credit)

    def test_of_what_is_cancelled_meanwhile_the_customer_has_a_credit(self):
        move = self.first.move_id
        move.button_draft()
        move.button_cancel()
        self._check_booked(self.second, 1000)

    def test_where_all_is_cancelled_meanwhile_all_is_a_credit(self):
        for move in (self.first | self.second).move_id:
            move.button_draft()
            move.button_cancel()
        self._check_booked(self.env["account.move.line"], 1500)

    def test_what_is_on_another_account_meanwhile_is_not_paid(self):
        move = self.first.move_id
        move.button_draft()
        self.first.account_id = self.second.account_id.copy({"code": "DOUBT"})
        move.action_post()
        self._check_booked(self.second, 1000)

    def test_what_somebody_else_owes_meanwhile_is_not_paid(self):
        move = self.second.move_id
        move.button_draft()
        move.partner_id = self.env["res.partner"].create({"name": "Other"})
        move.action_post()
        self._check_booked(self.first, 500)
