"""What a phone number tells of itself."""

try:
    import phonenumbers
except ImportError:
    # Odoo does without it as well: numbers are kept as they were typed.
    phonenumbers = None


def is_mobile(number: str) -> bool:
    """Return whether a number in international form may be that of a mobile phone:
    where it cannot be told, it may.

    >>> is_mobile("+33612345678"), is_mobile("+33123456789")
    (True, False)
    >>> is_mobile("no number")
    False
    """
    if phonenumbers is None:
        return True
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, None))
    except phonenumbers.NumberParseException:
        return False
    kinds = phonenumbers.PhoneNumberType
    return kind in (kinds.MOBILE, kinds.FIXED_LINE_OR_MOBILE)
