"""What an invoice says of late payment, read from its text: the rate of the penalties
and the recovery indemnity. What is not understood is not guessed."""

import re
from typing import Literal, NamedTuple

MAX_LENGTH = 20_000

Method = Literal["law", "minimum", "fixed"]

_SENTENCE = re.compile(r"\n|[.;!?](?=\s|$)")
_LATE = re.compile(
    r"\bretards?\b|pénalit|penalit|penalt|\blate\b|overdue|verzug|verspät|"
    r"intérêts? (?:moratoire|de retard)",
    re.I,
)
_DISCOUNT = re.compile(r"escompte|discount|skonto", re.I)
_INDEMNITY = re.compile(r"indemnit|recouvrement|recovery|compensation|pauschale", re.I)
_TRIPLE = re.compile(
    r"(?:\b3|\btrois|\bthree)\s*(?:\(\s*(?:3|trois)\s*\)\s*)?(?:fois|times|x\b|×)", re.I
)
_CENTRAL = re.compile(r"\bBCE\b|\bECB\b|banque centrale|central bank", re.I)
_PERCENT = re.compile(r"(\d{1,3}(?:[.,]\d{1,4})?)\s*%")
_MONTHLY = re.compile(r"par mois|mensuel|per month|a month|monthly", re.I)
_AMOUNT = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:€|EUR\b|euros?\b)", re.I)


class Printed(NamedTuple):
    """What an invoice states.

    :param text: the sentences that speak of late payment
    :param method: by what the rate is given, None: it states none
    :param rate: percent a year, where the rate is stated by itself
    :param indemnity: the amount, None: it states none
    """

    text: str
    method: Method | None
    rate: float | None
    indemnity: float | None


def read(text: str) -> Printed | None:
    """Return what a text states of late payment, None where it does not speak of it.

    >>> read("Pénalités de retard au taux annuel de 12,15 %. Escompte : 2 %.")[1:]
    ('fixed', 12.15, None)
    >>> read('''En cas de retard de paiement : taux de la BCE majoré de 10 points.
    ... Indemnité forfaitaire pour frais de recouvrement : 40 €''')[1:]
    ('law', None, 40.0)
    >>> read("Tout retard entraîne une pénalité de 3 fois le taux d'intérêt légal")[1:]
    ('minimum', None, None)
    >>> read("Late payments bear interest at 1.5 % per month; thank you!")[1:]
    ('fixed', 18.0, None)

    A discount is no penalty, and a sentence that states nothing states nothing:

    >>> read("2 % discount within 8 days."), read("")
    (None, None)
    >>> read("We ask for penalties on late payment.")[1:]
    (None, None, None)

    Of several rates, none is chosen:

    >>> read("Late payment: 10 % or 12 %")[1:]
    (None, None, None)
    """
    sentences = [part.strip() for part in _SENTENCE.split(text[:MAX_LENGTH])]
    late = [part for part in sentences if _LATE.search(part) and not _is_discount(part)]
    indemnities = [part for part in sentences if _INDEMNITY.search(part)]
    told = [part for part in sentences if part in late or part in indemnities]
    if not told:
        return None
    method, rate = _read_rate(late)
    found = [amount for part in indemnities for amount in _AMOUNT.findall(part)]
    amounts = {_number(amount) for amount in found}
    indemnity = amounts.pop() if len(amounts) == 1 else None
    return Printed("\n".join(told), method, rate, indemnity)


def _is_discount(sentence):
    speaks_of_both = re.search("pénalit|penalt", sentence, re.I)
    return bool(_DISCOUNT.search(sentence)) and not speaks_of_both


def _read_rate(sentences):
    """Return by what the rate is given, and the rate where it is stated by itself."""
    for pattern, method in ((_TRIPLE, "minimum"), (_CENTRAL, "law")):
        if any(pattern.search(sentence) for sentence in sentences):
            return method, None
    rates = {
        round(_number(percent) * (12 if _MONTHLY.search(sentence) else 1), 4)
        for sentence in sentences
        for percent in _PERCENT.findall(sentence)
    }
    return ("fixed", rates.pop()) if len(rates) == 1 else (None, None)


def _number(text):
    return float(text.replace(",", "."))
