"""Rules that people write as domains: read as values, never evaluated.

Evaluating them, however safely, would let ``10**10**9`` stop the server; and a rule is
read for each plan.
"""

import ast

from .errors import RuleError

# Characters of a rule, its conditions, lists within one another, and the relations that
# a condition follows: each is a statement within another.
MAX_LENGTH = 10_000
MAX_TERMS = 200
MAX_DEPTH = 10
MAX_RELATIONS = 8


def read(text: str) -> list:
    """Return the domain that a text writes down.

    >>> read("['|', ('country_id', '=', 75), ('name', 'ilike', 'ACME')]")
    ['|', ('country_id', '=', 75), ('name', 'ilike', 'ACME')]

    :raise RuleError: it is no list of values, or too large

    >>> read("[('id', '<', 10**10**9)]")
    Traceback (most recent call last):
        ...
    odoo.addons.account_dunning.tools.errors.RuleError: calculated
    >>> read("[('id', '=', 1")
    Traceback (most recent call last):
        ...
    odoo.addons.account_dunning.tools.errors.RuleError: syntax
    >>> read("[('" + "parent_id." * 9 + "name', '=', 'x')]")
    Traceback (most recent call last):
        ...
    odoo.addons.account_dunning.tools.errors.RuleError: size
    """
    if len(text) > MAX_LENGTH:
        raise RuleError("size")
    try:
        domain = ast.literal_eval(text.strip())
    except (SyntaxError, MemoryError, RecursionError) as error:
        raise RuleError("syntax") from error
    except (ValueError, TypeError) as error:
        raise RuleError("calculated") from error
    if not isinstance(domain, list):
        raise RuleError("syntax")
    if _count(domain, MAX_DEPTH) > MAX_TERMS:
        raise RuleError("size")
    if any(path.count(".") > MAX_RELATIONS for path in _get_paths(domain)):
        raise RuleError("size")
    return domain


def _get_paths(domain):
    """Return what the conditions of a rule are about."""
    for term in domain:
        match term:
            case [str() as path, str() as operator, value]:
                yield path
                nested = operator.lower().endswith("any")
                if nested and isinstance(value, (list, tuple)):
                    yield from _get_paths(value)


def _count(value, depth):
    """Return how many lists and tuples a value holds, itself included."""
    if not isinstance(value, (list, tuple)):
        return 0
    if not depth:
        raise RuleError("size")
    return 1 + sum(_count(part, depth - 1) for part in value)
