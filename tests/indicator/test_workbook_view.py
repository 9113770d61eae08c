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

    def _look_for(self, *terms, **view):
        """Open the dialog from the list with a filter and nothing selected."""
        return self._begin(active_domain=list(terms), **view)

    def test_what_is_looked_for_in_the_list_is_exported_and_nothing_else(self):
        export = self._look_for(("days_late", ">", 90))
        self.assertFalse(export.move_line_ids)
        read = self._read(export)
        self.assertEqual(self._add(read.get_list("Items"), "Open"), 200.2)
        self.assertEqual(self._add(read.get_list("Customers"), "Total"), 200.2)
        export = self._look_for("|", ("age", "=", "9"), ("days_late", ">", 90))
        self.assertEqual(self._add(self._read(export).get_list("Items"), "Open"), 170.2)

    def test_a_filter_is_asked_as_of_the_day_that_is_looked_at(self):
        view = self._look(-20, "due", netted=False)
        export = self._look_for(("days_late", "<", 60), ("age", "!=", "9"), **view)
        self.assertEqual(self._add(self._read(export).get_list("Items"), "Open"), 100.1)

    def test_what_is_selected_comes_before_the_filter(self):
        rows = self._get_rows({}).filtered(lambda row: row.move_id == self.late)
        export = self._begin(rows, active_domain=[("age", "=", "9")])
        self.assertFalse(export.domain)
        self.assertEqual(self._add(self._read(export).get_list("Items"), "Open"), 200.2)

    def test_agreements_are_those_of_what_is_looked_for(self):
        reason = self.env["dunning.reason"].create({"name": "Broken"})
        self.env["dunning.dispute"].create(
            {"move_line_ids": self._items(self.late).ids, "reason_id": reason.id}
        )
        shown = self._read(self._look_for(("days_late", ">", 90)))
        self.assertIn("Broken", shown.get_text())
        hidden = self._read(self._look_for(("age", "=", "9")))
        self.assertNotIn("Broken", hidden.get_text())

    def test_a_filter_tells_nobody_more_than_they_may_read(self):
        self.env.company.dunning_collector_view = "own"
        self.other.dunning_user_id = self._create_user(
            "peer", "group_dunning_collector"
        )
        self.late.name = "INV/THEIRS"
        read = self._read(self._look_for(("days_late", ">=", 0)))
        self.assertNotIn("Other Customer", read.get_text())
        self.assertNotIn("INV/THEIRS", read.get_text())

    def test_what_is_no_list_proposes_nothing(self):
        for model in (["res.partner"], {"a": 1}, 5, None):
            self.assertFalse(self._begin([self.late], model).partner_ids)

    def test_a_filter_that_cannot_be_used_is_refused(self):
        for terms in (
            [("no_such_field", "=", 1)],
            ["no term"],
            [("days_late", "no operator", 1)],
        ):
            with self.subTest(terms=terms), self.assertRaises(ValidationError):
                self._look_for(*terms)
        records = self.env["dunning.workbook.export"].with_user(self.collector)
        for text in ("no json", "{}", '[["no_such_field", "=", 1]]'):
            with self.subTest(text=text), self.assertRaises(ValidationError):
                records.create({"domain": text})

    def test_what_is_no_way_to_look_at_it_is_refused(self):
        for view in (
            {"dunning_balance_date": "soon"},
            {"dunning_balance_by": "weight"},
        ):
            with self.subTest(view=view), self.assertRaises(ValidationError):
                self._begin(**view)
