import io
import time
import zipfile
from datetime import date, datetime
from decimal import Decimal
from unittest.mock import patch

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ...tools.ledger_cells import plain
from ...tools.ledger_columns import read_ledger
from ...tools.ledger_comparison import Item, compare
from ...tools.ledger_file import (
    CHUNK,
    MAX_ATTRIBUTES,
    MAX_STRINGS,
    MAX_STRINGS_SIZE,
    LedgerFileError,
    _check_encoding,
    _look_through,
    read_rows,
)

# Of the processor, for what takes a hundredth of it; what grows with the square takes
# more.
SECONDS = 2


def make_workbook(rows):
    """Return the content of a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_item(number):
    """Return an open invoice of ours."""
    amount = Decimal(number % 97 + 1)
    return Item(number, number, (f"INV/2026/{number:05d}",), amount, amount)


@tagged("post_install", "-at_install")
class TestLedgerFiles(BaseCase):
    """Files from whatever program, and from whoever means no good."""

    def _read(self, text, encoding="utf-8", **options):
        return read_ledger(read_rows(text.encode(encoding)), **options)

    def _refuse(self, content):
        with self.assertRaises(LedgerFileError) as caught:
            read_ledger(read_rows(content))
        return caught.exception.problem

    def _read_in_time(self, content):
        start = time.thread_time()
        ledger = read_ledger(read_rows(content))
        self.assertLess(time.thread_time() - start, SECONDS)
        return ledger

    # ------------------------------------------------------------------
    # CSV
    # ------------------------------------------------------------------

    def test_columns_are_named_by_the_first_of_several_headings(self):
        heading = "Invoice;Amount"
        ledger = self._read(f"{heading}\nINV/1;10.00\n{heading}\nINV/2;20.00\n")
        self.assertEqual([line.amount for line in ledger.lines], [10, 20])

    def test_separators_encodings_and_decimal_signs_are_told_by_the_file(self):
        for separator, amount in (
            (";", "1 234,50"),
            ("\t", "1.234,50"),
            ("|", "1234.5"),
        ):
            for encoding in ("utf-8", "utf-8-sig", "cp1252", "utf-16"):
                text = f"N° pièce{separator}Échéance{separator}Montant\n"
                text += f"FAC1{separator}31/12/2026{separator}{amount}\n"
                with self.subTest(f"{separator!r} {encoding}"):
                    [line] = self._read(text, encoding).lines
                    self.assertEqual(line.amount, Decimal("1234.5"))
                    self.assertEqual(str(line.due), "2026-12-31")

    def test_what_the_file_leaves_open_is_read_by_custom(self):
        text = "Invoice;Amount;Date\nA1;1,234;03/04/2026"
        [line] = self._read(text).lines
        self.assertEqual((line.amount, line.date.month), (1234, 4))
        [line] = self._read(text, decimal_sign=",", day_order="mdy").lines
        self.assertEqual((line.amount, line.date.month), (Decimal("1.234"), 3))

    def test_debits_and_credits_of_a_supplier_are_signed(self):
        text = "Numéro;Libellé;Débit;Crédit\nF1;Achat;;100,00\nF1;Virement;100,00;\n"
        lines = self._read(text).lines
        self.assertEqual([line.amount for line in lines], [100, -100])

    def test_titles_above_the_columns_and_sums_below_are_passed_over(self):
        text = "My Company\n\nAging on 31/12\nInvoice,Amount\nA1,10.00\nTotal,10.00\n"
        self.assertEqual([line.place for line in self._read(text).lines], [5])

    def test_lines_whose_amount_cannot_be_read_are_told(self):
        ledger = self._read("Invoice;Amount\nA1;abc\nA2;12.00\nA3;=1+1\n")
        self.assertEqual(ledger.unread, [2, 4])
        self.assertEqual(len(ledger.lines), 1)

    def test_formulas_are_text(self):
        text = 'Invoice;Amount\n"=HYPERLINK(""http://x"";""A1"")";10.00\n'
        [line] = self._read(text).lines
        self.assertTrue(line.texts[0].startswith("=HYPERLINK"))

    def test_a_letter_with_hundreds_of_accents_is_read_in_time(self):
        # Put in order, the time grows with the square of them.
        letter = "e" + "\u0301" * 250 + "\u0316" * 249
        text = "Invoice;Amount\n" + f"{letter};1\n" * 4000
        self.assertEqual(len(self._read_in_time(text.encode()).lines), 4000)
        self.assertEqual(plain(letter), "E")

    def test_signs_that_stand_for_many_others_are_cut(self):
        many = "\ufdfa" * 450
        text = "Invoice;Amount\n" + "".join(f"{many}{n};1\n" for n in range(4000))
        self.assertEqual(len(self._read_in_time(text.encode()).lines), 4000)

    # ------------------------------------------------------------------
    # WHAT IS REFUSED
    # ------------------------------------------------------------------

    def test_what_is_no_ledger_is_refused_with_its_reason(self):
        for content, problem in (
            (b"", "empty"),
            (b" \r\n;;\n", "empty"),
            (b"%PDF-1.7", "kind"),
            (b"\x89PNG\r\n\x1a\n....", "kind"),
            (b"\0\1\2binary", "kind"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old"),
            (b"PK\x03\x04 not a zip", "damaged"),
            (b"a;b;c\n1;2;3\n", "columns"),
            (b"\xff\xfe" + b"\xd8" * 3, "encoding"),
            (b"x" * (10 * 1024 * 1024 + 1), "size"),
            (b"a;b\n" * 20_001, "rows"),
        ):
            with self.subTest(problem):
                self.assertEqual(self._refuse(content), problem)

    def _make_zip(self, members, packing=zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", packing) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return file.getvalue()

    def _unpack(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def test_what_is_unpacked_at_once_is_not_opened(self):
        for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            content = self._make_zip({"xl/workbook.xml": "0" * 1000}, packing)
            with patch.object(zipfile.ZipFile, "open") as unpack:
                self.assertEqual(self._refuse(content), "damaged")
            self.assertFalse(unpack.called)

    def test_a_bomb_is_not_unpacked(self):
        bomb = self._make_zip({"xl/worksheets/sheet1.xml": b"0" * (61 * 1024 * 1024)})
        self.assertLess(len(bomb), 1024 * 1024)
        self.assertEqual(self._refuse(bomb), "size")

    def test_entities_are_not_resolved(self):
        for encoding in ("utf-8", "utf-16"):
            text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
            content = self._make_zip({"xl/workbook.xml": text.encode(encoding)})
            self.assertEqual(self._refuse(content), "damaged")

    def test_entities_are_found_wherever_they_are_declared(self):
        declared = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            for name in ("xl/workbook.xml", "xl/strings.bin", "xl/no-ending"):
                # At the edges of what is read at once, and far behind.
                for before in (0, 5000, CHUNK - 7, CHUNK // 2 - 12, CHUNK - 3):
                    text = f"<!--{'x' * before}-->{declared}".encode(encoding)
                    content = self._make_zip({"xl/a.xml": b"<a/>", name: text})
                    with self.subTest(encoding=encoding, name=name, before=before):
                        self.assertEqual(self._refuse(content), "damaged")
        alone = b"x" * (CHUNK - 4) + b"<!entity b 'c'>"
        self.assertEqual(self._refuse(self._make_zip({"xl/a": alone})), "damaged")

    def test_too_many_shared_strings_are_not_read(self):
        for start in (b"<si/>", b"<x:si />", "<si/>".encode("utf-16-le")):
            strings = start * (MAX_STRINGS + 1)
            for name in ("xl/sharedStrings.xml", "xl/other"):
                with self.subTest(start=start, name=name):
                    content = self._make_zip({name: strings, "xl/a.xml": b"<a/>"})
                    self.assertEqual(self._refuse(content), "size")
        large = b"<si><t>" + b"x" * MAX_STRINGS_SIZE + b"</t></si>"
        self.assertEqual(self._refuse(self._make_zip({"xl/a.xml": large})), "size")

    def test_shared_strings_are_counted_once_wherever_they_are_cut(self):
        for before in range(CHUNK - 30, CHUNK + 2):
            text = b"x" * before + b"<si><t>a</t></si><si/>" + b"x" * CHUNK
            with self.subTest(before=before):
                self.assertEqual(_look_through(io.BytesIO(text)).strings, 2)

    def test_more_elements_than_tables_have_are_not_read(self):
        row = b"<row>" + b"<c/>" * 90_000 + b"</row>"
        names = [f"xl/worksheets/sheet{place}.xml" for place in range(3)]
        self.assertNotEqual(self._refuse(self._make_zip({names[0]: row * 20})), "size")
        several = self._make_zip({name: row * 20 for name in names})
        self.assertEqual(self._refuse(several), "size")
        # Of what else is read, each element is kept.
        for name in ("[Content_Types].xml", "xl/styles.xml", "xl/workbook.xml"):
            with self.subTest(name):
                content = self._make_zip({"xl/a.xml": b"<a/>", name: row * 3})
                self.assertEqual(self._refuse(content), "size")

    def test_a_part_is_what_its_name_says(self):
        members = self._unpack(make_workbook([["Invoice", "Amount"], ["A1", 1]]))
        self.assertEqual(len(read_rows(self._make_zip(members))), 2)
        # A picture is no part that is read.
        pictures = {"xl/media/a.png": b"<!-- no XML", "xl/b.XML": b"<b/>"}
        self.assertEqual(len(read_rows(self._make_zip(members | pictures))), 2)
        name, other = "xl/workbook.xml", "xl/worksheets/book.xml"
        types = members["[Content_Types].xml"]
        members["[Content_Types].xml"] = types.replace(name.encode(), other.encode())
        members[other] = members[name]
        self.assertEqual(self._refuse(self._make_zip(members)), "damaged")

    def test_an_element_with_more_attributes_than_tables_have_is_not_read(self):
        for own in (b' a%d=""', b" xmlns:a%d='b'"):
            many = b"".join(own % place for place in range(MAX_ATTRIBUTES * 2))
            # At the edge of what is read at once as well.
            for before in (0, CHUNK - len(many) // 2):
                text = b"<a>" + b"x" * before + b"<row" + many + b"/></a>"
                with self.subTest(own=own, before=before):
                    content = self._make_zip({"xl/a.xml": text})
                    self.assertEqual(self._refuse(content), "size")

    def test_xml_that_is_written_otherwise_is_not_read(self):
        text = '<?xml version="1.0" encoding="{}"?><a><row/></a>'
        for encoding in ("cp037", "utf-7", "hz"):
            content = text.format(encoding).encode(encoding)
            with self.subTest(encoding):
                member = self._make_zip({"xl/a.xml": content})
                self.assertEqual(self._refuse(member), "damaged")
                with self.assertRaises(LedgerFileError):
                    _check_encoding(content)
        for start in (b"<?xml", b"<?xml version='1.0'" + b" " * CHUNK + b"?><a/>"):
            self.assertEqual(
                self._refuse(self._make_zip({"xl/a.xml": start})), "damaged"
            )

    def test_other_archives_are_no_workbooks(self):
        self.assertEqual(self._refuse(self._make_zip({"word/a.xml": b"<a/>"})), "kind")

    @given(st.binary(max_size=300))
    @settings(max_examples=300, deadline=None)
    def test_whatever_the_bytes_are_there_is_a_ledger_or_a_reason(self, content):
        for start in (b"", b"PK\x03\x04", b"Invoice;Amount\n"):
            try:
                read_ledger(read_rows(start + content))
            except LedgerFileError:
                continue

    # ------------------------------------------------------------------
    # XLSX
    # ------------------------------------------------------------------

    def test_a_workbook_is_read_as_it_shows(self):
        rows = [
            ["Statement"],
            [],
            ["Invoice", "Amount"],
            ["A1", 12.5],
            [42, "1,000.00"],
        ]
        ledger = read_ledger(read_rows(make_workbook(rows)))
        self.assertEqual(
            [(line.place, line.texts, line.amount) for line in ledger.lines],
            [(4, ("A1",), Decimal("12.5")), (5, ("42",), 1000)],
        )

    def test_cells_are_read_as_programs_show_them(self):
        rows = [
            ["Invoice", date(2026, 3, 4), 0.5, -7],
            [None, datetime(2026, 3, 4, 6), True, False],
            [],
            ["é <&>", None, "=1+1", "last"],
        ]
        for epoch in (
            openpyxl.utils.datetime.WINDOWS_EPOCH,
            openpyxl.utils.datetime.MAC_EPOCH,
        ):
            book = openpyxl.Workbook()
            book.epoch = epoch
            book.create_chartsheet(index=0)
            for row in rows:
                book.worksheets[0].append(row)
            file = io.BytesIO()
            book.save(file)
            self.assertEqual(
                [(place, cells) for place, cells in read_rows(file.getvalue())],
                [
                    (1, ["Invoice", datetime(2026, 3, 4), 0.5, -7]),
                    (2, [None, datetime(2026, 3, 4, 6), True, False]),
                    (4, ["é <&>", None, None, "last"]),
                ],
            )

    def test_shared_texts_are_read_as_they_show(self):
        members = self._unpack(make_workbook([["Invoice", "Amount"], ["A1", 1]]))
        name = "xl/worksheets/sheet1.xml"
        shared = "<sst><si><t>no</t></si><si><r><t>A</t></r><r><t> 9</t></r><rPh>" + (
            "<t>spoken</t></rPh></si></sst>"
        )
        cell = b'<row><c t="s"><v>1</v></c><c r="C9" t="str"><v>b</v></c></row>'
        members[name] = members[name].replace(b"</sheetData>", cell + b"</sheetData>")
        members["xl/sharedStrings.xml"] = shared.encode()
        rows = read_rows(self._make_zip(members))
        self.assertEqual(rows[-1], (3, ["A 9", None, "b"]))

    def test_nothing_but_cells_takes_time(self):
        members = self._unpack(make_workbook([["Invoice", "Amount"], ["A1", 1]]))
        # Libraries look in a format for the end of each bracket.
        styles = members["xl/styles.xml"].replace(
            b'<numFmts count="0"/>',
            b'<numFmts count="1"><numFmt numFmtId="200" formatCode="%s"/></numFmts>'
            % (b"[" * 60_000),
        )
        members["xl/styles.xml"] = styles.replace(b'"0" fontId', b'"200" fontId')
        self.assertIn(b"[[[", members["xl/styles.xml"])
        ledger = self._read_in_time(self._make_zip(members))
        self.assertEqual(ledger.lines[0].amount, 1)

    def test_a_long_namespace_is_not_told_for_each_cell(self):
        members = self._unpack(make_workbook([["Invoice", "Amount"], ["A1", 1]]))
        rows = b"<x:row>" + b"<x:c/>" * 90 + b"</x:row>"
        members["xl/worksheets/sheet1.xml"] = (
            b'<x:worksheet xmlns:x="%s"><x:sheetData>' % (b"u" * 60_000)
            + rows * 5000
            + b"</x:sheetData></x:worksheet>"
        )
        start = time.thread_time()
        self.assertEqual(self._refuse(self._make_zip(members)), "damaged")
        self.assertLess(time.thread_time() - start, SECONDS)

    def test_workbooks_by_the_strict_standard_are_read(self):
        members = self._unpack(make_workbook([["Invoice", "Amount"], ["A1", 1]]))
        own, strict = b"schemas.openxmlformats.org", b"purl.oclc.org/ooxml"
        for name, content in members.items():
            members[name] = content.replace(
                own + b"/spreadsheetml/2006/main", strict + b"/spreadsheetml/main"
            ).replace(
                own + b"/officeDocument/2006/relationships",
                strict + b"/officeDocument/relationships",
            )
        self.assertEqual(read_rows(self._make_zip(members))[1], (2, ["A1", 1]))

    def test_a_sheet_that_lies_about_its_size_is_read_in_time(self):
        content = make_workbook([["Invoice", "Amount"], ["A1", 1]])
        members = self._unpack(content)
        name = "xl/worksheets/sheet1.xml"
        members[name] = members[name].replace(b"A1:B2", b"A1:XFD1048576")
        self.assertEqual(len(read_rows(self._make_zip(members))), 2)
        # A picture is no part that is read.
        pictures = {"xl/media/a.png": b"<!-- no XML", "xl/b.XML": b"<b/>"}
        self.assertEqual(len(read_rows(self._make_zip(members | pictures))), 2)
        members[name] = members[name].replace(b'<row r="2"', b'<row r="1048576"')
        members[name] = members[name].replace(b'r="A2"', b'r="A1048576"')
        self.assertEqual(self._refuse(self._make_zip(members)), "rows")

    def test_five_thousand_lines_are_compared_within_what_one_waits_for(self):
        # Counted in steps, not in seconds: the time grows as the lines do.
        items = [make_item(n) for n in range(5000)]
        text = "Invoice;Text;Amount\n" + "\n".join(
            f"INV/2026/{n:05d};goods {n};{n % 97 + 1}.00" for n in range(5000)
        )
        lines = read_ledger(read_rows(text.encode())).lines
        results = compare(lines, items)
        self.assertEqual({result.status for result in results}, {"agreed"})
        self.assertEqual(len(results), 5000)
