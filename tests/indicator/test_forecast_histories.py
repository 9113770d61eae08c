import random
from datetime import date, timedelta
from itertools import chain

from odoo.tests import tagged

from odoo.addons.account_dunning.tools import forecast as tools

from .. import histories, histories_ledger
from ..common import DunningCommon

# The method was chosen on other seeds.
SEED = 20261128
WORLD = histories.World(customers=160, months=18)


@tagged("post_install", "-at_install")
class TestForecastHistories(DunningCommon):
    """The forecast on a ledger of customers with habits, against what came."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.history = histories.make(WORLD, SEED)
        histories_ledger.write(
            cls.env, cls.history, histories_ledger.get_records(cls.env)
        )
        cls.env.cr.execute("ANALYZE account_move_line, account_partial_reconcile")
        cls.model = cls.env["dunning.forecast"]

    def _scope(self, day, weeks=13):
        return self.model._get_scope(self.env.company, day, weeks)

    def test_it_is_near_to_what_came(self):
        said, due, totals, within = [], [], [], []
        for number in range(5):
            scope = self._scope(WORLD.last - timedelta(1 + 91 + 28 * number))
            rows = self.model._get_rows(scope)
            came = self.model._get_came(scope)
            amounts = [row["amount"] for row in rows]
            said += zip(amounts, came, strict=True)
            due += zip(self.model._get_due_alone(scope), came, strict=True)
            totals.append((sum(amounts[:4]), sum(came[:4])))
            within += [
                row["low"] <= actual <= row["high"]
                for row, actual in zip(rows, came, strict=True)
            ]
        self.assertLess(tools.get_wape(said), 0.25)
        self.assertLess(tools.get_wape(said), tools.get_wape(due) / 2)
        expected, actual = map(sum, zip(*totals, strict=True))
        self.assertLess(abs(expected - actual) / actual, 0.04)
        held = sum(within) / len(within)
        self.assertGreaterEqual(held, 0.75)
        self.assertLessEqual(held, 0.85)

    def test_what_came_is_what_the_history_says(self):
        scope = self._scope(WORLD.last - timedelta(92))
        came = [0.0] * 13
        for invoice, day, amount in self.history.payments:
            week = (day - scope.monday).days // 7
            known = self.history.invoices[invoice][1] <= scope.date
            if known and day > scope.date and week < 13:
                came[week] += amount
        for found, expected in zip(self.model._get_came(scope), came, strict=True):
            self.assertAlmostEqual(found, expected, 2)

    def test_the_future_changes_nothing(self):
        chance = random.Random(SEED)
        for _round in range(2):
            day = WORLD.last - timedelta(chance.randrange(60, 300))
            before = self.env.company._dunning_forecast(day)
            with self.env.cr.savepoint() as savepoint:
                self._move_future(day, chance)
                self.assertEqual(self.env.company._dunning_forecast(day), before)
                later = day + timedelta(28)
                savepoint.rollback()
            self.assertNotEqual(self.env.company._dunning_forecast(later), before)

    def _move_future(self, day, chance):
        """Have other things happen after a day than did."""
        shift = chance.randrange(1, 40)
        self.env.cr.execute(
            """
            UPDATE account_partial_reconcile SET max_date = max_date + %(shift)s
             WHERE max_date > %(day)s;
            UPDATE account_move_line line SET date = line.date + %(shift)s
              FROM account_journal journal
             WHERE journal.id = line.journal_id AND line.date > %(day)s;
            UPDATE account_move_line SET balance = balance * 3, debit = debit * 3,
                   amount_residual = amount_residual + balance * 2
             WHERE date > %(day)s AND debit > 0
               AND id NOT IN (SELECT credit_move_id FROM account_partial_reconcile);
            """,
            {"shift": shift, "day": day},
        )
        self.env.invalidate_all()
        old = self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("reconciled", "=", False),
                ("date", "<=", day),
                ("debit", ">", 0),
            ],
            limit=1,
        )
        later = (day - self._day(0)).days + chance.randrange(1, 30)
        for item in old:
            self._pay(item.move_id, date=later)
        self._create_invoice(old[:1].partner_id, date=later, due=later + 5, amount=999)

    def test_totals_are_those_of_the_ledger_to_the_cent(self):
        chance = random.Random(SEED + 1)
        currency = self.env.company.currency_id
        for _round in range(4):
            day = WORLD.last - timedelta(chance.randrange(400))
            open_items = self._get_open(day)
            forecast = self.model._predict(self._scope(day))
            forecast.round(currency)
            told = sum(map(forecast.get_amount, range(13)))
            told += forecast.get_later(currency) + forecast.disputed + forecast.covered
            self.assertAlmostEqual(told, open_items, 2)
            self.assertAlmostEqual(forecast.open, open_items, 2)
            self.assertTrue(all(0 <= x for x in chain(*forecast.layers.values())))

    def _get_open(self, day):
        """Return what was open, from the history itself."""
        sold = sum(row[3] for row in self.history.invoices if row[1] <= day)
        paid = sum(
            amount for _invoice, date_, amount in self.history.payments if date_ <= day
        )
        return round(sold - paid, 2)

    def test_the_score_compares_whole_weeks_that_are_over(self):
        scope = self._scope(date(2026, 4, 15))
        self.model._predict(scope)
        (score,) = self.model._look_back(scope, (4,))
        self.assertEqual(score.date, date(2026, 3, 15))
        self.assertEqual(score.weeks[0], date(2026, 3, 16))
        self.assertEqual(score.weeks[-1], date(2026, 4, 6))
        self.assertFalse(score.sampled)
        self.assertLess(abs(sum(score.said) - sum(score.came)) / sum(score.came), 0.2)


# Of different character, small ones too.
WORLDS = {
    "few": histories.World(customers=25, months=16),
    "late": histories.World(customers=60, months=16, delay=35, delays=20, late=0.08),
    "unequal": histories.World(customers=60, months=16, sizes=1.5, unequal=1.3),
    "monthly": histories.World(customers=70, months=16, weekly=0.3, monthly=0.5),
    "changing": histories.World(customers=70, months=16, drifting=0.6, season=0.35),
    "punctual": histories.World(customers=70, months=16, delay=2, spread=(1.0, 4.0)),
}


@tagged("post_install", "-at_install")
class TestForecastWorlds(DunningCommon):
    """The forecast on ledgers that have little in common."""

    def test_the_band_holds_in_four_weeks_of_five_whatever_the_ledger(self):
        held, totals = [], []
        for number, (name, world) in enumerate(WORLDS.items()):
            with self.subTest(world=name), self.env.cr.savepoint() as savepoint:
                backtest = self._test_world(world, SEED + number)
                self.assertLess(backtest.wape, backtest.wape_due / 1.6)
                held += backtest.held
                totals += backtest.totals
                savepoint.rollback()
        self.assertEqual(len(held), 13 * 4 * len(WORLDS))
        share = sum(held) / len(held)
        self.assertGreaterEqual(share, 0.75)
        self.assertLessEqual(share, 0.85)
        said, came = map(sum, zip(*totals, strict=True))
        self.assertLess(abs(said - came) / came, 0.04)

    def _test_world(self, world, seed):
        records = histories_ledger.get_records(self.env)
        histories_ledger.write(self.env, histories.make(world, seed), records)
        self.env.cr.execute("ANALYZE account_move_line, account_partial_reconcile")
        company = self.env.company
        self.patch(type(company), "_dunning_today", lambda company: world.last)
        return self.env["dunning.forecast"]._backtest(company, turns=4)
