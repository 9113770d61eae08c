from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestDashboardForecast(PromiseCommon):
    """What is expected, on the first screen: as the forecast's own screen has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_collector = cls._create_user("other", "group_dunning_collector")
        cls.other_customer = cls._create_customer(
            "Other", dunning_user_id=cls.other_collector.id
        )
        cls.theirs = cls._create_invoice(cls.other_customer, 3, 40)

    def _ask(self, method, who=None, **values):
        """Ask for a part, or open a bar, as the browser does."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=who or self.collector)
        return call_kw(env["dunning.dashboard"], method, [], values)

    def _get_items(self, week, who=None, **filters):
        call = week["action"]
        action = self._ask(call["method"], who, **call["values"], **filters)
        records = self.env[action["res_model"]].with_user(who or self.collector)
        return records.search(action["domain"])

    def test_the_lines_are_what_comes_in_four_weeks_of_five(self):
        data = self._ask("get_forecast")
        self.assertEqual([line["key"] for line in data["lines"]], ["low", "high"])
        rows = self.company.with_user(self.collector)._dunning_forecast()
        for week, row in zip(data["weeks"], rows, strict=True):
            for line in data["lines"]:
                self.assertEqual(week[line["key"]], row[line["key"]])
            self.assertLessEqual(week["low"], week["high"])
        self.assertTrue(any(week["high"] for week in data["weeks"]))

    def test_a_bar_opens_the_items_that_the_forecast_opens(self):
        self._promise((20, 60), items=self._items(self.old))
        sheets = self.env["dunning.forecast.sheet"].with_user(self.collector)
        sheet = sheets.browse(sheets.action_open()["res_id"])
        found = 0
        weeks = self._ask("get_forecast")["weeks"]
        for week, shown in zip(weeks, sheet.week_ids, strict=True):
            items = self._get_items(week)
            action = shown.action_open_items()
            expected = self.env[action["res_model"]].with_user(self.collector)
            expected = expected.search(action["domain"])
            self.assertEqual(items.move_line_id, expected.move_line_id)
            self.assertEqual(items.mapped("expected"), expected.mapped("expected"))
            shown = sum(week[layer] for layer in ("plan", "promise", "habit", "due"))
            self.assertAlmostEqual(sum(items.mapped("expected")), shown, 2)
            found += len(items)
        self.assertGreaterEqual(found, 3)

    def test_a_bar_of_a_collector_opens_what_is_of_its_customers(self):
        for user, customer in (
            (self.other_collector, self.other_customer),
            (self.collector, self.customer),
        ):
            weeks = self._ask("get_forecast", user=user.id)["weeks"]
            items = [self._get_items(week, user=user.id) for week in weeks]
            partners = {partner for each in items for partner in each.partner_id}
            self.assertEqual(partners, {customer})
            for week, each in zip(weeks, items, strict=True):
                shown = sum(week[name] for name in ("plan", "promise", "habit", "due"))
                self.assertAlmostEqual(sum(each.mapped("expected")), shown, 2)

    def test_what_others_were_promised_is_none_of_a_collector(self):
        self._promise((20, 60), items=self._items(self.old))
        weeks = self._ask("get_forecast", user=self.other_collector.id)["weeks"]
        self.assertEqual(sum(week["promise"] for week in weeks), 0)
        weeks = self._ask("get_forecast", user=self.collector.id)["weeks"]
        self.assertEqual(sum(week["promise"] for week in weeks), 42)

    def test_own_customers_alone_are_opened_where_the_company_says_so(self):
        self.company.dunning_collector_view = "own"
        weeks = self._ask("get_forecast", self.other_collector)["weeks"]
        items = [self._get_items(week, self.other_collector) for week in weeks]
        partners = {partner for each in items for partner in each.partner_id}
        self.assertEqual(partners, {self.other_customer})

    def test_a_figure_opens_the_forecast_that_adds_up_to_it(self):
        for user in (self.env["res.users"], self.other_collector):
            figures = self._ask("get_forecast", user=user.id)["figures"]
            values = {figure["key"]: figure["value"] for figure in figures}
            action = figures[0]["action"]
            shown = self._ask(action["method"], user=user.id, **action["values"])
            sheets = self.env[shown["res_model"]].with_user(self.collector)
            sheet = sheets.browse(shown["res_id"])
            self.assertEqual(sheet.collector_id, user)
            self.assertAlmostEqual(sheet.amount_expected, values["quarter"], 2)
            soon = sheet.week_ids.sorted("date")[:4]
            self.assertAlmostEqual(sum(soon.mapped("amount")), values["soon"], 2)

    def test_a_week_that_is_not_shown_is_the_nearest_one(self):
        for week, nearest in ((-5, 0), (10**6, 12)):
            action = self._ask("action_open_week", week=week)
            near = self._ask("action_open_week", week=nearest)
            self.assertEqual(action["name"], near["name"])

    def test_who_has_no_rights_opens_nothing(self):
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        other = self._create_second_company()
        for who, company in ((internal, self.company), (self.collector, other)):
            with self.assertRaises(AccessError):
                self._ask("action_open_week", who, week=0, company=company.id)
            with self.assertRaises(AccessError):
                self._ask("action_open_forecast", who, company=company.id)
        for values in ({"week": "x"}, {"week": 0, "user": "x"}):
            with self.assertRaises(ValidationError):
                self._ask("action_open_week", **values)
