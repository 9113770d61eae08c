from datetime import datetime
from io import BytesIO
from unittest import skipUnless

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..workbooks import OFFICE
from .workbook_common import WorkbookCommon

FRENCH = "fr_FR"


@tagged("post_install", "-at_install")
class TestWorkbook(WorkbookCommon):
    """A workbook says what the ledger says, and leads back to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls._enable_currency("USD")
        cls.dinar = cls._enable_currency("KWD")
        cls.other = cls._create_customer("Other Customer")
        cls.late = cls._create_invoice(cls.customer, due=-31, amount=100.10)
        cls.later = cls._create_invoice(cls.other, due=-100, amount=200.20)
        cls.early = cls._create_invoice(cls.customer, due=30, amount=50.05, date=-1)
        cls.payment = cls._create_payment(cls.other, amount=30.0, date=-10)

    # ------------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------------

    def test_the_sheets_are_there_in_order(self):
        read = self._export()
        self.assertEqual(
            read.values.sheetnames,
            ["Summary", "Customers", "Items", "Promises", "Disputes"],
        )
        read = self._export(with_items=False)
        self.assertNotIn("Items", read.values.sheetnames)
        self._assert_calculated(read)

    def test_totals_agree_with_the_ledger_to_the_cent(self):
        self._pay(self.later, 20.20, date=-5)
        for day in (0, -3, -5, -20, -60, -200):
            with self.subTest(day=day):
                read = self._export(date=self._day(day))
                ledger = self._get_ledger_balance(day)
                self.assertEqual(self._add(read.get_list("Customers"), "Total"), ledger)
                self.assertEqual(self._add(read.get_list("Items"), "Open"), ledger)
                summary = self._get_summary(read)
                if ledger:
                    self.assertAlmostEqual(summary["Total"][1], ledger)
                    self.assertAlmostEqual(summary["Items listed"][1], ledger)
                    self.assertEqual(summary["Difference"][1], 0)
                    self._assert_calculated(read)
                else:
                    self.assertIn("Nothing was open on that day.", summary)

    def test_each_item_is_in_its_age(self):
        read = self._export()
        ages = {row["Number"]: row["Age"] for row in read.get_list("Items")}
        self.assertEqual(
            ages,
            {
                self.late.name: "31–60 Days",
                self.later.name: "Over 90 Days",
                self.early.name: "Not Due",
                self.payment.move_id.name: "Credits",
            },
        )
        rows = {row["Customer"]: row for row in read.get_list("Customers")}
        self.assertEqual(rows["Other Customer"]["Over 90 Days"], 200.20)
        self.assertEqual(rows["Other Customer"]["Credits"], -30)
        self.assertEqual(rows["Other Customer"]["Total"], 170.20)
        self.assertEqual(rows["Customer"]["Not Due"], 50.05)

    def test_limits_and_dates_are_those_that_were_chosen(self):
        read = self._export(limits="10,100", by="invoice")
        titles = read.get_list("Customers")[0].keys()
        self.assertLessEqual(
            {"Same Day", "1–10 Days", "11–100 Days", "Over 100 Days"}, set(titles)
        )
        [row] = [x for x in read.get_list("Items") if x["Number"] == self.early.name]
        self.assertEqual((row["Days"], row["Age"]), (1, "1–10 Days"))

    def test_an_age_of_one_day_is_called_by_it(self):
        titles = self._export(limits="1,2,30").get_list("Customers")[0].keys()
        ages = {"Not Due", "1 Days", "2 Days", "3–30 Days", "Over 30 Days"}
        self.assertLessEqual(ages, set(titles))

    def test_currencies_of_several_companies_are_told_with_each(self):
        second = self._create_second_company()
        self._create_invoice(self.other, due=-5, amount=70, company=second)
        self._create_invoice(self.other, due=-5, amount=9, currency=self.dollar)
        self.collector.company_ids |= second
        read = self._export(companies=self.company | second)
        rows = [row for row in read.get_rows("Summary") if row[0]]
        [start] = [n for n, row in enumerate(rows) if row[0] == "Balance by Currency"]
        heads, *told = rows[start + 1 : start + 5]
        self.assertEqual(heads[:2], ["Company", "Currency"])
        found = {tuple(row[:2]): row for row in told}
        own, theirs = self.company.name, second.name
        self.assertEqual(set(found), {(own, "EUR"), (own, "USD"), (theirs, "EUR")})
        self.assertIn(70, found[theirs, "EUR"])
        self.assertIn(9, found[own, "USD"])
        self._assert_calculated(read)

    def test_netted_credits_are_deducted_by_their_own_age(self):
        read = self._export(credits="netted")
        [row] = [x for x in read.get_list("Customers") if x["Currency"] == "EUR"][1:]
        self.assertNotIn("Credits", row)
        self.assertEqual(row["1–30 Days"], -30)
        self.assertEqual(row["Total"], 170.20)
        self._assert_calculated(read)

    def test_a_workbook_of_chosen_customers_collectors_or_items_has_no_others(self):
        read = self._export(partner_ids=self.other.ids)
        self.assertEqual(self._add(read.get_list("Items"), "Open"), 170.20)
        item = self._items(self.late)
        read = self._export(move_line_ids=item.ids)
        self.assertEqual(self._add(read.get_list("Items"), "Open"), 100.10)
        self.assertIn("Selected items only: 1", read.get_text())
        second = self._create_user("second", "group_dunning_collector")
        self.other.dunning_user_id = second
        read = self._export(user_ids=second.ids)
        self.assertEqual(self._add(read.get_list("Customers"), "Total"), 170.20)
        self.assertIn("Collectors: Second", read.get_text())

    def test_entries_without_customer_have_a_row(self):
        self._create_entry(due=-5, amount=7, partner_id=False)
        rows = {x["Customer"]: x for x in self._export().get_list("Customers")}
        self.assertEqual(rows["No customer"]["Total"], 7)

    # ------------------------------------------------------------------
    # CURRENCIES
    # ------------------------------------------------------------------

    def test_currencies_are_told_apart_and_added_up_in_the_company_s_alone(self):
        self._create_invoice(self.other, due=-5, amount=10.5, currency=self.dollar)
        self._create_invoice(self.other, due=-5, amount=1.234, currency=self.dinar)
        read = self._export()
        rows = read.get_list("Customers")
        by_currency = self._add(rows, "Total", by="Currency")
        self.assertEqual(by_currency["USD"], 10.5)
        self.assertEqual(by_currency["KWD"], 1.234)
        ledger = self._get_ledger_balance(0)
        self.assertAlmostEqual(self._add(rows, "Total (EUR)"), ledger)
        self.assertAlmostEqual(self._add(read.get_list("Items"), "Open (EUR)"), ledger)
        self.assertAlmostEqual(self._get_summary(read)["Total"][1], ledger)
        self._assert_calculated(read)

    def test_amounts_have_the_decimals_of_their_currency(self):
        yen = self._enable_currency("JPY")
        self._create_invoice(self.other, due=-5, amount=1000, currency=yen)
        self._create_invoice(self.other, due=-5, amount=1.234, currency=self.dinar)
        read = self._export()
        sheet = read.values["Items"]
        first, last = read.get_filtered(sheet)
        titles = [cell.value for cell in sheet[first]]
        currency, amount = titles.index("Currency"), titles.index("Open")
        formats = {
            row[currency].value: row[amount].number_format.split(";")[0]
            for row in sheet.iter_rows(first + 1, last)
        }
        self.assertEqual(
            formats, {"EUR": "#,##0.00", "JPY": "#,##0", "KWD": "#,##0.000"}
        )

    # ------------------------------------------------------------------
    # WHAT IS WRITTEN
    # ------------------------------------------------------------------

    def test_names_that_look_like_formulas_stay_text(self):
        self.other.name = '=HYPERLINK("http://bad.example","+1")'
        self.later.ref = "@SUM(1)"
        read = self._export()
        names = {row["Customer"] for row in read.get_list("Items")}
        self.assertIn(self.other.name, names)
        self.assertIn("@SUM(1)", read.get_text())
        self.assertFalse([x for x in read.get_links() if "bad" in x])
        self._assert_calculated(read)

    def test_dates_are_dates_and_each_item_leads_to_its_entry(self):
        read = self._export()
        rows = {row["Number"]: row for row in read.get_list("Items")}
        due = self.late.invoice_date_due
        found = rows[self.late.name]["Due Date"]
        self.assertEqual(found, datetime(due.year, due.month, due.day))
        self.assertEqual(rows[self.late.name]["Days"], 31)
        base = self.late.get_base_url()
        self.assertIn(f"{base}/odoo/account.move/{self.late.id}", read.get_links())
        self.assertIn(f"{base}/odoo/res.partner/{self.other.id}", read.get_links())

    def test_the_head_tells_whose_figures_of_which_day_by_which_rules_and_who_made_it(
        self,
    ):
        read = self._export(partner_ids=self.other.ids)
        for sheet in read.values:
            text = "\n".join(str(sheet.cell(row, 1).value) for row in range(1, 5))
            for told in (
                "Dunning Company, as of 03/02/2026",
                "Age counted from: Due Date",
                "Customers: Other Customer",
                "by Collector",
            ):
                self.assertIn(told, text)

    def test_a_workbook_is_in_the_language_of_its_reader(self):
        read = self._export(lang=FRENCH, date="2026-03-01")
        text = read.get_text()
        self.assertIn("01/03/2026", text)
        for word in ("Factures", "Litiges", "Reçu"):
            self.assertIn(f"\n{word}\n", text)
        sheet = read.values[read.values.sheetnames[2]]
        first, _last = read.get_filtered(sheet)
        formats = {cell.number_format for cell in sheet[first + 1]}
        self.assertIn("dd/mm/yyyy", formats)
        self._assert_calculated(read)

    def test_promises_and_disputes_of_the_day_are_listed(self):
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(self.late).ids,
                "line_ids": [(0, 0, {"date": self._day(5), "amount": 60})],
            }
        )
        dispute = self.env["dunning.dispute"].create(
            {
                "partner_id": self.other.id,
                "move_line_ids": self._items(self.later).ids,
                "reason_id": self.env.ref("account_dunning.reason_price").id,
                "amount": 40,
            }
        )
        read = self._export()
        [row] = read.get_list("Promises")
        self.assertEqual((row["Promised"], row["Still to Come"]), (60, 60))
        self.assertEqual(row["Payment Expected"].date(), self._day(5))
        [row] = read.get_list("Disputes")
        self.assertEqual((row["In Dispute"], row["Invoices"]), (40, self.later.name))
        for record in (promise, dispute):
            link = f"{record.get_base_url()}/odoo/{record._name}/{record.id}"
            self.assertIn(link, read.get_links())
        read = self._export(date=self._day(-1))
        self.assertEqual(read.get_list("Promises") + read.get_list("Disputes"), [])
        read = self._export(partner_ids=self.other.ids)
        self.assertEqual(len(read.get_list("Promises")), 0)
        self.assertEqual(len(read.get_list("Disputes")), 1)

    def test_a_promise_that_waits_for_approval_is_not_expected(self):
        self.company.dunning_promise_max_amount = 10
        collector = self._create_user("promiser", "group_dunning_collector")
        promise = self.env["dunning.promise"].with_user(collector)
        promise = promise.create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self._items(self.late).ids,
                "line_ids": [(0, 0, {"date": self._day(5), "amount": 60})],
            }
        )
        self.assertEqual(promise.approval, "waiting")
        [row] = self._export().get_list("Promises")
        self.assertEqual(
            (row["Promised"], row["Still to Come"], row["Status"]),
            (60, 0, "Waits for Approval"),
        )

    def test_a_list_that_is_too_long_for_a_sheet_goes_on_on_the_next(self):
        for _number in range(12):
            self._create_invoice(self.other, due=-5, amount=10)
        limited = self.env.registry["dunning.workbook"]
        self.patch(limited, "_get_max_rows", lambda workbook: 16)
        read = self._export()
        self.assertIn("Items 2", read.values.sheetnames)
        self.assertEqual(
            self._add(read.get_list("Items"), "Open"), self._get_ledger_balance(0)
        )
        self.assertEqual(self._get_summary(read)["Difference"][1], 0)
        self._assert_calculated(read)

    @skipUnless(OFFICE, "LibreOffice is not installed")
    def test_libreoffice_opens_it_and_comes_to_the_same(self):
        self._create_invoice(self.other, due=-5, amount=10.5, currency=self.dollar)
        read = self._export()
        calculated = read.recalculate()
        for (sheet, cell), (formula, value) in read.get_formulas().items():
            found = calculated.values[sheet][cell].value
            self.assertAlmostEqual(
                found or 0, value or 0, 6, f"{sheet} {cell} {formula}"
            )

    def test_many_items_cost_no_more_statements_than_few(self):
        workbook = self._order()
        counts = []
        for _turn in range(3):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            workbook._as_author()._write_book(BytesIO(), lambda _share: None)
            counts.append(self.env.cr.sql_log_count - before)
            for _number in range(5):
                self._create_invoice(self._create_customer("More"), due=-5)
        # What is read once for all is in the caches after the first.
        self.assertEqual(counts[1], counts[2])

    # ------------------------------------------------------------------
    # WHAT IS ASKED FOR
    # ------------------------------------------------------------------

    def test_a_small_workbook_is_downloaded_at_once(self):
        workbook = self._order()
        self.assertEqual(self.answer["type"], "ir.actions.act_url")
        self.assertIn(str(workbook.attachment_id.id), self.answer["url"])
        self.assertEqual(workbook.item_count, 4)

    def test_limits_that_do_not_ascend_are_refused_in_words(self):
        for limits in ("", "a", "30,20", "0,30", "-5", "30,,x", "1 2 3 4 5 6 7 8 9"):
            with self.subTest(limits=limits), self.assertRaises(ValidationError):
                self._order(limits=limits or " ")

    def test_a_day_to_come_is_refused(self):
        with self.assertRaisesRegex(UserError, "not known yet"):
            self._order(date=self._day(1))

    def test_a_subsidiary_is_a_customer_of_its_own(self):
        self.other.write({"parent_id": self.customer.id, "is_company": True})
        read = self._export(partner_ids=self.other.ids)
        self.assertEqual(self._add(read.get_list("Items"), "Open"), 170.20)

    def test_what_was_chosen_in_a_list_is_proposed(self):
        records = self.env["dunning.workbook.export"].with_user(self.collector)
        items = self._items(self.late | self.later)
        chosen = {"active_model": "dunning.item", "active_ids": items.ids}
        export = records.with_context(**chosen).create({})
        self.assertEqual(export.move_line_ids, items)
        self.assertEqual(export.item_count, 2)
        contact = self._create_customer("Contact", parent_id=self.other.id)
        chosen = {"active_model": "res.partner", "active_ids": contact.ids}
        export = records.with_context(**chosen).create({})
        self.assertEqual(export.partner_ids, self.other)
