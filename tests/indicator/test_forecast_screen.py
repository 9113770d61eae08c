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

    def test_a_week_opens_the_items_that_are_expected_in_it(self):
        self._promise((20, 60), items=self._items(self.old))
        sheet = self._open()
        promised = sheet.week_ids.filtered("promise")
        items = self._get_items(promised.action_open_items())
        self.assertEqual(items.move_line_id, self._items(self.old))
        self.assertEqual(items.mapped("amount"), [60])
        self.assertEqual(items.date, self._day(20))
        # What is late and without history is expected at once.
        items = self._get_items(sheet.week_ids[0].action_open_items())
        self.assertEqual(sum(items.mapped("amount")), 140)
        self.assertEqual(set(items.mapped("layer")), {"due"})

    def test_each_item_is_expected_in_one_week_at_most(self):
        for number in range(2, 8):
            invoice = self._create_invoice(due=-30 * number)
            self._pay(invoice, date=-30 * number + 12 + number)
        self._create_invoice(due=5, amount=10)
        self._create_invoice(due=25, amount=20)
        sheet = self._open()
        seen = [
            item
            for week in sheet.week_ids
            for item in self._get_items(week.action_open_items()).move_line_id.ids
        ]
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreaterEqual(len(seen), 2)

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
