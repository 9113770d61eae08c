from datetime import date as Date

from odoo.tests import tagged

from .common_legal import LegalCommon


@tagged("post_install", "-at_install")
class TestLimitationColumn(LegalCommon):
    """Open items show, and are found by, the last day on which they can be claimed."""

    def _search(self, *domain):
        self.env.flush_all()
        items = self.env["dunning.item"].with_user(self.collector)
        return items.search(list(domain)).move_id

    def setUp(self):
        super().setUp()
        self.new = self._create_late_invoice(due="2025-05-31")
        self.old = self._create_late_invoice(due="2021-05-31", date="2021-05-01")
        self.over = self._create_late_invoice(due="2020-05-31", date="2020-05-01")
        self.consumer = self._create_late_invoice(
            due="2024-05-31", partner=self.customer, date="2024-05-01"
        )
        self.customer.country_id = self.france

    def test_each_item_shows_its_last_day(self):
        self.env.flush_all()
        item = self.env["dunning.item"].with_user(self.collector)
        item = item.browse(self._items(self.new).id)
        self.assertEqual(item.limitation_date, Date(2030, 5, 31))
        self.business.country_id = self.env.ref("base.us")
        item.invalidate_recordset()
        self.assertFalse(item.limitation_date)

    def test_what_will_soon_be_time_barred_is_found(self):
        found = self._search(
            ("limitation_date", ">=", "today"), ("limitation_date", "<=", "today +6m")
        )
        self.assertEqual(found, self.old | self.consumer)

    def test_one_day_and_none_are_found_alone(self):
        never = self._create_customer(country_id=self.env.ref("base.us").id)
        never = self._create_late_invoice(due="2025-05-31", partner=never)
        for days, found in (
            (["2030-05-31"], self.new),
            ([False], never),
            (["2030-05-31", False], self.new | never),
        ):
            with self.subTest(days=days):
                self.assertEqual(self._search(("limitation_date", "in", days)), found)

    def test_what_is_time_barred_is_found(self):
        self.assertEqual(self._search(("limitation_date", "<", "today")), self.over)
        self.assertEqual(
            self._search(("limitation_date", "<=", "2025-05-31")), self.over
        )
        self.assertFalse(self._search(("limitation_date", "<", "2025-05-31")))

    def test_a_partial_payment_takes_it_out(self):
        self._pay(self.old, 100, date="2025-09-15")
        found = self._search(("limitation_date", "<=", "2026-12-31"))
        self.assertEqual(found, self.over | self.consumer)

    def test_strange_days_are_answered(self):
        for day in ("1900-01-01", "9999-12-31"):
            for operator in ("<", "<=", ">", ">="):
                with self.subTest(day=day, operator=operator):
                    self._search(("limitation_date", operator, day))
        everything = self.new | self.old | self.over | self.consumer
        self.assertEqual(
            self._search(("limitation_date", "<", "9999-12-31")), everything
        )

    def test_a_page_costs_as_few_statements_as_a_row(self):
        for day in range(12):
            self._create_late_invoice(due=f"2025-06-{day + 1:02}")
        self.env.flush_all()
        counts = []
        for number in (1, 12):
            self.env.invalidate_all()
            items = self.env["dunning.item"].search([], limit=number)
            before = self.cr.sql_log_count
            items.mapped("limitation_date")
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_who_reads_no_dunning_learns_nothing(self):
        employee = self._create_user("employee", "group_dunning_readonly")
        employee.group_ids = self.env.ref("base.group_user")
        items = self.env["dunning.item"].with_user(employee)
        from odoo.exceptions import AccessError

        with self.assertRaises(AccessError):
            items.search([("limitation_date", "<", "2030-01-01")])

    def test_rates_show_as_many_decimals_as_they_have(self):
        for model, names in (
            ("dunning.rate", ("reference", "margin", "rate", "minimum")),
            ("dunning.contract.rate", ("rate",)),
            ("dunning.invoice.terms", ("rate",)),
        ):
            told = self.env[model].fields_get(names, ["digits", "min_display_digits"])
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertEqual(told[name]["min_display_digits"], 2)
                    self.assertEqual(told[name]["digits"][1], 4)
