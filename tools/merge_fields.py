"""Merge fields of plain texts: ``{{ object.oldest_number }}``, as in the subject of an
e-mail template. Nothing is evaluated: a field is known by its name or is an error."""

import re
from collections.abc import Collection, Mapping

_CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_FIELD = re.compile(r"object\.([A-Za-z_][\w.]*)")


def unknown_fields(text: str, known: Collection[str]) -> list[str]:
    """Return what stands between braces and is no known field, each once.

    >>> unknown_fields("{{ object.greeting }} {{object.sum}} {{ 1 + 1 }}", {"greeting"})
    ['{{object.sum}}', '{{ 1 + 1 }}']

    Braces that nobody closed are an error too, however many there are:

    >>> len(unknown_fields("{{" * 50_000, {"greeting"})[0])
    100000

    >>> unknown_fields("{{ object.greeting } and {{ object.greeting", {"greeting"})
    ['{{ object.greeting } and {{ object.greeting']
    """
    wrong, rest = [], ""
    for literal, placeholder, name in _split(text):
        rest += literal
        if placeholder and name not in known:
            wrong.append(placeholder)
    if "{{" in rest:
        wrong.append(rest[rest.index("{{") :].strip())
    elif "}}" in rest:
        wrong.append("}}")
    return list(dict.fromkeys(wrong))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its fields replaced; those without value stay as they are.

    >>> fill("Invoice {{ object.number }} of {{ object.day }}", {"number": "F-12"})
    'Invoice F-12 of {{ object.day }}'

    What a value contains is not read again:

    >>> fill("{{ object.name }}", {"name": "{{ object.number }}", "number": "F-12"})
    '{{ object.number }}'
    """

    return "".join(
        literal + values.get(name, placeholder)
        for literal, placeholder, name in _split(text)
    )


def _split(text):
    """Return the parts of a text: what stands before each pair of braces, these, and
    the name of the field in them. It is read once: a pattern would begin anew at each
    brace that nobody has closed.

    >>> _split("Pay {{ object.sum }} {{ 1 }}!")
    [('Pay ', '{{ object.sum }}', 'sum'), (' ', '{{ 1 }}', ''), ('!', '', '')]
    """
    parts, position = [], 0
    while (start := text.find("{{", position)) >= 0:
        end = text.find("}}", start + 2)
        if end < 0:
            break
        end += 2
        field = _FIELD.fullmatch(text[start + 2 : end - 2].strip())
        name = field[1] if field else ""
        parts.append((text[position:start], text[start:end], name))
        position = end
    return [*parts, (text[position:], "", "")]


def choose(text: str, number: int) -> str:
    """Return the text with what fits the number in the place of each choice.

    >>> choose("Have you received [it|them]?", 1)
    'Have you received it?'
    >>> choose("Have you received [it|them]?", 3)
    'Have you received them?'
    >>> choose("Say [nothing] and | wait", 3)
    'Say [nothing] and | wait'
    >>> len(choose("[" * 100_000, 3))
    100000
    """
    return _CHOICE.sub(lambda match: match[1 if number == 1 else 2], text)
