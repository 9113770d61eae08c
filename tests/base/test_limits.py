import io
import zipfile
from datetime import date
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import (
    einvoice_message,
    entered,
    hardened_xml,
    instalments,
    ledger_cells,
    ledger_file,
    ledger_index,
    ledger_workbook,
    office_files,
    pdf_streams,
    rule,
    text_preview,
    uploads,
)
from odoo.addons.account_dunning.tools.ledger_file import read_rows
from odoo.addons.account_dunning.tools.uploads import check_files

PAPER = b"%PDF-1.7"
RELATED, ASKING = "word/_rels/a.rels", "word/document.xml"


def _pack(members):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _check_workbook(*parts):
    """Look through a workbook: what says what is in it has an element, in 8 bytes."""
    members = {f"xl/{number}.xml": part for number, part in enumerate(parts)}
    ledger_file._check_archive(_pack({ledger_file.CONTENTS: "<Types/>"} | members))


def _check_office(content, *names):
    if office_files.is_active(_pack(dict.fromkeys(names, content))):
        raise ValueError


def _check_entered(kind, value):
    if problem := entered.find_problem(kind, value):
        raise ValueError(problem)


def _check_amount(text):
    if ledger_cells.read_amount(text) is None:
        raise ValueError(text)


def _check_similar(number):
    index = ledger_index.Index([])
    index.exact = {"5": set(range(number))}
    if not index._find_number(("5",)):
        raise ValueError(number)


def _unpack(number):
    content = _pack({f"{place}.xml": "a" for place in range(number)})
    einvoice_message.unpack(einvoice_message.Document("a.zip", content))


def _parse(text):
    hardened_xml.parse(text.encode())


def _start(tag, *attributes):
    ledger_workbook._Part().start(tag, dict.fromkeys(attributes, ""), {})


def _add_attributes(number):
    return "".join(f" a{place}='1'" for place in range(number))


# Of a tool: the name of a limit, one to try, and what reads something of a size. What
# is refused raises an error.
LIMITS = {
    einvoice_message: (("MAX_FILES", 3, _unpack), ("MAX_TOTAL", 3, _unpack)),
    entered: (
        ("MAX_LENGTH", 9, lambda n: _check_entered("char", "a" * n)),
        ("MAX_RECORDS", 9, lambda n: _check_entered("many2many", [1] * n)),
        ("MAX_INTEGER", 9, lambda n: _check_entered("many2one", n)),
        ("MAX_INTEGER", 9, lambda n: _check_entered("integer", n)),
        ("MAX_AMOUNT", 9, lambda n: _check_entered("monetary", n)),
    ),
    hardened_xml: (
        ("MAX_SIZE", 40, lambda n: _parse("<a/>".ljust(n))),
        ("MAX_DEPTH", 4, lambda n: _parse("<a>" * n + "</a>" * n)),
        ("MAX_NODES", 4, lambda n: _parse(f"<a>{'<b/>' * (n - 1)}</a>")),
        ("MAX_ATTRIBUTES", 3, lambda n: _parse(f"<a{_add_attributes(n)}/>")),
    ),
    instalments: (("MOST", 9, lambda n: instalments.split(99, n, date(2026, 1, 1))),),
    ledger_cells: (("MAX_LENGTH", 9, lambda n: _check_amount("1" * n)),),
    ledger_file: (
        ("MAX_SIZE", 20, lambda n: read_rows(b"A".ljust(n, b"x"))),
        ("MAX_SCANNED", 4, lambda n: read_rows(b"A;B".rjust(n + 2, b"\n"))),
        ("MAX_ROWS", 4, lambda n: read_rows(b"A;B\n" * n)),
        ("MAX_MEMBERS", 4, lambda n: _check_workbook(*[""] * (n - 1))),
        ("MAX_UNPACKED", 40, lambda n: _check_workbook(" " * (n - 8))),
        ("MAX_STRINGS", 4, lambda n: _check_workbook("<si/>" * n)),
        ("MAX_ALL_TAGS", 4, lambda n: _check_workbook("<b/>" * (n - 1))),
        ("MAX_LOOSE_TAGS", 4, lambda n: _check_workbook("<b/>" * (n - 1))),
        ("MAX_STRINGS_SIZE", 40, lambda n: _check_workbook("<si/>".ljust(n))),
        (
            "MAX_ATTRIBUTES",
            3,
            lambda n: _check_workbook(f"<a{_add_attributes(n)}{' ' * 2000}/>"),
        ),
    ),
    ledger_index: (("MOST_SAME", 3, _check_similar),),
    ledger_workbook: (
        ("MAX_NAME", 9, lambda n: _start("a" * n)),
        ("MAX_NAME", 9, lambda n: _start("a", "a" * n)),
    ),
    office_files: (
        ("MAX_PARTS", 3, lambda n: _check_office("", *map(str, range(n)))),
        ("MAX_RELATIONS", 9, lambda n: _check_office("<a/>".ljust(n), RELATED)),
        ("MAX_ALL_RELATIONS", 9, lambda n: _check_office("<a/>".ljust(n), RELATED)),
        ("MAX_ASKING", 9, lambda n: _check_office("<a/>".ljust(n), ASKING)),
        (
            "MAX_ELEMENTS",
            4,
            lambda n: _check_office(f"<a>{'<b/>' * (n - 1)}</a>", ASKING),
        ),
        ("MAX_READ", 9, lambda n: _check_office("<a/>".ljust(n), ASKING)),
        (
            "MAX_HEARD",
            4,
            lambda n: _check_office(f"<instrText>{'a' * n}</instrText>", ASKING),
        ),
    ),
    pdf_streams: (("MAX_ESCAPED", 4, lambda n: pdf_streams.unescape(b"#41" * n)),),
    rule: (
        ("MAX_LENGTH", 20, lambda n: rule.read("[]".ljust(n))),
        ("MAX_TERMS", 4, lambda n: rule.read(f"[{'(),' * (n - 1)}]")),
        ("MAX_DEPTH", 4, lambda n: rule.read("[" * n + "]" * n)),
        ("MAX_RELATIONS", 4, lambda n: rule.read(f"[('{'a.' * n}a', '=', 1)]")),
    ),
    text_preview: (
        ("MAX_TEXT", 9, lambda n: text_preview.fill_line("x" * n, {}.get)),
        ("MAX_TEXT", 9, lambda n: text_preview.fill_html("x" * n, {}.get)),
        (
            "MAX_RESULT",
            9,
            lambda n: text_preview.fill_line("{{ a }}", {"a": "x" * n}.get),
        ),
    ),
    uploads: (
        ("MAX_FILES", 3, lambda n: check_files([("a.pdf", PAPER)] * n)),
        ("MAX_SIZE", 30, lambda n: check_files([("a.pdf", PAPER.ljust(n))])),
    ),
}


@tagged("post_install", "-at_install")
class TestLimits(BaseCase):
    """What comes from outside is read up to its limits."""

    def test_what_comes_in_is_as_large_as_its_limit_and_no_larger(self):
        for tool, limits in LIMITS.items():
            for name, limit, read in limits:
                with self.subTest(tool=tool.__name__, limit=name):
                    with patch.object(tool, name, limit):
                        read(limit)
                        with self.assertRaises(ValueError):
                            read(limit + 1)
