from odoo.fields import Domain
from odoo.tests import tagged

from .common_figures import FiguresCommon


@tagged("post_install", "-at_install")
class TestBalance(FiguresCommon):
    """What was open on a day, as the ledger's own dates tell it."""

    def test_an_invoice_is_open_from_its_date(self):
        invoice = self._create_invoice(date=-10, due=20)
        self.assertEqual(self._open(-11), [])
        (row,) = self._open(-10)
        self.assertEqual(row["move_id"], invoice.id)
        self.assertEqual(row["residual"], 100)
        self.assertEqual(row["residual_company"], 100)
        self.assertEqual(row["date_due"], self._day(20))
        self.assertEqual(row["date_invoice"], self._day(-10))
        self.assertFalse(row["is_credit"])

    def test_each_instalment_is_a_row_with_its_date(self):
        terms = self._create_terms((30, 0), (70, 30))
        self._create_invoice(date=-10, terms=terms)
        rows = self._open()
        self.assertEqual([row["residual"] for row in rows], [30, 70])
        dates = [row["date_due"] for row in rows]
        self.assertEqual(dates, [self._day(-10), self._day(20)])

    def test_a_part_payment_counts_from_its_date(self):
        invoice = self._create_invoice(date=-30)
        self._pay(invoice, 40, date=-10)
        item = self._items(invoice).id
        self.assertEqual(self._open_by_line(-11), {item: (100, 100)})
        self.assertEqual(self._open_by_line(-10), {item: (60, 60)})
        self.assertEqual(self._open_by_line(), {item: (60, 60)})

    def test_what_is_paid_is_not_there_any_more_but_was(self):
        invoice = self._create_invoice(date=-30)
        self._pay(invoice, date=-10)
        self.assertEqual(self._open_by_line(), {})
        self.assertEqual(len(self._open(-11)), 1)
        self.assertEqual(self._open(-10), [])

    def test_what_is_dated_later_does_not_exist(self):
        invoice = self._create_invoice(date=-30)
        self._pay(invoice, date=5)
        self._create_invoice(date=3)
        self.assertEqual(self._open_by_line(), {self._items(invoice).id: (100, 100)})
        self.assertEqual(len(self._open(4)), 2)
        self.assertEqual(len(self._open(5)), 1)

    def test_a_payment_reconciled_late_counts_from_its_own_date(self):
        invoice = self._create_invoice(date=-30)
        payment = self._create_payment(date=-20)
        before = self._open(-15)
        self.assertEqual(len(before), 2)
        self._go_to(10)
        (self._items(invoice) | self._items(payment.move_id)).reconcile()
        self.assertEqual(self._open(-15), [])
        self._assert_agrees(-15)

    def test_an_undone_reconciliation_never_was(self):
        invoice = self._create_invoice(date=-30)
        payment = self._pay(invoice, date=-20)
        self._items(invoice).remove_move_reconcile()
        for day in (-20, -10, 0):
            self.assertEqual(
                self._open_by_line(day),
                {
                    self._items(invoice).id: (100, 100),
                    self._items(payment.move_id).id: (-100, -100),
                },
            )

    def test_what_is_reconciled_with_a_draft_is_open(self):
        invoice = self._create_invoice(date=-30)
        draft = self._create_invoice(date=-20, amount=70, post=False)
        draft.move_type = "out_invoice"
        credit = self._create_payment(amount=70, date=-20)
        (self._items(draft) | self._items(credit.move_id)).reconcile()
        self.assertTrue(self._items(credit.move_id).reconciled)
        expected = {
            self._items(invoice).id: (100, 100),
            self._items(credit.move_id).id: (-70, -70),
        }
        for options in ({}, {"partners": self.customer}):
            self.assertEqual(self._open_by_line(**options), expected)
            self.assertEqual(self._open_by_line(-5, **options), expected)
        self._assert_agrees(0)

    def test_credit_notes_and_payments_are_credits(self):
        self._create_invoice(date=-30)
        self._create_payment(amount=30, date=-5)
        self._create_invoice(move_type="out_refund", date=-4, amount=20)
        rows = self._open()
        self.assertEqual([row["is_credit"] for row in rows], [False, True, True])
        self.assertEqual([row["residual"] for row in rows], [100, -30, -20])

    def test_a_write_off_counts_from_its_date(self):
        invoice = self._create_invoice(date=-30)
        self._pay(
            invoice,
            95,
            date=-8,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual(len(self._open(-9)), 1)
        self.assertEqual(self._open(-8), [])
        self._assert_agrees(-8)

    def test_an_entry_without_customer_is_a_row(self):
        entry = self._create_entry(due=-5, amount=55)
        entry.button_draft()
        entry.line_ids.partner_id = False
        entry.action_post()
        (row,) = self._open()
        self.assertIs(row["partner_id"], None)
        self.assertEqual(row["residual"], 55)
        self.assertEqual(row["user_id"], self.collector.id)
        self.assertEqual(self._open(partners=self.customer), [])

    def test_the_customer_is_the_commercial_partner(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        self._create_invoice(contact)
        for options in ({}, {"partners": self.customer}):
            (row,) = self._open(**options)
            self.assertEqual(row["partner_id"], self.customer.id)

    def test_other_receivables_are_none(self):
        account = self.company_data["default_account_receivable"].copy()
        account.write({"code": "467099", "non_trade": True})
        self._create_entry(account=account)
        self.assertEqual(self._open(), [])

    def test_drafts_are_not_there(self):
        self._create_invoice(post=False)
        self.assertEqual(self._open(), [])

    def test_nobody_is_asked_for(self):
        self._create_invoice()
        self.assertEqual(self._open(partners=self.env["res.partner"]), [])

    def test_of_some_customers_the_same_is_told_as_of_all(self):
        other = self._create_customer("Other")
        for partner in (self.customer, other):
            invoice = self._create_invoice(partner, date=-40, amount=200)
            self._pay(invoice, 50, date=-20)
            self._pay(invoice, 60, date=7)
        for day in (-41, -30, -20, 0, 6, 7):
            rows = self._open(day)
            for partners in (self.customer, other, self.customer | other):
                expected = [row for row in rows if row["partner_id"] in partners.ids]
                self.assertEqual(self._open(day, partners=partners), expected)

    def test_an_exchange_difference_is_where_the_ledger_has_it(self):
        usd = self._enable_currency("USD")
        for day, rate in ((-60, 1.0), (-20, 2.0)):
            self.env["res.currency.rate"].create(
                {
                    "name": self._day(day),
                    "rate": rate,
                    "currency_id": usd.id,
                    "company_id": self.env.company.id,
                }
            )
        invoice = self._create_invoice(date=-40, amount=100, currency=usd)
        item = self._items(invoice).id
        self._pay(invoice, 40, date=-10)
        self.assertEqual(self._open_by_line(-11), {item: (100, 100)})
        # Half the rate: the difference is an entry of its own, at the end of the month.
        self.assertEqual(self._open_by_line(-10), {item: (60, 80)})
        self.assertEqual(self._open_by_line(-2), {item: (60, 60)})
        self._pay(invoice, date=-5)
        for day in (-41, -40, -20, -10, -9, -5, 0):
            self._assert_agrees(day)
        self.assertEqual(self._open(), [])

    def test_an_exchange_difference_that_is_undone_agrees_too(self):
        usd = self._enable_currency("USD")
        for day, rate in ((-60, 1.0), (-20, 1.25)):
            self.env["res.currency.rate"].create(
                {
                    "name": self._day(day),
                    "rate": rate,
                    "currency_id": usd.id,
                    "company_id": self.env.company.id,
                }
            )
        invoice = self._create_invoice(date=-40, amount=99.99, currency=usd)
        self._pay(invoice, 33.33, date=-10)
        self._pay(invoice, date=-5)
        self._items(invoice).remove_move_reconcile()
        for day in (-40, -20, -10, -5, 0, 30):
            self._assert_agrees(day)

    def test_a_branch_paid_to_its_parent_is_paid(self):
        branch = self._create_branch()
        invoice = self._create_invoice(date=-30, company=branch)
        payment = self._create_payment(date=-10)
        # Who reconciles works in both.
        (self._items(invoice) | self._items(payment.move_id)).sudo().reconcile()
        companies = self.env.company | branch
        self.assertEqual(len(self._open(-11, companies=companies)), 1)
        self.assertEqual(self._open(-10, companies=companies), [])
        self.assertEqual(self._open(companies=companies), [])

    def test_companies_have_rows_of_their_own(self):
        second = self._create_second_company()
        self._create_invoice(date=-30)
        self._create_invoice(date=-30, company=second, amount=70)
        rows = self._open(companies=self.env.company | second)
        found = {(row["company_id"], row["residual_company"]) for row in rows}
        self.assertEqual(found, {(self.env.company.id, 100), (second.id, 70)})

    def test_a_collector_of_some_customers_sees_those_only(self):
        other = self._create_customer("Other")
        colleague = self._create_user("colleague", "group_dunning_collector")
        manager = self._create_user("boss", "group_dunning_manager")
        auditor = self._create_user("auditor", "group_dunning_readonly")
        other.dunning_user_id = colleague
        for partner in (self.customer, other):
            self._create_invoice(partner)
        users = self.collector, colleague, manager, auditor

        def seen():
            return [
                {row["partner_id"] for row in self._open(env=self.env(user=user))}
                for user in users
            ]

        both = {self.customer.id, other.id}
        self.assertEqual(seen(), [both] * 4)
        self.env.company.sudo().dunning_collector_view = "own"
        self.assertEqual(seen(), [{self.customer.id}, {other.id}, both, both])
        for user, expected in zip(users, seen(), strict=True):
            company = self.env.company.with_user(user)
            domain = company._dunning_get_visible_domain("id")
            domain &= Domain("id", "in", list(both))
            self.assertEqual(set(self.env["res.partner"].search(domain).ids), expected)

    def test_many_rows_cost_no_more_statements_than_few(self):
        self._create_invoice()
        self._open()
        for day in (None, -5):
            with self.assertQueryCount(11):
                self._open(day)
