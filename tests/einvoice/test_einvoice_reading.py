import contextlib
import io
import zipfile
from datetime import date, datetime, timezone
from decimal import Decimal
from unittest.mock import patch

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.demo.einvoice_messages import (
    make_all,
    make_status,
    write_cdar,
    write_peppol,
)
from odoo.addons.account_dunning.tools import (
    cdar,
    einvoice_message,
    hardened_xml,
    peppol_response,
)
from odoo.addons.account_dunning.tools.cdar import PARIS
from odoo.addons.account_dunning.tools.einvoice_codes import get_reasons, get_statuses
from odoo.addons.account_dunning.tools.einvoice_message import Document
from odoo.addons.account_dunning.tools.einvoice_status import Status
from odoo.addons.account_dunning.tools.errors import MessageError
from odoo.addons.account_dunning.tools.peppol_response import STATUSES

SIREN = "999090137"
CODES = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789", min_size=1, max_size=20)
NUMBERS = st.text("ABCDEFabcdef0123456789+-_/", min_size=1, max_size=30)
SIRENS = st.text("0123456789", min_size=9, max_size=9)
WORDS = st.text("abXY09éœ€漢’«»&<>\"';]", min_size=1, max_size=30)
LINES = st.lists(
    st.lists(WORDS, min_size=1, max_size=4).map(" ".join), max_size=3, unique=True
)


def _is_told_once(moment):
    """Return whether a moment is another one than an hour before or after: once a year
    the clock goes through an hour twice."""
    local = moment.replace(tzinfo=timezone.utc).astimezone(PARIS)
    return not local.fold and local.replace(fold=1).utcoffset() == local.utcoffset()


