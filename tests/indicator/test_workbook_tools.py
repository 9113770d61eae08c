from datetime import date, datetime
from io import BytesIO
from unittest import skipUnless
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.escape import unescape

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import workbook_cells
from odoo.addons.account_dunning.tools.workbook import Book, Formula, Head
from odoo.addons.account_dunning.tools.workbook_cells import Column
from odoo.addons.account_dunning.tools.workbook_summary import (
    Bars,
    Row,
    Summary,
    share_of,
)

from ..workbooks import OFFICE, Reading

DIGITS = {"EUR": 2, "JPY": 0, "KWD": 3}
HEAD = Head("Items", ("A company", "By somebody"), "3M & Co")
COLUMNS = [
    Column("Text"),
    Column("Currency", tints=(("EUR", "#FFE699"),)),
    Column("Amount", "amount", currency=1, tints=(("", "#C6E0B4"),)),
    Column("Day", "date"),
    Column("Count", "integer"),
    Column("Open", "link", link="https://x.org/odoo/account.move/", label="Open"),
]
# Excel has no control characters but these, and reads line ends in one way.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\ufffe\uffff"))


@tagged("post_install", "-at_install")
class TestWorkbookTools(BaseCase):
    """Long lists are written as Excel reads them, whatever is in them."""

    def _write(self, rows, totals=(), columns=None, **options):
        target = BytesIO()
        with Book(target, DIGITS, "dd/mm/yyyy", **options) as book:
            self.region = book.add_list("Items", HEAD, columns or COLUMNS, rows, totals)
        return Reading(target.getvalue())

    def _row(self, text="A", currency="EUR", amount=1.0, day=None, count=1, link=7):
        return text, currency, amount, day or date(2026, 3, 2), count, link

    # ------------------------------------------------------------------
    # CELLS
    # ------------------------------------------------------------------

    def test_text_that_looks_like_a_formula_stays_text(self):
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(1)", "\t=1", "{=1}", "1"]
        read = self._write(self._row(text) for text in texts)
        rows = read.get_list("Items")
        self.assertEqual([row["Text"] for row in rows], texts)
        self.assertEqual(read.get_formulas(), {})

    def test_dates_are_dates_and_amounts_are_numbers_with_the_decimals_of_a_currency(
        self,
    ):
        amounts = [("EUR", 1234.5), ("JPY", 1234), ("KWD", -1.234)]
        read = self._write(self._row(currency=c, amount=a) for c, a in amounts)
        sheet = read.values["Items"]
        first, _last = read.get_filtered(sheet)
        cells = [sheet.cell(first + 1 + row, 3) for row in range(3)]
        self.assertEqual([cell.value for cell in cells], [a for _c, a in amounts])
        self.assertEqual(
            [cell.number_format.split(";")[0] for cell in cells],
            ["#,##0.00", "#,##0", "#,##0.000"],
        )
        self.assertEqual(sheet.cell(first + 1, 4).value, datetime(2026, 3, 2))
        self.assertEqual(sheet.cell(first + 1, 4).number_format, "dd/mm/yyyy")

    def test_a_day_that_excel_does_not_know_is_written_out(self):
        days = [date(1, 1, 1), date(1900, 3, 1), date(9999, 12, 31)]
        rows = self._write(self._row(day=day) for day in days).get_list("Items")
        self.assertEqual(rows[0]["Day"], "0001-01-01")
        self.assertEqual(rows[1]["Day"], datetime(1900, 3, 1))
        self.assertEqual(rows[2]["Day"], datetime(9999, 12, 31))

    def test_a_text_is_cut_where_excel_has_no_room(self):
        most = workbook_cells.MAX_TEXT
        texts = ["x" * most, "x" * most + "y", "é&" + "x" * most]
        kept = ["x" * most, "x" * most, "é&" + "x" * (most - 2)]
        for needed in (workbook_cells._NEEDED, ["what_is_not_there"]):
            with patch.object(workbook_cells, "_NEEDED", needed):
                read = self._write(self._row(text) for text in texts)
            self.assertEqual([row["Text"] for row in read.get_list("Items")], kept)

    def test_an_address_that_excel_does_not_take_is_no_link(self):
        room = workbook_cells.MAX_LITERAL - workbook_cells.MAX_DIGITS
        for length, links in ((room, 1), (room + 1, 0)):
            link = "https://x.org/".ljust(length, "x")
            columns = [Column("Text"), Column("Open", "link", link=link, label="Open")]
            for needed in (workbook_cells._NEEDED, ["what_is_not_there"]):
                with (
                    self.subTest(length=length, needed=needed),
                    patch.object(workbook_cells, "_NEEDED", needed),
                ):
                    read = self._write([("A", 7)], columns=columns)
                    self.assertEqual(len(read.get_links()), links)
                    self.assertEqual(read.get_list("Items")[0]["Text"], "A")

    def test_rows_are_handed_on_in_pieces_and_each_is_written_once(self):
        for count in (2, 3, 4, 6, 7):
            with patch.object(workbook_cells, "CHUNK", 3):
                read = self._write(self._row(count=n) for n in range(count))
            rows = read.get_list("Items")
            self.assertEqual([row["Count"] for row in rows], list(range(count)))

    def test_what_is_missing_is_an_empty_cell(self):
        rows = self._write([(None, "EUR", None, None, None, None)]).get_list("Items")
        self.assertEqual(rows[0]["Currency"], "EUR")
        self.assertEqual(set(rows[0].values()), {"EUR", None})

    def test_each_row_has_a_link_to_its_record(self):
        read = self._write(self._row(link=number) for number in (7, 123456789))
        self.assertEqual(
            read.get_links(),
            [f"https://x.org/odoo/account.move/{n}" for n in (7, 123456789)],
        )
        self.assertEqual(read.get_list("Items")[0]["Open"], "Open")

    def test_an_address_with_quotes_leaves_its_formula_whole(self):
        columns = [Column("Open", "link", link='https://x/"&<A1>/', label='"Go" & go')]
        read = self._write([(7,)], columns=columns)
        sheet = read.formulas["Items"]
        self.assertEqual(
            sheet.cell(read.get_filtered(sheet)[0] + 1, 1).value,
            '=HYPERLINK("https://x/""&<A1>/7","""Go"" & go")',
        )

    @given(st.lists(TEXTS, max_size=5))
    @settings(max_examples=50, deadline=None)
    def test_any_text_is_read_as_it_was_written(self, texts):
        rows = self._write(self._row(text, link=1) for text in texts).get_list("Items")
        self.assertEqual([unescape(row["Text"] or "") for row in rows], texts)

    @given(
        st.lists(
            st.tuples(
                TEXTS,
                st.sampled_from(list(DIGITS)),
                st.floats(-1e12, 1e12).map(lambda x: round(x, 3)),
                st.dates(date(1900, 3, 1)),
                st.integers(-999, 9999),
                st.integers(1, 2**31 - 1),
            ),
            max_size=7,
        )
    )
    @settings(max_examples=30, deadline=None)
    def test_the_public_methods_of_a_worksheet_write_the_same(self, rows):
        ours = self._write(iter(rows), max_rows=9)
        with patch.object(workbook_cells, "_NEEDED", ["what_is_not_there"]):
            public = self._write(iter(rows), max_rows=9)
        self.assertEqual(ours.formulas.sheetnames, public.formulas.sheetnames)
        for sheet in ours.formulas:
            other = public.formulas[sheet.title]
            self.assertEqual(sheet.dimensions, other.dimensions)
            for row in sheet.iter_rows():
                for cell in row:
                    twin = other[cell.coordinate]
                    self.assertEqual(cell.value, twin.value)
                    self.assertEqual(cell.number_format, twin.number_format)
                    self.assertEqual(cell.font.color.rgb, twin.font.color.rgb)

    # ------------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------------

    def test_a_list_goes_on_on_a_further_sheet_where_one_is_full(self):
        total = lambda region: {0: "Total", 1: "EUR", 2: region.sum(2, value=25.0)}  # noqa: E731
        read = self._write(
            (self._row(str(number)) for number in range(25)), [total], max_rows=16
        )
        names = read.values.sheetnames
        self.assertEqual(names, ["Items", "Items 2", "Items 3"])
        self.assertTrue(all(sheet.max_row <= 16 for sheet in read.values))
        self.assertEqual(len(read.get_list("Items")), 25)
        texts = [row["Text"] for row in read.get_list("Items")]
        self.assertEqual(texts, [str(number) for number in range(25)])
        [(cell, (formula, value))] = read.get_formulas().items()
        self.assertEqual(cell[0], "Items 3")
        self.assertEqual(value, 25)
        self.assertEqual(read.calculate(formula, cell[0]), 25)

    def test_a_list_that_just_fills_its_sheet_needs_no_further_one(self):
        fitting = 16 - len(HEAD.lines) - 3 - 1
        for count, sheets in ((fitting, 1), (fitting + 1, 2)):
            rows = (self._row() for _number in range(count))
            read = self._write(rows, max_rows=16)
            self.assertEqual(len(read.values.sheetnames), sheets)
            self.assertEqual(len(self.region), count)

    def test_a_list_without_rows_has_its_head(self):
        total = lambda region: {2: region.sum(2)}  # noqa: E731
        read = self._write([], [total])
        self.assertEqual(read.values.sheetnames, ["Items"])
        self.assertEqual(read.get_list("Items"), [])
        [(formula, value)] = read.get_formulas().values()
        self.assertEqual((read.calculate(formula, "Items"), value), (0, 0))

    def test_sums_on_conditions_take_texts_as_they_are(self):
        names = ["*", "Acme", ">1", "A~?", "="]
        totals = [
            lambda region, name=name: {2: region.sum(2, {0: name}, value=1.0)}
            for name in names
        ]
        read = self._write((self._row(name) for name in names), totals)
        for (sheet, _cell), (formula, value) in read.get_formulas().items():
            self.assertEqual(read.calculate(formula, sheet), value)
        self.assertEqual(len(read.get_formulas()), len(names))

    def test_each_sheet_is_ready_to_be_filtered_scrolled_and_printed(self):
        rows = (self._row(str(number)) for number in range(25))
        read = self._write(rows, max_rows=16)
        for sheet in read.values:
            first, last = read.get_filtered(sheet)
            self.assertEqual(sheet.freeze_panes, f"A{first + 1}")
            self.assertEqual(sheet.print_title_rows, f"${first}:${first}")
            self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
            self.assertEqual((sheet.page_setup.fitToHeight or 0), 0)
            self.assertEqual(sheet.page_setup.orientation, "landscape")
            left = sheet.oddFooter.left
            self.assertEqual((left.size, left.text), (8, "3M && Co"))
            self.assertIn("&P / &N", sheet.oddFooter.right.text)
            tinted = [str(x.sqref) for x in sheet.conditional_formatting]
            self.assertEqual(tinted, [f"{x}{first + 1}:{x}{last}" for x in ("B", "C")])

    def test_what_fails_while_rows_are_read_leaves_no_file_behind(self):
        def fail():
            yield self._row()
            raise ZeroDivisionError

        folders = []
        original = Book.__init__

        def remember(book, *args, **kwargs):
            original(book, *args, **kwargs)
            folders.append(book._folder.name)

        with patch.object(Book, "__init__", remember):
            with self.assertRaises(ZeroDivisionError):
                self._write(fail())
            self._write([self._row()])
        self.assertEqual(len(folders), 2)
        for folder in folders:
            with self.assertRaises(FileNotFoundError):
                open(folder)  # noqa: SIM115

    # ------------------------------------------------------------------
    # SUMMARY
    # ------------------------------------------------------------------

    def _write_summary(self):
        target = BytesIO()
        rows = [self._row("A", "EUR", 10.0), self._row("B", "JPY", 30.0)]
        with Book(target, DIGITS) as book:
            summary = Summary(book, "Summary", HEAD)
            region = book.add_list("Items", HEAD, COLUMNS, rows)
            summary.add_table(
                "Balance",
                [Column("Age"), Column("Amount", "amount"), Column("Share", "share")],
                [
                    Row(
                        ("A", region.sum(2, {0: "A"}, 10.0), share_of(0, 2, 1, 0.25)),
                        "EUR",
                        "#C6E0B4",
                    ),
                    Row(
                        ("B", region.sum(2, {0: "B"}, 30.0), share_of(1, 2, 1, 0.75)),
                        "EUR",
                        "#FFE699",
                    ),
                    Row(
                        ("Total", region.sum(2, None, 40.0), share_of(2, 2, 1, 1.0)),
                        "EUR",
                        total=True,
                    ),
                ],
                Bars("By Age", 1, 2),
            )
            summary.add_note("That is all.")
        return Reading(target.getvalue())

    def test_the_summary_comes_first_and_adds_up_the_lists(self):
        read = self._write_summary()
        self.assertEqual(read.values.sheetnames, ["Summary", "Items"])
        formulas = read.get_formulas()
        self.assertEqual(len(formulas), 6)
        for (sheet, _cell), (formula, value) in formulas.items():
            self.assertAlmostEqual(read.calculate(formula, sheet), value)
        self.assertIn("That is all.", read.get_text())

    def test_the_summary_has_a_chart_of_its_rows(self):
        # The library reads charts of the workbook that keeps formulas.
        [chart] = self._write_summary().formulas["Summary"]._charts
        [series] = chart.series
        self.assertEqual(series.cat.strRef.f, "Summary!$A$7:$A$8")
        self.assertEqual(series.val.numRef.f, "Summary!$B$7:$B$8")
        drawn = [point.v for point in series.cat.strRef.strCache.pt]
        self.assertEqual(drawn, ["A", "B"])
        drawn = [float(point.v) for point in series.val.numRef.numCache.pt]
        self.assertEqual(drawn, [10, 30])

    @skipUnless(OFFICE, "LibreOffice is not installed")
    def test_libreoffice_calculates_the_values_that_were_written(self):
        read = self._write_summary()
        calculated = read.recalculate()
        self.assertEqual(calculated.values.sheetnames, read.values.sheetnames)
        for (sheet, cell), (_formula, value) in read.get_formulas().items():
            self.assertAlmostEqual(calculated.values[sheet][cell].value, value)

    def test_a_share_of_nothing_is_empty(self):
        target = BytesIO()
        with Book(target, DIGITS) as book:
            summary = Summary(book, "Summary", HEAD)
            cells = ("A", Formula("0", 0), share_of(0, 0, 1, None))
            columns = [Column(x) for x in "ABC"]
            summary.add_table("Nothing", columns, [Row(cells)], None)
        read = Reading(target.getvalue())
        [(formula, value)] = [
            x for x in read.get_formulas().values() if x[0].startswith("=IF")
        ]
        self.assertEqual(read.calculate(formula, "Summary"), "")
        self.assertFalse(value)

    def test_a_day_of_the_summary_is_one(self):
        target = BytesIO()
        with Book(target, DIGITS, "dd/mm/yyyy") as book:
            summary = Summary(book, "Summary", HEAD)
            columns = [Column("Of"), Column("Day", "date"), Column("None", "date")]
            days = ("A", date(2026, 3, 2), None)
            summary.add_table("Days", columns, [Row(days)], None)
        sheet = Reading(target.getvalue()).values["Summary"]
        [row] = [row for row in sheet.iter_rows() if row[0].value == "A"]
        self.assertEqual(
            [cell.value for cell in row[1:3]], [datetime(2026, 3, 2), None]
        )
