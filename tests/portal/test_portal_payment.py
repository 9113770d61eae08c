from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_payment import PortalPaymentCommon

REFUSED = "odoo.http"


@tagged("post_install", "-at_install")
class TestPortalPayment(PortalPaymentCommon):
    """What is chosen on the page is paid, reconciled and out of dunning at once."""

    # ------------------------------------------------------------------
    # WHAT IS PAID
    # ------------------------------------------------------------------

    def test_all_that_is_due_is_paid_at_once_and_leaves_the_agenda(self):
        items = self._create_item(amount=1000) | self._create_item(amount=500)
        later = self._create_item(amount=70, days=-10)
        self.company._dunning_run(self.day)
        self.assertTrue(self._open_actions())
        page = self._enter()
        transaction = self._pay(page, self._due())
        self.assertEqual(transaction.amount, 1500)
        self.assertEqual(transaction.partner_id, self.customer)
        self.assertEqual(transaction.state, "done")
        self.assertTrue(transaction.payment_id)
        self.assertEqual(set(items.mapped("reconciled")), {True})
        self.assertFalse(later.reconciled)
        self.assertFalse(self._open_actions())
        answer = self.url_open(f"{page}/pay/done")
        self.assertIn("Your payment has arrived", answer.text)
        self.assertNotIn("Your payment has arrived", self.url_open(page).text)

    def test_the_instalment_that_is_chosen_is_paid_and_no_other(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (0, 10)
                ],
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self._before(40),
                "invoice_payment_term_id": term.id,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 1000, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        first, second = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted("date_maturity")
        self._pay(self._enter(), f"item={second.id}")
        self.assertTrue(second.reconciled)
        self.assertEqual(first.amount_residual, 500)

    def _create_discounted(self, days=2):
        """Create an invoice with an early payment discount.

        :param days: since then
        :return: its journal item
        """
        term = self.env["account.payment.term"].create(
            {
                "name": "30 days, 2 % within 10",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self._before(days),
                "invoice_payment_term_id": term.id,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "x",
                            "price_unit": 1000,
                            "tax_ids": self.company_data["default_tax_sale"].ids,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def test_who_pays_early_pays_less_and_the_invoice_is_settled(self):
        item, other = self._create_discounted(), self._create_item(amount=100)
        discounted = item.discount_amount_currency
        self.assertLess(discounted, item.amount_residual)
        page = self._enter()
        self.assertIn('name="discounted"', self.url_open(page).text)
        query = f"item={item.id}&item={other.id}"
        self.assertIn('name="saved"', self.url_open(f"{page}/pay?{query}").text)
        transaction = self._pay(page, query)
        self.assertAlmostEqual(transaction.amount, discounted + 100)
        self.assertTrue(item.reconciled and other.reconciled)
        self.assertEqual(item.move_id.payment_state, "paid")
        self.assertNotIn('name="discounted"', self.url_open(page).text)

    def test_who_pays_later_pays_all(self):
        item = self._create_discounted(days=11)
        page = self._enter()
        self.assertNotIn('name="discounted"', self.url_open(page).text)
        transaction = self._pay(page, f"item={item.id}")
        self.assertEqual(transaction.amount, item.balance)
        self.assertTrue(item.reconciled)

    def test_a_discount_that_was_offered_counts_when_the_payment_arrives_later(self):
        item = self._create_discounted(days=10)
        transaction = self._begin(self._look(self._enter(), f"item={item.id}"))
        self.assertLess(transaction.amount, item.balance)
        with freeze_time(self.day + timedelta(days=1)):
            transaction._set_done()
            transaction._post_process()
        self.assertTrue(item.reconciled)

    def test_what_is_owed_by_an_entry_that_is_no_invoice_is_paid(self):
        opening, invoice = self._create_opening_balance(250), self._create_item()
        transaction = self._pay(self._enter(), f"item={opening.id}&item={invoice.id}")
        self.assertEqual(transaction.amount, 1250)
        self.assertTrue(opening.reconciled)
        self.assertTrue(invoice.reconciled)
        self.assertEqual(transaction.invoice_ids, invoice.move_id)

    def test_credits_are_taken_off_what_is_due(self):
        item = self._create_item(amount=1000)
        self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": self.day,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 300, "tax_ids": []})
                ],
            }
        ).action_post()
        self.company._dunning_run(self.day)
        transaction = self._pay(self._enter(), self._due())
        self.assertEqual(transaction.amount, 700)
        self.assertEqual(item.amount_residual, 300)
        self.assertFalse(self._open_actions())

    def test_what_is_on_hold_stays_open_where_it_is_on_hold(self):
        held, other = self._create_item(amount=800, days=30), self._create_item()
        self.env["dunning.hold"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(held.ids)],
                "amount": 200,
                "currency_id": held.currency_id.id,
                "note": "Goods missing",
            }
        )
        self.company._dunning_run(self.day)
        transaction = self._pay(self._enter(), self._due())
        self.assertEqual(transaction.amount, 1600)
        self.assertTrue(other.reconciled)
        self.assertEqual(held.amount_residual, 200)
        self.assertFalse(self._open_actions())

    def test_a_payment_that_fails_leaves_all_as_it_was(self):
        item = self._create_item()
        page = self._enter()
        transaction = self._begin(self._look(page, self._due()))
        self._finish(transaction, "cancel")
        self.assertFalse(item.reconciled)
        self.assertIn("Nothing was paid", self.url_open(f"{page}/pay/done").text)

    def test_what_is_being_paid_is_not_paid_twice(self):
        item = self._create_item()
        page = self._enter()
        self._finish(self._begin(self._look(page, self._due())), "pending")
        answer = self.url_open(f"{page}/pay?item={item.id}")
        self.assertIn("is being processed", answer.text)
        self.assertNotIn("o_payment_form", answer.text)

    @mute_logger(REFUSED)
    def test_what_is_paid_before_the_ledger_knows_is_not_paid_twice(self):
        item = self._create_item()
        page = self._enter()
        form = self._look(page, self._due())
        transaction = self._begin(form)
        transaction._set_done()
        self.env.flush_all()
        with self.assertRaisesRegex(ValueError, "is being processed"):
            self._begin(form)
        answer = self.url_open(f"{page}/pay?item={item.id}")
        self.assertIn("is being processed", answer.text)

    def test_what_is_being_paid_on_the_page_of_its_invoice_is_not_paid_twice(self):
        item, other = self._create_item(), self._create_item()
        page = self._enter()
        transaction = self._begin(self._look(page, f"item={item.id}"))
        transaction.dunning_item_ids = False
        transaction._set_pending()
        self.env.flush_all()
        answer = self.url_open(f"{page}/pay?item={item.id}")
        self.assertIn("is being processed", answer.text)
        answer = self.url_open(f"{page}/pay?item={other.id}")
        self.assertIn("o_payment_form", answer.text)

    # ------------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------------

    def test_items_of_others_are_not_paid(self):
        self._create_item()
        foreign = self._create_item(self.other)
        page = self._enter()
        for query in (f"item={foreign.id}", "item=x", "item=999999", "currency=0", ""):
            with self.subTest(query=query):
                answer = self.url_open(f"{page}/pay?{query}")
                self.assertNotIn("o_payment_form", answer.text)
                self.assertIn('role="status"', answer.text)

    def test_the_amount_is_that_of_the_ledger_whatever_the_browser_sends(self):
        self._create_item(amount=1000)
        form = self._look(self._enter(), self._due())
        self.assertEqual(self._begin(form, amount=1.0).amount, 1000)

    @mute_logger(REFUSED)
    def test_a_page_that_is_out_of_date_pays_nothing(self):
        item = self._create_item(amount=1000)
        form = self._look(self._enter(), self._due())
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=item.move_id.ids
        ).create(
            {"amount": 400, "payment_difference_handling": "open"}
        )._create_payments()
        self.env.flush_all()
        with self.assertRaisesRegex(ValueError, "changed meanwhile"):
            self._begin(form)

    @mute_logger(REFUSED)
    def test_what_was_signed_for_another_customer_pays_nothing(self):
        self._create_item()
        self._create_item(self.other)
        form = self._look(self._enter(), self._due())
        foreign = self._look(self._enter(self.other), self._due())
        form["access-token"] = foreign["access-token"]
        with self.assertRaisesRegex(ValueError, "changed meanwhile"):
            self._begin(form)

    @mute_logger(REFUSED)
    def test_what_is_no_token_pays_nothing(self):
        self._create_item()
        form = self._look(self._enter(), self._due())
        signed = form["access-token"]
        for token in ([signed], {"a": signed}, 1, None, f"{signed[:9]}.{signed[9:]}"):
            form["access-token"] = token
            with (
                self.subTest(token=token),
                self.assertRaisesRegex(ValueError, "changed meanwhile"),
            ):
                self._begin(form)

    def test_numbers_that_are_none_of_ours_pay_nothing(self):
        self._create_item()
        page = self._enter()
        for query in ("item=", "currency="):
            for number in ("9" * 20, "x", "²"):
                with self.subTest(query=query, number=number):
                    answer = self.url_open(f"{page}/pay?{query}{number}")
                    self.assertEqual(answer.status_code, 200)
                    self.assertIn("please choose", answer.text)
        self.assertEqual(self.url_open(f"{page}/invoice/{'9' * 20}").status_code, 404)

    @mute_logger(REFUSED)
    def test_only_what_the_page_offers_can_be_used_to_pay(self):
        self._create_item()
        form = self._look(self._enter(), self._due())
        off = self.provider.copy({"state": "disabled"})
        for values in (
            {"provider_id": off.id},
            {"payment_method_id": 999999},
            {"flow": "bogus"},
            {"flow": ["direct"]},
            {"flow": "token", "token_id": self._create_token().id},
        ):
            with (
                self.subTest(**values),
                self.assertRaisesRegex(ValueError, "choose another"),
            ):
                self._begin(form, **values)

    def _create_token(self):
        return (
            self.env["payment.token"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.method.id,
                    "payment_details": "SavedCard1234",
                    "partner_id": self.customer.id,
                    "provider_ref": "saved",
                    "demo_simulated_state": "done",
                }
            )
        )

    def test_the_client_does_not_say_where_to_go_afterwards(self):
        self._create_item()
        page = self._enter()
        transaction = self._begin(self._look(page, self._due()))
        self.assertEqual(transaction.landing_route, f"{page}/pay/done")

    def test_nothing_is_saved_for_later_by_a_link(self):
        self._create_item()
        self.provider.allow_tokenization = True
        transaction = self._begin(
            self._look(self._enter(), self._due()), tokenization_requested=True
        )
        self.assertFalse(transaction.tokenize)

    def test_items_in_two_currencies_are_paid_one_after_the_other(self):
        item = self._create_item()
        pound = self.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "currency_id": pound.id,
                "invoice_date": self._before(40),
                "invoice_date_due": self._before(10),
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 500, "tax_ids": []})
                ],
            }
        )
        move.action_post()
        foreign = move.line_ids.filtered(lambda line: line.amount_residual > 0)
        answer = self.url_open(f"{self._enter()}/pay?item={item.id}&item={foreign.id}")
        self.assertIn("one currency after the other", answer.text)

    # ------------------------------------------------------------------
    # BY TRANSFER
    # ------------------------------------------------------------------

    def test_without_provider_the_bank_details_are_shown(self):
        self.provider.state = "disabled"
        self._create_item()
        self._add_account()
        self.customer.country_id = self.env.ref("base.fr")
        text = self.url_open(f"{self._enter()}/pay?{self._due()}").text
        self.assertNotIn("o_payment_form", text)
        self.assertIn("FR7630006000011234567890189", text.replace(" ", ""))

    def test_no_account_is_shown_to_whom_it_is_of_no_use(self):
        self._create_item()
        self._add_account()
        self.customer.country_id = self.env.ref("base.jp")
        text = self.url_open(f"{self._enter()}/pay?{self._due()}").text
        self.assertNotIn("FR763000", text.replace(" ", ""))
        self.assertIn("bank details shown on our invoices", text)

    def test_no_page_shows_a_bank_account_of_the_customer(self):
        item = self._create_item()
        self._add_account()
        self._add_account("DE89370400440532013000", partner_id=self.customer.id)
        self._create_token()
        page = self._enter()
        for path in ("", f"/pay?{self._due()}", f"/pay?item={item.id}"):
            with self.subTest(path=path):
                text = self.url_open(f"{page}{path}").text
                self.assertNotIn("DE8937040044", text.replace(" ", ""))
                self.assertNotIn("SavedCard", text)

    def test_who_is_logged_in_pays_with_what_they_have_saved(self):
        self._create_item()
        self._create_token()
        self.authenticate("dunning_visitor", "dunning_visitor")
        page = f"/my/dunning/{self.company.id}"
        self.assertIn("SavedCard", self.url_open(f"{page}/pay?{self._due()}").text)
