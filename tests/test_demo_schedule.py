from datetime import date

from stdnum.fr import siret

from odoo.tests import TransactionCase, tagged

from odoo.addons.account_dunning.demo.schedule import read_csv, schedule


@tagged("post_install", "-at_install")
class TestDemoSchedule(TransactionCase):
    """The catalogue put on the calendar: nothing is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = read_csv("customers.csv")

    def test_about_forty_customers_and_250_invoices(self):
        self.assertAlmostEqual(len(self.customers), 40, delta=5)
        planned = schedule(self.customers, date(2026, 11, 20))
        self.assertAlmostEqual(len(planned), 250, delta=15)

    def test_same_day_gives_same_invoices(self):
        today = date(2026, 11, 20)
        self.assertEqual(
            schedule(self.customers, today), schedule(self.customers, today)
        )

    def test_nothing_lies_in_the_future_whatever_the_day(self):
        for today in (date(2028, 2, 29), date(2027, 1, 1), date(2026, 12, 31)):
            with self.subTest(today=today):
                planned = schedule(self.customers, today)
                self.assertTrue(any(item.payments for item in planned))
                for item in planned:
                    self.assertLessEqual(item.issued, today)
                    for day, _share, _instalment in item.payments:
                        self.assertLessEqual(day, today)
                        self.assertGreaterEqual(day, item.issued)

    def test_keys_are_unique(self):
        keys = [i.invoice.key for i in schedule(self.customers, date(2026, 3, 31))]
        self.assertEqual(len(keys), len(set(keys)))

    def test_numbers_are_valid_and_addresses_reach_nobody(self):
        numbers = set(filter(None, (x["company_registry"] for x in self.customers)))
        self.assertGreater(len(numbers), 10)
        self.assertEqual({x for x in numbers if siret.is_valid(x)}, numbers)
        for row in self.customers + read_csv("contacts.csv"):
            self.assertTrue(not row["email"] or row["email"].endswith(".example"))
