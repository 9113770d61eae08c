from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from ...models.indicator import dunning_forecast_backtest
from ...models.indicator.dunning_forecast import Forecast
from ...models.indicator.dunning_forecast_backtest import Backtest
from ..common import DunningCommon
from ..disputes import DisputeCommon
from ..promises import PromiseCommon

LAYERS = ("plan", "promise", "habit", "due")


class ForecastCommon(DunningCommon):
    """What is expected of a ledger."""

    def _forecast(self, day=None, weeks=13, company=None):
        company = company or self.env.company
        return company._dunning_forecast(self._day(day or 0), weeks)

    def _predict(self, day=None, weeks=13, company=None):
        """Return the forecast of a day with its totals, rounded as it is told."""
        company = company or self.env.company
        model = company.env["dunning.forecast"]
        forecast = model._predict(model._get_scope(company, self._day(day or 0), weeks))
        forecast.round(company.sudo().currency_id)
        return forecast

    def _sum(self, rows, name="amount"):
        return round(sum(row[name] for row in rows), 2)

    def assertWhole(self, day=None):
        """Check that nothing is lost: weeks, later, disputed, covered are what is open
        on items."""
        forecast = self._predict(day)
        rows = self._forecast(day)
        later = forecast.get_later(self.env.company.currency_id)
        told = self._sum(rows) + later + forecast.disputed + forecast.covered
        self.assertEqual(round(told, 2), round(forecast.open, 2))
        balance = self.env["dunning.balance"]._get_query(
            self.env.company, self._day(day or 0)
        )
        found = self.env.execute_query(balance)
        # Residual in company currency, and whether it is a credit.
        gross = sum(row[-2] for row in found if not row[-1])
        self.assertEqual(round(forecast.open, 2), round(float(gross), 2))
        for row in rows:
            self.assertEqual(
                round(sum(row[layer] for layer in LAYERS), 2), row["amount"]
            )
            self.assertLessEqual(row["low"], row["amount"])
            self.assertGreaterEqual(row["high"], row["amount"])


