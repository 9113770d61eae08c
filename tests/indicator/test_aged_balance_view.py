from unittest.mock import patch

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common_figures import FiguresCommon

COLUMNS = [
    "amount_not_due",
    "amount_age_1",
    "amount_age_2",
    "amount_age_3",
    "amount_age_4",
    "amount_credits",
]


@tagged("post_install", "-at_install")
class TestAgedBalanceView(FiguresCommon):
    """The aged balance as people look at it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Other")
        for days, amount in ((-5, 1), (10, 2), (45, 4), (75, 8), (120, 16)):
            cls._create_invoice(due=-days, date=-200, amount=amount)
        cls._create_invoice(cls.other, due=-10, date=-40, amount=32)
        cls._create_payment(amount=3, date=-50)
        cls.paid = cls._create_invoice(cls.other, due=-30, date=-60, amount=64)
        cls._pay(cls.paid, date=-4)

    def _group(self, by, names=("amount_company",), env=None, **context):
        balance = (env or self.env)["dunning.aged.balance"].with_context(**context)
        aggregates = [f"{name}:sum" for name in names]
        return {
            key: tuple(amounts)
            for key, *amounts in balance._read_group([], [by], aggregates)
        }

    def test_columns_add_up_to_the_balance(self):
        names = [*COLUMNS, "amount_company", "amount_overdue"]
        found = self._group("partner_id", names)
        self.assertEqual(found[self.customer], (1, 2, 4, 8, 16, -3, 28, 30))
        self.assertEqual(found[self.other], (0, 32, 0, 0, 0, 0, 32, 32))

    def test_another_day_is_another_balance(self):
        found = self._group(
            "partner_id", COLUMNS, dunning_balance_date=str(self._day(-5))
        )
        self.assertEqual(found[self.other], (0, 32 + 64, 0, 0, 0, 0))
        self.assertEqual(found[self.customer], (1, 2, 4, 8, 16, -3))
        found = self._group(
            "partner_id", COLUMNS, dunning_balance_date=str(self._day(-45))
        )
        self.assertEqual(found[self.other], (64, 0, 0, 0, 0, 0))

    def test_one_way_to_look_is_not_remembered_for_another(self):
        item = self._items(self.paid) | self._create_invoice(due=-40).line_ids
        rows = self.env["dunning.aged.balance"].browse(
            item.filtered("date_maturity").ids
        )
        past = rows.with_context(dunning_balance_date=str(self._day(-5)))
        self.assertEqual(past[0].days_late, 25)
        self.assertEqual(past[0].amount_age_1, 64)
        self.assertEqual(rows[1].days_late, 40)
        self.assertEqual(rows[1].amount_age_2, 100)
        invoiced = rows.with_context(dunning_balance_by="invoice")
        self.assertNotEqual(invoiced[1].days_late, 40)
        self.assertEqual(past[1].days_late, 35)

    def test_ages_count_from_the_invoice_date_when_asked(self):
        found = self._group("age", dunning_balance_by="invoice")
        self.assertEqual(found, {"2": (32,), "4": (31,), "9": (-3,)})

    def test_credits_are_in_the_groups_when_asked(self):
        found = self._group("partner_id", COLUMNS, dunning_balance_netted=True)
        self.assertEqual(found[self.customer], (1, 2, 4 - 3, 8, 16, 0))

    def test_groups_are_those_of_the_company(self):
        self.company.sudo().write(
            {"dunning_age_limit_1": 15, "dunning_age_limit_2": 45}
        )
        found = self._group("partner_id", COLUMNS)
        self.assertEqual(found[self.customer], (1, 2, 4, 8, 16, -3))
        names = self.env["dunning.aged.balance"].fields_get(
            ["amount_age_1", "amount_age_4", "age"]
        )
        self.assertEqual(names["amount_age_1"]["string"], "1–15 days")
        self.assertEqual(names["amount_age_4"]["string"], "Over 90 days")
        self.assertIn(("2", "16–45 days"), names["age"]["selection"])

    def test_it_is_grouped_by_whatever_tells_customers_apart(self):
        france, spain = self.env.ref("base.fr"), self.env.ref("base.es")
        colleague = self._create_user("colleague", "group_dunning_collector")
        scenario = self._create_scenario(name="Other Scenario")
        tags = self.env["res.partner.category"].create([{"name": "B"}, {"name": "A"}])
        self.customer.country_id = france
        self.other.write(
            {
                "country_id": spain.id,
                "dunning_user_id": colleague.id,
                "dunning_scenario_id": scenario.id,
                "category_id": [(6, 0, tags.ids)],
            }
        )
        invoices = self.env["account.move"].search([("partner_id", "=", self.other.id)])
        invoices.invoice_user_id = colleague
        mine = self.env["account.move"].search(
            [("partner_id", "=", self.customer.id), ("move_type", "!=", "entry")]
        )
        mine.invoice_user_id = False
        hold = self._create_hold(
            self._items(invoices).filtered(lambda item: not item.reconciled),
            reason_id=self.env.ref("account_dunning.reason_price").id,
        )
        # The database has a clock of its own.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dunning_hold SET create_date = %s WHERE id = %s",
            [self.today, hold.id],
        )
        reason = self.env.ref("account_dunning.reason_price")
        self.company._dunning_run().action_ids.action_execute()
        euro, nobody = self.company.currency_id, self.env["res.users"]
        nothing = self.env["dunning.reason"]
        for by, expected in {
            "country_id": {france: (28,), spain: (32,)},
            "user_id": {self.collector: (28,), colleague: (32,)},
            "salesperson_id": {nobody: (28,), colleague: (32,)},
            "scenario_id": {self.scenario: (28,), scenario: (32,)},
            "partner_tags": {False: (28,), "A, B": (32,)},
            "reason_id": {nothing: (28,), reason: (32,)},
            "currency_id": {euro: (60,)},
            "company_id": {self.company: (60,)},
        }.items():
            with self.subTest(by):
                self.assertEqual(self._group(by), expected)
                context = {"dunning_balance_date": str(self.today)}
                self.assertEqual(self._group(by, **context), expected)
        reached = self._group("level_id")
        self.assertEqual(sum(amount for (amount,) in reached.values()), 60)
        self.assertGreater(len(reached), 1)
        # Nothing was reached, nor on hold, on a day before.
        context = {"dunning_balance_date": str(self._day(-5))}
        self.assertEqual(list(self._group("level_id", **context).values()), [(124,)])
        self.assertEqual(list(self._group("reason_id", **context).values()), [(124,)])

    def test_each_field_is_searched_sorted_and_read(self):
        balance = self.env["dunning.aged.balance"]
        names = [name for name, field in balance._fields.items() if field.store]
        for name in names:
            with self.subTest(name):
                rows = balance.search([(name, "!=", False)], order=f"{name} desc, id")
                rows.invalidate_model()
                rows.read([name])
        (row,) = balance.search([("name", "=", self.paid.name)]) or [None]
        self.assertIsNone(row)
        invoice = self._create_invoice(self.other)
        row = balance.search([("name", "=", invoice.name)])
        self.assertEqual(row.move_line_id, self._items(invoice))
        self.assertEqual(row.action_open_move()["res_id"], invoice.id)
        opened = row.action_open_items()
        self.assertEqual(
            self.env[opened["res_model"]].search(opened["domain"]), row.move_line_id
        )

    def test_a_page_is_cut_off_before_its_columns_are_worked_out(self):
        balance = self.env["dunning.aged.balance"]
        names = ["name", "user_id", "amount_company", "level_id"]
        order = "days_late desc, id"
        wanted = balance.search_fetch([], names, order=order)[1:4]
        expected = [tuple(row[name] for name in names) for row in wanted]
        self.env.invalidate_all()
        model = self.registry["dunning.aged.balance"]
        asked = []

        def fetch_query(records, query, fields, read=model._fetch_query):
            asked.append([field.name for field in fields])
            return read(records, query, fields)

        with patch.object(model, "_fetch_query", fetch_query):
            page = balance.search_fetch([], names, offset=1, limit=3, order=order)
        self.assertEqual(list(map(sorted, asked)), [[], sorted(names)])
        self.assertEqual([tuple(row[name] for name in names) for row in page], expected)

    def test_its_screens_open(self):
        kinds = ["list", "pivot", "graph", "kanban", "search"]
        views = self.env["dunning.aged.balance"].get_views([(False, k) for k in kinds])
        self.assertEqual(set(views["views"]), set(kinds))
        names = views["models"]["dunning.aged.balance"]["fields"]
        self.assertEqual(names["amount_age_2"]["string"], "31–60 days")

    def test_late_and_mine_are_found(self):
        balance = self.env["dunning.aged.balance"]
        late = balance.search([("days_late", ">", 90)])
        self.assertEqual(late.mapped("amount_company"), [16])
        self.assertEqual(len(balance.search([("days_late", ">", 0)])), 5)
        self.assertFalse(balance.search([("user_id", "=", self.env.uid)]))

    def test_a_dialog_asks_for_the_day(self):
        with Form(self.env["dunning.aged.balance.day"]) as form:
            self.assertEqual(form.date, self.today)
            form.date = self._day(-5)
            form.counted_from = "invoice"
            form.credit_notes = "netted"
        action = form.record.action_open()
        found = self._group("partner_id", COLUMNS, **action["context"])
        self.assertEqual(found[self.other], (0, 0, 96, 0, 0, 0))
        self.assertIn("02/25/2026", action["display_name"])

    def test_a_context_that_nobody_can_look_by_is_refused(self):
        balance = self.env["dunning.aged.balance"]
        for context in (
            {"dunning_balance_date": "yesterday"},
            {"dunning_balance_date": "0001-01-01"},
            {"dunning_balance_date": ["2026-01-01"]},
            {"dunning_balance_by": "'; DROP TABLE"},
            {"dunning_balance_by": ["due"]},
        ):
            with self.subTest(context), self.assertRaises(ValidationError):
                balance.with_context(**context).search([])

    def test_nobody_sees_what_is_not_theirs(self):
        second = self._create_second_company()
        self._create_invoice(company=second, amount=999)
        total = {self.company: (60,)}
        auditor = self._create_user("auditor", "group_dunning_readonly")
        context = {"allowed_company_ids": [self.company.id]}
        env = self.env(user=auditor, context=context)
        self.assertEqual(self._group("company_id", env=env), total)
        self.other.dunning_user_id = self._create_user("boss", "group_dunning_manager")
        self.company.sudo().dunning_collector_view = "own"
        env = self.env(user=self.collector, context=context)
        self.assertEqual(self._group("partner_id", env=env), {self.customer: (28,)})
        balance = env["dunning.aged.balance"]
        self.assertFalse(balance.search([("partner_id", "=", self.other.id)]))
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self._group("company_id", env=self.env(user=internal))
