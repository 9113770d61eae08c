"""Text of SMS. One part holds 160 characters of the GSM alphabet, but only 70 as soon
as a single character is not in it: a curly apostrophe or the narrow space that French
puts before a currency doubles the price."""

import math
import unicodedata

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# These take the room of two.
EXTENDED = frozenset("^{}\\[~]|€\f")
REPLACEMENTS = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "«": '"',
        "»": '"',
        "–": "-",
        "—": "-",
        "…": "...",
        "œ": "oe",
        "Œ": "OE",
    }
)


def to_gsm(text):
    """Replace what the GSM alphabet lacks by what comes close; letters of other
    scripts stay.

    >>> to_gsm("1\\u202f250,00\\xa0€ restent dus à l’échéance : merci d’être à jour…")
    "1 250,00 € restent dus à l'échéance : merci d'etre à jour..."
    >>> to_gsm("Žižek")
    'Zizek'
    >>> to_gsm("مرحبا")
    'مرحبا'
    """
    return "".join(map(_to_gsm_character, text.translate(REPLACEMENTS)))


def _to_gsm_character(character):
    if character in BASIC or character in EXTENDED:
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    plain = unicodedata.normalize("NFKD", character)[0]
    return plain if plain in BASIC else character


def count_parts(text):
    """Return as how many SMS a text is sent.

    >>> count_parts("a" * 160), count_parts("a" * 161), count_parts("€" * 81)
    (1, 2, 2)
    >>> count_parts("ê" * 70), count_parts("ê" * 71)
    (1, 2)
    """
    if all(character in BASIC or character in EXTENDED for character in text):
        size = len(text) + sum(character in EXTENDED for character in text)
        whole, part = 160, 153
    else:
        size, whole, part = len(text), 70, 67
    return 1 if size <= whole else math.ceil(size / part)
