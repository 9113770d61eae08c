"""Sample messages of platforms, made of the code lists: for the demo, the tests, the
measurements, and a folder to try things out with (``make samples``). No ORM here.
"""

import itertools
from collections.abc import Iterator
from datetime import datetime, timezone
from decimal import Decimal

from lxml import etree

from ..tools.cdar import PARIS
from ..tools.einvoice_codes import get_name, get_reasons, get_statuses, load
from ..tools.einvoice_status import Status
from ..tools.peppol_response import STATUSES

STANDARD = "urn:un:unece:uncefact:data:standard:"
RSM = f"{STANDARD}CrossDomainAcknowledgementAndResponse:100"
RAM = f"{STANDARD}ReusableAggregateBusinessInformationEntity:100"
UDT = f"{STANDARD}UnqualifiedDataType:100"
QDT = f"{STANDARD}QualifiedDataType:100"
CDAR_NAMES = {"rsm": RSM, "ram": RAM, "udt": UDT, "qdt": QDT}

OASIS = "urn:oasis:names:specification:ubl:schema:xsd:"
UBL = f"{OASIS}ApplicationResponse-2"
CAC = f"{OASIS}CommonAggregateComponents-2"
CBC = f"{OASIS}CommonBasicComponents-2"

# Who transmits is told by this type of document, who treats by the other (MDT-77).
TRANSMISSION, TREATMENT = "305", "23"
TRANSMITTED = ("200", "201", "202", "203", "213", "221", "501")

AMOUNTS = {"206": "MNATTC", "211": "MPA", "212": "MEN"}
WORDS = {
    "206": "Deux caisses manquent à la livraison.",
    "207": "Le prix ne correspond pas à notre commande.",
    "208": "Merci de joindre le bon de livraison signé.",
    "210": "Nous n'avons rien commandé.",
}


class _Writer:
    """Writes elements below each other, in the order of the schema."""

    def __init__(self, root, name):
        self.element, self.name = root, name

    def add(self, tag, text=None, **attributes):
        """Add an element, unless it would be empty.

        :return: a writer for what is below it
        """
        child = etree.SubElement(self.element, f"{{{self.name}}}{tag}", attributes)
        child.text = text
        return _Writer(child, self.name)

    def add_text(self, tag, text, **attributes):
        if text:
            self.add(tag, str(text), **attributes)

    def add_time(self, tag, text, form, name=UDT):
        holder = self.add(tag)
        child = etree.SubElement(holder.element, f"{{{name}}}DateTimeString")
        child.set("format", form)
        child.text = text


def write_cdar(statuses: list[Status], encoding: str = "UTF-8") -> bytes:
    """Return a life cycle message (CDAR D22B) that says some statuses.

    :param statuses: of one message: its number and its sender are those of the first
    """
    first = statuses[0]
    root = etree.Element(
        f"{{{RSM}}}CrossDomainAcknowledgementAndResponse", nsmap=CDAR_NAMES
    )
    context = _Writer(etree.SubElement(root, f"{{{RSM}}}ExchangedDocumentContext"), RAM)
    process = context.add("BusinessProcessSpecifiedDocumentContextParameter")
    process.add("ID", "REGULATED")
    guideline = context.add("GuidelineSpecifiedDocumentContextParameter")
    guideline.add("ID", "urn.cpro.gouv.fr:1p0:CDV:invoice")
    message = _Writer(etree.SubElement(root, f"{{{RSM}}}ExchangedDocument"), RAM)
    message.add_text("ID", first.message)
    if first.date:
        message.add_time("IssueDateTime", _tell_time(first.date), "204")
    message.add("SenderTradeParty").add("RoleCode", "WK")
    _add_party(message, "IssuerTradeParty", [first.sender], "BY")
    _add_party(message, "RecipientTradeParty", first.sellers, "SE")
    for status in statuses:
        document = _Writer(
            etree.SubElement(root, f"{{{RSM}}}AcknowledgementDocument"), RAM
        )
        _write_document(document, status)
    return etree.tostring(root, xml_declaration=True, encoding=encoding)


def _write_document(document, status):
    sent = status.code in TRANSMITTED
    document.add("TypeCode", TRANSMISSION if sent else TREATMENT)
    if status.date:
        document.add_time("IssueDateTime", _tell_time(status.date), "204")
    reference = document.add("ReferenceReferencedDocument")
    reference.add_text("IssuerAssignedID", status.number)
    reference.add_text("StatusCode", load()["untdid1373"].get(status.code))
    reference.add_text("TypeCode", status.document_type)
    if status.invoice_date:
        day = status.invoice_date.strftime("%Y%m%d")
        reference.add_time("FormattedIssueDateTime", day, "102", QDT)
    reference.add_text("ProcessConditionCode", status.code)
    reference.add_text(
        "ProcessCondition", get_name(status.code, "fr") if status.code else ""
    )
    _add_party(reference, "IssuerTradeParty", status.sellers, "SE")
    _add_party(reference, "RecipientTradeParty", status.buyers, "BY")
    rows = itertools.zip_longest(status.reasons, status.actions)
    details = [*rows] or ([(None, None)] if status.text or status.amount_kind else [])
    for place, (reason, action) in enumerate(details):
        _write_detail(reference, status, place, reason, action)


