from collections import defaultdict
from datetime import date as Date

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.account_dunning.tools.months import month_ends

from ..plan_strategies import examples
from . import balance_model
from .balance_model import COMPANIES, DAYS, LINES, ledgers
from .common_figures import FiguresCommon

LIMITS = st.sampled_from([(30, 60, 90), (1,), (), (15, 45)])


class BalanceModelCommon(FiguresCommon):
    """Writes the ledgers of the model."""

    today = balance_model.TODAY

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.companies = {
            "own": cls.company,
            "branch": cls._create_branch(),
            "other": cls._create_second_company(),
        }
        cls.usd = cls._enable_currency("USD")
        cls.partners = [cls._create_customer(f"Customer {n}") for n in range(3)]
        invoices = cls.env["account.move"].concat(
            *(
                cls._create_invoice(company=cls.companies[company], post=False)
                for company in COMPANIES
            )
        )
        invoices.sudo().action_post()
        cls.pool = [cls._items(invoice.sudo()) for invoice in invoices]
        cls.env.flush_all()

    # ------------------------------------------------------------------
    # WRITING A LEDGER
    # ------------------------------------------------------------------

    def _write(self, ledger):
        """Give the items of the pool what the ledger says: posting new ones would take
        most of the time, and only what the statement reads matters."""
        self.env.cr.execute("DELETE FROM account_partial_reconcile")
        for number, line in enumerate(ledger.lines):
            self._write_line(ledger, number, line)
        for match in ledger.matches:
            self._write_match(ledger, match)
        self.env.invalidate_all(flush=False)

    def _write_line(self, ledger, number, line):
        item = self.pool[number]
        amount, balance = ledger.left(number)
        partner = None if line.customer is None else self.partners[line.customer].id
        currency = self.usd if line.foreign else self.company.currency_id
        state = "posted" if line.posted else "draft"
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line
                   SET date = %s, date_maturity = %s, invoice_date = %s,
                       partner_id = %s, currency_id = %s, parent_state = %s,
                       amount_currency = %s, balance = %s,
                       amount_residual_currency = %s, amount_residual = %s,
                       reconciled = %s
                 WHERE id = %s
                """,
                line.date,
                line.due,
                line.invoiced,
                partner,
                currency.id,
                state,
                self._cents(line.amount),
                self._cents(line.balance),
                self._cents(amount),
                self._cents(balance),
                not amount and not balance,
                item.id,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE account_move SET state = %s WHERE id = %s",
                state,
                item.move_id.id,
            )
        )

    def _write_match(self, ledger, match):
        ends = [ledger.lines[match.debit], ledger.lines[match.credit]]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO account_partial_reconcile (
                    debit_move_id, credit_move_id, amount, debit_amount_currency,
                    credit_amount_currency, max_date, company_id
                ) VALUES (%s, %s, %s, %s, %s, %s, %s)
                """,
                self.pool[match.debit].id,
                self.pool[match.credit].id,
                self._cents(match.balance),
                self._cents(match.debit_amount),
                self._cents(match.credit_amount),
                max(end.date for end in ends),
                self.companies[ends[0].company].id,
            )
        )

    @staticmethod
    def _cents(amount):
        return SQL("%s::numeric / 100", amount)


