"""Whether looking at a text does nothing else than to show it.

Who may write templates with all that Odoo evaluates may have them write, commit, loop
or grow. That is so when a text goes out; who only looks at it need not suffer it. What
passes here is then rendered as it is when it goes out: fields of records, conditions
and one loop over records, words of Odoo that lay out values. Nothing of it can call a
method of a record, go on without end, or make much out of little.
"""

import ast
from collections.abc import Callable

from lxml import etree, html

from . import text_preview

# What lays out values, and is given to texts by Odoo.
FUNCTIONS = frozenset(
    "bool format_addr format_amount format_date format_datetime format_duration "
    "format_time is_html_empty len str".split()
)
_TEXT_METHODS = frozenset("capitalize lower lstrip rstrip strip title upper".split())
_PARTS_OF_DATES = frozenset(("day", "month", "year"))
# What a loop gives beside its record.
_LOOP_NAMES = ("index", "size", "first", "last", "odd", "even", "parity", "value")
_OPERATORS = (ast.Sub, ast.Div)
_PLAIN = ""
# Characters that are repeated for each record.
MAX_LOOP = 5_000

# Gives the kind of a field of a kind of records: that of the records it names, ``""``
# for a value, None when it may not be used.
Follow = Callable[[str, str], str | None]


class NotHarmless(ValueError):
    """The text has something that is only evaluated when it goes out; the argument is
    that part."""


def check_html(text: str, scope: dict[str, str], follow: Follow) -> None:
    """Refuse the text of an e-mail or letter that does more than to show fields.

    :param scope: kind of what each name means, such as ``object``
    :raise NotHarmless: with the part that does more

    >>> follow = {("order", "name"): "", ("order", "lines"): "line",
    ...           ("line", "name"): ""}.get
    >>> kinds = lambda kind, name: follow((kind, name))
    >>> check_html('<p t-if="object.name"><t t-foreach="object.lines" t-as="line">'
    ...            '<b t-out="line.name"/></t></p>', {"object": "order"}, kinds)
    >>> check_html('<t t-set="it" t-value="object"/><p t-out="it.name"/>',
    ...            {"object": "order"}, kinds)
    >>> check_html('<t t-set="it">x</t>', {}, kinds)
    Traceback (most recent call last):
        ...
    odoo.addons.account_dunning.tools.text_safety.NotHarmless: t-set=it
    >>> check_html('<t t-foreach="range(10**9)" t-as="i">x</t>', {}, kinds)
    Traceback (most recent call last):
        ...
    odoo.addons.account_dunning.tools.text_safety.NotHarmless: range(10**9)
    """
    root = html.fragment_fromstring(text, create_parent="div")
    _check_element(root, dict(scope), follow, in_loop=False)


def check_expression(expression: str, scope: dict[str, str], follow: Follow) -> str:
    """Return the kind of what an expression gives.

    :param scope: kind of what each name means, such as ``object``
    :raise NotHarmless: it does more than to show fields

    >>> follow = {("order", "name"): "", ("order", "lines"): "line"}.get
    >>> kinds = lambda kind, name: follow((kind, name))
    >>> check_expression("object.name.upper() or 'us'", {"object": "order"}, kinds)
    ''
    >>> check_expression("object.lines", {"object": "order"}, kinds)
    'line'
    >>> for harmful in (
    ...     "object.unlink()",
    ...     "object.unlink().upper()",
    ...     "object.lines.upper()",
    ...     "object.name.__class__",
    ...     "10 ** 10 ** 9",
    ... ):
    ...     try:
    ...         check_expression(harmful, {"object": "order"}, kinds)
    ...     except NotHarmless as error:
    ...         print(error)
    object.unlink()
    object.unlink().upper()
    object.lines.upper()
    object.name.__class__
    10 ** 10 ** 9
    """
    try:
        return _get_kind(ast.parse(expression.strip(), mode="eval").body, scope, follow)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise NotHarmless(expression.strip()) from error


# ----------------------------------------------------------------------
# Elements
# ----------------------------------------------------------------------


def _check_element(element, scope, follow, in_loop):
    """Names that an element sets count for what comes after it, too."""
    loop = element.attrib.get("t-foreach")
    for name, value in element.attrib.items():
        if name == "t-foreach":
            if in_loop:
                raise NotHarmless(value)
        elif name.startswith("t-"):
            _check_directive(name, value)
    if loop is not None:
        scope = scope | _get_loop_names(element, loop, scope, follow)
    for name, value in element.attrib.items():
        if name in ("t-out", "t-esc", "t-if", "t-elif") or name.startswith("t-att-"):
            check_expression(value, scope, follow)
        elif name.startswith("t-attf-"):
            _check_format(value, scope, follow)
    if "t-set" in element.attrib:
        _set_name(element, scope, follow)
    for child in element.iterchildren(etree.Element):
        _check_element(child, scope, follow, in_loop or loop is not None)


