import io
import time
import zlib
from contextlib import suppress
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from odoo.tests import tagged
from odoo.tools.pdf import OdooPdfFileWriter

from ...tools import uploads
from ...tools.pdf_streams import HiddenError, unpack
from ...tools.uploads import UploadError, check_files
from .uploads_common import RUNNING, UploadsCommon, make_document, make_pdf


@tagged("post_install", "-at_install")
class TestUploads(UploadsCommon):
    """Papers that people hand in, and what runs in them however it is hidden."""

    def test_a_paper_may_be_as_large_as_is_said_and_no_larger(self):
        content = make_document()
        with patch.object(uploads, "MAX_SIZE", len(content)):
            self.assertTaken(content)
        with (
            patch.object(uploads, "MAX_SIZE", len(content) - 1),
            self.assertRaises(UploadError) as caught,
        ):
            check_files([("paper", content)])
        self.assertEqual(caught.exception.problem, "size")

    # ------------------------------------------------------------------
    # PDF
    # ------------------------------------------------------------------

    def test_what_runs_in_a_packed_part_of_a_pdf_is_found(self):
        self.assertNotIn(b"/JavaScript", make_pdf())
        for told in (
            b"/Type/ObjStm/N 1/First 4",
            b"/Type/Obj#53tm/N 1/#46irst 4",
            # Readers do without the type.
            b"/N 1/First 4",
            b"/A(obj<<)/B(\\)>>)/N 1/First 4/C[/First<</D 1>>]",
            b"/A % obj <<\n/N 1/First 4",
            b"%" + b"x" * 10_000 + b"\n/N 1/First 4",
        ):
            with self.subTest(told):
                self.assertActive(make_pdf(told=told))
        # Where another stream seems to be.
        self.assertActive(b"%PDF-1.5 1 0 obj <</A 1>>stream\n" + make_pdf())
        spelled = RUNNING.replace(b"/JavaScript", b"/J#61vaScript")
        self.assertActive(make_pdf(spelled.replace(b"/JS", b"/J#53")))

    def test_what_cannot_be_looked_at_is_not_taken(self):
        plain = b"3 0 <</Type/Page>>"
        self.assertTaken(make_pdf(plain))
        for hidden in (
            make_pdf(packed=b"no zlib"),
            make_pdf(plain, b"/N 1/First 4/DecodeParms<</Predictor 12>>"),
            make_pdf(b"0" * (31 * 1024 * 1024)),
            make_pdf(plain).replace(b"/FlateDecode", b"[/LZWDecode]"),
            b"%PDF-1.5 1 0 obj <</N 1/First 4/A(",
        ):
            with self.subTest(hidden[:90]):
                self.assertActive(hidden)

    def test_what_readers_take_one_way_or_another_is_not_taken(self):
        told = b"/Type/ObjStm/N 1/First 4"
        plain = b"3 0 <</Type/Page>>"
        for twice in (
            b"/DecodeParms<</Predictor 12>>/DecodeParms null",
            b"/DecodeParms null/DecodeParms<</Predictor 12>>",
            b"/Filter/FlateDecode",
        ):
            with self.subTest(twice):
                self.assertActive(make_pdf(plain, told + twice))
        self.assertActive(make_pdf(RUNNING, b"/Type/XRef/N 1" + told))
        # Some begin to read behind the word, others behind its line.
        harmless = next(
            packed
            for number in range(300)
            if b"\n" not in (packed := zlib.compress(b"1 0 <</A %d>>" % number))
        )
        for start in (harmless, b" " + harmless, b"\r"):
            with self.subTest(start):
                hidden = make_pdf().replace(b"stream\r\n", b"stream" + start + b"\n")
                self.assertActive(hidden.replace(b"\r\n", b"\r"))
        self.assertTaken(make_pdf(plain).replace(b"stream\r\n", b"stream \n"))

    def test_names_that_end_by_a_number_hide_nothing(self):
        told = b"/Type/ObjStm/N 1/First 4"
        for end in (b"#00", b"#00x"):
            for hidden in (
                make_pdf(told=b"/Type/ObjStm" + end + b"/N 1/First" + end + b" 4"),
                make_pdf(told=b"/Type/Obj#53tm" + end + b"/N 1"),
                make_pdf(told=told).replace(b"/Filter", b"/Filter" + end),
                b"%PDF-1.7 1 0 obj<</AA" + end + b"<</O 2 0 R>>>>",
                b"%PDF-1.7 1 0 obj<</E#46" + end + b"<</F 7 0 R>>>>",
                b"%PDF-1.7 1 0 obj<</S/JavaScript" + end + b"/JS(x)>>",
            ):
                with self.subTest(end=end, hidden=hidden[:70]):
                    self.assertActive(hidden)

    def test_texts_in_numbers_hide_nothing(self):
        told = b"/Type/ObjStm/N 1/First 4"
        for start in (b"/X<4(<>", b"/X<4[<>", b"/X<4%<>", b"/X<4<>", b"/X<4)>"):
            with self.subTest(start):
                self.assertActive(make_pdf(told=start + told))
        self.assertTaken(make_pdf(b"3 0 <</A 1>>", b"/X<4 aF\n>" + told))

    def test_what_is_in_a_stream_that_is_not_packed_is_found(self):
        start = b"%PDF-1.5 1 0 obj <</Type/ObjStm/N 1/First 4/Length 99>>stream\n"
        for running in (b"3 0 <</AA<</O 2 0 R>>>>", b"3 0 <</EF<</F 7 0 R>>>>"):
            with self.subTest(running):
                self.assertActive(start + running + b" endstream")
        self.assertTaken(start + b"3 0 <</A 1>> endstream")

    def test_papers_of_many_parts_are_taken_whatever_their_fonts_are_called(self):
        parts = b"".join(
            b"%d 0 obj<</S/P/P %d 0 R/K[0]/Pg 3 0 R/A<</O/Layout>>>>endobj " % (n, n)
            for n in range(30_000)
        )
        font = b"1 0 obj<</Type/Font/BaseFont/AAAAAA+Arial>>endobj"
        self.assertTaken(b"%PDF-1.7 " + parts + font)

    def test_pictures_have_the_letters_of_names_by_chance(self):
        picture = b"\x17/JS \x18/AA<\x19/EF[" * 9
        scan = b"%PDF-1.4 1 0 obj<</Filter/DCTDecode>>stream\n" + picture
        self.assertTaken(scan + b"\nendstream endobj 2 0 obj<</Type/Page>>endobj")
        for begin in (b"<<", b"[<<", b"<</A[<<"):
            with self.subTest(begin):
                self.assertActive(scan + b" 2 0 obj" + begin + b"/AA<</O 3 0 R>>>>]>>")

    def test_an_invoice_within_is_called_in_few_words(self):
        invoice = b" /EmbeddedFiles 1 0 R /Type/EmbeddedFile"
        invoice += b" 2 0 obj<</F(factur-x.xml)/EF<</F 2 0 R>>>>"
        self.assertTaken(make_pdf(b"3 0 <</A 1>>", more=invoice))
        for names in (
            b"/F(factur-x.xml)" * 99,
            b"/F(factur" + b"-" * 99_999 + b"x.xml)",
            b"/F(factur" + b"\\055" * 99_999 + b"x.xml)",
        ):
            with self.subTest(names[:20]):
                self.assertActive(make_pdf(names, more=invoice))

    def test_what_several_papers_pack_counts_together(self):
        paper = make_pdf(b"0" * (10 * 1024 * 1024 - 9))
        self.assertEqual(len(check_files([("a", paper), ("b", paper)])), 2)
        with self.assertRaises(UploadError) as caught:
            check_files([("a", paper)] * 4)
        self.assertEqual(caught.exception.problem, "active")

    def test_streams_that_do_not_end_are_not_read_again_and_again(self):
        stream = b"obj<</First 1/Filter/FlateDecode>>stream\n\x78\x01"
        block = b"\x00\x00\x00\xff\xff"
        with self.assertRaises(HiddenError):
            unpack(b"%PDF-1.7\n" + stream * 20 + block * 20_000)

    def test_a_protected_pdf_is_told_as_such(self):
        for content in (b"3 0 <</Type/Page>>", RUNNING):
            locked = make_pdf(content, more=b"trailer <</Encrypt 5 0 R>>")
            with self.assertRaises(UploadError) as caught:
                check_files([("bank.pdf", locked)])
            self.assertEqual(caught.exception.problem, "locked")

    def test_what_programs_write_is_taken(self):
        writer = PdfWriter()
        for _page in range(3):
            writer.add_blank_page(100, 100)
        writer.add_outline_item("First page", 0)
        file = io.BytesIO()
        writer.write(file)
        self.assertIn(b"/First", file.getvalue())
        self.assertTaken(file.getvalue())
        # What follows from objects in streams: a table that is one, too.
        table = b"9 0 obj<</Type/XRef/W[1 2 1]/Filter/FlateDecode/DecodeParms<</Columns"
        table += b" 4/Predictor 12>>>>stream\n" + zlib.compress(b"0") + b"\nendstream"
        self.assertTaken(make_pdf(b"3 0 <</Type/Page>>", more=table))
        writer._root_object[NameObject("/OpenAction")] = NameObject("/JavaScript")
        file = io.BytesIO()
        writer.write(file)
        self.assertTrue(PdfReader(file).pages)
        self.assertActive(file.getvalue())

    def test_an_invoice_with_its_data_within_is_taken_and_no_other_file(self):
        for name, is_taken in (("factur-x.xml", True), ("rechnung.exe", False)):
            writer = OdooPdfFileWriter()
            writer.add_blank_page(100, 100)
            writer.addAttachment(name, b"<a/>", "text/xml")
            file = io.BytesIO()
            writer.write(file)
            check = self.assertTaken if is_taken else self.assertActive
            with self.subTest(name):
                check(file.getvalue())
                self.assertActive(file.getvalue() + b"/XFA 2 0 R")

    def test_many_parts_are_not_looked_at_without_end(self):
        for many in (b"obj<<" * 500_000 + b"/First", b"obj<</First[" * 300_000):
            self.assertActive(b"%PDF-1.5 " + many)

    def test_texts_and_names_in_a_pdf_take_no_time_of_their_own(self):
        brackets = b"obj(" * 8 + b"/First" + b"(" * 3_000_000
        numbers = make_pdf(b"#41" * 6_000_000)
        for many in (brackets, numbers):
            start = time.thread_time()
            self.assertActive(b"%PDF-1.5 " + many)
            self.assertLess(time.thread_time() - start, 2)

    def test_signs_of_a_name_are_not_told_by_numbers_in_a_text(self):
        within = b"%PDF-1.7 /EmbeddedFiles 1 0 R /Type/EmbeddedFile 1 0 obj<</EF<</F 2"
        within += b" 0 R>>/F(factur-x.xml)"
        self.assertTaken(within + b">>")
        for other in (
            b"/UF(factur-x.xml#29 .exe)>>",
            b"/U#46(a.exe)>>",
            b"/UF(\xe9(b).exe)>>",
            b"/Desc(>>)/Desc(endobj)/Desc(stream\n)/UF(a.exe)/Desc(endstream)>>",
        ):
            self.assertActive(within + other)

    def test_pictures_make_no_other_file_of_an_invoice(self):
        invoice = b"%PDF-1.7 /EmbeddedFiles 1 0 R /Type/EmbeddedFile 1 0 obj<</EF<</F 2"
        invoice += b" 0 R>>/F(factur-x.xml)>>endobj 3 0 obj<<>>stream\n"
        self.assertTaken(invoice + b" /F% /F<a> /F(a.exe) /UF 1 0 R " * 50)

    def test_names_of_files_in_a_pdf_take_no_time_of_their_own(self):
        within = b"%PDF-1.5 /EmbeddedFile /EF /F(factur-x.xml)"
        names = (
            b"/F%",
            b"/F %/F\n",
            b"/F ",
            b"/F(",
            b"/F(\\",
            b"/F<",
            b"/F1 ",
            b"/EF<<",
        )
        for name in (*names, b"%" * 4):
            start = time.thread_time()
            with suppress(UploadError):
                check_files([("paper", within + name * 700_000)])
            self.assertLess(time.thread_time() - start, 3, name)

    @given(st.binary(max_size=300), st.binary(max_size=60))
    @settings(max_examples=300, deadline=None)
    def test_whatever_the_bytes_are_they_are_looked_at_or_refused(self, told, packed):
        for content in (
            told,
            make_pdf(told=told + b"/First 1"),
            make_pdf(packed=packed),
        ):
            try:
                unpack(content)
            except HiddenError:
                continue