@tagged("post_install", "-at_install")
class TestForecast(ForecastCommon):
    """What is expected by week, and why."""

    def test_an_empty_ledger_promises_nothing(self):
        rows = self._forecast()
        self.assertEqual(len(rows), 13)
        self.assertFalse(
            any(self._sum(rows, name) for name in rows[0] if name != "week")
        )
        self.assertWhole()

    def test_weeks_begin_on_mondays_and_with_that_of_the_day(self):
        monday = date(2026, 3, 2)
        company = self.env.company
        for day in range(6):
            rows = company._dunning_forecast(monday + timedelta(day), 3)
            self.assertEqual(
                [row["week"] for row in rows],
                [monday, monday + timedelta(7), monday + timedelta(14)],
            )
        (row,) = company._dunning_forecast(str(monday + timedelta(6)), 1)
        self.assertEqual(row["week"], monday + timedelta(7))

    def test_without_any_history_what_is_due_comes_when_it_is_due(self):
        self._create_invoice(due=24, amount=100)
        week = self._day(24) - timedelta(self._day(24).weekday())
        found = {row["week"]: row["due"] for row in self._forecast()}
        near = [found.get(week + timedelta(7 * number), 0) for number in (-1, 0, 1)]
        self.assertGreater(sum(near), 99.5)
        self.assertGreater(found[week], 30)
        self.assertWhole()

    def test_without_any_history_what_is_late_is_expected_at_once(self):
        self._create_invoice(due=-60, amount=100)
        self.assertGreater(self._sum(self._forecast(), "due"), 99)

    def test_a_customer_is_expected_to_pay_as_it_has_paid(self):
        for number in range(2, 10):
            invoice = self._create_invoice(due=-30 * number)
            self._pay(invoice, date=-30 * number + 21)
        self._create_invoice(date=-10, due=3)
        rows = self._forecast()
        week = self._day(24) - timedelta(self._day(24).weekday())
        found = {row["week"]: row["habit"] for row in rows}
        near = [found[week + timedelta(7 * number)] for number in (-1, 0, 1)]
        self.assertGreater(sum(near), 80)
        self.assertEqual(self._sum(rows, "due"), 0)
        self.assertWhole()

    def test_a_forecast_of_some_customers_knows_nothing_of_the_others(self):
        model = self.env["dunning.forecast"]
        scope = model._get_scope(self.company, self._day(0), partners=self.customer)
        for number in range(2, 10):
            invoice = self._create_invoice(due=-30 * number)
            self._pay(invoice, date=-30 * number + 21)
        self._create_invoice(date=-10, due=3)
        before = model._predict(scope).layers["habit"]
        other = self._create_customer("Other")
        for number in range(2, 6):
            invoice = self._create_invoice(other, due=-30 * number)
            self._pay(invoice, date=-30 * number)
        self.assertGreater(sum(before), 80)
        self.assertEqual(model._predict(scope).layers["habit"], before)

    def test_each_week_has_the_amounts_and_the_uncertainty_of_its_share(self):
        forecast = Forecast([self._day(week) for week in (0, 7, 14)])
        forecast.add("due", 100.0, [0.5, 0.25, 0.25])
        forecast.vary(100.0, [0.5, 0.25, 0.25])
        self.assertEqual(forecast.layers["due"], [50, 25, 25])
        self.assertEqual(forecast.variance, [25, 18.75, 18.75])

    def test_what_the_bank_confirms_was_not_paid_once_more(self):
        for number in range(2, 10):
            invoice = self._create_invoice(due=-30 * number)
            payment = self._pay(invoice, date=-30 * number + 21)
            self._confirm(payment)
        self._create_invoice(date=-10, due=3)
        week = self._day(24) - timedelta(self._day(24).weekday())
        found = {row["week"]: row["habit"] for row in self._forecast()}
        near = [found[week + timedelta(7 * number)] for number in (-1, 0, 1)]
        self.assertGreater(sum(near), 80)

    def _confirm(self, payment):
        """Match a payment with a line of the bank, as its reconciliation does."""
        account = payment.outstanding_account_id
        bank_line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "date": payment.date,
                "payment_ref": "Transfer",
                "amount": payment.amount,
                "partner_id": payment.partner_id.id,
            }
        )
        _liquidity, suspense, _others = bank_line._seek_for_lines()
        bank_line = bank_line.with_context(skip_readonly_check=True)
        bank_line.line_ids = [Command.update(suspense.id, {"account_id": account.id})]
        lines = (payment.move_id | bank_line.move_id).line_ids
        lines = lines.filtered(lambda line: line.account_id == account)
        lines.reconcile()
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_what_has_passed_the_habit_is_expected_soon_or_late_but_not_again(self):
        for number in range(2, 10):
            invoice = self._create_invoice(due=-30 * number)
            self._pay(invoice, date=-30 * number + 5)
        self._create_invoice(date=-500, due=-450)
        self.assertLess(self._sum(self._forecast()), 100.01)
        self.assertWhole()

    def test_credits_pay_the_oldest_items(self):
        self._create_invoice(due=2, amount=70)
        self._create_invoice(due=30, amount=50)
        self._create_payment(amount=90, date=-1)
        rows = self._forecast()
        self.assertEqual(self._sum(rows), 30)
        self.assertEqual(self._predict().covered, 90)
        self.assertWhole()

    def test_of_what_credits_pay_nothing_is_expected_in_its_weeks(self):
        self._create_invoice(due=-60, amount=70)
        self._create_invoice(date=-20, due=60, amount=50)
        self._create_payment(amount=70, date=-1)
        rows = self._forecast()
        self.assertLess(self._sum(rows[:4]), 1)
        self.assertGreater(self._sum(rows[4:]), 49)
        self.assertWhole()

    def test_a_credit_that_is_larger_is_no_cash_to_be_paid(self):
        self._create_invoice(due=2, amount=70)
        self._create_payment(amount=500, date=-1)
        other = self._create_customer("Other")
        self._create_invoice(other, due=2, amount=11)
        self.assertEqual(self._sum(self._forecast()), 11)
        self.assertWhole()

    def test_amounts_are_in_company_currency(self):
        usd = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 2, "currency_id": usd.id}
        )
        self._create_invoice(due=2, currency=usd, amount=100)
        self.assertEqual(self._predict().open, 50)
        self.assertWhole()

    def test_a_credit_note_is_no_payment(self):
        for number in range(2, 8):
            invoice = self._create_invoice(due=-30 * number)
            self._credit_note(invoice)
        self._create_invoice(due=3)
        self.assertEqual(self._sum(self._forecast(), "habit"), 0)

    def test_an_entry_without_customer_is_expected_too(self):
        entry = self._create_entry(due=-5, amount=55)
        entry.button_draft()
        entry.line_ids.partner_id = False
        entry.action_post()
        self.assertEqual(self._predict().open, 55)
        self.assertWhole()

    def test_companies_do_not_mix(self):
        second = self._create_second_company()
        self._create_invoice(due=5)
        rows = second._dunning_forecast(self._day(0))
        self.assertEqual(self._sum(rows), 0)

    def test_how_good_forecasts_would_have_been_is_reckoned(self):
        test = Backtest(
            totals=[(100.0, 80.0), (50.0, 70.0), (40.0, 50.0)],
            held=[True, False, True, True],
        )
        self.assertAlmostEqual(test.total_error, -0.05)
        self.assertAlmostEqual(test.total_wape, 0.25)
        self.assertEqual(test.coverage, 0.75)
        self.assertIsNone(Backtest(totals=[(100.0, 0.0)]).total_error)

    def test_no_forecast_is_tried_without_half_a_year_of_payments(self):
        forecasts = self.env["dunning.forecast"].sudo()
        self.assertIsNone(forecasts._backtest(self.company))
        weeks = dunning_forecast_backtest.WEEKS + dunning_forecast_backtest.LEARNT_WEEKS
        sunday = self._day(-((self.today.weekday() + 1) % 7))
        for days, tried in ((7 * weeks, 1), (7 * weeks - 1, 0)):
            period = (sunday - timedelta(days), sunday)
            with (
                patch.object(
                    type(forecasts), "_get_paid_period", lambda *_a, p=period: p
                ),
                patch.object(
                    type(forecasts),
                    "_test",
                    lambda _own, scope, test: test.dates.append(scope.date),
                ),
            ):
                test = forecasts._backtest(self.company)
            self.assertEqual(len(test.dates) if test else 0, tried)

    def test_weeks_must_be_some(self):
        self.assertEqual(len(self._forecast(weeks=1)), 1)
        for weeks in (0, -1, 54, 10**12, "x"):
            with self.assertRaises(ValidationError):
                self.env.company._dunning_forecast(weeks=weeks)

    def test_a_mistyped_day_is_refused(self):
        for day in ("0026-01-30", "9999-12-31"):
            with self.assertRaises(ValidationError):
                self.env.company._dunning_forecast(day)

    def test_who_has_no_rights_is_told_nothing(self):
        self._create_invoice()
        second = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", second)
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        for user in (outsider, internal):
            with self.assertRaises(AccessError):
                self.company.with_user(user)._dunning_forecast()
        auditor = self._create_user("auditor", "group_dunning_readonly")
        self.assertTrue(self.company.with_user(auditor)._dunning_forecast())

    def test_a_collector_of_some_customers_is_told_of_those(self):
        self._create_invoice(due=2)
        other = self._create_customer("Other")
        other.dunning_user_id = self._create_user("colleague", "group_dunning_manager")
        self._create_invoice(other, due=2)
        company = self.company.with_user(self.collector)
        self.assertEqual(self._predict(company=company).open, 200)
        self.company.sudo().dunning_collector_view = "own"
        self.assertEqual(self._predict(company=company).open, 100)
        self.assertEqual(self._predict().open, 200)


