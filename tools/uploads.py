"""Files that somebody hands in by a form: what they are is told by their content, and
what they are called by us as much as by them."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from odoo.tools.mimetypes import guess_mimetype

from . import hardened_zip, office_files, pdf_streams
from .pdf_streams import END

# What proves something: papers, pictures, tables. Nothing that a browser or a program
# carries out.
KINDS = {
    "application/pdf": ".pdf",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
}
ENDINGS = {".jpeg": ".jpg"}
MEGABYTE = 1024 * 1024
MAX_SIZE, MAX_FILES = 5 * MEGABYTE, 5
MAX_NAME = 80
# What runs when a paper is opened, and files within it. Where a paper opens is fine:
# many programs write that as a list. Pictures have the two letters of short names by
# chance, those of long ones never.
ACTIVE_PDF = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|OpenAction(?!\s*\[)|XFA|RichMedia"
    rb"|Rendition|ImportData|SubmitForm)" + END
)
ACTIVE_SHORT = re.compile(rb"/(?:AA|EF)" + END)
SHORT = (b"/AA", b"/EF")
# An invoice that programs read as well has its XML within it, and nothing else.
ATTACHED = re.compile(rb"/(?:EmbeddedFiles?|EF)" + END)
FILE_WITHIN = re.compile(rb"/EmbeddedFile" + END)
ATTACHING = re.compile(rb"/EF" + END)
# What a file within is called: a text in brackets or in numbers. The same letter tells
# of remarks how they are shown, by a number; whatever else stands there may be a name.
BLANK = rb"[\0\s]{0,20}"
CALLING = rb"/(?:U?F|Unix|DOS|Mac)"
CALLS = re.compile(CALLING + END)
CALLED = re.compile(
    CALLING + BLANK + rb"(\((?:\\.|[^\\()]){0,300}.?|<(?!<)[^<>]{0,300}.?)", re.DOTALL
)
# A file within has a name for each kind of reader, told once or twice.
MAX_CALLS = 12
SHOWN = re.compile(rb"/F[\0\s]{1,20}\d{1,10}(?=" + BLANK + rb"[/>\]])")
WHERE_IT_IS = re.compile(rb"/EF" + BLANK + rb"<<[^<>]*>>")
INVOICE_WITHIN = re.compile(
    rb"\((?:factur[-\\05]{1,9}x|zugferd[-\\05]{1,9}invoice|xrechnung)[.\\056]{1,9}xml\)",
    re.I,
)


class UploadError(ValueError):
    """A file that is not taken.

    :param problem: ``kind``, ``size``, ``count``, ``empty``, ``active`` (it has
        something that runs) or ``locked`` (it is protected, so that nobody can look
        whether it has)
    :param name: of the file
    """

    def __init__(self, problem: str, name: str = ""):
        super().__init__(problem)
        self.problem = problem
        self.name = name


class Upload(NamedTuple):
    """A file that was looked at."""

    name: str
    raw: bytes
    mimetype: str


def check_files(files: Sequence[tuple[str, bytes]]) -> list[Upload]:
    r"""Return the files, named by what they are.

    :param files: pairs of name and content; those without either are none
    :raise UploadError: one of them is not taken

    >>> check_files([("../a<b>.exe", b"%PDF-1.7\n1 0 obj"), ("", b"")])
    [Upload(name='a_b_.pdf', raw=b'%PDF-1.7\n1 0 obj', mimetype='application/pdf')]
    >>> check_files([("page.pdf", b"<html><script>x()</script></html>")])
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.uploads.UploadError: kind
    >>> check_files([("page.pdf", b"")])
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.uploads.UploadError: empty
    >>> check_files([("page.pdf", b"%PDF-1.7")] * (MAX_FILES + 1))
    Traceback (most recent call last):
    ...
    odoo.addons.account_dunning.tools.uploads.UploadError: count
    """
    given = [(name, raw) for name, raw in files if name or raw]
    if len(given) > MAX_FILES:
        raise UploadError("count")
    reader = office_files.Reader()
    left = pdf_streams.Left(pdf_streams.MAX_UNPACKED)
    return [_check_file(name, raw, reader, left) for name, raw in given]


def _check_file(name, raw, reader, left):
    shown = clean_name(name)
    if not raw:
        raise UploadError("empty", shown)
    if len(raw) > MAX_SIZE:
        raise UploadError("size", shown)
    # What guesses the kind looks into archives.
    odd = raw.startswith(b"PK") and not hardened_zip.is_usual(raw)
    mimetype = None if odd else guess_mimetype(raw, "")
    if mimetype not in KINDS:
        raise UploadError("kind", shown)
    try:
        active = _is_active(raw, mimetype, reader, left)
    except pdf_streams.LockedError as error:
        raise UploadError("locked", shown) from error
    if active:
        raise UploadError("active", shown)
    return Upload(_with_ending(shown, KINDS[mimetype]), raw, mimetype)


def _is_active(raw, mimetype, reader, left):
    """Return whether a file does something when it is opened."""
    if mimetype == "application/pdf":
        return _is_active_pdf(raw, left)
    return not mimetype.startswith("image/") and office_files.is_active(raw, reader)


def _is_active_pdf(raw, left=None):
    r"""Return whether a PDF names something that runs, however it spells that.

    >>> for start in (b"/JavaScript(x)", b"/J#61vaScript (x)", b"/OpenAction 3 0 R",
    ...               b"/OpenAction<</S/URI>>", b"/Type/EmbeddedFile",
    ...               b"/EmbeddedFiles 1 0 R", b"/L#61unch\0", b"/XFA 2 0 R",
    ...               b"/S/SubmitForm", b"1 0 obj<</AA<<>>>>", b"1 0 obj[<</#41A 2>>]",
    ...               b"1 0 obj<</EF<</F 2 0 R>>>>", b"trailer<</Root<</AA 1 0 R>>>>"):
    ...     assert _is_active_pdf(b"%PDF-1.7 " + start), start
    >>> invoice = b"%PDF-1.7 /EmbeddedFiles 1 0 R /Type/EmbeddedFile"
    >>> invoice += b" 1 0 obj <</F (factur-x.xml)/EF<</F 2 0 R>>>>"
    >>> _is_active_pdf(invoice), _is_active_pdf(invoice + b" /JavaScript (x)")
    (False, True)
    >>> _is_active_pdf(invoice + b" /Type/EmbeddedFile")
    True
    >>> for start in (b"/OpenAction[1 0 R /XYZ null null 0]", b"/OpenAction [1 0 R]",
    ...               b"/AAB 1", b"/Launcher", b"stream \x17/AA \x18/EF<"):
    ...     assert not _is_active_pdf(b"%PDF-1.7 " + start), start
    """
    try:
        unpacked = pdf_streams.unpack(raw, left)
        whole = raw + b"\n" + unpacked
        within = pdf_streams.describe(raw, *SHORT) + b"\n" + unpacked
        read = [whole, pdf_streams.unescape(whole)]
        described = [within, pdf_streams.unescape(within)]
        if _has_one_file(read[1], described[1]) and _is_invoice(*described):
            read = [ATTACHED.sub(b"", text) for text in read]
            described = [ATTACHED.sub(b"", text) for text in described]
    except pdf_streams.LockedError:
        raise
    except pdf_streams.HiddenError:
        return True
    return any(map(ACTIVE_PDF.search, read)) or any(map(ACTIVE_SHORT.search, described))


def _has_one_file(spelled, described):
    files = FILE_WITHIN.findall(spelled)
    return len(files) == len(ATTACHING.findall(described)) == 1


def _is_invoice(raw, spelled):
    r"""Return whether the one file within a PDF is called as the XML of invoices is.

    :param raw: what describes it
    :param spelled: the same, with the signs of names

    >>> within = b"/EmbeddedFiles 1 0 R /Type/EmbeddedFile /EF<</F 2 0 R>> "
    >>> for called in (b"/F(factur-x.xml)", b"/F (factur\\055x.xml) /UF(Factur-X.xml)",
    ...                b"/F<6661637475722D782E786D6C>", b"/F(factur-x.xml)/F 4/A 1",
    ...                b"/UF(\xfe\xff\0x\0r\0e\0c\0h\0n\0u\0n\0g\0.\0x\0m\0l)"):
    ...     assert _is_invoice(within + called, within + called), called
    >>> for called in (b"%(factur-x.xml)", b"/F(a.exe)%(factur-x.xml)",
    ...                b"/F(factur-x.xml)/UF(a.exe)", b"/F(factur-x.xml)/UF%\n(a.exe)",
    ...                b"/F(factur-x.xml)/UF 3 0 R", b"/F(factur-x.xml)/UF(a)",
    ...                b"/UF<612E657865>", b"/F(factur-x.xml)/UF(a(b).exe)",
    ...                b"/F(factur-x.xml)/UF 3 %\n0 R", b"/UF<x>", b"/F(factur-x.xml",
    ...                b"/F(factur-x.xml)/Unix(a.exe)", b"/F(factur-x.xml)/UF +4 0 R",
    ...                b"/F(factur-x.xml)/UF 00000000004 0 R",
    ...                b"/F(factur-x.xml)/UF" + b" " * 40 + b"(a.exe)"):
    ...     assert not _is_invoice(within + called, within + called), called
    """
    # In a text a sign is not spelled by its number.
    for text in (raw, spelled):
        if len(CALLS.findall(text)) > MAX_CALLS:
            return False
        told = SHOWN.sub(b"", WHERE_IT_IS.sub(b"", text))
        names = [*map(_as_text, CALLED.findall(told))]
        if not names or len(names) != len(CALLS.findall(told)):
            return False
        if not all(map(INVOICE_WITHIN.fullmatch, names)):
            return False
    return True


def _as_text(called):
    r"""Return a text of a PDF that is told in numbers as one in brackets.

    >>> _as_text(b"<FEFF 0041>"), _as_text(b"<41>"), _as_text(b"(A)")
    (b'(A)', b'(A)', b'(A)')
    """
    signs = called[1:-1]
    if called.startswith(b"<"):
        try:
            signs = bytes.fromhex(signs.decode("ascii"))
        except ValueError:
            return called
    elif not called.startswith(b"(\xfe\xff"):
        return called
    return b"(" + signs.removeprefix(b"\xfe\xff").replace(b"\0", b"") + b")"


def clean_name(name: str) -> str:
    """Return what a file is called, without a path and what means something to systems.

    >>> clean_name("C:\\\\temp\\\\Proof of payment (2).pdf"), clean_name("...")
    ('Proof of payment (2).pdf', 'file')
    >>> clean_name("a" * 200 + ".pdf")[-6:], len(clean_name("a" * 200 + ".pdf"))
    ('aa.pdf', 80)
    """
    last = re.split(r"[\\/]", name or "")[-1]
    kept = re.sub(r"[^\w .()+-]", "_", last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if len(kept) > MAX_NAME:
        kept = stem[: MAX_NAME - len(ending) - 1] + dot + ending[:10]
    return kept[:MAX_NAME] or "file"


def _with_ending(name, ending):
    """Return a name that tells what the file is, and nothing else."""
    stem, dot, own = name.rpartition(".")
    if dot and ENDINGS.get(f".{own.lower()}", f".{own.lower()}") == ending:
        return name
    return f"{stem or own}{ending}"
