"""Life cycle messages of French e-invoices: CDAR D22B of UN/CEFACT, as XP Z12-012
profiles it (its numbers MDT-…, MDG-… are those of the standard).

A message has documents (``AcknowledgementDocument``), each names invoices
(``ReferenceReferencedDocument``) with their status (MDT-105), and details of it
(``SpecifiedDocumentStatus``): reasons, what is asked for, amounts. A detail may have a
status of its own (MDT-115).
"""

import re
from collections.abc import Iterator
from datetime import datetime as Datetime
from datetime import timedelta, timezone
from decimal import Decimal
from typing import NamedTuple
from zoneinfo import ZoneInfo

from lxml import etree

from .einvoice_codes import load
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

ROOT = "CrossDomainAcknowledgementAndResponse"

# Times without zone are those of French platforms.
PARIS = ZoneInfo("Europe/Paris")

# Which amount counts, by status: the first kind of MDT-207 that is there. Kinds with
# all taxes come before those without.
AMOUNT_KINDS = {
    "206": ("MNATTC", "MAPTTC", "MNA", "MAP"),
    "207": ("MNATTC", "MAPTTC", "MNA", "MAP"),
    "211": ("MPA",),
    "212": ("MEN",),
}
# What fields of Odoo hold.
MAX_AMOUNT = Decimal(10) ** 13
FIRST_YEAR = 1900

SELLER_ROLE = "SE"
BUYER_ROLE = "BY"


def read(root: etree._Element) -> list[Status]:
    """Return what a message says of invoices, in its order.

    :param root: of the message, as ``tools/hardened_xml.py`` has read it
    :raise MessageError: ``empty``
    """
    message = _read_message(_find(root, "ExchangedDocument"))
    found = [
        status
        for document in _all(root, "AcknowledgementDocument")
        for status in _read_document(message, document)
    ]
    if not found:
        raise MessageError("empty")
    return found


class _Message(NamedTuple):
    """What is said once for all invoices, and read once: there may be many of them."""

    number: str
    date: Datetime | None
    sender: str
    sellers: tuple[str, ...]
    buyers: tuple[str, ...]


def _read_message(message):
    issuer = _find(message, "IssuerTradeParty")
    parties = [issuer, *_all(message, "RecipientTradeParty")]
    return _Message(
        number=clean(_text(message, "ID"), MAX_NUMBER),
        date=_read_time(message),
        sender=next(iter(_get_ids(issuer)), ""),
        sellers=_get_ids_by_role(parties, SELLER_ROLE),
        buyers=_get_ids_by_role(parties, BUYER_ROLE),
    )


def _read_document(message, document) -> Iterator[Status]:
    """Give the statuses of the invoices of a document."""
    code = _read_code(document, "ProcessConditionCode")
    message = message._replace(date=_read_time(document) or message.date)
    for reference in _all(document, "ReferenceReferencedDocument"):
        yield from _read_reference(message, code, reference)


def _read_reference(message, general, reference) -> Iterator[Status]:
    """Give the statuses of an invoice: its own, and those that details have.

    :param general: status of its document
    """
    main = _get_code(general, reference)
    details = _all(reference, "SpecifiedDocumentStatus")
    by_code = {main: []}
    for detail in details:
        code = _read_code(detail, "ProcessConditionCode") or main
        by_code.setdefault(code, []).append(detail)
    if not main and not by_code[main] and len(by_code) > 1:
        del by_code[main]
    about = {
        "number": clean(_text(reference, "IssuerAssignedID"), MAX_NUMBER),
        **_read_parties(message, reference),
        "message": message.number,
        "document_type": _read_code(reference, "TypeCode"),
        "invoice_date": _read_day(reference, "FormattedIssueDateTime"),
        "date": message.date,
    }
    for code, own in by_code.items():
        kind, amount, currency, day = _read_amount(code, own)
        yield Status(
            code=code,
            **about,
            reasons=join_codes(_text(detail, "ReasonCode") for detail in own),
            actions=join_codes(_text(detail, "RequestedActionCode") for detail in own),
            text=join_texts(_read_texts(own)),
            amount_kind=kind,
            amount=amount,
            currency=currency,
            date_payment=day,
        )


def _read_code(element, name):
    return clean(_text(element, name), MAX_CODE)


def _get_code(general, reference):
    """Return the status of an invoice (MDT-105); else that of its document, or what
    its code of UNTDID 1373 (MDT-88) tells, where that is one status only."""
    if code := _read_code(reference, "ProcessConditionCode") or general:
        return code
    stated = _read_code(reference, "StatusCode")
    if not stated:
        return ""
    table = load()["untdid1373"]
    found = [code for code, other in table.items() if other == stated]
    return found[0] if len(found) == 1 else ""


def _read_parties(message, reference):
    """Return who sold, who bought and who gave the status: on the invoice itself, or by
    their role in the message."""
    recipients = _all(reference, "RecipientTradeParty")
    return {
        "sellers": _get_ids(_find(reference, "IssuerTradeParty")) or message.sellers,
        "buyers": _get_ids_by_role(recipients, BUYER_ROLE) or message.buyers,
        "sender": message.sender,
    }