@tagged("post_install", "-at_install")
class TestForecastPromises(ForecastCommon, PromiseCommon):
    """What was promised, in the forecast."""

    def test_a_promise_is_expected_on_its_day_as_far_as_promises_are_kept(self):
        invoice = self._create_invoice(due=-10)
        self._promise((20, 100), items=self._items(invoice))
        week = self._day(20) - timedelta(self._day(20).weekday())
        found = {row["week"]: row for row in self._forecast()}
        # Nobody has promised anything before.
        self.assertEqual(found[week]["promise"], 70)
        self.assertEqual(self._sum(found.values(), "promise"), 70)
        self.assertEqual(self._sum(found.values(), "plan"), 0)
        self.assertWhole()

    def test_what_is_worth_nothing_in_the_company_s_currency_is_not_expected(self):
        before = self._forecast()
        usd = self._enable_currency("USD")
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 1_000_000, "currency_id": usd.id}
        )
        invoice = self._create_invoice(due=2, currency=usd, amount=1)
        self._promise((20, 1), items=self._items(invoice))
        self.assertEqual(self._forecast(), before)
        self.assertWhole()

    def test_instalments_are_a_plan(self):
        invoice = self._create_invoice(due=-10)
        self._promise((10, 40), (40, 60), items=self._items(invoice))
        rows = self._forecast()
        self.assertEqual(self._sum(rows, "plan"), 70)
        self.assertEqual(self._sum(rows, "promise"), 0)
        self.assertWhole()

    def test_who_breaks_promises_is_believed_less(self):
        for number in range(4):
            old = self._create_invoice(due=-10, amount=10 + number)
            self._promise((2 + number, 10 + number), items=self._items(old))
        self._go_to(30)
        invoice = self._create_invoice(due=5)
        self._promise((45, 100), items=self._items(invoice))
        expected = self._sum(self._forecast(30), "promise")
        self.assertLess(expected, 45)
        self.assertGreater(expected, 0)
        self.assertWhole(30)

    def test_what_has_come_in_is_not_expected_again(self):
        invoice = self._create_invoice(due=-10)
        self._promise((20, 100), items=self._items(invoice))
        self._go_to(3)
        self._pay(invoice, 60, date=3)
        self.assertEqual(self._sum(self._forecast(3), "promise"), 28)
        self.assertEqual(self._sum(self._forecast(2), "promise"), 70)
        self.assertWhole(3)

    def test_a_promise_is_expected_until_the_end_of_its_last_day(self):
        invoice = self._create_invoice(due=-10)
        promise = self._promise((5, 100), items=self._items(invoice))
        last = (promise.line_ids.date_limit - self.today).days
        for day, expected in ((last, 70), (last + 1, 0)):
            self._go_to(day)
            self.assertEqual(self._sum(self._forecast(day), "promise"), expected)

    def test_a_promise_counts_from_the_day_it_was_made_until_it_is_withdrawn(self):
        invoice = self._create_invoice(due=-10)
        self._go_to(5)
        promise = self._promise((30, 100), items=self._items(invoice))
        self._go_to(8)
        promise.with_user(self.collector).action_withdraw("Mistake")
        self.assertEqual(self._sum(self._forecast(4), "promise"), 0)
        self.assertEqual(self._sum(self._forecast(5), "promise"), 70)
        self.assertEqual(self._sum(self._forecast(7), "promise"), 70)
        self.assertEqual(self._sum(self._forecast(8), "promise"), 0)


@tagged("post_install", "-at_install")
class TestForecastDisputes(ForecastCommon, DisputeCommon):
    """What is in dispute, in the forecast."""

    def test_a_dispute_is_told_apart(self):
        invoice = self._create_invoice(due=10)
        self._dispute(invoice, 30)
        rows = self._forecast()
        self.assertLessEqual(self._sum(rows), 70)
        self.assertEqual(self._predict().disputed, 30)
        self.assertGreater(self._sum(rows, "disputed"), 0)
        self.assertWhole()

    def test_a_dispute_that_was_closed_that_day_keeps_nothing_apart(self):
        dispute = self._dispute(self._create_invoice(due=10))
        self._go_to(5)
        dispute.action_reject()
        self.assertEqual(dispute.date_closed, self._day(5))
        self.assertEqual(self._predict(4).disputed, 100)
        self.assertEqual(self._predict(5).disputed, 0)
        self.assertWhole(5)

    def test_a_dispute_counts_from_its_day(self):
        invoice = self._create_invoice(due=10)
        self._go_to(5)
        self._dispute(invoice)
        self.assertEqual(self._predict(4).disputed, 0)
        self.assertEqual(self._predict(5).disputed, 100)
        self.assertWhole(4)
        self.assertWhole(5)
