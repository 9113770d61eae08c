from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..disputes import DisputeCommon
from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestForecastScreen(PromiseCommon, DisputeCommon):
    """The forecast as it is looked at."""

    def _open(self, user=None, day=None):
        model = self.env["dunning.forecast.sheet"].with_user(user or self.collector)
        sheet = model.browse(model.action_open()["res_id"])
        if day is not None:
            sheet.date = self._day(day)
            sheet.action_fill()
        return sheet

    def _get_items(self, action):
        # Who opened it sees it, nobody else.
        records = self.env[action["res_model"]].with_user(self.collector)
        return records.search(action["domain"])

    def test_it_tells_what_the_forecast_tells(self):
        self._promise((20, 60), items=self._items(self.old))
        self._dispute(self.new, 30)
        sheet = self._open()
        rows = self.company._dunning_forecast()
        self.assertEqual(sheet.week_ids.mapped("date"), [row["week"] for row in rows])
        for name in ("amount", "low", "high", "promise", "due", "disputed"):
            found = sheet.week_ids.mapped(name)
            self.assertEqual(found, [row[name] for row in rows])
        shown = sheet.amount_ids.filtered(lambda line: line.layer != "disputed")
        self.assertAlmostEqual(
            sum(shown.mapped("amount")), sum(sheet.week_ids.mapped("amount")), 2
        )
        parts = ("expected", "later", "disputed", "covered")
        whole = sum(sheet[f"amount_{part}"] for part in parts)
        self.assertAlmostEqual(whole, sheet.amount_open, 2)
        self.assertEqual(len(sheet.chart), 13)
        self.assertEqual(sheet.score_ids.mapped("weeks"), [1, 4, 8])

    def test_a_week_opens_the_items_of_which_something_is_expected_in_it(self):
        self._promise((20, 60), items=self._items(self.old))
        sheet = self._open()
        promised = sheet.week_ids.filtered("promise")
        items = self._get_items(promised.action_open_items())
        items = items.filtered(lambda item: item.layer == "promise")
        self.assertEqual(items.move_line_id, self._items(self.old))
        self.assertEqual(items.mapped("amount"), [60])
        self.assertEqual(items.date, self._day(20))
        # Nobody has promised anything before: 70 % are believed.
        self.assertEqual(items.mapped("expected"), [42])
        self.assertAlmostEqual(items.probability, 0.7, 6)
        # What is late and without history is expected at once.
        items = self._get_items(sheet.week_ids[0].action_open_items())
        self.assertEqual(sum(items.mapped("amount")), 140)
        self.assertEqual(set(items.mapped("layer")), {"due"})

    def _make_history(self):
        """Have a customer with a habit, one without, a promise, a plan, a dispute and a
        credit."""
        for number in range(2, 8):
            invoice = self._create_invoice(due=-30 * number, amount=33.33)
            self._pay(invoice, date=-30 * number + 12 + number)
        other = self._create_customer("Other")
        for due, amount in ((5, 10.01), (25, 20.02), (-9, 0.01), (40, 7777.77)):
            self._create_invoice(due=due, amount=amount)
            self._create_invoice(other, due=due, amount=3 * amount)
        self._create_payment(other, amount=17.17, date=-1)
        self._promise((20, 60), items=self._items(self.old))
        planned = self._create_invoice(due=-3, amount=99.99)
        self._promise((10, 40), (40, 59.99), items=self._items(planned))
        self._dispute(self.new, 30)

    def test_what_a_week_lists_adds_up_to_it_to_the_cent(self):
        self._make_history()
        sheet = self._open()
        found = 0
        for week in sheet.week_ids:
            items = self._get_items(week.action_open_items())
            for layer in ("plan", "promise", "habit", "due"):
                ours = items.filtered(lambda item, layer=layer: item.layer == layer)
                self.assertAlmostEqual(sum(ours.mapped("expected")), week[layer], 2)
            self.assertAlmostEqual(sum(items.mapped("expected")), week.amount, 2)
            self.assertTrue(all(0 < item.expected <= item.amount for item in items))
            found += len(items)
        self.assertGreater(found, 20)
        for amount in sheet.amount_ids:
            items = self._get_items(amount.action_open_items())
            self.assertAlmostEqual(
                sum(items.mapped("expected")), amount.amount, 2, amount.layer
            )
            self.assertEqual(set(items.mapped("layer")), {amount.layer})
        self.assertIn("disputed", sheet.amount_ids.mapped("layer"))

    def test_what_is_expected_of_an_item_is_never_more_than_is_open(self):
        self._make_history()
        sheet, expected, open_ = self._open(), {}, {}
        for week in sheet.week_ids:
            for item in self._get_items(week.action_open_items()):
                line = item.move_line_id
                expected[line] = expected.get(line, 0) + item.expected
                open_[line] = line.amount_residual
        for line, amount in expected.items():
            # Each week is rounded by itself.
            self.assertLess(amount, open_[line] + 0.1)

    def test_another_day_is_seen_as_it_was(self):
        self._go_to(10)
        self._pay(self.old | self.new, date=5)
        self.assertEqual(self._open().amount_open, 0)
        sheet = self._open(day=4)
        self.assertEqual(sheet.amount_open, 200)
        action = sheet.week_ids[0].action_open_items()
        self.assertEqual(len(self._get_items(action)), 2)

    def test_the_score_tells_what_came(self):
        self._go_to(40)
        self._pay(self.old, 70, date=30)
        score = self._open().score_ids[-1]
        self.assertEqual(score.came, 70)

    def test_the_amounts_of_a_sheet_are_opened_alone(self):
        sheet, other = self._open(), self._open(day=-7)
        self.assertTrue(other.amount_ids)
        found = self._get_items(sheet.action_open_amounts())
        self.assertEqual(found, sheet.amount_ids)

    def test_it_is_seen_by_who_made_it_alone(self):
        sheet = self._open()
        colleague = self._create_user("colleague", "group_dunning_manager")
        for record in (sheet, sheet.week_ids[0]):
            with self.assertRaises(AccessError):
                record.with_user(colleague).read(["date"])

    def test_who_has_no_rights_does_not_get_it(self):
        internal = self._create_user("internal", "group_dunning_readonly")
        internal.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self._open(internal)
