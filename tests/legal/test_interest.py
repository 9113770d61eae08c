from datetime import date as Date

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ...models.legal.dunning_interest import InterestScope
from ...tools.errors import MissingRate
from .common_legal import LegalCommon


@tagged("post_install", "-at_install")
class TestInterest(LegalCommon):
    """Interest on the items of the ledger."""

    def test_the_worked_case_of_the_law(self):
        invoice = self._create_late_invoice()
        self._pay(invoice, date="2025-09-15")
        self.assertEqual(
            self._get_interest(invoice),
            [(30, 10_000, 13.15, 108.08), (77, 10_000, 12.15, 256.32)],
        )

    def test_nothing_is_due_on_the_due_date(self):
        invoice = self._create_late_invoice()
        self.assertEqual(self._get_interest(invoice, "2025-05-31"), [])
        self.assertEqual(self._get_interest(invoice, "2025-06-01")[0][0], 1)

    def test_what_is_not_paid_bears_interest_to_the_day_that_is_asked_for(self):
        invoice = self._create_late_invoice()
        for date, days in (("2025-06-10", [10]), ("2025-07-02", [30, 2])):
            found = [period[0] for period in self._get_interest(invoice, date)]
            self.assertEqual(found, days)

    def test_a_payment_counts_on_its_own_date_and_lowers_the_base_from_the_next(self):
        invoice = self._create_late_invoice(amount=1000.0)
        self._pay(invoice, 400, date="2025-06-10")
        self.assertEqual(
            [period[:2] for period in self._get_interest(invoice, "2025-06-20")],
            [(10, 1000), (10, 600)],
        )

    def test_a_payment_that_is_dated_later_does_not_exist_yet(self):
        invoice = self._create_late_invoice(amount=1000.0)
        self._pay(invoice, 400, date="2025-06-10")
        found = self._get_interest(invoice, "2025-06-05")
        self.assertEqual([period[:2] for period in found], [(5, 1000)])

    def test_what_was_paid_in_time_bears_nothing(self):
        invoice = self._create_late_invoice()
        self._pay(invoice, date="2025-05-31")
        self.assertEqual(self._get_interest(invoice), [])

    def test_money_that_is_not_allocated_does_not_lower_the_base(self):
        invoice = self._create_late_invoice(amount=1000.0)
        self._create_payment(self.business, 1000, date="2025-06-10")
        self.assertEqual(self._get_interest(invoice, "2025-06-20")[0][:2], (20, 1000))

    def test_a_payment_that_was_undone_never_was(self):
        invoice = self._create_late_invoice(amount=1000.0)
        self._pay(invoice, 400, date="2025-06-10")
        self._items(invoice).remove_move_reconcile()
        self.assertEqual(self._get_interest(invoice, "2025-06-20")[0][:2], (20, 1000))

    def test_a_credit_note_counts_from_the_invoice_whatever_its_date(self):
        invoice = self._create_late_invoice(amount=1000.0)
        self._credit_note(invoice, 300, date="2025-06-15")
        found = self._get_interest(invoice, "2025-06-20")
        self.assertEqual([period[:2] for period in found], [(20, 700)])
        # Of a day on which nobody knew of it, it does not exist.
        self.assertEqual(self._get_interest(invoice, "2025-06-10")[0][:2], (10, 1000))

    def test_each_instalment_is_late_by_itself(self):
        terms = self._create_terms((40, 0), (60, 31))
        invoice = self._create_late_invoice(
            amount=1000.0, terms=terms, date="2025-05-10"
        )
        self.assertEqual(
            [period[:2] for period in self._get_interest(invoice, "2025-06-20")],
            [(41, 400), (10, 600)],
        )

    def test_a_public_buyer_keeps_the_rate_of_the_half_year_it_began_in(self):
        self.business.dunning_customer_kind = "public"
        invoice = self._create_late_invoice(amount=1000.0)
        self.assertEqual(
            [period[2] for period in self._get_interest(invoice, "2025-12-31")], [11.15]
        )

    def test_the_half_year_of_a_public_buyer_is_that_of_the_day_after_the_due_date(
        self,
    ):
        self.business.dunning_customer_kind = "public"
        for due, rate in (("2025-06-29", 11.15), ("2025-06-30", 10.15)):
            invoice = self._create_late_invoice(due, amount=1000.0)
            found = self._get_interest(invoice, "2026-03-31")
            self.assertEqual([period[2] for period in found], [rate])

    def test_a_consumer_owes_the_legal_rate_alone(self):
        invoice = self._create_late_invoice(partner=self.customer)
        self.customer.country_id = self.france
        self.assertEqual(self._get_interest(invoice, "2025-06-30")[0][2], 3.71)

    def test_a_customer_without_country_is_one_of_the_company_s(self):
        self.business.country_id = False
        invoice = self._create_late_invoice()
        self.assertEqual(self._get_interest(invoice, "2025-06-30")[0][2], 13.15)

    def test_a_year_has_the_days_that_the_company_says(self):
        invoice = self._create_late_invoice(due="2024-12-21", amount=36_600.0)
        for basis, amount in (("365", 142.89), ("360", 144.88), ("actual", 142.50)):
            self.company.dunning_interest_basis = basis
            found = self._get_interest(invoice, "2024-12-31")
            self.assertEqual(found, [(10, 36_600, 14.25, amount)])

    def test_an_opening_balance_bears_interest_where_it_is_dunned(self):
        entry = self._create_entry(self.business, "2025-05-31", 1000)
        self.assertEqual(self._get_interest(entry, "2025-06-10"), [])
        self.company.dunning_include_misc = True
        self.assertEqual(self._get_interest(entry, "2025-06-10")[0][:2], (10, 1000))

    def test_money_that_is_given_back_to_a_customer_bears_nothing(self):
        payment = self._create_payment(
            self.business, 100, date="2025-01-10", payment_type="outbound"
        )
        self.assertEqual(self._get_interest(payment.move_id), [])

    def test_an_item_in_another_currency_bears_interest_in_its_own(self):
        invoice = self._create_late_invoice(currency=self._get_other_currency())
        self._pay(invoice, date="2025-09-15")
        found = self._get_interest(invoice)
        self.assertEqual([period[3] for period in found], [108.08, 256.32])

    def _get_other_currency(self):
        return self._enable_currency("USD")

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    def _dispute(self, invoice, day, amount=None):
        self._go_to(day)
        return self.env["dunning.dispute"].create(
            {
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "reason_id": self.env.ref("account_dunning.reason_price").id,
                **({"amount": amount} if amount else {}),
            }
        )

    def test_what_is_disputed_bears_interest_as_the_company_says(self):
        invoice = self._create_late_invoice(amount=1000.0)
        dispute = self._dispute(invoice, "2025-06-11", 400)
        for way, expected in (
            ("running", [(30, 1000)]),
            ("suspended", [(10, 1000), (20, 600)]),
            ("waived", [(10, 1000), (20, 600)]),
        ):
            self.company.dunning_interest_dispute = way
            found = self._get_interest(invoice, "2025-06-30")
            self.assertEqual([period[:2] for period in found], expected)
            found = self._get_interest(invoice, "2025-06-11")
            days = [11] if way == "running" else [10, 1]
            self.assertEqual([period[0] for period in found], days)
        self._dispute(invoice, "2025-06-12", 100).action_cancel()
        self._go_to("2025-06-20")
        dispute.action_reject()
        for way, expected in (
            ("running", [(30, 1000)]),
            ("suspended", [(10, 1000), (10, 600), (10, 1000)]),
            ("waived", [(30, 1000)]),
        ):
            self.company.dunning_interest_dispute = way
            found = self._get_interest(invoice, "2025-06-30")
            self.assertEqual([period[:2] for period in found], expected)

    def test_where_the_customer_was_right_it_owed_nothing_from_the_beginning(self):
        invoice = self._create_late_invoice(amount=1000.0)
        dispute = self._dispute(invoice, "2025-06-11", 400)
        self._go_to("2025-06-20")
        dispute.action_accept()
        found = self._get_interest(invoice, "2025-06-20")
        self.assertEqual([period[:2] for period in found], [(20, 600)])
        # Nor until it is credited, nor afterwards.
        found = self._get_interest(invoice, "2025-06-30")
        self.assertEqual([period[:2] for period in found], [(30, 600)])
        self._go_to("2025-06-25")
        note = dispute.credit_note_ids
        note.invoice_date = "2025-06-25"
        note.action_post()
        for way in ("waived", "suspended"):
            self.company.dunning_interest_dispute = way
            found = self._get_interest(invoice, "2025-06-30")
            self.assertEqual([period[:2] for period in found], [(30, 600)], way)

    def test_insolvency_stops_interest_where_the_company_says_so(self):
        invoice = self._create_late_invoice(amount=1000.0)
        self._go_to("2025-06-11")
        # Written by the system alone.
        holds_sudo = self.env["dunning.hold"].sudo()
        holds_sudo.create({"partner_id": self.business.id, "origin": "insolvency"})
        self.env.cr.execute("UPDATE dunning_hold SET create_date = '2025-06-11 09:00'")
        for way, days in (("suspended", [10]), ("running", [30])):
            self.company.dunning_interest_insolvency = way
            found = self._get_interest(invoice, "2025-06-30")
            self.assertEqual([period[0] for period in found], days)

    # ------------------------------------------------------------------
    # AGREED RATES
    # ------------------------------------------------------------------

    def _agree(self, **values):
        return self.env["dunning.contract.rate"].create(
            {
                "name": "Terms of sale, article 7",
                "company_id": self.company.id,
                "rate": 18,
                "date_from": "2025-01-01",
            }
            | values
        )

    def test_an_agreed_rate_takes_the_place_of_that_of_the_law(self):
        self._agree(rate=16)
        self._agree(rate=18, partner_id=self.business.id)
        other = self._create_business("Other")
        rates = {
            partner: self._get_interest(
                self._create_late_invoice(partner=partner), "2025-12-31"
            )
            for partner in (self.business, other, self.customer)
        }
        self.assertEqual([p[2] for p in rates[self.business]], [18])
        self.assertEqual([p[2] for p in rates[other]], [16])
        # A consumer agrees to nothing.
        self.assertEqual([p[2] for p in rates[self.customer]], [3.71, 2.76])

    def test_an_agreed_rate_is_for_what_is_invoiced_from_its_day_on(self):
        self._agree(date_from="2025-05-02")
        before = self._create_late_invoice(date="2025-05-01")
        after = self._create_late_invoice(date="2025-05-02")
        self.assertEqual(self._get_interest(before, "2025-06-30")[0][2], 13.15)
        self.assertEqual(self._get_interest(after, "2025-06-30")[0][2], 18)

    def test_the_lowest_that_the_law_allows_follows_it(self):
        self._agree(method="minimum", rate=0)
        invoice = self._create_late_invoice()
        self.assertEqual(
            [period[2] for period in self._get_interest(invoice, "2025-12-31")],
            [11.13, 8.28],
        )

    def test_less_than_three_times_the_legal_rate_is_refused_with_the_figure(self):
        with (
            self.assertRaisesRegex(UserError, r"at least 11\.13 %.*01/01/2025"),
            self.env.cr.savepoint(),
        ):
            self._agree(rate=11.12)
        self.assertTrue(self._agree(rate=11.13))

    def test_two_agreed_rates_for_the_same_invoices_are_refused(self):
        self._agree(date_to="2025-06-30")
        with (
            self.assertRaisesRegex(UserError, "hold for the same invoices"),
            self.env.cr.savepoint(),
        ):
            self._agree(date_from="2025-06-30")
        self.assertTrue(self._agree(date_from="2025-07-01"))

    # ------------------------------------------------------------------
    # WHAT IS MISSING OR WRONG
    # ------------------------------------------------------------------

    def test_a_missing_rate_is_an_error_that_says_what_to_enter_and_where(self):
        known = self._create_late_invoice()
        self._pay(known, date="2025-09-15")
        unknown = self._create_late_invoice(due="2026-06-20")
        with self.assertRaises(MissingRate) as caught:
            self._get_interest(known | unknown, "2026-07-05")
        error = caught.exception
        self.assertEqual(
            (error.lines, error.day), (self._items(unknown), Date(2026, 7, 1))
        )
        for text in (unknown.name, "07/01/2026", "France", "Business", "Configuration"):
            self.assertIn(text, str(error))

    def test_items_without_rate_can_be_left_out(self):
        known = self._create_late_invoice()
        unknown = self._create_late_invoice(due="2026-06-20")
        self._pay(known, date="2025-09-15")
        found = self._items(known | unknown)._dunning_interest(
            Date(2026, 7, 5), skip_missing=True
        )
        self.assertEqual(found.keys(), set(self._items(known).ids))

    def test_an_item_without_due_date_is_named(self):
        invoice = self._create_late_invoice()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = NULL WHERE id = %s",
            self._items(invoice).ids,
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, f"{invoice.name} has no due date"):
            self._get_interest(invoice)
        [row] = self._fetch("2025-12-31", invoice)
        self.assertEqual((row["problem"], row["interest"]), ("no_due", 0))

    def test_an_item_on_which_too_much_was_paid_is_named(self):
        invoice = self._create_late_invoice()
        self._pay(invoice, date="2025-09-15")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_partial_reconcile SET debit_amount_currency = 10001"
            " WHERE debit_move_id = %s",
            self._items(invoice).ids,
        )
        with self.assertRaisesRegex(UserError, f"More was paid on {invoice.name}"):
            self._get_interest(invoice)
        [row] = self._fetch("2025-12-31", invoice)
        self.assertEqual(row["problem"], "overpaid")

    def _fetch(self, date, moves):
        scope = InterestScope(
            self.company, Date.fromisoformat(date), items=tuple(self._items(moves).ids)
        )
        return self.env["dunning.interest"]._fetch_sums(scope)

    # ------------------------------------------------------------------
    # COST
    # ------------------------------------------------------------------

    def test_many_items_take_as_many_queries_as_one(self):
        invoices = self.env["account.move"]
        for amount in range(1, 11):
            invoices |= self._create_late_invoice(amount=100.0 * amount)
        self.env.flush_all()

        def count(moves):
            items = self._items(moves)
            self.env.invalidate_all()
            items.mapped("company_id"), items.mapped("currency_id.rounding")
            before = self.env.cr.sql_log_count
            items._dunning_interest(Date(2025, 12, 31))
            return self.env.cr.sql_log_count - before

        count(invoices[0])
        self.assertEqual(count(invoices), count(invoices[0]))
