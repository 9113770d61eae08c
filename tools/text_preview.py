"""What a template gives for a record, shown while it is typed: nothing is evaluated.

Odoo's renderers evaluate expressions, and read what they need not evaluate by patterns
whose time grows with the cube of some texts. Here a text is read once from its
beginning to its end, its fields are looked up by name, and what would be too long
stops.
"""

import re
from collections.abc import Callable

from lxml import etree, html
from markupsafe import Markup, escape

from .errors import NotShown, TooLong

# Characters, of what is typed and of what it gives.
MAX_TEXT = 150_000
MAX_RESULT = 1_000_000

_OUTPUT = ("t-out", "t-esc")
# Marks where a value belongs, in characters that no text has.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_PLAIN_TAG = re.compile("</?t>")
_UNMARKED = dict.fromkeys(map(ord, _OPEN + _CLOSE))

Lookup = Callable[[str], object]


def split(text: str) -> list[tuple[str, str, str]]:
    """Return the parts of a text with ``{{ fields }}``: what stands before each, the
    field, what is said where it is empty.

    >>> split("Hello {{ object.name }}, {{ object.city ||| anywhere }}!")
    [('Hello ', 'object.name', ''), (', ', 'object.city', 'anywhere '), ('!', '', '')]

    Braces that are not closed on their line are text:

    >>> split("{{ object.name")
    [('{{ object.name', '', '')]
    """
    parts, literal = [], ""
    for number, line in enumerate(text.split("\n")):
        literal += "\n" if number else ""
        position = 0
        while (start := line.find("{{", position)) >= 0:
            end = line.find("}}", start + 3)
            if end < 0:
                break
            expression, __, default = line[start + 2 : end].partition("|||")
            literal += line[position:start]
            parts.append((literal, expression.strip(), default.lstrip()))
            literal, position = "", end + 2
        literal += line[position:]
    return [*parts, (literal, "", "")] if literal else parts


def fill_line(text: str, lookup: Lookup) -> str:
    """Return a subject or an SMS with its fields replaced.

    >>> fill_line("{{ object.a }} of {{ object.b ||| us}}", {"object.a": 3}.get)
    '3 of us'
    """
    _check_length(text)
    result, size = [], 0
    for literal, expression, default in split(text):
        value = str(_get(lookup, expression, default)) if expression else ""
        size += len(literal) + len(value)
        if size > MAX_RESULT:
            raise TooLong
        result += (literal, value)
    return "".join(result)


def fill_html(text: str, lookup: Lookup) -> str:
    """Return the text of an e-mail or letter with its fields replaced.

    >>> fill_html('<p>Dear <t t-out="object.a"/> <b t-out="object.b">you</b></p>',
    ...           {"object.a": "A & B"}.get)
    '<p>Dear A &amp; B <b>you</b></p>'

    HTML stays what it is:

    >>> fill_html('<t t-out="object.a"/>', {"object.a": Markup("<i>us</i>")}.get)
    '<i>us</i>'

    What is more than fields is not shown:

    >>> fill_html('<t t-if="object.a">Hello</t>', {}.get)
    Traceback (most recent call last):
        ...
    odoo.addons.account_dunning.tools.errors.NotShown: t-if
    """
    _check_length(text)
    values = []
    root = html.fragment_fromstring(text.translate(_UNMARKED), create_parent="div")
    for element in list(root.iter(etree.Element)):
        if expression := _take_expression(element):
            inner = Markup(_serialize_inner(element))
            values.append(_get(lookup, expression, inner))
            del element[:]
            element.text = f"{_OPEN}{len(values) - 1}{_CLOSE}"
    return _put_values(_serialize_inner(root), values)


def _take_expression(element):
    """Return the field that an element shows, and forget what says so."""
    directives = [name for name in element.attrib if name.startswith("t-")]
    for name in directives:
        if name not in _OUTPUT:
            raise NotShown(name)
    expressions = [element.attrib.pop(name) for name in directives]
    return expressions[0].strip() if expressions else ""


def _put_values(text, values):
    size = len(text)

    def replace(match):
        nonlocal size
        value = escape(values[int(match[1])])
        size += len(value)
        if size > MAX_RESULT:
            raise TooLong
        return value

    return _MARK.sub(replace, _PLAIN_TAG.sub("", text))


def _serialize_inner(element):
    parts = [escape(element.text or "")]
    for child in element:
        parts.append(etree.tostring(child, encoding="unicode", method="html"))
    return "".join(parts)


def _get(lookup, expression, default):
    value = lookup(expression)
    return default if value is None or value is False else value


def _check_length(text):
    if len(text) > MAX_TEXT:
        raise TooLong
