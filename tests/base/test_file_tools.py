import csv
import io
import zipfile
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from unittest.mock import patch

from lxml import etree

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import (
    cdar,
    cover_list,
    entered,
    hardened_xml,
    interest,
    ledger_cells,
    ledger_columns,
    ledger_file,
    ledger_index,
    limitation,
    months,
    peppol_response,
    rates,
    working_days,
)
from odoo.addons.account_dunning.tools.errors import MessageError

UBL = "urn:oasis:names:specification:ubl:schema:xsd"


@tagged("post_install", "-at_install")
class TestFileTools(BaseCase):
    """What is read of files and values that come from outside, case by case."""

    @contextmanager
    def _refused(self, problem, error=ledger_file.LedgerFileError):
        with self.assertRaises(error) as raised:
            yield
        self.assertEqual(raised.exception.problem, problem)

    # ------------------------------------------------------------------
    # VALUES
    # ------------------------------------------------------------------

    def test_an_amount_is_one_of_a_message_or_none(self):
        for text, amount in {
            "+5": Decimal(5),
            "5.123456": Decimal("5.123456"),
            "5.1234567": None,
            "5.": None,
            ".5": None,
            "1,5": None,
            "9999999999999": Decimal(10) ** 13 - 1,
            "10000000000000": None,
            "-9999999999999": 1 - Decimal(10) ** 13,
            "-10000000000000": None,
            "": None,
            None: None,
        }.items():
            with self.subTest(text=text):
                self.assertEqual(cdar.read_amount(text), amount)

    def test_a_moment_is_not_before_the_first_year(self):
        first = f"{cdar.FIRST_YEAR:04d}0101"
        before = f"{cdar.FIRST_YEAR - 1:04d}1231"
        self.assertEqual(
            cdar.read_time(first, as_day=True), datetime(cdar.FIRST_YEAR, 1, 1, 12)
        )
        self.assertIsNone(cdar.read_time(before, as_day=True))

    def test_a_day_that_is_entered_is_not_before_the_first_year(self):
        first = entered.FIRST_YEAR
        for kind, end in (("date", ""), ("datetime", " 12:00:00")):
            for day, problem in (
                (f"{first}-01-01", None),
                (f"{first - 1}-12-31", "too_early"),
            ):
                with self.subTest(kind=kind, day=day):
                    found = entered.find_problem(kind, day + end)
                    self.assertEqual(found, problem)

    def test_a_day_of_a_cell_is_within_the_years_that_a_ledger_has(self):
        first, last = ledger_cells.FIRST_YEAR, ledger_cells.LAST_YEAR
        for cell, day in (
            (datetime(2026, 3, 1, 15), date(2026, 3, 1)),
            (date(2026, 3, 1), date(2026, 3, 1)),
            (date(first, 1, 1), date(first, 1, 1)),
            (date(first - 1, 12, 31), None),
            (date(last, 12, 31), date(last, 12, 31)),
            (date(last + 1, 1, 1), None),
            (20260301, None),
            ("20260301", date(2026, 3, 1)),
            (f"01/01/{first}", date(first, 1, 1)),
            (f"31/12/{first - 1}", None),
            (f"31/12/{last}", date(last, 12, 31)),
            (f"01/01/{last + 1}", None),
            ("01/03/2026", date(2026, 3, 1)),
        ):
            with self.subTest(cell=cell):
                self.assertEqual(ledger_cells.read_day(cell), day)
                self.assertNotIsInstance(ledger_cells.read_day(cell), datetime)

    def test_what_is_no_record_is_told(self):
        most = entered.MAX_RECORDS
        for kind, value, problem in (
            ("many2one", 7, None),
            ("many2one", True, "record"),
            ("many2one", -1, "record"),
            ("many2one", 2**31, "record"),
            ("many2one", [7, "Name"], None),
            ("many2one", (7, "Name"), None),
            ("many2one", [-1, "Name"], "record"),
            ("many2one", ["x", "Name"], "record"),
            ("many2one", [7], "record"),
            ("many2one", 7.0, "record"),
            ("many2one", object(), None),
            ("many2many", [7, 8], None),
            ("many2many", [True], "records"),
            ("many2many", [-1], "records"),
            ("many2many", [1] * most, None),
            ("many2many", [1] * (most + 1), "too_large"),
            ("one2many", [(0, 0, {})], None),
            ("one2many", [(0, 0, 0)], "records"),
            ("one2many", [{"id": 7}], None),
            ("one2many", [{"name": 7}], "records"),
            ("one2many", [(1, 7, {})], None),
            ("one2many", [(1, "virtual_1", {})], None),
            ("one2many", [(1, -1, {})], "records"),
            ("one2many", [(2, 7, 0), (3, 7), (4, 7, False)], None),
            ("one2many", [(4, 7.5)], "records"),
            ("one2many", [(5,)], None),
            ("one2many", [(6, 0, [7])], None),
            ("one2many", [(6, 0, [-1])], "records"),
            ("one2many", [(7, 0, 0)], "records"),
        ):
            with self.subTest(kind=kind, value=str(value)[:40]):
                self.assertEqual(entered.find_problem(kind, value), problem)

    def test_a_number_is_as_exact_as_it_is_written(self):
        self.assertEqual(interest._exact(Fraction(1, 3)), Fraction(1, 3))
        self.assertEqual(interest._exact(0.1), Fraction(1, 10))

    # ------------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------------

    def test_no_day_comes_after_the_last_or_before_the_first(self):
        for due, years, last in (
            (date(9994, 5, 31), 5, date(9999, 5, 31)),
            (date(9995, 5, 31), 5, date(9999, 12, 31)),
            (date(9999, 12, 31), 0, date(9999, 12, 31)),
        ):
            with self.subTest(due=due, years=years):
                self.assertEqual(limitation.get_limitation(due, years).date, last)
        self.assertEqual(
            working_days.add_working_days(date(9999, 12, 30), 9, set()), date.max
        )
        sales = {date(1, 1, 1): 5.0}
        self.assertEqual(list(months.back_from(date(1, 1, 3), sales)), [(5.0, 3)])
        self.assertEqual(list(months.back_from(date(2026, 1, 3), {})), [])

    def test_a_payment_begins_a_limitation_from_the_due_date_to_its_last_day(self):
        due, last = date(2025, 5, 31), date(2027, 5, 31)
        for day, start in (
            (due, due),
            (date(2025, 6, 1), date(2025, 6, 1)),
            (last, last),
            (date(2027, 6, 1), due),
        ):
            with self.subTest(day=day):
                found = limitation.get_limitation(due, 2, [(day, "payment")])
                self.assertEqual(found.start, start)

    def test_a_span_that_ends_before_it_begins_lasts_no_day(self):
        year = rates.Span(date(2025, 1, 1), date(2025, 12, 31), "year")
        day = rates.Span(date(2025, 6, 1), date(2025, 6, 1), "day")
        none = rates.Span(date(2025, 6, 2), date(2025, 6, 1), "none")
        values = [span.value for span in rates.lay_out([year, day, none])]
        self.assertEqual(values, [None, "year", "day", "year", None])

    # ------------------------------------------------------------------
    # LISTS
    # ------------------------------------------------------------------

    def test_days_of_a_cover_are_a_whole_number(self):
        heads = ["Client", "Montant", "Délai"]
        for text, days, unreadable in (
            ("60", 60, {}),
            ("0", 0, {}),
            ("", None, {}),
            ("-60", None, {"days": "-60"}),
            ("60.5", None, {"days": "60.5"}),
            ("two", None, {"days": "two"}),
        ):
            with self.subTest(text=text):
                rows = [(1, heads), (2, ["Alpha", "10", text])]
                [row] = cover_list.read_covers(rows, ".")
                self.assertEqual((row.days, row.unreadable), (days, unreadable))

    def test_what_is_open_counts_before_what_was_booked(self):
        for heads, cells, amount in (
            (["Invoice", "Amount", "Balance"], ["F1", "100", "40"], 40),
            (["Invoice", "Amount", "Balance"], ["F1", "100", "0"], 0),
            (["Invoice", "Amount", "Balance"], ["F1", "100", ""], 100),
            (["Invoice", "Balance"], ["F1", "40"], 40),
            (["Invoice", "Debit", "Credit"], ["F1", "30", "100"], 70),
            (["Invoice", "Debit", "Credit"], ["F1", "30", ""], -30),
            (["Invoice", "Debit", "Credit"], ["F1", "", "100"], 100),
            (["Invoice", "Debit", "Credit", "Balance"], ["F1", "30", "", "9"], -30),
            (["Invoice", "Debit", "Credit", "Amount"], ["F1", "", "", "9"], 9),
            (["Invoice", "Credit", "Amount"], ["F1", "100", "9"], 100),
            (["Invoice", "Debit", "Amount"], ["F1", "100", "9"], -100),
        ):
            with self.subTest(heads=heads, cells=cells):
                ledger = ledger_columns.read_ledger([(1, heads), (2, cells)])
                self.assertEqual([line.amount for line in ledger.lines], [amount])

    def test_a_number_is_found_by_its_end_where_that_begins_with_a_digit(self):
        for number, ends in (
            ("INV/2026/00012", {("2026", "12"), ("12",)}),
            ("INV/A/00012", {("12",)}),
        ):
            with self.subTest(number=number):
                parts = ledger_cells.number_parts(number)
                index = ledger_index.Index([])
                index._add("document", parts)
                whole = ledger_cells.without_zeros(parts)
                wanted = {ledger_cells.without_zeros(end) for end in ends} | {whole}
                self.assertEqual(set(index.similar), wanted)

    def test_a_number_within_a_text_tells_by_its_length_and_its_digits(self):
        for parts, telling in (
            (("AB", "123"), True),
            (("A", "123"), False),
            (("ABC", "12"), False),
        ):
            with self.subTest(parts=parts):
                self.assertIs(ledger_index.Index._is_telling(parts), telling)

    def test_a_text_that_cannot_be_split_into_cells_is_damaged(self):
        self.addCleanup(csv.field_size_limit, csv.field_size_limit(10))
        # What takes the whole line for one cell fails, and is passed over.
        self.assertEqual(ledger_file.find_delimiter("abcd|efgh|ijkl"), "|")
        text = "No;Amount\n" + "x" * 11 + ";1"
        self.assertEqual(ledger_file.find_delimiter(text), ";")
        with self._refused("damaged"):
            ledger_file.read_rows(text.encode())
        rows = ledger_file.read_rows(text.replace("xx", "x", 1).encode())
        self.assertEqual(rows[1], (2, ["x" * 10, "1"]))

    def _workbook(self, flags=0):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("xl/workbook.xml", "<a/>")
            archive.writestr(ledger_file.CONTENTS, "<Types/>")
        content = bytearray(target.getvalue())
        content[content.index(b"PK\x01\x02") + 8] |= flags
        return bytes(content)

    def test_a_workbook_that_is_locked_or_cannot_be_read_here_is_told(self):
        with self._refused("damaged"):
            ledger_file._check_archive(self._workbook(flags=0x1))
        ledger_file._check_archive(self._workbook())
        with (
            patch.object(ledger_file.ledger_workbook, "openpyxl", None),
            self._refused("package"),
        ):
            ledger_file.read_rows(self._workbook())

    def test_a_cell_is_cut_where_it_is_too_long(self):
        most = ledger_file.MAX_CELL
        for cell, kept in (
            (" a ", "a"),
            ("x" * (most + 1), "x" * most),
            (5, 5),
            (1.5, 1.5),
            (None, None),
            (date(2026, 3, 1), date(2026, 3, 1)),
            (Decimal("1.5"), "1.5"),
            (Decimal("1." + "1" * most), "1." + "1" * (most - 2)),
        ):
            with self.subTest(cell=str(cell)[:20]):
                self.assertEqual(ledger_file._shorten(cell), kept)

    # ------------------------------------------------------------------
    # MESSAGES
    # ------------------------------------------------------------------

    def test_a_document_that_goes_on_without_a_part_is_given_up(self):
        most, chunk = hardened_xml.MAX_SILENCE, hardened_xml.CHUNK
        hardened_xml.parse(b"<a><b " + b" " * (most + chunk) + b"/></a>")
        with self._refused("nodes", MessageError):
            hardened_xml.parse(b"<a><b " + b" " * (most + 2 * chunk) + b"/></a>")
        # The document is over, and what follows is nothing.
        blanks = b" " * (chunk + most - len(b"<a/>"))
        self.assertEqual(hardened_xml.parse(b"<a/>" + blanks).tag, "a")
        with self._refused("nodes", MessageError):
            hardened_xml.parse(b"<a/>" + blanks + b" ")

    def _respond(self, status="", parties="", code="PD"):
        kinds = f'xmlns="{UBL}:ApplicationResponse-2" xmlns:b="{UBL}:Basic-2"'
        root = etree.fromstring(
            f"<ApplicationResponse {kinds}>{parties}<DocumentResponse>"
            f"<Response><b:ResponseCode>{code}</b:ResponseCode>"
            f"<b:Description>Seen</b:Description>{status}</Response>"
            "<DocumentReference><b:ID>F1</b:ID></DocumentReference>"
            "</DocumentResponse></ApplicationResponse>"
        )
        [found] = peppol_response.read(root)
        return found

    def _condition(self, field="", text="", measure=""):
        told = "".join(
            f"<b:{name}>{value}</b:{name}>"
            for name, value in (("AttributeID", field), ("Description", text))
            if value
        )
        return f"<Condition>{told}{measure}</Condition>"

    def test_a_buyer_says_which_field_is_wrong(self):
        for condition, text in (
            (self._condition("BT-10", "unknown"), "BT-10 unknown"),
            (self._condition("BT-10"), "BT-10"),
            (self._condition(text="unknown"), "unknown"),
        ):
            with self.subTest(condition=condition):
                status = f"<Status><b:StatusReason>Wrong</b:StatusReason>{condition}"
                found = self._respond(f"{status}</Status>", code="RE")
                self.assertEqual(found.text.split("\n"), ["Seen", "Wrong", text])
                self.assertEqual((found.amount, found.currency), (0, ""))

    def test_a_part_that_was_paid_is_told_with_its_currency(self):
        measure = '<b:Measure unitCode="%s">%s</b:Measure>'
        none = (Decimal(0), "", "")
        for measures, code, wanted in (
            ([measure % ("eur", "40.5")], "PD", (Decimal("40.5"), "EUR", "MPA")),
            ([measure % ("EUR", "40.5")], "AP", none),
            ([measure % ("EUR", "0")], "PD", none),
            ([measure % ("EUR", "x")], "PD", none),
            ([measure % ("", "40.5")], "PD", none),
            ([measure % ("C62", "2")], "PD", none),
            ([""], "PD", none),
            (
                [measure % ("C62", "2"), measure % ("USD", "3")],
                "PD",
                (Decimal(3), "USD", "MPA"),
            ),
        ):
            with self.subTest(measures=measures, code=code):
                conditions = "".join(self._condition(measure=m) for m in measures)
                found = self._respond(f"<Status>{conditions}</Status>", code=code)
                told = (found.amount, found.currency, found.amount_kind)
                self.assertEqual(told, wanted)

    def test_a_party_is_known_by_its_address_and_its_registers(self):
        parties = (
            "<SenderParty><b:EndpointID>0009:111</b:EndpointID>"
            "<PartyIdentification><b:ID>222</b:ID></PartyIdentification>"
            "<PartyLegalEntity><b:CompanyID>333</b:CompanyID></PartyLegalEntity>"
            "<PartyTaxScheme><b:CompanyID>FR44</b:CompanyID></PartyTaxScheme>"
            "</SenderParty><ReceiverParty><PartyLegalEntity>"
            "<b:CompanyID>555</b:CompanyID></PartyLegalEntity></ReceiverParty>"
        )
        found = self._respond(parties=parties)
        self.assertEqual(found.buyers, ("111", "222", "333", "FR44"))
        self.assertEqual(found.sellers, ("555",))
        self.assertEqual(self._respond().buyers, ())

    def test_a_response_without_an_answer_has_no_words(self):
        root = etree.fromstring(
            f'<a xmlns="{UBL}:a"><DocumentResponse><DocumentReference><ID>F1</ID>'
            "</DocumentReference></DocumentResponse></a>"
        )
        [found] = peppol_response.read(root)
        self.assertEqual((found.number, found.code, found.text), ("F1", "", ""))
        with self._refused("empty", MessageError):
            peppol_response.read(etree.fromstring("<a/>"))