def _get_ids_by_role(parties, role):
    for party in parties:
        if _text(party, "RoleCode").strip() == role and (ids := _get_ids(party)):
            return ids
    return ()


def _get_ids(party):
    found = [_content(one) for name in ("GlobalID", "ID") for one in _all(party, name)]
    cleaned = dict.fromkeys(filter(None, (clean(id_, MAX_CODE) for id_ in found)))
    return tuple(cleaned)[:MAX_IDS]


def _read_texts(details):
    """Give the words of a status: reasons, notes, and which data are wrong."""
    for detail in details:
        for name in ("Reason", "ReasonInformation", "Condition", "RequestedAction"):
            yield from map(_content, _all(detail, name))
        for note in _all(detail, "IncludedNote"):
            yield from map(_content, _all(note, "Content"))


def _read_amount(code, details):
    """Return the amount that counts for a status.

    :return: its kind, the sum, the currency, and the day of a payment
    """
    characteristics = [
        one
        for detail in details
        for one in _all(detail, "SpecifiedDocumentCharacteristic")
    ]
    for kind in AMOUNT_KINDS.get(code, ()):
        total, currency, day = Decimal(0), "", None
        for one in characteristics:
            if _text(one, "TypeCode").strip() != kind:
                continue
            stated = _find(one, "ValueAmount")
            amount = read_amount(_content(stated))
            own = "" if stated is None else clean(stated.get("currencyID"), 3).upper()
            # Amounts of two currencies are never added up.
            if amount is None or (currency and own and own != currency):
                continue
            total += amount
            currency = currency or own
            day = day or _read_day(one, "ValueDateTime")
        if total:
            return kind, total, currency, day
    days = (_read_day(one, "ValueDateTime") for one in characteristics)
    return "", Decimal(0), "", next(filter(None, days), None)


def read_amount(text: str | None) -> Decimal | None:
    """Return an amount, None for what is none.

    >>> read_amount(" 1200.50 "), read_amount("-5")
    (Decimal('1200.50'), Decimal('-5'))
    >>> read_amount("NaN"), read_amount("1e99")
    (None, None)
    """
    text = (text or "").strip()
    if not re.fullmatch(r"[-+]?\d{1,19}(\.\d{1,6})?", text):
        return None
    amount = Decimal(text)
    return amount if abs(amount) < MAX_AMOUNT else None


def _read_time(element):
    issued = _find(element, "IssueDateTime")
    stated = _find(issued, "DateTimeString")
    if stated is None:
        stated = _find(issued, "DateTime")
    return read_time(_content(stated))


def _read_day(element, name):
    stated = next(iter(_all(element, name)), None)
    for child in ("DateTimeString", "DateTime"):
        if (found := _find(stated, child)) is not None:
            moment = read_time(_content(found), as_day=True)
            return moment and moment.date()
    return None


def read_time(text: str | None, as_day: bool = False) -> Datetime | None:
    """Return a moment in UTC, without zone; None for what is none. Of a day without
    time, noon. Times are read as UNTDID 2379 writes them (102, 203, 204, 205) or as ISO
    8601 does.

    :param as_day: keep the day as it is written, whatever the zone

    >>> read_time("20260901101500"), read_time("20261201101500")
    (datetime.datetime(2026, 9, 1, 8, 15), datetime.datetime(2026, 12, 1, 9, 15))
    >>> read_time("2026-09-01T10:15:00Z"), read_time("202609011015+0400")
    (datetime.datetime(2026, 9, 1, 10, 15), datetime.datetime(2026, 9, 1, 6, 15))
    >>> read_time("20260901"), read_time("20260231"), read_time("soon"), read_time(None)
    (datetime.datetime(2026, 9, 1, 10, 0), None, None, None)
    >>> read_time("20260901", as_day=True).date()
    datetime.date(2026, 9, 1)
    """
    parts = re.fullmatch(
        r"(\d{4})-?(\d\d)-?(\d\d)"
        r"(?:[T ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?"
        r"\s*(Z|[-+]\d\d:?\d\d)?",
        (text or "").strip(),
    )
    if not parts:
        return None
    year, month, day, hour, minute, second, zone = parts.groups()
    if int(year) < FIRST_YEAR:
        return None
    try:
        moment = Datetime(
            int(year),
            int(month),
            int(day),
            int(hour or 12),
            int(minute or 0),
            int(second or 0),
        )
        if as_day:
            return moment
        moment = moment.replace(tzinfo=_get_zone(zone)).astimezone(timezone.utc)
        return moment.replace(tzinfo=None)
    except (OverflowError, ValueError):
        return None


def _get_zone(text):
    if not text:
        return PARIS
    if text == "Z":
        return timezone.utc
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _all(element, name):
    """Return the children of a name, whatever the namespace says of its version."""
    if element is None:
        return []
    return element.findall(f"{{*}}{name}")


def _find(element, name):
    return next(iter(_all(element, name)), None)


def _content(element):
    return element.text or "" if element is not None else ""


def _text(element, name):
    return _content(_find(element, name))