MOMENTS = st.datetimes(datetime(1950, 1, 1), datetime(2200, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


# The machine may be busy: how long it takes says nothing.
unhurried = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@st.composite
def statuses(draw):
    """A status that a message can say."""
    code = draw(st.sampled_from([*get_statuses(), "299", "ABC"]))
    kinds = {"206": ["MNATTC", "MAPTTC", "MNA", "MAP"], "211": ["MPA"], "212": ["MEN"]}
    kind = draw(st.sampled_from(["", *kinds.get(code, [])]))
    cents = draw(st.integers(1, 10**14))
    texts = draw(LINES)
    return Status(
        code=code,
        number=draw(NUMBERS),
        sellers=tuple(draw(st.lists(SIRENS, min_size=1, max_size=2, unique=True))),
        buyers=(draw(SIRENS),),
        message=draw(NUMBERS),
        sender="200000008",
        document_type=draw(st.sampled_from(["380", "381", ""])),
        invoice_date=draw(st.none() | st.dates(date(1950, 1, 1), date(2200, 1, 1))),
        date=draw(MOMENTS.filter(_is_told_once)),
        reasons=tuple(sorted(draw(st.sets(CODES, max_size=4)))),
        actions=tuple(sorted(draw(st.sets(CODES, max_size=3)))),
        text="\n".join(texts),
        amount_kind=kind,
        amount=Decimal(cents) / 100 if kind else Decimal(0),
        currency="EUR" if kind else "",
        date_payment=draw(st.none() | st.dates(date(1950, 1, 1), date(2200, 1, 1)))
        if kind
        else None,
    )


@tagged("post_install", "-at_install")
class TestEinvoiceReading(BaseCase):
    """Messages are read as they were written; what is none says why."""

    def _problem(self, content):
        with self.assertRaises(MessageError) as caught:
            einvoice_message.read(content)
        return caught.exception.problem

    # ------------------------------------------------------------------
    # CDAR
    # ------------------------------------------------------------------

    def test_every_status_with_every_reason_is_read(self):
        count = 0
        for _name, status in make_all(SIREN, ["F1", "F2"]):
            self.assertEqual(einvoice_message.read(write_cdar([status])), [status])
            count += 1
        reasons = sum(max(len(get_reasons(code)), 1) for code in get_statuses())
        self.assertEqual(count, reasons)
        self.assertGreater(count, 90)

    @unhurried
    @given(status=statuses())
    def test_what_is_written_is_what_is_read(self, status):
        self.assertEqual(einvoice_message.read(write_cdar([status])), [status])

    @unhurried
    @given(status=statuses(), encoding=st.sampled_from(["UTF-16", "ISO-8859-15"]))
    def test_the_encoding_changes_nothing(self, status, encoding):
        [read] = einvoice_message.read(write_cdar([status], encoding))
        self.assertEqual(read, status)
        self.assertEqual(read.get_ref(), status.get_ref())

    def test_a_message_may_say_several_statuses_of_several_invoices(self):
        said = [
            make_status("205", "", "F1", SIREN, message="M"),
            make_status("207", "QTE_ERR", "F2", SIREN, message="M"),
            make_status("211", "", "F1", SIREN, message="M"),
        ]
        self.assertEqual(einvoice_message.read(write_cdar(said)), said)

    def test_a_detail_may_have_a_status_of_its_own(self):
        status = make_status("205", "AUTRE", "F1", SIREN)
        content = write_cdar([status]).replace(
            b"<ram:SequenceNumeric>",
            b"<ram:ProcessConditionCode>206</ram:ProcessConditionCode>"
            b"<ram:SequenceNumeric>",
        )
        read = einvoice_message.read(content)
        self.assertEqual(
            [(one.code, one.reasons) for one in read],
            [("205", ()), ("206", ("AUTRE",))],
        )

    def test_amounts_of_several_rates_are_added_up_in_one_currency(self):
        content = write_cdar([make_status("212", "", "F1", SIREN)])
        fact = b"<ram:TypeCode>MEN</ram:TypeCode>"
        first, second = content.split(fact)
        opening = b"<ram:SpecifiedDocumentCharacteristic>"
        amount = b'<ram:ValueAmount currencyID="%s">%s</ram:ValueAmount>'
        closing = b"</ram:SpecifiedDocumentCharacteristic>"
        more = b"".join(
            fact + amount % row + closing + opening
            for row in ((b"EUR", b"30.50"), (b"USD", b"999"), (b"EUR", b"many"))
        )
        [read] = einvoice_message.read(first + more + fact + second)
        self.assertEqual((read.amount, read.currency), (Decimal("150.50"), "EUR"))

    def test_a_general_code_tells_the_status_where_it_is_the_only_one(self):
        content = write_cdar([make_status("207", "AUTRE", "F1", SIREN)])
        start, end = b"<ram:ProcessConditionCode>", b"</ram:ProcessConditionCode>"
        without = content.replace(start + b"207" + end, b"")
        self.assertEqual([one.code for one in einvoice_message.read(without)], ["207"])
        # Sent or received, nobody knows.
        content = write_cdar([make_status("211", "", "F1", SIREN)])
        without = content.replace(start + b"211" + end, b"")
        self.assertEqual([one.code for one in einvoice_message.read(without)], [""])
        # Where each detail says one, the invoice has no other.
        read = einvoice_message.read(self._write_codes(2))
        self.assertEqual([one.code for one in read], ["0", "1"])

    # ------------------------------------------------------------------
    # PEPPOL
    # ------------------------------------------------------------------

    def test_responses_of_peppol_are_told_in_the_same_codes(self):
        for code, neutral in STATUSES.items():
            status = make_status(neutral, "PRI", "F1", SIREN, text="Too dear")
            [read] = einvoice_message.read(write_peppol(status, code))
            with self.subTest(code=code):
                self.assertEqual(read.code, neutral)
                self.assertEqual(read.number, "F1")
                self.assertEqual(read.sellers, (SIREN,))
                self.assertEqual(read.reasons, ("PRI",))
                self.assertEqual(read.text, "Too dear")
                self.assertEqual(read.date, status.date)

    def test_a_query_that_asks_for_another_invoice_is_a_dispute(self):
        for action, neutral in (("PIN", "208"), ("NIN", "207"), ("CNF", "207")):
            status = make_status("208", "REF", "F1", SIREN, actions=(action,))
            [read] = einvoice_message.read(write_peppol(status, "UQ"))
            self.assertEqual((read.code, read.actions), (neutral, (action,)))

    def test_unknown_codes_come_through(self):
        status = make_status("299", "BRAND_NEW", "F1", SIREN)
        [read] = einvoice_message.read(write_cdar([status]))
        self.assertEqual((read.code, read.reasons), ("299", ("BRAND_NEW",)))
        [read] = einvoice_message.read(write_peppol(status, "XY"))
        self.assertEqual((read.code, read.reasons), ("XY", ("BRAND_NEW",)))

    # ------------------------------------------------------------------
    # HOSTILE FILES
    # ------------------------------------------------------------------

    def test_entities_are_refused_before_they_are_read(self):
        laughs = b"".join(
            b'<!ENTITY l%d "%s">' % (place, b"&l%d;" % (place - 1) * 10)
            for place in range(1, 12)
        )
        body = b"<a b='&l9;'>&l11;</a>"
        for content in (
            b'<!DOCTYPE a [<!ENTITY l0 "lol">' + laughs + b"]>" + body,
            b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
            b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><a/>',
            b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
            b"<!DOCTYPE a><a/>",
        ):
            self.assertEqual(self._problem(content), "doctype")
            utf16 = content.decode().encode("utf-16")
            self.assertEqual(self._problem(utf16), "doctype")

    def test_too_deep_too_many_and_too_large_are_refused(self):
        depth = hardened_xml.MAX_DEPTH + 1
        self.assertEqual(self._problem(b"<a>" * depth + b"</a>" * depth), "depth")
        many = hardened_xml.MAX_NODES
        self.assertEqual(self._problem(b"<a>" + b"<b/>" * many + b"</a>"), "nodes")
        attributes = b" ".join(b'a%d="1"' % place for place in range(many))
        self.assertEqual(self._problem(b"<a " + attributes + b"/>"), "nodes")
        large = b"<a>" + b"x" * hardened_xml.MAX_SIZE + b"</a>"
        self.assertEqual(self._problem(large), "size")

    def test_an_element_of_more_attributes_than_messages_have_is_refused(self):
        for name in (b"a%d", b"xmlns:a%d"):
            for many in (hardened_xml.MAX_ATTRIBUTES + 1, 30_000):
                own = b" ".join(name % place + b'="x"' for place in range(many))
                with self.subTest(name=name, many=many):
                    self.assertEqual(self._problem(b"<a " + own + b"/>"), "nodes")

    def test_an_element_that_does_not_end_is_not_waited_for(self):
        long = b"x" * (hardened_xml.MAX_SILENCE + 3 * hardened_xml.CHUNK)
        for content in (b'<a b="' + long + b'"/>', b"<" + long + b"/>"):
            self.assertEqual(self._problem(content), "nodes")
        read = hardened_xml.parse(b"<a>" + long * 20 + b"</a>")
        self.assertEqual(len(read.text), 20 * len(long))

    def test_many_parts_of_a_message_are_read_once_each(self):
        """A stranger's message of 200 KB kept the server busy for 20 seconds: read for
        each invoice, what is said for all of them."""
        few, many = 50, 400
        for write in (self._write_references, self._write_codes, self._write_responses):
            counts = [self._count_looks(write(number)) for number in (few, many)]
            with self.subTest(write.__name__):
                self.assertLess(counts[1], 10 * counts[0])
        with patch.object(einvoice_message, "MAX_PARTS", 399):
            for write in (self._write_references, self._write_responses):
                with self.assertRaises(MessageError) as caught:
                    einvoice_message.read(write(400))
                self.assertEqual(caught.exception.problem, "size")

    def _count_looks(self, content):
        """Return how many elements are looked at to read a message."""
        looks = 0

        def look(element, name):
            nonlocal looks
            found = [] if element is None else element.findall(f"{{*}}{name}")
            looks += 1 if element is None else 1 + len(element)
            return found

        with (
            patch.object(cdar, "_all", look),
            patch.object(peppol_response, "_all", look),
            patch.object(
                peppol_response,
                "_text",
                lambda element, name: cdar._content(
                    next(iter(look(element, name)), None)
                ),
            ),
        ):
            self.assertTrue(einvoice_message.read(content))
        return looks

    def _write_references(self, number):
        return (
            f"<{cdar.ROOT}><ExchangedDocument>{'<RecipientTradeParty/>' * number}"
            "</ExchangedDocument><AcknowledgementDocument>"
            f"{'<ReferenceReferencedDocument/>' * number}"
            f"</AcknowledgementDocument></{cdar.ROOT}>"
        ).encode()

    def _write_codes(self, number):
        details = "".join(
            "<SpecifiedDocumentStatus><ProcessConditionCode>"
            f"{code}</ProcessConditionCode></SpecifiedDocumentStatus>"
            for code in range(number)
        )
        return (
            f"<{cdar.ROOT}><AcknowledgementDocument><ReferenceReferencedDocument>"
            f"{details}</ReferenceReferencedDocument></AcknowledgementDocument>"
            f"</{cdar.ROOT}>"
        ).encode()

    def _write_responses(self, number):
        response = "<DocumentResponse><DocumentReference/></DocumentResponse>"
        return (
            f"<{peppol_response.ROOT}>{'<SenderParty/>' * number}{response * number}"
            f"</{peppol_response.ROOT}>"
        ).encode()

    def test_what_is_no_whole_xml_is_refused(self):
        content = write_cdar([make_status("207", "AUTRE", "F1", SIREN)])
        for broken in (
            b"",
            b"\0\1\2",
            b"%PDF-1.7",
            b"{}",
            content[: len(content) // 2],
            content + content,
            content.replace(b"UTF-8", b"no-such-code"),
            "<a>é</a>".encode("latin-1"),
            b"<a>&unknown;</a>",
            b"<a b='1' b='2'/>",
        ):
            self.assertEqual(self._problem(broken), "syntax")

    def test_what_is_another_document_is_refused(self):
        self.assertEqual(self._problem(b"<Invoice/>"), "kind")
        self.assertEqual(self._problem(b"<ApplicationResponse/>"), "empty")
        empty = b"<CrossDomainAcknowledgementAndResponse/>"
        self.assertEqual(self._problem(empty), "empty")

    @unhurried
    @given(content=st.binary(max_size=300))
    def test_nothing_else_than_a_message_error_comes_of_any_bytes(self, content):
        self._problem(content)

    @unhurried
    @given(
        status=statuses(),
        place=st.integers(0, 3000),
        noise=st.binary(min_size=1, max_size=3),
    )
    def test_a_damaged_message_is_read_or_refused(self, status, place, noise):
        content = bytearray(write_cdar([status]))
        place %= len(content)
        content[place : place + len(noise)] = noise
        with contextlib.suppress(MessageError):
            for read in einvoice_message.read(bytes(content)):
                read.get_ref()

    # ------------------------------------------------------------------
    # ARCHIVES
    # ------------------------------------------------------------------

    def _zip(self, members, packing=zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", packing) as archive:
            for name, content in members:
                archive.writestr(name, content)
        return buffer.getvalue()

    def test_an_archive_gives_its_files(self):
        content = self._zip([("b/../../a.xml", b"<a/>"), ("c.xml", b"<c/>")])
        found = einvoice_message.unpack(Document("all.zip", content, "all.zip"))
        self.assertEqual(
            [(one.name, one.content, one.origin) for one in found],
            [("a.xml", b"<a/>", "all.zip"), ("c.xml", b"<c/>", "all.zip")],
        )

    def test_a_broken_or_endless_archive_is_refused(self):
        content = self._zip([("a.xml", b"<a/>")])
        endless = self._zip([(f"{n}.xml", b" " * 10**7) for n in range(25)])
        many = self._zip([(f"{n}.xml", b"") for n in range(5001)])
        for broken in (content[:30], content[:-10], endless, many):
            with self.assertRaises(MessageError) as caught:
                einvoice_message.unpack(Document("a.zip", broken))
            self.assertEqual(caught.exception.problem, "zip")

    def test_an_archive_that_is_unpacked_at_once_is_not_opened(self):
        for packing in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
            content = self._zip([("a.xml", b" " * 1000)], packing)
            with patch.object(zipfile.ZipFile, "open") as unpack:
                self._refuse(content)
            self.assertFalse(unpack.called)

    @given(st.data())
    @settings(max_examples=300, deadline=None)
    def test_whatever_is_wrong_with_an_archive_is_told_as_that(self, data):
        content = bytearray(
            self._zip([("a.xml", b"<a>text</a>"), ("é.xml", b"b" * 99)])
        )
        for __ in range(data.draw(st.integers(1, 3))):
            place = data.draw(st.integers(4, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
        with contextlib.suppress(MessageError):
            einvoice_message.unpack(Document("a.zip", bytes(content)))

    def _refuse(self, content):
        with self.assertRaises(MessageError) as caught:
            einvoice_message.unpack(Document("a.zip", content))
        self.assertEqual(caught.exception.problem, "zip")
