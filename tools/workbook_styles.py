"""How a workbook looks: number formats, dates as in a language, colours of ages."""

from collections.abc import Sequence

# Nothing yet to fear, then from early to late.
CALM = "#C6E0B4"
EARLY = (0xFF, 0xE6, 0x99)
LATE = (0xF4, 0x6D, 0x5B)
# What is owed to customers.
CREDIT = "#BDD7EE"

HEAD = "#1F3864"
QUIET = "#D9D9D9"

# Letters of strftime, as languages have them, and what Excel writes instead.
DATE_PARTS = {
    "%d": "dd",
    "%-d": "d",
    "%m": "mm",
    "%-m": "m",
    "%b": "mmm",
    "%B": "mmmm",
    "%y": "yy",
    "%Y": "yyyy",
    "%a": "ddd",
    "%A": "dddd",
}
ISO_DATE = "yyyy-mm-dd"


def get_amount_format(digits: int) -> str:
    """Return the number format of amounts: thousands apart, negative ones red, and a
    dash for nothing.

    >>> get_amount_format(2)
    '#,##0.00;[Red]-#,##0.00;"–"'
    >>> get_amount_format(0)
    '#,##0;[Red]-#,##0;"–"'

    :param digits: decimals of the currency
    """
    number = "#,##0" + ("." + "0" * digits if digits > 0 else "")
    return f'{number};[Red]-{number};"–"'


def get_date_format(strftime: str) -> str:
    """Return the number format for dates that a language writes in a certain way.

    >>> get_date_format("%d/%m/%Y"), get_date_format("%d %b %Y")
    ('dd/mm/yyyy', 'dd mmm yyyy')
    >>> get_date_format("%m/%d/%Y"), get_date_format("%Y年%m月%d日")
    ('mm/dd/yyyy', 'yyyy-mm-dd')

    :param strftime: the language's format; one that Excel might take for something else
        gives that of ISO 8601
    """
    text = strftime
    for part, letters in DATE_PARTS.items():
        text = text.replace(part, letters)
    if "%" in text or not text.isascii() or set(text) - set("dmy -/.,"):
        return ISO_DATE
    return text


def get_age_colours(count: int) -> list[str]:
    """Return a colour for each age: not due, then from early to late.

    >>> len(get_age_colours(4)), get_age_colours(1), get_age_colours(0)
    (5, ['#C6E0B4', '#F46D5B'], ['#C6E0B4'])
    >>> get_age_colours(4)[1], get_age_colours(4)[-1]
    ('#FFE699', '#F46D5B')

    :param count: number of ages that are late
    """
    steps = max(count - 1, 1)
    shares = [step / steps for step in range(count)] if count > 1 else [1] * count
    return [CALM, *(_mix(EARLY, LATE, share) for share in shares)]


def _mix(first: Sequence[int], second: Sequence[int], share: float) -> str:
    parts = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return "#" + "".join(f"{part:02X}" for part in parts)