def _write_detail(reference, status, place, reason, action):
    detail = reference.add("SpecifiedDocumentStatus")
    detail.add_text("ReasonCode", reason)
    detail.add_text("RequestedActionCode", action)
    detail.add("SequenceNumeric", str(place + 1))
    if place:
        return
    for line in status.text.splitlines():
        detail.add("IncludedNote").add("Content", line)
    if status.amount_kind:
        fact = detail.add("SpecifiedDocumentCharacteristic")
        fact.add("TypeCode", status.amount_kind)
        fact.add("ValueAmount", str(status.amount), currencyID=status.currency)
        if status.date_payment:
            fact.add_time(
                "ValueDateTime", status.date_payment.strftime("%Y%m%d"), "102"
            )


def _add_party(parent, tag, identifiers, role):
    identifiers = [number for number in identifiers if number]
    if not identifiers:
        return
    party = parent.add(tag)
    for number in identifiers:
        party.add("GlobalID", number, schemeID="0002")
    party.add("RoleCode", role)


def _tell_time(moment):
    local = moment.replace(tzinfo=timezone.utc).astimezone(PARIS)
    return local.strftime("%Y%m%d%H%M%S")


def write_peppol(status: Status, code: str) -> bytes:
    """Return an invoice response of Peppol that says a status.

    :param status: what it says, but for its code
    :param code: of UNCL 4343 (``"RE"``)
    """
    root = etree.Element(
        f"{{{UBL}}}ApplicationResponse", nsmap={None: UBL, "cac": CAC, "cbc": CBC}
    )
    _add(
        root, CBC, "CustomizationID", "urn:fdc:peppol.eu:poacc:trns:invoice_response:3"
    )
    _add(root, CBC, "ProfileID", "urn:fdc:peppol.eu:poacc:bis:invoice_response:3")
    _add(root, CBC, "ID", status.message)
    if status.date:
        local = status.date.replace(tzinfo=timezone.utc)
        _add(root, CBC, "IssueDate", f"{local:%Y-%m-%d}")
        _add(root, CBC, "IssueTime", f"{local:%H:%M:%S}Z")
    for tag, numbers in (
        ("SenderParty", status.buyers),
        ("ReceiverParty", status.sellers),
    ):
        party = _add(root, CAC, tag)
        for number in numbers:
            _add(party, CBC, "EndpointID", number, schemeID="0002")
    answer = _add(root, CAC, "DocumentResponse")
    response = _add(answer, CAC, "Response")
    _add(response, CBC, "ResponseCode", code, listID="UNCL4343OpSubset")
    if status.date_payment:
        _add(response, CBC, "EffectiveDate", status.date_payment.isoformat())
    for line in status.text.splitlines():
        _add(response, CBC, "Description", line)
    for name, codes in (
        ("OPStatusReason", status.reasons),
        ("OPStatusAction", status.actions),
    ):
        for one in codes:
            detail = _add(response, CAC, "Status")
            _add(detail, CBC, "StatusReasonCode", one, listID=name)
    document = _add(answer, CAC, "DocumentReference")
    _add(document, CBC, "ID", status.number)
    if status.invoice_date:
        _add(document, CBC, "IssueDate", status.invoice_date.isoformat())
    _add(document, CBC, "DocumentTypeCode", status.document_type)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _add(parent, name, tag, text=None, **attributes):
    if text == "":
        return None
    child = etree.SubElement(parent, f"{{{name}}}{tag}", attributes)
    child.text = text
    return child


def make_status(code: str, reason: str, number: str, seller: str, **values) -> Status:
    """Return a status as a buyer would give it, with its words and an amount where
    there is one.

    :param reason: code, or nothing
    :param seller: SIREN of the seller
    :param values: what else is to be said
    """
    kind = AMOUNTS.get(code, "")
    default = {
        "message": f"{number}_{code}_{reason or 'OK'}",
        "sender": "200000008",
        "buyers": ("200000008",),
        "document_type": "380",
        "date": datetime(2026, 11, 2, 9, 30),
        "text": WORDS.get(code, ""),
        "amount_kind": kind,
        "amount": Decimal("120.00") if kind else Decimal(0),
        "currency": "EUR" if kind else "",
    }
    return Status(
        code=code,
        number=number,
        sellers=(seller,),
        reasons=(reason,) if reason else (),
        **(default | values),
    )


def make_all(seller: str, numbers: list[str]) -> Iterator[tuple[str, Status]]:
    """Give a status for each code and each reason allowed for it, about invoices in
    turn.

    :return: name of a file, status
    """
    turns = itertools.cycle(numbers)
    for code in get_statuses():
        for reason in get_reasons(code) or ("",):
            status = make_status(code, reason, next(turns), seller)
            yield f"{code}_{reason or 'OK'}.xml", status


def write_folder(folder, seller: str, numbers: list[str]) -> int:
    """Write a message of each kind to a folder.

    :return: how many there are
    """
    count = 0
    for name, status in make_all(seller, numbers):
        (folder / name).write_bytes(write_cdar([status]))
        count += 1
    for code in STATUSES:
        message = f"{numbers[0]}_peppol_{code}"
        status = make_status(STATUSES[code], "", numbers[0], seller, message=message)
        (folder / f"peppol_{code}.xml").write_bytes(write_peppol(status, code))
        count += 1
    return count
