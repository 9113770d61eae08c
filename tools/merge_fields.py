"""Merge fields of plain texts: ``{{ object.oldest_number }}``, as in the subject of an
e-mail template. Nothing is evaluated: a field is known by its name or is an error."""

import re
from collections.abc import Collection, Mapping

_PLACEHOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_CHOICE = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_FIELD = re.compile(r"\s*object\.([A-Za-z_][\w.]*)\s*")


def unknown_fields(text: str, known: Collection[str]) -> list[str]:
    """Return what stands between braces and is no known field, each once.

    >>> unknown_fields("{{ object.greeting }} {{object.sum}} {{ 1 + 1 }}", {"greeting"})
    ['{{object.sum}}', '{{ 1 + 1 }}']

    Braces that nobody closed are an error too:

    >>> unknown_fields("{{ object.greeting } and {{ object.greeting", {"greeting"})
    ['{{ object.greeting } and {{ object.greeting']
    """
    wrong = []
    for match in _PLACEHOLDER.finditer(text):
        field = _FIELD.fullmatch(match[1])
        if not field or field[1] not in known:
            wrong.append(match[0])
    rest = _PLACEHOLDER.sub("", text)
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

    def replace(match):
        field = _FIELD.fullmatch(match[1])
        return values.get(field[1], match[0]) if field else match[0]

    return _PLACEHOLDER.sub(replace, text)


def choose(text: str, number: int) -> str:
    """Return the text with what fits the number in the place of each choice.

    >>> choose("Have you received [it|them]?", 1)
    'Have you received it?'
    >>> choose("Have you received [it|them]?", 3)
    'Have you received them?'
    >>> choose("Say [nothing] and | wait", 3)
    'Say [nothing] and | wait'
    """
    return _CHOICE.sub(lambda match: match[1 if number == 1 else 2], text)
