from odoo.exceptions import AccessError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon

# What the screen asks for, beside what can be chosen.
PARTS = [
    "get_data_quality",
    "get_day",
    "get_disputes",
    "get_dso",
    "get_forecast",
    "get_late_customers",
    "get_near_limit",
    "get_open",
    "get_promises",
    "get_receivables",
    "get_setup",
    "get_success",
    "get_trend",
    "get_work",
]


@tagged("post_install", "-at_install")
class TestDashboard(DunningCommon):
    """Each part of the dashboard: its figures, what opens behind, who gets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.resource_calendar_id = False
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.auditor = cls._create_user("auditor", "group_dunning_readonly")
        cls.other_collector = cls._create_user("other", "group_dunning_collector")
        cls.other_customer = cls._create_customer(
            "Other", dunning_user_id=cls.other_collector.id
        )
        cls.overdue = cls._create_invoice(due=-10, amount=1000)
        cls.not_due = cls._create_invoice(due=10, amount=300)
        cls.old = cls._create_invoice(cls.other_customer, -170, 500)
        cls.oldest = cls._create_invoice(cls.other_customer, -200, 50.5)
        cls.credit = cls._create_payment(amount=120)
        cls.promise = cls.env["dunning.promise"].create(
            {
                "partner_id": cls.customer.id,
                "move_line_ids": cls._items(cls.overdue).ids,
                "line_ids": [(0, 0, {"date": cls._day(3), "amount": 400})],
            }
        )
        cls.dispute = cls.env["dunning.dispute"].create(
            {
                "partner_id": cls.other_customer.id,
                "move_line_ids": cls._items(cls.old).ids,
                "amount": 200,
                "reason_id": cls.env.ref("account_dunning.reason_price").id,
            }
        )
        cls.call = cls.env["dunning.action"].create(
            {
                "partner_id": cls.customer.id,
                "channel": "call",
                "date": cls.today,
                "user_id": cls.collector.id,
            }
        )

    def _ask(self, method, who=None, **filters):
        """Ask for a part as the browser does."""
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=who or self.manager)
        return call_kw(env["dunning.dashboard"], method, [], filters)

    def _get_values(self, method, who=None, **filters):
        data = self._ask(method, who, **filters)
        return {figure["key"]: figure["value"] for figure in data["figures"]}

    # ------------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------------

    def test_what_customers_owe_agrees_with_the_ledger(self):
        values = self._get_values("get_receivables")
        self.assertEqual(values["receivable"], 1000 + 300 + 500 + 50.5 - 120)
        self.assertEqual(values["overdue"], 1550.5)
        self.assertAlmostEqual(values["overdue_ratio"], 1550.5 / 1730.5)
        delay = (1000 * 10 + 500 * 170 + 50.5 * 200) / 1550.5
        self.assertAlmostEqual(values["weighted_delay"], delay)
        ages = self._ask("get_receivables")["ages"]
        self.assertEqual(
            [row["amount"] for row in ages], [300, 1000, 0, 0, 550.5, -120]
        )

    def test_a_ratio_without_denominator_is_none(self):
        self._create_user("nobody", "group_dunning_collector")
        values = self._get_values("get_receivables", **self._of("nobody"))
        self.assertEqual(values["receivable"], 0)
        self.assertIsNone(values["overdue_ratio"])
        self.assertIsNone(values["weighted_delay"])
        for method in ("get_promises", "get_disputes", "get_success"):
            values = self._ask(method, **self._of("nobody"))
            rates = [
                figure["value"]
                for figure in values["figures"]
                if figure["kind"] in ("rate", "days")
            ]
            self.assertTrue(rates)
            self.assertEqual(set(rates), {None})

    def test_each_bar_opens_what_it_is_made_of(self):
        for user in (False, self.collector.id, self.other_collector.id):
            for row in self._ask("get_receivables", user=user)["ages"]:
                with self.subTest(user=user, bar=row["label"]):
                    records = self._get_records(row["action"])
                    field = (
                        "amount_company"
                        if records._name == "dunning.item"
                        else "amount_residual"
                    )
                    self.assertEqual(sum(records.mapped(field)), row["amount"])
                    self.assertEqual(len(records), row["count"])

    def test_what_opens_is_not_filtered_besides(self):
        opened = self.env["dunning.dashboard"]._open("action_call")
        self.assertEqual(opened["context"], {"create": False})

    def _get_records(self, action):
        records = self.env[action["res_model"]].with_user(self.manager)
        return records.search(action["domain"])

    def test_each_count_opens_as_many_records(self):
        self._go_to(5)
        self._step(5)
        checked = 0
        for method in ("get_work", "get_day", "get_promises", "get_disputes"):
            for user in (False, self.collector.id):
                for figure in self._ask(method, user=user)["figures"]:
                    if figure["kind"] != "count":
                        continue
                    checked += 1
                    with self.subTest(part=method, figure=figure["key"], user=user):
                        records = self._get_records(figure["action"])
                        self.assertEqual(len(records), figure["value"])
        self.assertGreater(checked, 20)

    def test_what_is_missing_opens_in_the_company_that_was_chosen(self):
        other = self._create_second_company()
        both = self._create_user("both", "group_dunning_manager")
        both.company_ids |= other
        customer = self._create_customer("Theirs", email=False)
        self._create_invoice(customer, -5, company=other)
        data = self._ask("get_data_quality", both, company=other.id)
        [email] = [row for row in data["defects"] if row["code"] == "email"]
        self.assertEqual((email["count"], email["amount"]), (1, 100))
        context = email["action"]["context"]
        partners = self.env["res.partner"].with_user(both).with_context(**context)
        self.assertEqual(partners.search(email["action"]["domain"]), customer)

    def test_each_action_opens(self):
        found = 0
        for method in PARTS:
            for action in self._find_actions(self._ask(method)):
                found += 1
                self._get_records(action)
                self.assertTrue(action["views"])
        self.assertGreater(found, 25)

    def _find_actions(self, data):
        if isinstance(data, dict):
            if data.get("type") == "ir.actions.act_window":
                yield data
            else:
                for value in data.values():
                    yield from self._find_actions(value)
        elif isinstance(data, list):
            for value in data:
                yield from self._find_actions(value)

    def test_each_figure_says_how_it_is_computed(self):
        for method in set(PARTS) - {"get_setup", "get_day"}:
            for figure in self._ask(method).get("figures", ()):
                with self.subTest(part=method, figure=figure["key"]):
                    self.assertTrue(figure["how"]["formula"])

    def test_the_top_is_by_amount_and_by_days(self):
        data = self._ask("get_late_customers")
        self.assertEqual(
            [(row["name"], row["amount"]) for row in data["by_amount"]],
            [("Customer", 1000), ("Other", 550.5)],
        )
        self.assertEqual(
            [(row["name"], row["days"]) for row in data["by_days"]],
            [("Other", 200), ("Customer", 10)],
        )

    def test_no_more_than_ten_are_at_the_top(self):
        for number in range(12):
            self._create_invoice(self._create_customer(f"No {number}"), -number - 1)
        data = self._ask("get_late_customers")
        self.assertEqual(len(data["by_amount"]), 10)
        self.assertEqual(len(data["by_days"]), 10)

    def test_what_is_long_unpaid_is_told_apart(self):
        values = self._get_values("get_near_limit")
        self.assertEqual(values, {"near": 500, "past": 50.5})

    def test_promises_of_the_period_are_rated(self):
        self._go_to(20)
        self.company._dunning_settle()
        values = self._get_values("get_promises")
        self.assertEqual(values["broken"], 1)
        self.assertEqual(values["kept"], 0)
        self.assertEqual(values["promised"], 0)

    def test_what_is_expected_is_what_the_forecast_says(self):
        data = self._ask("get_forecast")
        rows = self.company.with_user(self.manager)._dunning_forecast()
        self.assertEqual(len(data["weeks"]), len(rows))
        for week, row in zip(data["weeks"], rows, strict=True):
            layers = [week[one["key"]] for one in data["series"]]
            self.assertAlmostEqual(sum(layers), row["amount"], 2)
        values = {figure["key"]: figure["value"] for figure in data["figures"]}
        self.assertAlmostEqual(values["quarter"], sum(row["amount"] for row in rows), 2)
        mine = self._ask("get_forecast", **self._of("other"))
        self.assertLess(mine["figures"][1]["value"], values["quarter"])

    def test_disputes_are_told_by_cause(self):
        data = self._ask("get_disputes")
        self.assertEqual([row["amount"] for row in data["causes"]], [200])
        self.assertEqual(data["figures"][0]["value"], 1)

    def test_work_is_that_of_each_collector(self):
        for day, counts in enumerate(((0, 1, 0), (1, 0, 0))):
            self._go_to(day)
            data = self._ask("get_work")
            values = {figure["key"]: figure["value"] for figure in data["figures"]}
            self.assertEqual((values["late"], values["today"], values["ahead"]), counts)
        rows = {row["name"]: row["counts"] for row in data["collectors"]}
        self.assertEqual(rows["Collector"]["late"]["value"], 1)

    def test_what_is_done_by_nobody_is_called_automatic(self):
        self.call.with_user(self.env.ref("base.user_root"))._mark_done(self.today)
        rows = self._ask("get_work")["collectors"]
        self.assertIn("Automatic", [row["name"] for row in rows])

    # ------------------------------------------------------------------
    # FILTERS
    # ------------------------------------------------------------------

    def test_a_collector_is_one_s_customers(self):
        values = self._get_values("get_receivables", **self._of("other"))
        self.assertEqual(values["receivable"], 550.5)
        data = self._ask("get_late_customers", **self._of("other"))
        self.assertEqual([row["name"] for row in data["by_amount"]], ["Other"])
        self.assertEqual(
            self._get_values("get_near_limit", **self._of("collector")),
            {"near": 0, "past": 0},
        )

    def _of(self, login):
        return {"user": self.env["res.users"].search([("login", "=", login)]).id}

    def test_parts_of_collectors_add_up(self):
        whole = self._get_values("get_receivables")["receivable"]
        parts = sum(
            self._get_values("get_receivables", **self._of(login))["receivable"]
            for login in ("collector", "other")
        )
        self.assertEqual(parts, whole)

    def test_the_period_is_of_whole_months(self):
        for period, first in (
            ("month", "03/01/2026"),
            ("quarter", "01/01/2026"),
            ("year", "04/01/2025"),
        ):
            figures = self._ask("get_work", period=period)["figures"]
            self.assertIn(first, figures[-1]["how"]["period"])

    def test_what_cannot_be_chosen_is_refused(self):
        for filters in ({"period": "week"}, {"user": "x"}, {"company": [1]}):
            for method in PARTS:
                with self.subTest(part=method, filters=filters):
                    with self.assertRaises(ValidationError):
                        self._ask(method, **filters)

    def test_a_company_with_nothing_says_so(self):
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        self.assertTrue(self._ask("get_setup", stranger)["is_empty"])
        self.assertFalse(self._ask("get_setup")["is_empty"])

    # ------------------------------------------------------------------
    # RIGHTS
    # ------------------------------------------------------------------

    def test_there_is_no_other_part(self):
        dashboard = type(self.env["dunning.dashboard"])
        self.assertEqual(
            sorted(name for name in dir(dashboard) if name.startswith("get_")),
            sorted(
                [*PARTS, *(n for n in dir(self.env["base"]) if n.startswith("get_"))]
            ),
        )

    def test_who_reads_dunning_gets_each_part(self):
        for user in (self.manager, self.auditor, self.collector):
            for method in PARTS:
                with self.subTest(user=user.login, part=method):
                    self.assertTrue(self._ask(method, user))

    def test_nobody_else_gets_any_part(self):
        company = {
            "company_id": self.company.id,
            "company_ids": [(6, 0, self.company.ids)],
        }
        env = self.env(su=True, context={"no_reset_password": True})
        for login, groups in (
            ("employee", "base.group_user"),
            ("portal", "base.group_portal"),
            ("accountant", "account.group_account_invoice"),
        ):
            user = new_test_user(env, login, groups, **company)
            for method in PARTS:
                with self.subTest(user=login, part=method):
                    with self.assertRaises(AccessError):
                        self._ask(method, user)

    def test_another_company_is_refused(self):
        other = self._create_second_company()
        stranger = self._create_user("stranger", "group_dunning_manager", other)
        for method in PARTS:
            with self.subTest(part=method):
                with self.assertRaises(AccessError):
                    self._ask(method, stranger, company=self.company.id)
                with self.assertRaises(AccessError):
                    self._ask(
                        method,
                        stranger,
                        context={"allowed_company_ids": self.company.ids},
                    )
        values = self._get_values("get_receivables", stranger)
        self.assertEqual(values["receivable"], 0)

    def test_a_collector_with_only_own_customers_gets_theirs_alone(self):
        self.company.dunning_collector_view = "own"
        for filters in ({}, self._of("other"), {"user": False}):
            values = self._get_values("get_receivables", self.collector, **filters)
            self.assertEqual(values["receivable"], 1180)
            data = self._ask("get_late_customers", self.collector, **filters)
            self.assertEqual([row["name"] for row in data["by_amount"]], ["Customer"])
        setup = self._ask("get_setup", self.collector)
        self.assertTrue(setup["own_only"])
        self.assertEqual([name for _id, name in setup["collectors"]], ["Collector"])
        # The same holds for the rankings and for what is missing.
        env = self.env(user=self.collector)
        self._go_to(5)
        self._step(5)
        self.env.flush_all()
        for model, field in (
            ("dunning.late.customer", "partner_id"),
            ("dunning.success", "partner_id"),
            ("dunning.reason.trend", "partner_id"),
            ("dunning.dispute.time", "partner_id"),
        ):
            with self.subTest(model=model):
                self.assertIn(
                    self.other_customer, self.env[model].search([]).mapped(field)
                )
                self.assertNotIn(
                    self.other_customer, env[model].search([]).mapped(field)
                )
        missing = env["res.partner"].search([("dunning_defects", "!=", False)])
        self.assertNotIn(self.other_customer, missing)

    def test_who_does_the_work_begins_with_it(self):
        for user, role, shown in (
            (self.manager, "manager", False),
            (self.auditor, "manager", False),
            (self.collector, "collector", self.collector.id),
        ):
            setup = self._ask("get_setup", user)
            self.assertEqual((setup["role"], setup["user"]), (role, shown))

    def test_a_part_costs_as_many_queries_for_many_customers(self):
        for method in ("get_receivables", "get_late_customers", "get_near_limit"):
            counts = []
            for number in (1, 15):
                for place in range(number):
                    customer = self._create_customer(f"{method} {number} {place}")
                    self._create_invoice(customer, -160 - place, 10)
                self._ask(method)
                self.env.invalidate_all()
                before = self.cr.sql_log_count
                self._ask(method)
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(counts[0], counts[1], method)
