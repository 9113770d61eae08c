"""Colours that can be read: contrast as WCAG 2 defines it."""

import re

HEX = re.compile(r"#([0-9a-fA-F]{6})\b")
# Of normal text (success criterion 1.4.3), with some room for tinted backgrounds.
ENOUGH = 5.0
STEP = 0.94


def get_contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21.

    >>> round(get_contrast("#000000", "#ffffff"), 1), get_contrast("#123456", "#123456")
    (21.0, 1.0)
    >>> round(get_contrast("#767676", "#ffffff"), 2)
    4.54
    """
    lights = sorted((_get_luminance(one), _get_luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def darken(color: str | bool, fallback: str = "#1f4e79") -> str:
    """Return a colour on which white can be read, and which can be read on white: that
    of a company, as dark as it takes.

    :param color: as ``#rrggbb``; anything else gives the fallback

    >>> darken("#003366"), darken(False), darken("red; } body { display: none")
    ('#003366', '#1f4e79', '#1f4e79')
    >>> get_contrast(darken("#ffd700"), "#ffffff") >= 5
    True
    """
    found = HEX.fullmatch(color or "")
    if not found:
        return fallback
    parts = [int(found[1][at : at + 2], 16) for at in (0, 2, 4)]
    while get_contrast(_to_hex(parts), "#ffffff") < ENOUGH:
        parts = [part * STEP for part in parts]
    return _to_hex(parts)


def _to_hex(parts):
    return "#" + "".join(f"{round(part):02x}" for part in parts)


def _get_luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
