from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..workbooks import Reading
from .workbook_common import WorkbookCommon


@tagged("post_install", "-at_install")
class TestWorkbookView(WorkbookCommon):
    """The aged balance on the screen is exported as it is looked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_customer("Other Customer")
        cls.paid = cls._create_invoice(cls.customer, due=-31, amount=100.10)
        cls.late = cls._create_invoice(cls.other, due=-100, amount=200.20)
        cls.credit = cls._create_payment(cls.other, amount=30.0, date=-40)
        cls._pay(cls.paid, date=-5)

    def _begin(self, rows=(), model="dunning.aged.balance", **view):
        """Open the dialog from the list, as the browser does."""
        records = self.env["dunning.workbook.export"].with_user(self.collector)
        return records.with_context(
            active_model=model, active_ids=[row.id for row in rows], **view
        ).create({})

    def _look(self, day, by, netted):
        return {
            "dunning_balance_date": self._day(day).isoformat(),
            "dunning_balance_by": by,
            "dunning_balance_netted": netted,
        }

    def _get_rows(self, view):
        self.env.flush_all()
        # Each look is a request of its own.
        self.env.invalidate_all()
        records = self.env["dunning.aged.balance"].with_user(self.collector)
        return records.with_context(**view).search([])

    def _read(self, export):
        export.action_export()
        workbooks = self.env["dunning.workbook"].with_user(self.collector)
        workbook_sudo = workbooks.search([], limit=1).sudo()
        return Reading(workbook_sudo.attachment_id.raw)

    def test_day_dates_and_credits_of_the_screen_are_proposed(self):
        export = self._begin(**self._look(-20, "invoice", netted=True))
        self.assertEqual(export.date, self._day(-20))
        self.assertEqual((export.by, export.credits), ("invoice", "netted"))
        self.assertFalse(export.move_line_ids)
        export = self._begin()
        self.assertEqual(export.date, self.today)
        self.assertEqual((export.by, export.credits), ("due", "apart"))

    def test_another_list_does_not_say_how_the_balance_is_looked_at(self):
        view = self._look(-20, "invoice", netted=True)
        export = self._begin(model="dunning.item", **view)
        self.assertEqual(export.date, self.today)
        self.assertEqual((export.by, export.credits), ("due", "apart"))

    def test_the_workbook_says_what_the_screen_says(self):
        for view in (
            {},
            self._look(-20, "due", netted=False),
            self._look(-20, "invoice", netted=True),
        ):
            with self.subTest(view=view):
                rows = self._get_rows(view)
                listed = self._read(self._begin(**view)).get_list("Customers")
                for column, field in (
                    ("Total", "amount_company"),
                    ("Not Due", "amount_not_due"),
                    ("1–30 Days", "amount_age_1"),
                    ("31–60 Days", "amount_age_2"),
                    ("61–90 Days", "amount_age_3"),
                    ("Over 90 Days", "amount_age_4"),
                    ("Credits", "amount_credits"),
                ):
                    # A column in which nothing could be is left out.
                    found = sum(row.get(column) or 0 for row in listed)
                    shown = sum(rows.mapped(field))
                    self.assertEqual(round(found, 2), round(shown, 2), column)

    def test_rows_that_were_open_on_a_past_day_are_exported_though_paid_since(self):
        view = self._look(-20, "due", netted=False)
        rows = self._get_rows(view).filtered(lambda row: row.move_id == self.paid)
        export = self._begin(rows, **view)
        self.assertEqual(export.move_line_ids, self._items(self.paid))
        self.assertEqual(export.item_count, 1)
        self.assertEqual(self._add(self._read(export).get_list("Items"), "Open"), 100.1)

    def test_what_is_no_way_to_look_at_it_is_refused(self):
        for view in (
            {"dunning_balance_date": "soon"},
            {"dunning_balance_by": "weight"},
        ):
            with self.subTest(view=view), self.assertRaises(ValidationError):
                self._begin(**view)
