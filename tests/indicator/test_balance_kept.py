from hypothesis import given

from odoo.tests import tagged
from odoo.tools import SQL

from ..plan import test_plan_kept
from ..plan_strategies import examples
from . import balance_model, test_balance_model
from .balance_model import ledgers
from .common_figures import FiguresCommon


class KeptBalanceCommon(test_plan_kept.KeptCommon):
    """Compares what is read of the kept balance with the ledger."""

    def assertKeptIsBalance(self, company=None):
        balance = self.env["dunning.balance"]
        scope = balance._get_scope(company or self.company)
        self.assertEqual(
            self._read(self.env["dunning.balance.open"]._get_query(scope)),
            self._read(balance._get_company_query(scope)),
        )


@tagged("post_install", "-at_install")
class TestKeptIsBalance(KeptBalanceCommon, test_plan_kept.TestKeptIsPlan):
    """What is kept of the balance never differs from the ledger, whatever happens."""

    def assertKeptIsPlan(self, company=None):
        result = super().assertKeptIsPlan(company)
        self.assertKeptIsBalance(company)
        return result


@tagged("post_install", "-at_install")
class TestKeptReconciled(KeptBalanceCommon, test_balance_model.BalanceModelCommon):
    """Nor when nothing but what is reconciled has changed."""

    @examples(60)
    @given(ledgers(), ledgers())
    def test_what_is_read_is_what_the_ledger_says_after_any_reconciliation(
        self, ledger, other
    ):
        self._write(ledger)
        self._keep()
        self.assertTrue(self._get_reading().is_kept)
        # The same lines, reconciled in another way.
        self._write(balance_model.Ledger(ledger.lines, []))
        for company in self.companies.values():
            self.assertKeptIsBalance(company)
        self._write(other)
        for company in self.companies.values():
            self.assertKeptIsBalance(company)


@tagged("post_install", "-at_install")
class TestBalanceKept(KeptBalanceCommon, FiguresCommon):
    """When the kept balance is read, and by whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.invoice = cls._create_invoice(date=-30)

    def _tamper(self):
        """Have what is kept say something else, so that one sees what is read."""
        self.env.cr.execute("UPDATE dunning_balance_open SET residual_company = 7")

    def _shown(self, **context):
        self.env.invalidate_all()
        balance = self.env["dunning.aged.balance"].with_user(self.manager)
        ((amount,),) = balance.with_context(**context)._read_group(
            [], [], ["amount_company:sum"]
        )
        return amount

    def test_today_s_balance_is_what_is_kept(self):
        self._keep()
        self._tamper()
        self.assertEqual(self._shown(), 7)
        (row,) = self.company._dunning_aged_balance()
        self.assertEqual(row["total_company"], 7)

    def test_another_day_is_read_from_the_ledger(self):
        self._keep()
        self._tamper()
        for day in (-1, 1):
            self.assertEqual(self._shown(dunning_balance_date=self._day(day)), 100)

    def test_some_customers_are_read_from_the_ledger(self):
        self._keep()
        self._tamper()
        (row,) = self._open(partners=self.customer)
        self.assertEqual(row["residual_company"], 100)

    def test_a_payment_is_seen_at_once(self):
        self._keep()
        self._pay(self.invoice, 40)
        self.assertEqual(self._shown(), 60)
        self._keep()
        self._tamper()
        self.assertEqual(self._shown(), 7)

    def test_a_payment_that_goes_back_to_draft_counts_no_more(self):
        payment = self._pay(self.invoice)
        self._keep()
        self.assertFalse(self._shown())
        entry = self._items(payment.move_id).move_id
        self._update(entry, "parent_state", "draft")
        self.env.cr.execute(
            SQL("UPDATE account_move SET state = 'draft' WHERE id = %s", entry.id)
        )
        self.assertEqual(self._shown(), 100)
        self.assertKeptIsBalance()

    def test_a_payment_that_is_dated_later_counts_no_more(self):
        payment = self._pay(self.invoice, 40)
        self._keep()
        entry = self._items(payment.move_id).move_id
        self._update(entry, "date", self._day(5))
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_partial_reconcile
                   SET max_date = %s
                 WHERE credit_move_id = ANY(%s)
                """,
                self._day(5),
                entry.line_ids.ids,
            )
        )
        self.assertEqual(self._shown(), 100)
        self.assertKeptIsBalance()

    def _update(self, entry, column, value):
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET %s = %s WHERE move_id = %s",
                SQL.identifier(column),
                value,
                entry.id,
            )
        )

    def test_a_difference_in_company_currency_alone_is_kept_and_marked(self):
        self._keep()
        item = self._items(self.invoice)
        for amount in (5, 6):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move_line
                       SET amount_residual_currency = 0, amount_residual = %s
                     WHERE id = %s
                    """,
                    amount,
                    item.id,
                )
            )
            self.assertEqual(self._shown(), amount)
            self._keep()
            self.assertEqual(self._shown(), amount)

    def test_entries_without_customer_are_kept_and_read_anew(self):
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET partner_id = NULL WHERE move_id = %s",
                self.invoice.id,
            )
        )
        self.assertKeptIsBalance()
        self._keep()
        self._tamper()
        self.assertEqual(self._shown(), 7)
        self._update(self.invoice, "date_maturity", self._day(-3))
        self.assertEqual(self._shown(), 100)
        self.assertKeptIsBalance()

    def test_what_was_kept_by_a_former_version_does_not_count(self):
        self._keep()
        self.env.cr.execute("UPDATE dunning_plan_keeper SET basis = 'of before'")
        self._tamper()
        self.assertEqual(self._shown(), 100)

    def test_collectors_who_see_their_own_see_no_others(self):
        self.company.dunning_collector_view = "own"
        mine = self._create_invoice(self._create_customer("Mine"), date=-10, amount=30)
        mine.partner_id.with_company(self.company).dunning_user_id = self.collector
        self.customer.with_company(self.company).dunning_user_id = self.manager
        self._keep()
        balance = self.env["dunning.aged.balance"].with_user(self.collector)
        self.assertEqual(balance.search([]).mapped("amount_company"), [30])
        self.assertEqual(balance.search([]).user_id, self.collector)
        self._create_hold()
        self.assertEqual(balance.search([]).mapped("amount_company"), [30])

    def test_a_company_that_is_archived_is_kept_no_longer(self):
        other = self._create_second_company()
        self._create_invoice(company=other)
        self._keep()
        other.active = False
        self._keep()
        self.env.cr.execute("SELECT company_id FROM dunning_balance_open")
        self.assertNotIn((other.id,), self.env.cr.fetchall())

    def test_a_page_asks_no_more_for_many_than_for_few(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            balance = self.env["dunning.aged.balance"].search([], limit=80)
            balance.read(["name", "amount_company", "user_id"])
            return self.env.cr.sql_log_count - before

        self._keep()
        count()
        few = count()
        for number in range(5):
            self._create_invoice(self._create_customer(f"More {number}"))
        self._keep()
        self.assertLessEqual(count(), few)
