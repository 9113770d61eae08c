"""What the addon's sources say of themselves: rights that are raised, and what callers
are told. They are read, not imported."""

import ast
from collections import defaultdict
from pathlib import Path

# Methods whose result is the records they are called on, elevated like these.
KEEPING = set(
    "browse concat create exists filtered filtered_domain search search_fetch sorted"
    " sudo union with_company with_context with_env with_prefetch with_user".split()
)
# Lines above an elevation in which its reason stands.
NEAR = 3
EXTENDING = ("# EXTENDS '", "# OVERRIDES '")


class Source:
    """A file, with what stands around each of its nodes."""

    def __init__(self, name: str, text: str):
        self.name = name
        self.lines = text.splitlines()
        self.tree = ast.parse(text)
        self.parents = {
            child: node
            for node in ast.walk(self.tree)
            for child in ast.iter_child_nodes(node)
        }

    def get_place(self, node) -> str:
        return f"{self.name}:{node.lineno}"

    def get_around(self, node, kind):
        """Return what a node lies in, of a kind; None outside."""
        while node is not None and not isinstance(node, kind):
            node = self.parents.get(node)
        return node

    def is_comment(self, line: int) -> bool:
        return 1 <= line and self.lines[line - 1].lstrip().startswith("#")


def read(root: Path, *folders: str) -> list[Source]:
    """Return the sources of some folders.

    :param root: of the addon
    """
    return [
        Source(path.relative_to(root).as_posix(), path.read_text())
        for folder in folders
        for path in sorted((root / folder).rglob("*.py"))
        if path.name != "__init__.py"
    ]


# === Rights === #


def get_elevations(source: Source) -> list[ast.Call]:
    """Return the calls of ``sudo()`` of a file, in their order."""
    found = [
        node
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "sudo"
        and not node.args
    ]
    return sorted(found, key=lambda node: node.lineno)


def find_unreasoned(source: Source) -> list[str]:
    """Return where rights are raised without a word on why: neither a comment in the
    lines above the statement or within it, nor a docstring that says so."""
    return [
        source.get_place(call)
        for call in get_elevations(source)
        if not _is_reasoned(source, call)
    ]


def _is_reasoned(source, call):
    statement = source.get_around(call, ast.stmt)
    function = source.get_around(call, ast.FunctionDef)
    if function and "elevated" in (ast.get_docstring(function) or ""):
        return True
    first = max(statement.lineno - NEAR, function.lineno if function else 1)
    return any(map(source.is_comment, range(first, call.end_lineno + 1)))


def find_unnamed(source: Source) -> list[str]:
    """Return where elevated records get a name that does not say so, or are returned
    by a method that does not."""
    found = []
    for call in get_elevations(source):
        records = _get_elevated(source, call)
        names = _get_names(source, records)
        if names and not any(name.endswith("_sudo") for name in names):
            found.append(f"{source.get_place(call)} {', '.join(names)}")
    return found


def _get_elevated(source, node):
    """Return the whole expression that gives the elevated records."""
    while True:
        parent = source.parents[node]
        above = source.parents[parent]
        if (
            isinstance(parent, ast.Attribute)
            and parent.attr in KEEPING
            and isinstance(above, ast.Call)
            and above.func is parent
        ):
            node = above
        elif isinstance(parent, ast.BinOp | ast.BoolOp) or (
            isinstance(parent, ast.IfExp) and parent.test is not node
        ):
            node = parent
        else:
            return node


def _get_names(source, records):
    parent = source.parents[records]
    match parent:
        case ast.Assign(targets=targets):
            return [name for target in targets for name in _get_target(target)]
        case ast.NamedExpr(target=target):
            return _get_target(target)
        case ast.For(target=target) | ast.comprehension(target=target):
            return _get_target(target) if parent.iter is records else []
        case ast.Return():
            function = source.get_around(parent, ast.FunctionDef | ast.Lambda)
            if isinstance(function, ast.Lambda):
                return []
            says_so = "elevated" in (ast.get_docstring(function) or "")
            return [] if says_so else [function.name]
    return []


def _get_target(target):
    return [
        getattr(node, "id", None) or node.attr
        for node in ast.walk(target)
        if isinstance(node, ast.Name | ast.Attribute)
    ]


# === What callers are told === #


def get_methods(source: Source) -> dict[str, list[ast.FunctionDef]]:
    """Return the methods and functions that a file defines, those within others left
    out."""
    methods = defaultdict(list)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef) and isinstance(
            source.parents[node], ast.ClassDef | ast.Module
        ):
            methods[node.name].append(node)
    return methods


def find_untold(source: Source, names=None) -> list[str]:
    """Return the methods that do not say what they do: those without docstring that do
    not extend others, which say it in a comment.

    :param names: of the methods, those that are public by default
    """
    return [
        f"{source.get_place(method)} {name}"
        for name, methods in get_methods(source).items()
        for method in methods
        if (name in names if names is not None else not name.startswith("_"))
        and not ast.get_docstring(method)
        and not _is_extending(source, method)
    ]


def find_untyped(source: Source, names) -> list[str]:
    """Return the methods that do not say of what type their result is: those that
    extend others say it there.

    :param names: of the methods
    """
    return [
        f"{source.get_place(method)} {name}"
        for name, methods in get_methods(source).items()
        for method in methods
        if name in names and method.returns is None
        if not _is_extending(source, method)
    ]


def find_unannotated(source: Source, names=None) -> list[str]:
    """Return the methods that do not say of what type each argument is: those that
    extend others say it there.

    :param names: of the methods besides those that are public
    """
    return [
        f"{source.get_place(method)} {name}"
        for name, methods in get_methods(source).items()
        for method in methods
        if (name in (names or ()) or not name.startswith("_"))
        and any(argument.annotation is None for argument in _get_arguments(method))
        and not _is_extending(source, method)
    ]


def _get_arguments(method):
    """Return the arguments of a method, what it is called on left out."""
    given = method.args
    return [
        argument
        for argument in (
            *given.posonlyargs,
            *given.args,
            *given.kwonlyargs,
            given.vararg,
            given.kwarg,
        )
        if argument and argument.arg not in ("self", "cls")
    ]


def _is_extending(source, method):
    return any(
        line.lstrip().startswith(EXTENDING)
        for line in source.lines[method.lineno - 1 : method.body[0].lineno]
    )
