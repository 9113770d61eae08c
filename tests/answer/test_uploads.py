import io
import time
import zipfile
import zlib
from contextlib import suppress
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from odoo.tests import BaseCase, tagged
from odoo.tools.pdf import OdooPdfFileWriter

from ...tools import office_files, uploads
from ...tools.pdf_streams import HiddenError, unpack
from ...tools.uploads import UploadError, check_files

RUNNING = b"3 0 <</S/JavaScript/JS(app.alert(1))>>"
WORD = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def make_pdf(objects=RUNNING, told=b"/Type/ObjStm/N 1/First 4", packed=None, more=b""):
    """Return a PDF that has objects in a stream."""
    content = zlib.compress(objects) if packed is None else packed
    return (
        b"%PDF-1.5\n1 0 obj\n<<"
        + told
        + b"/Filter/FlateDecode/Length %d>>\nstream\r\n" % len(content)
        + content
        + b"\nendstream\nendobj\n"
        + more
    )


def make_document(kind="word", **members):
    """Return a document of an office program."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{kind}/document.xml", "<document/>")
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def make_relation(kind, target="http://example.com/x", mode="External"):
    return (
        f'<Relationships><Relationship Id="a" Type="{WORD}/{kind}" '
        f'Target="{target}" TargetMode="{mode}"/></Relationships>'
    )


@tagged("post_install", "-at_install")
class TestUploads(BaseCase):
    """Papers that people hand in, and what runs in them however it is hidden."""

    def assertTaken(self, content):
        [upload] = check_files([("paper", content)])
        self.assertEqual(upload.raw, content)

    def assertActive(self, content):
        with self.assertRaises(UploadError) as caught:
            check_files([("paper", content)])
        self.assertEqual(caught.exception.problem, "active")

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

    # ------------------------------------------------------------------
    # OFFICE
    # ------------------------------------------------------------------

    def test_fields_that_have_another_program_run_something_are_found(self):
        field = '<w:p xmlns:w="w"><w:instrText>{}</w:instrText>{}</w:p>'
        for text in (
            field.format(' DDEAUTO c:\\cmd.exe "/k calc"', ""),
            field.format("PAGE", "<w:instrText>DD</w:instrText>").replace(
                "</w:p>", "<w:instrText>E cmd</w:instrText></w:p>"
            ),
            '<w:p xmlns:w="w"><w:fldSimple w:instr="dde cmd x"/></w:p>',
        ):
            with self.subTest(text):
                self.assertActive(make_document(**{"word/footer1.xml": text}))
        spelled = field.format(" &#68;DE cmd", "")
        for hidden in (
            spelled,
            field.format("<![CDATA[ DDE cmd]]>", ""),
            field.format(" D<!-- -->DE cmd", ""),
            field.format(" D<w:x/>DE cmd", ""),
            field.format(" D<?x ?>DE cmd", ""),
            field.format(" DD", '<w:instrText a=">">E cmd</w:instrText>'),
            f"<a><b>instrText</b>{field.format(' DDE cmd', '')}</a>",
            field.replace("Text>", "Text a='instrText'>", 1).format(" DDE cmd", ""),
            field.format(" D<w:x a='>'/>DE cmd", ""),
            field.format(" DDEAUTO", ""),
        ):
            self.assertActive(make_document(**{"word/footer1.xml": hidden}))
        auto = field.format(" DDEAUTO cmd", "")
        for text in (
            auto.encode("utf-16"),
            auto.encode("utf-16-le"),
            b'<?xml version="1.0" encoding="utf-7"?>' + auto.encode(),
        ):
            self.assertActive(make_document(**{"word/footer1.xml": text}))
        for name in ("word/glossary/document.xml", "word\\b.xml", "word/b", "b.xml "):
            with self.subTest(name):
                self.assertActive(make_document(**{name: auto}))
        for harmless in (
            field.format(" PAGE \\* MERGEFORMAT ", "<w:t>DDE cmd</w:t>"),
            field.format("", "<w:instrText/><!-- DDE cmd -->"),
        ):
            self.assertTaken(make_document(**{"word/footer1.xml": harmless}))
        link = '<a xmlns="x"><ddeLink ddeService="cmd"/></a>'
        name = "xl/externalLinks/externalLink1.xml"
        self.assertActive(make_document("xl", **{name: link}))
        self.assertTaken(make_document("xl", **{name: "<a><oleLink/></a>"}))
        for told in ("<!DOCTYPE a><instrText>", '<!DOCTYPE a [<!ENTITY b "c">]>'):
            self.assertActive(make_document(**{"word/footer1.xml": told}))

    def test_what_is_no_xml_counts_as_what_is(self):
        reader = office_files.Reader()
        reader.unread = 3000
        for count, is_active in enumerate((False, False, True)):
            document = make_document(**{"word/a.xml": "<" * 1000})
            with self.subTest(count):
                self.assertIs(office_files.is_active(document, reader), is_active)

    def test_streams_that_do_not_end_are_not_read_again_and_again(self):
        stream = b"obj<</First 1/Filter/FlateDecode>>stream\n\x78\x01"
        block = b"\x00\x00\x00\xff\xff"
        with self.assertRaises(HiddenError):
            unpack(b"%PDF-1.7\n" + stream * 20 + block * 20_000)

    def test_drawings_and_pages_in_documents_are_taken(self):
        for name, content in (
            ("word/media/image1.svg", "<!DOCTYPE svg><svg>&nbsp;</svg>"),
            ("word/drawing.vml", "<xml><br></xml>"),
            ("META-INF/manifest.xml", "<!DOCTYPE manifest:manifest><a/>"),
        ):
            with self.subTest(name):
                self.assertTaken(make_document(**{name: content}))

    def test_documents_that_run_something_are_not_taken(self):
        self.assertTaken(make_document())
        self.assertTaken(make_document("xl"))
        for name in (
            "word/vbaProject.bin",
            "xl/macrosheets/sheet1.xml",
            "word/activeX/activeX1.xml",
            "word/embeddings/oleObject1.bin",
        ):
            with self.subTest(name):
                self.assertActive(make_document(**{name: "x"}))

    def test_macros_of_open_documents_are_found(self):
        kind = "application/vnd.oasis.opendocument.text"
        for name, is_active in (
            ("Basic/script-lc.xml", True),
            ("Pictures/a.png", False),
        ):
            file = io.BytesIO()
            with zipfile.ZipFile(file, "w") as archive:
                archive.writestr("mimetype", kind)
                archive.writestr("content.xml", "<a/>")
                archive.writestr(name, "x")
            check = self.assertActive if is_active else self.assertTaken
            check(file.getvalue())

    def test_what_open_documents_have_others_run_is_found(self):
        for kind in ("text", "spreadsheet"):
            mimetype = f"application/vnd.oasis.opendocument.{kind}"
            for inner, is_active in (
                ('<o:dde-source xmlns:o="o"/>', True),
                ('<s:event-listener xmlns:s="s"/>', True),
                ("<p>dde-source</p>", False),
            ):
                content = {"mimetype": mimetype, "content.xml": f"<a>{inner}</a>"}
                packed = self._pack(zipfile.ZIP_STORED, content)
                check = self.assertActive if is_active else self.assertTaken
                with self.subTest(kind=kind, inner=inner):
                    check(packed)

    def test_large_documents_are_taken(self):
        start = '<?xml version="1.0" encoding="UTF-8"?>'
        cell = '<t:c xmlns:t="t" o:value-type="float" o:value="1"><p>1</p></t:c>'
        content = f"{start}<a>{cell * 100_000}</a>"
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        members = {"mimetype": kind, "content.xml": content}
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in members.items():
                packing = zipfile.ZIP_STORED if name == "mimetype" else None
                archive.writestr(name, text, packing)
        self.assertTaken(file.getvalue())

    def test_documents_that_fetch_something_when_opened_are_not_taken(self):
        name = "word/_rels/settings.xml.rels"
        for kind in ("attachedTemplate", "oleObject", "frame", "aFChunk", "image"):
            content = make_relation(kind)
            for text in (content.encode(), content.encode("utf-16")):
                with self.subTest(kind):
                    self.assertActive(make_document(**{name: text}))
        escaped = make_relation("&#x61;ttachedTemplate")
        self.assertActive(make_document(**{name: escaped}))
        self.assertActive(make_document(**{name: "<!DOCTYPE a><a/>"}))
        self.assertTaken(make_document(**{name: make_relation("hyperlink")}))
        own = make_relation("oleObject", "a.bin", "Internal")
        self.assertTaken(make_document(**{name: own}))

    def test_archives_that_are_unpacked_at_once_are_not_opened(self):
        name, zeros = "word/_rels/a.rels", "0" * 1000
        for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            with self.subTest(packing):
                hidden = self._pack(packing, {"word/document.xml": "", name: zeros})
                kind = self._pack(packing, {"mimetype": zeros})
                with patch.object(zipfile.ZipFile, "open") as unpack:
                    self.assertTrue(office_files.is_active(hidden))
                    for content in (hidden, kind):
                        with self.assertRaises(UploadError) as caught:
                            check_files([("paper", content)])
                        self.assertEqual(caught.exception.problem, "kind")
                self.assertFalse(unpack.called)
        # Guessing the kind of a file unpacks this one, whatever it becomes.
        kind = self._pack(zipfile.ZIP_DEFLATED, {"mimetype": zeros})
        with patch.object(uploads, "guess_mimetype") as guess:
            self.assertRaises(UploadError, check_files, [("paper", kind)])
        self.assertFalse(guess.called)

    def _pack(self, packing, members):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", packing) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return file.getvalue()

    def test_many_relations_are_not_read_without_end(self):
        content = "<Relationships>" + " " * 500_000 + "</Relationships>"
        few, many = (
            {f"word/_rels/{number}.rels": content for number in range(most)}
            for most in (3, 9)
        )
        self.assertTaken(make_document(**few))
        most, name = office_files.MAX_RELATIONS, "word/_rels/a.rels"
        room = most - len(content) + 500_000
        for blanks, is_active in ((room, False), (room + 1, True)):
            long = f"<Relationships>{' ' * blanks}</Relationships>"
            document = make_document(**{name: long})
            self.assertIs(office_files.is_active(document), is_active)
        with patch.object(office_files.hardened_xml, "parse") as parse:
            self.assertActive(make_document(**many))
        self.assertFalse(parse.called)
