import io
import os
import time
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import (
    letter_pdf,
    pdf_streams,
    proof_zip,
    watched_folder,
)

LONG_AGO = 60


def _make_pdf(marks):
    """Return a PDF whose pages have the marks of letters, None for a further page."""
    writer = PdfWriter()
    for mark in marks:
        page = writer.add_blank_page(100, 100)
        content = DecodedStreamObject()
        colour = letter_pdf.get_mark(mark or 0)
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        content.set_data(" ".join(f"{part:.9f}" for part in parts).encode() + b" scn")
        page[NameObject("/Contents")] = writer._add_object(content)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


@tagged("post_install", "-at_install")
class TestPaperTools(BaseCase):
    """Papers, archives and folders of them, case by case."""

    # ------------------------------------------------------------------
    # LETTERS
    # ------------------------------------------------------------------

    def test_letters_are_cut_where_each_begins(self):
        for marks, pages in (
            ((1,), [1]),
            ((1, None, 2), [2, 1]),
            ((1, 2, None, None, 3), [1, 3, 1]),
            # A page of the first letter that bears a mark of none of them.
            ((1, 3, 2), [2, 1]),
            # What is printed alone is one letter, whatever its colours.
            ((None, 2), [2]),
        ):
            with self.subTest(marks=marks):
                parts = letter_pdf.cut(_make_pdf(marks), len(pages))
                found = [len(PdfReader(io.BytesIO(part)).pages) for part in parts]
                self.assertEqual(found, pages)

    def test_letters_that_are_not_all_found_are_not_cut(self):
        for marks, count, told in (
            ((None, 1, 2), 2, "The first page belongs to no letter."),
            ((2, 1), 2, "A page has the mark of another letter."),
            ((1, 2, 1), 2, "A page has the mark of another letter."),
            ((1, None), 2, "1 letters are found instead of 2."),
            ((1, 3), 2, "1 letters are found instead of 2."),
        ):
            with self.subTest(marks=marks), self.assertRaises(ValueError) as raised:
                letter_pdf.cut(_make_pdf(marks), count)
            self.assertEqual(str(raised.exception), told)

    def test_only_colours_next_to_white_are_marks(self):
        digits = [f"{1 - digit / 255:.9f}" for digit in range(9)]
        for colour, marks in (
            (f"1 1 {digits[1]} scn", {1}),
            (f"1 1 {digits[1]} rg", {1}),
            (f"{digits[7]} {digits[7]} {digits[6]} scn", {510}),
            (f"1 1 {digits[8]} scn", set()),
            (f"1 {digits[8]} 1 scn", set()),
            ("1 1 1 scn", set()),
            (f"1 1 {digits[1]} CS", set()),
        ):
            with self.subTest(colour=colour):
                self.assertEqual(letter_pdf.find_marks(colour.encode()), marks)

    # ------------------------------------------------------------------
    # OTHER PAPERS
    # ------------------------------------------------------------------

    def test_a_part_of_a_pdf_that_is_not_packed_is_looked_at_as_it_is(self):
        start = b"%PDF-1.5 1 0 obj <</Type/ObjStm/N 1/First 4"
        unpacked = pdf_streams.unpack(start + b">>stream\nabc\nendstream")
        self.assertEqual(unpacked, b"abc\nendstream")

    def test_a_dictionary_at_the_end_of_a_pdf_has_no_stream(self):
        start = b"%PDF-1.5 1 0 obj <</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>"
        for end in (b"", b"  ", b" % a remark"):
            with self.subTest(end=end):
                self.assertEqual(pdf_streams.unpack(start + end), b"")

    def test_files_of_one_name_are_told_apart_by_a_number(self):
        target = io.BytesIO()
        package = proof_zip.Package(target)
        paths = [
            package.add_text(path, "x")
            for path in ("a/b.txt", "A/B.TXT", "a/b.txt", "a/b", "a/b", "b.txt")
        ]
        package.close()
        self.assertEqual(
            paths,
            ["a/b.txt", "A/B (2).TXT", "a/b (3).txt", "a/b", "a/b (2)", "b.txt"],
        )
        self.assertEqual(zipfile.ZipFile(target).namelist(), paths)

    # ------------------------------------------------------------------
    # FOLDERS
    # ------------------------------------------------------------------

    def _make_folder(self, **sizes):
        folder = Path(self.enterContext(TemporaryDirectory()))
        for name, size in sizes.items():
            path = folder / f"{name}.xml"
            path.write_bytes(b"x" * size)
            os.utime(path, (time.time() - LONG_AGO,) * 2)
        return folder

    def test_files_are_taken_by_their_names_as_many_as_there_is_room_for(self):
        folder = self._make_folder(a=5, b=5, c=5)
        with watched_folder.watch(str(folder)) as opened:
            for count, room, seen, names in (
                (9, 99, (), "abc"),
                (2, 99, (), "ab"),
                (9, 15, (), "abc"),
                (9, 14, (), "ab"),
                (9, 10, (), "ab"),
                (9, 0, (), "a"),
                (1, 99, (), "a"),
                (9, 10, ("a.xml",), "bc"),
                (9, 99, ("a.xml", "b.xml", "c.xml"), ""),
            ):
                with self.subTest(count=count, room=room, seen=seen):
                    found = opened.get_names(count, room, seen)
                    self.assertEqual(found, [f"{name}.xml" for name in names])

    def test_a_file_is_read_up_to_the_limit_and_nothing_else_is(self):
        folder = self._make_folder(a=5)
        os.mkfifo(folder / "pipe.xml")
        (folder / "folder.xml").mkdir()
        (folder / "link.xml").symlink_to(folder / "a.xml")
        with watched_folder.watch(str(folder)) as opened:
            self.assertEqual(opened.fetch("a.xml", 5), b"xxxxx")
            self.assertIsNone(opened.fetch("a.xml", 4))
            with self.assertRaisesRegex(OSError, "^pipe.xml is no file$"):
                opened.fetch("pipe.xml", 5)
            for name in ("folder.xml", "link.xml", "none.xml"):
                with self.subTest(name=name), self.assertRaises(OSError):
                    opened.fetch(name, 5)
