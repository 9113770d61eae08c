from dateutil.relativedelta import relativedelta

from odoo.service.model import call_kw
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDashboardTrend(DunningCommon):
    """How fast money comes in, and how that went: what the indicators say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.other_collector = cls._create_user("other", "group_dunning_collector")
        cls.other_customer = cls._create_customer(
            "Other", dunning_user_id=cls.other_collector.id
        )
        cls._create_invoice(due=-10, amount=1000)
        cls._create_invoice(due=30, amount=700, date=0)
        cls._create_invoice(cls.other_customer, -170, 500)
        cls._create_invoice(cls.other_customer, 30, 200, date=0)
        cls.theirs = {"user": cls.other_collector.id}
        # As who is asked sees it.
        cls.seen = cls.company.with_user(cls.manager)

    def _ask(self, method, **filters):
        """Ask for a part as the browser does."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=self.manager)
        return call_kw(env["dunning.dashboard"], method, [], filters)

    def _get_values(self, **filters):
        figures = self._ask("get_dso", **filters)["figures"]
        return {figure["key"]: figure["value"] for figure in figures}

    def test_how_fast_money_comes_in_is_what_the_indicators_say(self):
        for period, months in (("month", 1), ("quarter", 3), ("year", 12)):
            start = self.today.replace(day=1) - relativedelta(months=months - 1)
            found = self.seen._dunning_indicators(date_from=start)
            values = self._get_values(period=period)
            self.assertEqual(values, {key: found[key] for key in values})
            self.assertTrue(values["dso"])
        found = self.seen._dunning_indicators(partners=self.other_customer)
        values = self._get_values(**self.theirs)
        self.assertEqual(values, {key: found[key] for key in values})
        self.assertNotEqual(values["dso"], self._get_values()["dso"])

    def test_a_formula_is_told_in_the_same_words_wherever_it_is(self):
        rows = self.env["dunning.indicator"].with_user(self.manager).get_explained()
        words = {row["name"]: (row["label"], row["formula"]) for row in rows}
        figures = [
            figure
            for method in ("get_dso", "get_receivables")
            for figure in self._ask(method)["figures"]
            # What is in a receivable is told at more length.
            if figure["key"] != "receivable"
        ]
        self.assertEqual(len(figures), 8)
        for figure in figures:
            with self.subTest(figure=figure["key"]):
                told = (figure["label"], figure["how"]["formula"])
                self.assertEqual(told, words[figure["key"]])

    def test_the_trend_is_that_of_the_month_ends_and_opens_what_was_open(self):
        for filters, partners in (({}, None), (self.theirs, self.other_customer)):
            months = self._ask("get_trend", **filters)["months"]
            rows = self.seen._dunning_indicator_history(None, 12, partners)
            self.assertEqual(len(months), 12)
            for month, row in zip(months, rows, strict=True):
                with self.subTest(filters=filters, month=month["label"]):
                    self.assertEqual(month["dso"], row["dso"])
                    self.assertEqual(month["dso_best"], row["dso_best"])
                    self.assertEqual(self._add_up(month), row["receivable"])
            self.assertTrue(months[-1]["dso"])
            # Nothing was sold a year ago.
            self.assertIsNone(months[0]["dso"])

    def _add_up(self, month):
        """Return the balance of what a month of the trend opens."""
        action = month["action"]
        records = self.env[action["res_model"]].with_user(self.manager)
        records = records.with_context(**action["context"]).search(action["domain"])
        return self.company.currency_id.round(sum(records.mapped("amount_company")))

    def test_the_trend_costs_as_many_queries_for_many_customers(self):
        counts = []
        for number in (1, 12):
            for place in range(number):
                customer = self._create_customer(f"{number} {place}")
                self._create_invoice(customer, -40 - place, 10)
            self._ask("get_trend")
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._ask("get_trend")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
