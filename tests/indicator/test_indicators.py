from datetime import date as Date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.account_dunning.tools.indicators import NAMES

from .fixture import FixtureCommon


@tagged("post_install", "-at_install")
class TestIndicators(FixtureCommon):
    """Each indicator, on a ledger whose indicators are known."""

    def _get(self, *args, env=None, **kwargs):
        company = self.company.with_env(env or self.env)
        return company._dunning_indicators(*args, **kwargs)

    def _assert_figures(self, found, **expected):
        for name, value in expected.items():
            with self.subTest(name):
                if value is None:
                    self.assertIsNone(found[name])
                else:
                    self.assertAlmostEqual(found[name], value, 2)

    def test_the_indicators_of_the_fixture_are_right_to_the_cent(self):
        self._promise()
        found = self._get()
        self.assertEqual(set(found), set(NAMES))
        self._assert_figures(
            found,
            receivable=165_000,
            not_due=105_000,
            overdue=60_000,
            sales=270_000,
            dso=56.22,
            dso_countback=46.00,
            dso_best=35.78,
            add=20.44,
            weighted_delay=40.67,
        )
        self.assertAlmostEqual(found["overdue_ratio"], 0.3636, 4)
        self.assertAlmostEqual(found["over_90_ratio"], 6 / 165, 4)
        self.assertAlmostEqual(found["promise_kept_rate"], 0.6, 4)
        self.assertAlmostEqual(found["promise_kept_rate_amount"], 0.76, 4)

    def test_collection_effectiveness_of_a_month(self):
        found = self._get(date_from="2026-10-01")
        self.assertAlmostEqual(found["cei"], 0.6129, 4)
        self.assertEqual(found["sales"], 120_000)

    def test_a_past_day_has_the_figures_of_that_day(self):
        self._promise()
        today = self._get()
        self._go_to("2027-02-01")
        later = self._get("2026-10-31")
        self.assertEqual(today, later)
        self._assert_figures(self._get("2026-09-30"), receivable=140_000, sales=150_000)

    def test_figures_of_a_customer_are_its_own(self):
        other = self._create_customer("Other")
        self._sell("2026-10-01", "2026-10-21", 300, partner=other)
        found = self._get(partners=other)
        self._assert_figures(
            found, receivable=300, overdue=300, sales=300, dso=92, weighted_delay=10
        )
        contact = self._create_customer("Contact", parent_id=other.id)
        self.assertEqual(self._get(partners=contact), found)
        self._assert_figures(self._get(partners=self.customer), receivable=165_000)
        self._assert_figures(self._get(), receivable=165_300)

    def test_what_is_sold_on_the_first_day_was_not_open_before(self):
        other = self._create_customer("Other")
        invoice = self._sell("2026-10-01", "2026-10-21", 300, partner=other)
        self._pay(invoice, 100, date="2026-10-15")
        found = self._get(date_from="2026-10-01", partners=other)
        self.assertAlmostEqual(found["cei"], 1 / 3, 4)

    def test_of_nobody_nothing_is_known(self):
        found = self._get(partners=self.env["res.partner"])
        self._assert_figures(found, receivable=0, sales=0, dso=None, cei=None)
        self._assert_figures(found, dso_countback=0, promise_kept_rate=None)

    def test_without_sales_there_are_no_days_of_sales(self):
        found = self._get("2026-07-31")
        self._assert_figures(
            found, receivable=6_000, sales=0, dso=None, add=None, dso_countback=None
        )

    def test_sales_of_long_ago_are_counted_back_to(self):
        other = self._create_customer("Other")
        self._sell("2024-01-10", "2024-02-10", 1_000, partner=other)
        found = self._get(partners=other)
        # The whole of January 2024, and all days since.
        days = (Date(2026, 10, 31) - Date(2023, 12, 31)).days
        self._assert_figures(found, dso=None, dso_countback=days)

    def test_promises_that_run_or_ended_otherwise_do_not_count(self):
        self._promise()
        self._promise(["open", "withdrawn", "renegotiated", "void"])
        self._promise(["broken"], date="2026-11-05")
        self._promise(["broken"], date="2026-07-31")
        refused = self._promise(["broken"])
        refused.sudo().approval = "refused"
        self.env.flush_all()
        found = self._get()
        self._assert_figures(
            found, promise_kept_rate=0.6, promise_kept_rate_amount=0.76
        )

    def test_the_period_must_not_begin_after_its_end(self):
        with self.assertRaises(ValidationError):
            self._get("2026-10-31", "2026-11-01")

    def test_who_has_no_rights_is_told_nothing(self):
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        second = self._create_second_company()
        outsider = self._create_user("outsider", "group_dunning_manager", second)
        for user in (internal, outsider):
            with self.assertRaises(AccessError):
                self._get(env=self.env(user=user))
            with self.assertRaises(AccessError):
                self.company.with_user(user)._dunning_indicators_by("collector")
        auditor = self._create_user("auditor", "group_dunning_readonly")
        self.assertEqual(self._get(env=self.env(user=auditor)), self._get())

    def test_a_collector_of_some_customers_is_told_of_those(self):
        self._promise()
        colleague = self._create_user("colleague", "group_dunning_collector")
        other = self._create_customer("Other", dunning_user_id=colleague.id)
        self._sell("2026-10-01", "2026-10-21", 300, partner=other)
        self.company.sudo().dunning_collector_view = "own"
        found = self._get(env=self.env(user=colleague))
        self.assertEqual(found, self._get(partners=other))
        self.assertEqual(found["promise_kept_rate"], None)
        found = self._get(env=self.env(user=self.collector))
        self.assertEqual(found, self._get(partners=self.customer))

    def test_segments_have_the_figures_of_their_customers(self):
        self._promise()
        france, spain = self.env.ref("base.fr"), self.env.ref("base.es")
        tags = self.env["res.partner.category"].create([{"name": "A"}, {"name": "B"}])
        colleague = self._create_user("colleague", "group_dunning_collector")
        other = self._create_customer(
            "Other",
            dunning_user_id=colleague.id,
            country_id=spain.id,
            user_id=colleague.id,
            category_id=[(6, 0, tags.ids)],
        )
        self.customer.country_id = france
        scenario = self._create_scenario(name="Other Scenario")
        other.dunning_scenario_id = scenario
        self._sell("2026-10-01", "2026-10-21", 300, partner=other)
        first, second = self._get(partners=self.customer), self._get(partners=other)
        for by, expected in {
            "customer": {self.customer.id: first, other.id: second},
            "collector": {self.collector.id: first, colleague.id: second},
            "salesperson": {False: first, colleague.id: second},
            "country": {france.id: first, spain.id: second},
            "tag": {False: first, tags[0].id: second, tags[1].id: second},
            "scenario": {self.scenario.id: first, scenario.id: second},
        }.items():
            with self.subTest(by):
                rows = self.company._dunning_indicators_by(by)
                found = {row.pop("id"): row for row in rows}
                found = {k: row for k, row in found.items() if row["receivable"]}
                self.assertEqual(found, expected)
        with self.assertRaises(ValidationError):
            self.company._dunning_indicators_by("colour")

    def test_many_segments_cost_no_more_statements_than_one(self):
        self.company._dunning_indicators_by("customer")
        counts = []
        for _turn in range(2):
            for number in range(3):
                partner = self._create_customer(f"Other {number}")
                self._sell("2026-10-01", "2026-10-21", 300, partner=partner)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.company._dunning_indicators_by("customer")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