def _check_directive(name, value):
    known = ("t-out", "t-esc", "t-if", "t-elif", "t-as", "t-set", "t-value")
    if name in known or name.startswith("t-att-"):
        return
    if name == "t-else":
        # Its value is not looked at.
        return
    # Odoo reads ``#{…}`` as well.
    if name.startswith("t-attf-") and "#{" not in value:
        return
    raise NotHarmless(f"{name}={value}" if value else name)


def _check_format(value, scope, follow):
    for __, expression, __ in text_preview.split(value):
        if expression:
            check_expression(expression, scope, follow)


def _get_loop_names(element, loop, scope, follow):
    kind = check_expression(loop, scope, follow)
    name = element.attrib.get("t-as", "").strip()
    if len(etree.tostring(element)) > MAX_LOOP:
        raise NotHarmless(loop)
    # Numbers can be looped over as well.
    if not kind or not name.isidentifier() or name in scope or name in FUNCTIONS:
        raise NotHarmless(loop)
    return {name: kind} | {f"{name}_{part}": _PLAIN for part in _LOOP_NAMES}


def _set_name(element, scope, follow):
    """A name has one meaning, and what it holds is not made of what others hold: texts
    that are set one after the other would double."""
    name = element.attrib["t-set"].strip()
    value = element.attrib.get("t-value")
    if value is None or not name.isidentifier() or name in scope or name in FUNCTIONS:
        raise NotHarmless(f"t-set={name}")
    scope[name] = check_expression(value, scope, follow)


# ----------------------------------------------------------------------
# Expressions
# ----------------------------------------------------------------------


def _get_kind(node, scope, follow):
    def get_kind(part):
        return _get_kind(part, scope, follow)

    match node:
        case ast.Constant(value=str() | bool() | int() | float() | None):
            return _PLAIN
        case ast.Name(id=name) if name in scope:
            return scope[name]
        case ast.Attribute(value=owner, attr=name):
            return _follow_attribute(get_kind(owner), name, follow)
        case ast.BoolOp(values=parts):
            kinds = {get_kind(part) for part in parts}
            return kinds.pop() if len(kinds) == 1 else _PLAIN
        case ast.IfExp(test=test, body=body, orelse=other):
            get_kind(test)
            kinds = {get_kind(body), get_kind(other)}
            return kinds.pop() if len(kinds) == 1 else _PLAIN
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=part):
            get_kind(part)
            return _PLAIN
        case ast.BinOp(op=operator, left=left, right=right):
            if not isinstance(operator, _OPERATORS):
                raise ValueError
            get_kind(left)
            get_kind(right)
            return _PLAIN
        case ast.Compare(left=left, comparators=others):
            for part in (left, *others):
                get_kind(part)
            return _PLAIN
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            for part in parts:
                get_kind(part)
            return _PLAIN
        case ast.Call():
            return _get_call_kind(node, get_kind, follow)
    raise ValueError


def _follow_attribute(kind, name, follow):
    if kind:
        found = follow(kind, name)
    else:
        found = _PLAIN if name in _PARTS_OF_DATES else None
    if found is None:
        raise ValueError
    return found


def _get_call_kind(node, get_kind, follow):
    match node:
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            if name not in FUNCTIONS or not all(word.arg for word in keywords):
                raise ValueError
            for part in (*args, *(word.value for word in keywords)):
                get_kind(part)
            return _PLAIN
        case ast.Call(
            func=ast.Attribute(value=owner, attr=name), args=[], keywords=[]
        ) if name in _TEXT_METHODS:
            if get_kind(owner):
                raise ValueError
            return _PLAIN
        case ast.Call(
            func=ast.Attribute(value=ast.Constant(value=str()), attr="join"),
            args=[part],
            keywords=[],
        ):
            get_kind(part)
            return _PLAIN
        case ast.Call(
            func=ast.Attribute(value=owner, attr="mapped"),
            args=[ast.Constant(value=str() as path)],
            keywords=[],
        ):
            kind = get_kind(owner)
            for name in path.split("."):
                kind = _follow_attribute(kind, name, follow) if kind else None
                if kind is None:
                    raise ValueError
            return kind
    raise ValueError
