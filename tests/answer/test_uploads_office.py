import io
import zipfile
from unittest.mock import patch

from odoo.tests import tagged

from ...tools import office_files, uploads
from ...tools.uploads import UploadError, check_files
from .uploads_common import UploadsCommon, make_document, make_relation


@tagged("post_install", "-at_install")
class TestUploadsOffice(UploadsCommon):
    """What runs in documents of office programs, however it is hidden."""

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
