"""Cutting the PDF of many letters into one for each.

How it works: each letter carries on its first sheet a small square whose colour, next
to white, is its number in base eight. Colours are among the few things that every build
of wkhtmltopdf writes into the PDF as they were given.
"""

import io
import re

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

BASE = 8
# A further digit would be needed beyond 511. From 501 on, #f8f9fa, are the light greys
# that others paint.
MAX_LETTERS = 501

# Parts of a colour that are almost as bright as white: pages have many others.
_BRIGHT = rb"(1(?:\.0*)?|0?\.9\d*)"
_FILL = re.compile(rb"(?<![\d.])" + rb" ".join([_BRIGHT] * 3) + rb" (?:scn|rg)\b")


def get_mark(number):
    """Return the colour that marks a letter.

    >>> get_mark(0), get_mark(10)
    ('#ffffff', '#fffefd')
    >>> get_mark(511)
    Traceback (most recent call last):
        ...
    ValueError: Too many letters: 511
    """
    if number >= MAX_LETTERS:
        raise ValueError(f"Too many letters: {number}")
    digits = (number // BASE**2, number // BASE % BASE, number % BASE)
    return "#{:02x}{:02x}{:02x}".format(*(255 - digit for digit in digits))


def find_marks(content):
    """Return the numbers of the letters that begin on a page.

    :param content: content stream of the page

    >>> find_marks(b"/CSp cs 1 0.996078431 0.992156863 scn 0 0 6 6 re f")
    {10}
    >>> find_marks(b"0 0 0 scn 0.5 1 1 scn 0.1 1 0.996078431 scn")
    set()
    """
    found = set()
    for colour in _FILL.findall(content):
        digits = [255 - round(255 * float(part)) for part in colour]
        if all(0 <= digit < BASE for digit in digits):
            found.add(digits[0] * BASE**2 + digits[1] * BASE + digits[2])
    return found - {0}


def cut(pdf, count):
    """Cut the PDF of several letters.

    :param pdf: bytes
    :param count: number of letters, marked from 1 on
    :return: list of bytes, one for each letter
    :raise ValueError: the letters are not all found, each once and in order; a text
        may have a colour that is a mark, by accident or not
    """
    if count == 1:
        return [pdf]
    parts = []
    for page in PdfFileReader(io.BytesIO(pdf)).pages:
        marks = find_marks(page.get_contents().get_data())
        marks = {mark for mark in marks if mark <= count}
        if marks == {len(parts) + 1}:
            parts.append([])
        elif marks:
            raise ValueError("A page has the mark of another letter.")
        if not parts:
            raise ValueError("The first page belongs to no letter.")
        parts[-1].append(page)
    if len(parts) != count:
        raise ValueError(f"{len(parts)} letters are found instead of {count}.")
    return [_write(pages) for pages in parts]


def merge(pdfs):
    """Return one PDF of several.

    :param pdfs: iterable of bytes
    """
    readers = [PdfFileReader(io.BytesIO(pdf)) for pdf in pdfs]
    return _write(page for reader in readers for page in reader.pages)


def _write(pages):
    writer = PdfFileWriter()
    for page in pages:
        writer.add_page(page)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
