from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from ...controllers.portal import payment
from .common_payment import PortalPaymentCommon


@tagged("post_install", "-at_install")
class TestPortalBill(PortalPaymentCommon):
    """What cannot be paid, by whom it is not, and what is told of a payment."""

    def test_items_on_several_accounts_of_the_books_are_not_paid_together(self):
        item = self._create_item()
        receivable = self.company_data["default_account_receivable"]
        with patch.dict(
            self.company_data, default_account_receivable=receivable.copy()
        ):
            other = self._create_opening_balance()
        page = self._enter()
        answer = self.url_open(f"{page}/pay?item={item.id}&item={other.id}")
        self.assertIn("stand on different accounts of our books", answer.text)
        for alone in (item, other):
            self.assertTrue(self._look(page, f"item={alone.id}")["access-token"])

    def test_who_owes_nothing_pays_nothing(self):
        self._create_item(amount=100, days=-10)
        page = self._enter()
        answer = self.url_open(f"{page}/pay?{self._due()}")
        self.assertIn("There is nothing to pay", answer.text)

    def test_a_transfer_quotes_the_first_numbers_each_once(self):
        items = self.env["account.move.line"]
        numbers = []
        for count in range(1, 7):
            items |= self._create_item()
            numbers.append(items[-1].move_id.name)
            told = ", ".join(numbers[: payment.MOST_QUOTED])
            if count > payment.MOST_QUOTED:
                told += f" +{count - payment.MOST_QUOTED}"
            bill = payment.Bill(items + items, 1.0, is_due=False)
            self.assertEqual(bill.get_reference(), told)

    @mute_logger("odoo.http")
    def test_nobody_of_the_house_begins_a_payment_of_a_customer(self):
        self._create_item()
        form = self._look(self._enter(), self._due())
        self.authenticate("dunning_collector", "dunning_collector")
        route = f"{self._enter()}/transaction"
        values = {"access_token": form["access-token"]}
        with self.assertRaisesRegex(ValueError, "^You are logged in as staff"):
            self._call(route, values)
        self.assertFalse(self.env["payment.transaction"].sudo().search([]))

    @mute_logger("odoo.http")
    def test_where_no_link_was_opened_no_payment_begins(self):
        self._create_item()
        form = self._look(self._enter(), self._due())
        for mark in ("x", "a" * 40):
            with self.assertRaisesRegex(ValueError, "404|Not Found"):
                self._call(
                    f"/dunning/p/{mark}/transaction",
                    {"access_token": form["access-token"]},
                )
        self.assertFalse(self.env["payment.transaction"].sudo().search([]))

    def test_what_has_become_of_a_payment_is_told_to_who_has_made_it(self):
        for state, told in (
            ("pending", "Your payment is being processed"),
            ("error", "Nothing was paid"),
            ("done", "Your payment has arrived"),
        ):
            item = self._create_item()
            page = self._enter()
            transaction = self._begin(self._look(page, f"item={item.id}"))
            self._finish(transaction, state)
            with self.subTest(state=state):
                self.assertIn(told, self.url_open(f"{page}/pay/done").text)
        # The same browser looks at another customer.
        other = self._enter(self.other)
        self.assertNotIn("Your payment", self.url_open(f"{other}/pay/done").text)
