import json
from contextlib import suppress

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import DunningCommon

# Models that anybody may ask over RPC: an amount, and by what it is told apart.
FIGURES = {
    "dunning.aged.balance": ("amount_company", "partner_id"),
    "dunning.late.customer": ("amount", "partner_id"),
    "dunning.promise.rate": ("amount", "partner_id"),
    "dunning.dispute.time": ("amount", "partner_id"),
    "dunning.success": ("amount", "partner_id"),
    "dunning.payer": ("__count", "partner_id"),
    "dunning.reason.trend": ("amount", "partner_id"),
}
PRIVATE = (
    "_dunning_indicators",
    "_dunning_indicators_by",
    "_dunning_indicator_history",
    "_dunning_compare_indicators",
    "_dunning_aged_balance",
    "_dunning_forecast",
    "_dunning_get_customers_of",
    "_dunning_get_currency",
)
SECRET = 7_654.32


@tagged("post_install", "-at_install")
class TestFiguresAttacked(DunningCommon):
    """Who may not see figures tries to get at them, over RPC as anybody can."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.peer = cls._create_user("peer", "group_dunning_collector")
        cls.theirs = cls._create_customer(
            "Their Customer", dunning_user_id=cls.peer.id, email="their@secret.example"
        )
        cls.mine = cls._create_customer("My Customer", dunning_user_id=cls.collector.id)
        cls.secret = cls._create_invoice(cls.theirs, due=-40, amount=SECRET)
        cls.secret_promise = cls.env["dunning.promise"].create(
            {
                "partner_id": cls.theirs.id,
                "move_line_ids": cls._items(cls.secret).ids,
                "line_ids": [(0, 0, {"date": cls._day(3), "amount": 400})],
            }
        )
        cls.known = cls._create_invoice(cls.mine, due=-40, amount=11)
        cls.other_company = cls._create_second_company()
        cls.foreigner = cls._create_user(
            "foreigner", "group_dunning_manager", cls.other_company
        )
        company = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
        }
        env = cls.env(su=True, context={"no_reset_password": True})
        cls.outsiders = [
            new_test_user(env, login, groups, **company)
            for login, groups in (
                ("employee", "base.group_user"),
                ("guest", "base.group_portal"),
                ("salesperson", "account.group_account_invoice"),
            )
        ]

    # ------------------------------------------------------------------
    # TOOLS
    # ------------------------------------------------------------------

    def _call(self, who, model, method, *args, context=None, **values):
        self.env.flush_all()
        self.env.invalidate_all()
        env = self.env(user=who, context=context or {})
        if context:
            values["context"] = context
        return call_kw(env[model], method, list(args), values)

    def _contexts(self):
        """What a browser could send to be taken for somebody else."""
        return (
            {},
            {"allowed_company_ids": self.company.ids},
            {"allowed_company_ids": (self.company | self.other_company).ids},
            {"dunning_balance_date": str(self._day(-1)), "active_test": False},
            {"dunning_balance_netted": True, "dunning_balance_by": "invoice"},
            {"su": True, "bypass_access": True, "uid": 1},
        )

    def _try_all(self, who, model):
        """Return, as text, all that somebody gets of a model."""
        amount, by = FIGURES[model]
        ids = self.env[model].sudo().search([]).ids
        sums = ["__count"] if amount == "__count" else [f"{amount}:sum", "__count"]
        groups = {"groupby": [by], "aggregates": sums}
        found = []
        for context in self._contexts():
            for method, args, values in (
                ("search_read", ([],), {}),
                ("read", (ids,), {}),
                ("web_search_read", ([], {by: {"fields": {"display_name": {}}}}), {}),
                ("formatted_read_group", ([],), groups),
                ("web_read_group", ([], [by], sums), {}),
                ("formatted_read_group", ([(f"{by}.name", "!=", "x")],), groups),
                ("search_count", ([(by, "=", self.theirs.id)],), {}),
                ("export_data", (ids, [f"{by}/name", f"{by}/email"]), {}),
                ("name_search", ("Their",), {}),
            ):
                try:
                    with mute_logger("odoo.http", "odoo.models"):
                        answer = self._call(
                            who, model, method, *args, context=context, **values
                        )
                except UserError:
                    continue
                # Nothing was asked for where there is no row.
                if not ids and method in ("read", "export_data"):
                    continue
                found.append(json.dumps(answer, default=str))
        return "\n".join(found)

    def _assert_secret(self, text):
        for secret in ("Their Customer", "their@secret", "7654", self.secret.name):
            self.assertNotIn(secret, text)

    # ------------------------------------------------------------------
    # ATTACKS
    # ------------------------------------------------------------------

    def test_the_attack_finds_what_a_manager_may_see(self):
        manager = self._create_user("manager", "group_dunning_manager")
        text = self._try_all(manager, "dunning.aged.balance")
        self.assertIn("Their Customer", text)
        self.assertIn("7654.32", text)

    def test_who_does_not_work_on_dunning_gets_nothing(self):
        for who in self.outsiders:
            for model in FIGURES:
                with self.subTest(who=who.login, model=model):
                    self.assertEqual(self._try_all(who, model), "")

    def test_another_companys_manager_gets_nothing(self):
        for model in FIGURES:
            with self.subTest(model=model):
                self._assert_secret(self._try_all(self.foreigner, model))

    def test_a_collector_of_own_customers_gets_no_figure_of_others(self):
        self.company.dunning_collector_view = "own"
        for model in ("dunning.aged.balance", "dunning.late.customer", "dunning.payer"):
            with self.subTest(model=model):
                text = self._try_all(self.collector, model)
                self.assertNotIn("7654", text)
                self.assertNotIn("Their Customer", text)

    def test_private_figures_are_called_by_nobody_from_outside(self):
        for who in (*self.outsiders, self.collector, self.foreigner):
            for name in PRIVATE:
                with self.assertRaises(AccessError), mute_logger("odoo.http"):
                    self._call(who, "res.company", name, self.company.ids)
            for model in ("dunning.balance", "dunning.forecast", "dunning.indicator"):
                with self.assertRaises(AccessError), mute_logger("odoo.http"):
                    self._call(who, model, "_get_query", self.company.ids)

    def test_indicators_of_a_foreign_company_or_of_others_are_not_told(self):
        methods = ("get_explained", "get_history", "get_comparison")
        for method in methods:
            for who in (*self.outsiders, self.foreigner):
                with self.assertRaises(AccessError):
                    self._call(
                        who, "dunning.indicator", method, company=self.company.id
                    )
            for values in (
                {"company": 10**8},
                {"partner_ids": ["x"]},
                {"date": "soon"},
            ):
                with self.assertRaises(UserError):
                    self._call(self.collector, "dunning.indicator", method, **values)
        self.company.dunning_collector_view = "own"
        for method in methods:
            answer = self._call(
                self.collector,
                "dunning.indicator",
                method,
                company=self.company.id,
                partner_ids=self.theirs.ids,
            )
            self.assertNotIn("7654", json.dumps(answer, default=str))

    def test_a_forecast_is_made_of_nothing_foreign(self):
        sheets = "dunning.forecast.sheet"
        for values in (
            {"company_id": self.company.id},
            {"company_id": self.company.id, "collector_id": self.peer.id},
        ):
            for who in (*self.outsiders, self.foreigner):
                with self.assertRaises(UserError):
                    made = self._call(
                        who, sheets, "web_save", [], values, specification={}
                    )
                    self._call(who, sheets, "action_fill", [made[0]["id"]])
        self.company.dunning_collector_view = "own"
        made = self._call(
            self.collector,
            sheets,
            "web_save",
            [],
            {"collector_id": self.peer.id},
            specification={},
        )
        self._call(self.collector, sheets, "action_fill", [made[0]["id"]])
        read = self._call(self.collector, sheets, "read", [made[0]["id"]])
        self.assertEqual(read[0]["amount_open"], 0)

    def test_the_sheet_of_a_colleague_is_neither_read_nor_filled(self):
        sheets = self.env["dunning.forecast.sheet"].with_user(self.peer)
        sheet = sheets.browse(sheets.action_open()["res_id"])
        for model, records, method in (
            ("dunning.forecast.sheet", sheet, "action_fill"),
            ("dunning.forecast.sheet", sheet, "action_open_amounts"),
            ("dunning.forecast.week", sheet.week_ids[:1], "action_open_items"),
        ):
            for who in (*self.outsiders, self.foreigner, self.collector):
                with self.subTest(who=who.login, method=method):
                    with self.assertRaises(AccessError):
                        self._call(who, model, method, records.ids)

    def test_an_export_takes_nothing_that_one_may_not_read(self):
        model = "dunning.workbook.export"
        foreign = self._items(self.secret).ids
        for values in (
            {"company_ids": [(6, 0, self.company.ids)]},
            {"move_line_ids": [(6, 0, foreign)]},
            {"domain": json.dumps([("move_line_id", "in", foreign)])},
        ):
            for who in (*self.outsiders, self.foreigner):
                with self.subTest(who=who.login, values=values):
                    try:
                        made = self._call(
                            who, model, "web_save", [], values, specification={}
                        )
                        self._call(who, model, "action_export", [made[0]["id"]])
                    except UserError:
                        continue
                    workbooks = self.env["dunning.workbook"].with_user(who).search([])
                    self.assertEqual(workbooks.mapped("item_count"), [0])

    def test_records_that_were_made_up_change_nothing(self):
        for model, names in (
            ("dunning.workbook.export", ("company_ids", "partner_ids", "user_ids")),
            ("dunning.forecast.sheet", ("company_id", "collector_id")),
        ):
            for name in names:
                value = [(6, 0, [10**8])] if name.endswith("ids") else 10**8
                spec = {name: {"fields": {"display_name": {}}}, "display_name": {}}
                for who in (self.collector, self.foreigner):
                    with self.subTest(model=model, name=name, who=who.login):
                        with self.assertRaises(UserError):
                            self._call(
                                who, model, "onchange", [], {name: value}, [name], spec
                            )

    def test_a_company_is_named_to_nobody_by_an_onchange(self):
        spec = {"company_id": {"fields": {"display_name": {}}}, "currency_id": {}}
        with self.assertRaises(UserError):
            self._call(
                self.foreigner,
                "dunning.forecast.sheet",
                "onchange",
                [],
                {"company_id": self.company.id},
                ["company_id"],
                spec,
            )

    def test_a_context_that_is_no_way_to_look_is_refused_in_words(self):
        ids = self._items(self.known).ids
        for context in (
            {"dunning_balance_date": "soon"},
            {"dunning_balance_date": {"a": 1}},
            {"dunning_balance_by": ["due"]},
            {"dunning_balance_by": {}, "dunning_balance_netted": {"x": 1}},
            {"dunning_balance_netted": {"x": 1}},
        ):
            for method, args in (
                ("search_read", ([],)),
                ("read", (ids, ["amount_company", "days_late"])),
            ):
                with self.subTest(context=context, method=method):
                    with suppress(ValidationError):
                        self._call(
                            self.collector,
                            "dunning.aged.balance",
                            method,
                            *args,
                            context=context,
                        )