@tagged("post_install", "-at_install")
class TestBalanceModel(BalanceModelCommon):
    """What was open on a day is what the rules say, on any ledger and any day."""

    @examples(120)
    @given(ledgers(), DAYS, st.sets(st.sampled_from([0, 1, 2])))
    def test_what_was_open_is_what_the_rules_say(self, ledger, day, customers):
        self._write(ledger)
        expected = ledger.open(day)
        all_companies = self.env["res.company"].concat(*self.companies.values())
        rows = self._open(day, companies=all_companies)
        self.assertEqual(self._by_number(rows), expected)
        of_lines = {self.pool[number].id: number for number in range(LINES)}
        for row in rows:
            line = ledger.lines[of_lines[row["move_line_id"]]]
            self.assertEqual(row["is_credit"], line.is_credit)
            self.assertEqual(row["date_due"], line.due)
        # What is reconciled across companies stays within those of one root.
        for names in (("own", "branch"), ("other",)):
            companies = [self.companies[name].id for name in names]
            total = sum(
                row["residual_company"]
                for row in rows
                if row["company_id"] in companies
            )
            self.assertEqual(round(total * 100), ledger.balance(day, names))
        partners = self.env["res.partner"].concat(
            *(self.partners[number] for number in customers)
        )
        found = self._open(day, companies=all_companies, partners=partners)
        self.assertEqual(
            self._by_number(found),
            {
                n: left
                for n, left in expected.items()
                if ledger.lines[n].customer in customers
            },
        )

    def _by_number(self, rows):
        by_id = {item.id: number for number, item in enumerate(self.pool)}
        return {
            by_id[row["move_line_id"]]: (
                round(row["residual"] * 100),
                round(row["residual_company"] * 100),
            )
            for row in rows
        }

    @examples(60)
    @given(ledgers(), DAYS, LIMITS, st.sampled_from(["due", "invoice"]))
    def test_buckets_add_up_to_what_was_open(self, ledger, day, limits, by):
        self._write(ledger)
        expected = defaultdict(lambda: [0] * (len(limits) + 4))
        for number, (amount, balance) in ledger.open(day).items():
            line = ledger.lines[number]
            if line.company == "own":
                currency = self.usd if line.foreign else self.company.currency_id
                row = expected[line.customer, currency.id]
                row[self._get_place(line, day, limits, by)] += amount
                row[-1] += balance
        rows = self.company._dunning_aged_balance(day, by, limits)
        numbers = {partner.id: n for n, partner in enumerate(self.partners)}
        found = {}
        for row in rows:
            amounts = [row["credits"], row["not_due"], *row["buckets"]]
            self.assertAlmostEqual(sum(amounts), row["total"], 2)
            key = numbers.get(row["partner_id"]), row["currency_id"]
            amounts.append(row["total_company"])
            found[key] = [round(amount * 100) for amount in amounts]
        self.assertEqual(found, expected)

    def _get_place(self, line, day, limits, by):
        if line.is_credit:
            return 0
        days = (day - (line.due if by == "due" else line.invoiced)).days
        if days <= 0:
            return 1
        return 2 + sum(days > limit for limit in limits)

    @examples(40)
    @given(ledgers(), DAYS)
    def test_the_past_is_what_it_was(self, ledger, day):
        self._write(ledger)
        rows = self.company._dunning_indicator_history(day, 4)
        self.assertEqual([row["date"] for row in rows], month_ends(day, 4))
        for row in rows:
            expected = self._get_figures(ledger, row["date"])
            found = {name: round(row[name] * 100) for name in expected}
            self.assertEqual(found, expected)
            single = self.company._dunning_indicators(row["date"])
            for name, value in single.items():
                if value is None:
                    self.assertIsNone(row[name])
                else:
                    self.assertAlmostEqual(row[name], value, 6)

    def _get_figures(self, ledger, day: Date):
        figures = {"receivable": 0, "not_due": 0, "overdue": 0}
        for number, (_amount, balance) in ledger.open(day).items():
            line = ledger.lines[number]
            if line.company == "own":
                figures["receivable"] += balance
                if not line.is_credit:
                    figures["not_due" if line.due >= day else "overdue"] += balance
        return figures

    @examples(40)
    @given(ledgers(), ledgers(), DAYS)
    def test_what_comes_later_changes_nothing(self, ledger, other, day):
        later = [
            after if line.date > day and after.date > day else line
            for line, after in zip(ledger.lines, other.lines, strict=True)
        ]
        self._write(ledger)
        before = self.company._dunning_aged_balance(day)
        kept = [
            match
            for match in ledger.matches
            if all(ledger.lines[n].date <= day for n in (match.debit, match.credit))
        ]
        self._write(balance_model.Ledger(later, kept))
        self.assertEqual(self.company._dunning_aged_balance(day), before)
