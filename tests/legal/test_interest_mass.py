from datetime import date as Date
from datetime import timedelta
from random import Random
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from ...models.legal.dunning_interest import InterestScope
from ...tools.dates import FIRST_DAY
from ...tools.interest import total
from ..plan_strategies import examples
from .common_legal import LegalCommon

# Days of due dates, payments and pauses; of the last ones no rate is known.
FIRST = Date(2024, 6, 20)
DAYS = 780


@tagged("post_install", "-at_install")
class TestInterestMass(LegalCommon):
    """Interest by one statement is what it is item by item, to the cent."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls._create_partners()
        cls.moves = cls.env["account.move"]
        for partner in cls.partners * 6:
            cls.moves |= cls._create_late_invoice(partner=partner, post=False)
        cls.moves.action_post()
        cls.credits = cls._create_invoice(
            cls.business, 0, 1.0, move_type="out_refund"
        ) | cls._create_entry(cls.business, 0, -1.0)
        cls.env.flush_all()

    @classmethod
    def _create_partners(cls):
        """Return a customer for each way in which rates are given."""
        agreed = cls._create_business("Agreed")
        lowest = cls._create_business("Lowest")
        for partner, method in ((agreed, "fixed"), (lowest, "minimum")):
            cls.env["dunning.contract.rate"].create(
                {
                    "name": "Contract",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "method": method,
                    "rate": 15.55,
                    "date_from": "2020-01-01",
                }
            )
        public = cls._create_business("Public")
        public.dunning_customer_kind = "public"
        italian = cls._create_business("Italian")
        italian.country_id = cls.env.ref("base.it")
        return [cls.business, agreed, lowest, public, italian, cls.customer]

    def _write_history(self, random):
        """Give the items other amounts, due dates, payments and credit notes, in the
        database alone.

        :return: pauses
        """
        cr = self.env.cr
        cr.execute("DELETE FROM account_partial_reconcile")
        refund, entry = self._items(self.credits)
        pauses = []
        for item in self._items(self.moves):
            left = random.choice([1, 33, 9999, random.randrange(1, 10_000_000)])
            cr.execute(
                "UPDATE account_move_line SET amount_currency = %s, date_maturity = %s"
                " WHERE id = %s",
                [left / 100, self._draw_day(random), item.id],
            )
            for _payment in range(random.choice([0, 0, 0, 1, 2, 4])):
                paid = random.choice([left, random.randrange(0, left + 1)])
                left -= paid
                cr.execute(
                    "INSERT INTO account_partial_reconcile (debit_move_id,"
                    " credit_move_id, amount, debit_amount_currency,"
                    " credit_amount_currency, company_id, max_date)"
                    " VALUES (%s, %s, 0, %s, 0, %s, %s)",
                    [
                        item.id,
                        random.choice([refund, entry, entry]).id,
                        paid / 100,
                        self.company.id,
                        self._draw_day(random),
                    ],
                )
            for _pause in range(random.choice([0, 0, 0, 1, 2])):
                pauses.append((item.id, *self._draw_pause(random)))
        return pauses

    def _draw_day(self, random):
        return FIRST + timedelta(days=random.randrange(DAYS))

    def _draw_pause(self, random):
        start = random.choice([FIRST_DAY, self._draw_day(random)])
        end = max(start, self._draw_day(random))
        amount = random.randrange(1, 100_000) / 100
        return start, random.choice([None, end]), random.choice([None, amount])

    @examples(25)
    @given(st.integers(0, 10**9), st.sampled_from(["365", "360", "actual"]))
    def test_a_statement_gives_the_periods_of_each_item(self, seed, basis):
        random = Random(seed)
        self.company.dunning_interest_basis = basis
        pauses = self._write_history(random)
        date = random.choice([Date(2026, 6, 30), self._draw_day(random)])
        model = self.env["dunning.interest"]
        items = self._items(self.moves)
        scope = InterestScope(self.company, date, items=tuple(items.ids))
        with patch.object(
            self.env.registry["dunning.interest"], "_get_pauses", lambda *_args: pauses
        ):
            single = items._dunning_interest(date, skip_missing=True)
            rows = self.env.execute_query(model._get_periods_sql(scope))
            sums = {row["id"]: row for row in model._fetch_sums(scope)}
        many = {}
        for id_, *row in rows:
            many.setdefault(id_, []).append(tuple(row))
        for item in items:
            row = sums.get(item.id)
            if item.id not in single:
                self.assertTrue(row["missing"])
                continue
            periods = single[item.id]
            told = [(p[0], p[1], p.base, p.rate, p.amount) for p in periods]
            self.assertEqual(many.get(item.id, []), told)
            if periods:
                self.assertIsNone(row["missing"])
                self.assertAlmostEqual(row["interest"], total(periods), 6)
                self.assertEqual(row["date_from"], periods[0].date_from)
                self.assertEqual(row["date_to"], periods[-1].date_to)

    def test_the_database_is_read_company_by_company(self):
        other = self._create_second_company()
        self.env.user.company_ids = [Command.link(other.id)]
        rows = self.env["dunning.interest"]._fetch_sums(
            InterestScope(other, Date(2026, 6, 30))
        )
        self.assertEqual(rows, [])
