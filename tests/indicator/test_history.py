from datetime import timedelta

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.account_dunning.tools.indicators import NAMES
from odoo.addons.account_dunning.tools.months import month_ends

from .fixture import FixtureCommon


@tagged("post_install", "-at_install")
class TestHistory(FixtureCommon):
    """Indicators over time, and how they are computed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Other")
        for number, month in enumerate(("2025-11", "2026-02", "2026-05", "2026-08"), 1):
            invoice = cls._sell(
                f"{month}-10", f"{month}-28", 100 * number, partner=cls.other
            )
            cls._pay(invoice, 30 * number, date="2026-09-15")
        cls._create_payment(cls.other, 50, date="2026-06-30")
        cls._promise()
        cls._promise(["kept", "broken"], date="2026-09-20")

    def _assert_same(self, found, expected):
        for name in NAMES:
            with self.subTest(name):
                if expected[name] is None:
                    self.assertIsNone(found[name])
                else:
                    self.assertAlmostEqual(found[name], expected[name], 6)

    def test_each_month_has_the_figures_of_its_end(self):
        for day in ("2026-10-31", "2026-10-20", "2026-12-05"):
            ends = month_ends(self._day(day), 24)
            for partners in (None, self.other, self.env["res.partner"]):
                rows = self.company._dunning_indicator_history(day, 24, partners)
                self.assertEqual([row["date"] for row in rows], ends)
                for row in rows[-13:]:
                    expected = self.company._dunning_indicators(
                        row["date"], partners=partners
                    )
                    self._assert_same(row, expected)

    def test_segments_have_histories_of_their_own(self):
        rows = self.company._dunning_indicator_history(None, 2, by="customer")
        found = {(row["date"], row["id"]): row for row in rows}
        for day in month_ends(self._day(self.end), 2):
            for partner in (self.customer, self.other):
                expected = self.company._dunning_indicators(day, partners=partner)
                self._assert_same(found[day, partner.id], expected)

    def test_what_is_matched_with_drafts_counts_on_no_day(self):
        draft = self._create_invoice(date="2026-10-05", amount=40, post=False)
        credit = self._create_payment(amount=40, date="2026-10-05")
        (self._items(draft) | self._items(credit.move_id)).reconcile()
        row = self.company._dunning_indicator_history(None, 1)[0]
        self._assert_same(row, self.company._dunning_indicators())
        self.assertEqual(row["receivable"], self._get_ledger_balance(self.end))

    def test_more_months_cost_no_more_statements(self):
        self.company._dunning_indicator_history(None, 2)
        counts = []
        for months in (2, 24):
            before = self.cr.sql_log_count
            self.company._dunning_indicator_history(None, months)
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_time_of_which_nothing_is_known_is_not_looked_at_month_by_month(self):
        indicator = self.env["dunning.indicator"]
        ahead = self.company._dunning_today() + timedelta(days=3700 + 366)
        for day in (ahead, "9999-12-31"):
            for ask in (indicator.get_history, indicator.get_explained):
                with self.assertRaisesRegex(ValidationError, "choose a day before"):
                    ask(date=day)
        self.assertTrue(indicator.get_explained(date="2030-01-01"))

    def test_before_a_day_is_compared_with_after(self):
        found = self.company._dunning_compare_indicators("2026-10-01")
        before = self.company._dunning_indicators("2026-09-30")
        after = self.company._dunning_indicators()
        self.assertEqual((found["before"], found["after"]), (before, after))
        self.assertAlmostEqual(found["change"]["dso"], after["dso"] - before["dso"])
        with self.assertRaises(ValidationError):
            self.company._dunning_compare_indicators("2026-11-01")
        indicator = self.env["dunning.indicator"]
        first = self.company._dunning_run()
        self.assertEqual(indicator.get_comparison()["date"], first.date)

    def test_a_company_duns_since_its_own_first_run(self):
        other = self._create_second_company()
        earlier = other._dunning_run()
        first = self.company._dunning_run()
        earlier.sudo().date = self._day(-30)
        date = first.date
        self.assertEqual(self.company._dunning_get_start(date), date)
        self.assertEqual(other._dunning_get_start(date), earlier.date)

    def test_each_indicator_says_how_it_is_computed(self):
        rows = self.env["dunning.indicator"].get_explained(self.company.id)
        self.assertEqual([row["name"] for row in rows], list(NAMES))
        values = self.company._dunning_indicators()
        for row in rows:
            self.assertEqual(row["value"], values[row["name"]])
            self.assertTrue(row["label"] and row["formula"] and row["period"])
        found = {row["name"]: row for row in rows}
        numbers = [row["value"] for row in found["dso"]["numbers"]]
        receivable, sales, days = numbers
        self.assertAlmostEqual(receivable / sales * days, found["dso"]["value"])
        months = found["dso_countback"]["numbers"]
        self.assertEqual(months[1]["label"], "Sales of October 2026, 31 days")
        self.assertEqual(len(months), 3)
        kept = found["promise_kept_rate"]["numbers"]
        self.assertEqual([row["value"] for row in kept], [7, 12])

    def test_sales_of_the_first_day_of_a_period_are_opened_with_it(self):
        def read():
            rows = self.env["dunning.indicator"].get_explained()
            [row] = [row for row in rows if row["name"] == "sales"]
            action = row["action"]
            records = self.env[action["res_model"]].with_context(**action["context"])
            return row["value"], records.search(action["domain"])

        sales, _opened = read()
        scope = self.company._dunning_indicator_scope()
        first = self._sell(scope.date_from, scope.date_from, 10)
        before = scope.date_from - timedelta(days=1)
        self._sell(before, before, 1_000)
        value, opened = read()
        self.assertAlmostEqual(value, sales + 10)
        self.assertIn(first, opened)
        self.assertAlmostEqual(sum(opened.mapped("amount_total_signed")), value)

    def test_each_indicator_opens_the_entries_behind_it(self):
        for partner_ids in (None, self.other.ids):
            rows = self.env["dunning.indicator"].get_explained(partner_ids=partner_ids)
            found = {row["name"]: row for row in rows}
            for name, field in (
                ("receivable", "amount_company"),
                ("not_due", "amount_company"),
                ("overdue", "amount_company"),
                ("sales", "amount_total_signed"),
            ):
                action = found[name]["action"]
                records = self.env[action["res_model"]].with_context(
                    **action["context"]
                )
                opened = records.search(action["domain"])
                self.assertAlmostEqual(
                    sum(opened.mapped(field)), found[name]["value"], 2
                )
            over_90 = found["over_90_ratio"]
            action = over_90["action"]
            records = self.env[action["res_model"]].with_context(**action["context"])
            total = sum(records.search(action["domain"]).mapped("amount_company"))
            self.assertAlmostEqual(total, over_90["numbers"][0]["value"], 2)
            action = found["promise_kept_rate"]["action"]
            opened = self.env[action["res_model"]].search(action["domain"])
            judged = found["promise_kept_rate"]["numbers"][1]["value"]
            self.assertEqual(len(opened), judged)

    def test_figures_are_refused_to_who_may_not_see_them(self):
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        second = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", second)
        for user in (internal, outsider):
            indicator = self.env["dunning.indicator"].with_user(user)
            for method in ("get_explained", "get_history", "get_comparison"):
                with self.assertRaises(AccessError):
                    getattr(indicator, method)(company=self.company.id)
        for arguments in ({"date": "x"}, {"partner_ids": "x"}, {"company": "x"}):
            with self.assertRaises(ValidationError):
                self.env["dunning.indicator"].get_explained(**arguments)

    def test_a_collector_of_some_customers_opens_those(self):
        colleague = self._create_user("colleague", "group_dunning_collector")
        self.other.dunning_user_id = colleague
        self.company.sudo().dunning_collector_view = "own"
        env = self.env(user=colleague)
        rows = {row["name"]: row for row in env["dunning.indicator"].get_explained()}
        expected = self.company._dunning_indicators(partners=self.other)
        for name, row in rows.items():
            self.assertEqual(row["value"], expected[name])
        action = rows["sales"]["action"]
        opened = env["account.move"].search(action["domain"])
        self.assertEqual(opened.commercial_partner_id, self.other)
        self.assertLess(opened[0].date, self._day(self.end) + timedelta(1))
