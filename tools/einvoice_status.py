"""What a buyer's platform says of an e-invoice, whatever the format it comes in.

:class:`Status` is neutral: ``tools/cdar.py`` and ``tools/peppol_response.py`` read
messages into it.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import date as Date
from datetime import datetime as Datetime
from decimal import Decimal

# How much of a text is kept: what comes from outside has no other limit.
MAX_CODE = 64
MAX_NUMBER = 128
MAX_TEXT = 4000
MAX_REASONS = 50
MAX_IDS = 50

REF_LENGTH = 40
# What a status is told from others by. None is ever added: what was received before
# would be taken for new.
REF_FIELDS = (
    "message",
    "sender",
    "sellers",
    "number",
    "document_type",
    "invoice_date",
    "code",
    "date",
    "reasons",
    "actions",
    "text",
    "amount_kind",
    "amount",
    "currency",
    "date_payment",
)

# UNTDID 1001, as far as French platforms use it (BR-FR-04).
CREDIT_NOTE_TYPES = ("261", "262", "381", "396", "502", "503")


@dataclass(frozen=True)
class Status:
    """One status of one invoice.

    :param code: of the status, as in XP Z12-012 (``"207"``); unknown ones as they are
    :param number: of the invoice, as its seller numbered it
    :param sellers: identifiers of the seller as stated: SIREN, SIRET, VAT number
    :param buyers: identifiers of the buyer
    :param message: number that the message bears
    :param sender: identifier of who issued the status
    :param document_type: UNTDID 1001 (``"380"``), empty when not stated
    :param invoice_date: of the invoice
    :param date: when the status was given, in UTC without zone
    :param reasons: codes, sorted
    :param actions: codes of what the buyer asks for, sorted
    :param text: the buyer's own words
    :param amount_kind: what the amount is (MDT-207: ``"MPA"``), empty without amount
    :param amount: stated amount, 0 when there is none
    :param currency: ISO code of the amount
    :param date_payment: of a payment that was sent
    """

    code: str
    number: str
    sellers: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    message: str = ""
    sender: str = ""
    document_type: str = ""
    invoice_date: Date | None = None
    date: Datetime | None = None
    reasons: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    text: str = ""
    amount_kind: str = ""
    amount: Decimal = field(default=Decimal(0))
    currency: str = ""
    date_payment: Date | None = None

    def get_ref(self) -> str:
        """Return what tells the status from all others: the same message that is
        received twice, by whatever way and with whatever blanks, gives the same. A
        number that a platform uses twice does not: nothing is lost for it.

        >>> first = Status("207", "F1", message="M1")
        >>> first.get_ref() == Status("207", "F1", message="M1").get_ref()
        True
        >>> first.get_ref() == Status("210", "F1", message="M1").get_ref()
        False
        """
        said = repr([str(getattr(self, name)) for name in REF_FIELDS]).encode()
        return hashlib.sha256(said).hexdigest()[:REF_LENGTH]


def clean(text: str | None, length: int = MAX_TEXT) -> str:
    """Return a text without the blanks around and within, cut to a length.

    >>> clean("  in   two\\n lines "), clean(None), clean("abcdef", 3)
    ('in two lines', '', 'abc')
    """
    return " ".join((text or "").split())[:length].strip()


def join_codes(codes) -> tuple[str, ...]:
    """Return codes as they are kept: without doubles, sorted, and not without end.

    >>> join_codes(["QTE_ERR", "", "AUTRE", "QTE_ERR"])
    ('AUTRE', 'QTE_ERR')
    """
    found = {clean(code, MAX_CODE).replace(",", " ") for code in codes} - {""}
    return tuple(sorted(found)[:MAX_REASONS])


def join_texts(texts) -> str:
    """Return texts one below the other, each once.

    >>> join_texts(["Late", "", "Late", "Broken"])
    'Late\\nBroken'
    """
    found = dict.fromkeys(filter(None, map(clean, texts)))
    return "\n".join(found)[:MAX_TEXT]
