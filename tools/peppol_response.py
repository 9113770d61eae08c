"""Invoice responses of Peppol (BIS Invoice Response 3): an ``ApplicationResponse`` of
UBL 2.1. Their statuses are told in the codes of XP Z12-012, as French ones are; codes
that are not known come through as they are."""

from datetime import datetime as Datetime
from decimal import Decimal

from lxml import etree

from .cdar import read_amount, read_time
from .einvoice_status import (
    MAX_CODE,
    MAX_IDS,
    MAX_NUMBER,
    Status,
    clean,
    join_codes,
    join_texts,
)
from .errors import MessageError

ROOT = "ApplicationResponse"

# UNCL 4343, as BIS Invoice Response 3 uses it.
STATUSES = {
    "AB": "202",  # received by the buyer's system
    "IP": "204",  # in process
    "UQ": "208",  # under query: nothing happens until the seller has answered
    "CA": "206",  # accepted on a condition
    "RE": "210",  # rejected
    "AP": "205",  # accepted
    "PD": "211",  # paid
}
# What is asked for makes a query a dispute: it is not for information alone.
DISPUTING_ACTIONS = {"NIN", "CNF", "CNP", "CNA"}
REASON_LIST = "OPSTATUSREASON"
ACTION_LIST = "OPSTATUSACTION"
# "No issue" is no reason.
NO_REASON = "NON"


def read(root: etree._Element) -> list[Status]:
    """Return what a response says of invoices, in its order.

    :param root: of the message, as ``tools/hardened_xml.py`` has read it
    :raise MessageError: ``empty``
    """
    # Said once for all invoices, and read once: there may be many of them.
    message = {
        "message": clean(_text(root, "ID"), MAX_NUMBER),
        "date": _read_date(root),
        "note": _text(root, "Note"),
        "sellers": _read_party(root, "ReceiverParty"),
        "buyers": _read_party(root, "SenderParty"),
    }
    found = [
        status
        for response in _all(root, "DocumentResponse")
        for status in _read_response(message, response)
    ]
    if not found:
        raise MessageError("empty")
    return found


def _read_response(message, response):
    """Give the statuses of the documents that a response names."""
    answer = next(iter(_all(response, "Response")), None)
    details = _all(answer, "Status")
    reasons, actions = _read_codes(details)
    stated = clean(_text(answer, "ResponseCode"), MAX_CODE).removeprefix("VRBL:FR:")
    code = _get_code(stated, actions)
    # Answers go the other way: who sends them has bought.
    sellers = _read_party(response, "IssuerParty") or message["sellers"]
    buyers = _read_party(response, "RecipientParty") or message["buyers"]
    text = join_texts([message["note"], *_read_texts(answer, details)])
    amount, currency = _read_amount(details)
    date_payment = _read_day(_text(answer, "EffectiveDate")) if code == "211" else None
    for reference in _all(response, "DocumentReference"):
        yield Status(
            code=code,
            number=clean(_text(reference, "ID"), MAX_NUMBER),
            sellers=sellers,
            buyers=buyers,
            message=message["message"],
            sender=next(iter(buyers), ""),
            document_type=clean(_text(reference, "DocumentTypeCode"), MAX_CODE),
            invoice_date=_read_day(_text(reference, "IssueDate")),
            date=message["date"],
            reasons=reasons,
            actions=actions,
            text=text,
            amount_kind="MPA" if amount and code == "211" else "",
            amount=amount if code == "211" else Decimal(0),
            currency=currency if code == "211" else "",
            date_payment=date_payment,
        )


def _get_code(stated, actions):
    """Return the code of a status in neutral words.

    >>> _get_code("AP", ()), _get_code("UQ", ()), _get_code("UQ", ("NIN",))
    ('205', '208', '207')
    >>> _get_code("XY", ()), _get_code("207", ())
    ('XY', '207')
    """
    if stated == "UQ" and DISPUTING_ACTIONS.intersection(actions):
        return "207"
    return STATUSES.get(stated, stated)


def _read_codes(details):
    """Return the codes of reasons, and of what is asked for."""
    reasons, actions = [], []
    for detail in details:
        for stated in _all(detail, "StatusReasonCode"):
            kept = actions if _get_list(stated) == ACTION_LIST else reasons
            kept.append(stated.text)
    return join_codes(code for code in reasons if code != NO_REASON), join_codes(
        actions
    )


def _get_list(stated):
    return clean(stated.get("listID")).upper()


def _read_texts(answer, details):
    """Give the buyer's words: descriptions, reasons, and what is wrong with which
    field."""
    yield from (one.text for one in _all(answer, "Description"))
    for detail in details:
        yield from (one.text for one in _all(detail, "StatusReason"))
        for condition in _all(detail, "Condition"):
            field, value = (
                _text(condition, "AttributeID"),
                _text(condition, "Description"),
            )
            yield " ".join(filter(None, (field, value)))


def _read_amount(details):
    """Return the amount that was paid, where it is said to be a part, and its
    currency."""
    for detail in details:
        for condition in _all(detail, "Condition"):
            measure = next(iter(_all(condition, "Measure")), None)
            amount = read_amount(measure.text) if measure is not None else None
            unit = clean(measure.get("unitCode"), 3).upper() if amount else ""
            if amount and unit.isalpha():
                return amount, unit
    return Decimal(0), ""


def _read_party(element, name):
    """Return the identifiers of a party: its electronic address, its registers."""
    found = []
    for party in _all(element, name):
        found += [one.text for one in _all(party, "EndpointID")]
        for group in ("PartyIdentification", "PartyLegalEntity", "PartyTaxScheme"):
            for one in _all(party, group):
                found += [_text(one, tag) for tag in ("ID", "CompanyID")]
    cleaned = (clean(id_, MAX_CODE).split(":")[-1] for id_ in found)
    return tuple(dict.fromkeys(filter(None, cleaned)))[:MAX_IDS]


def _read_date(root) -> Datetime | None:
    """Return when the response was given. Without time zone, times are French."""
    day, time = _text(root, "IssueDate").strip(), _text(root, "IssueTime").strip()
    return read_time(f"{day[:10]}T{time}" if time else day[:10])


def _read_day(text):
    moment = read_time(text.strip()[:10], as_day=True)
    return moment and moment.date()


def _all(element, name):
    if element is None:
        return []
    return element.findall(f"{{*}}{name}")


def _text(element, name):
    found = next(iter(_all(element, name)), None)
    return found.text or "" if found is not None else ""
