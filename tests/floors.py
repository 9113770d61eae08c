"""The house as its sources tell it: who defines what, and who knows whom.

Sources are read, not imported. What a variable holds is followed as far as fields,
names and Odoo's own methods tell it; a method of something unknown counts as that of
whoever has one of its name on the lowest floor.
"""

import ast
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from .floors_reader import Reader, Use

FOLDERS = ("models", "wizards", "reports", "controllers")

# By what these inherit, classes are known to answer browsers.
CONTROLLERS = {"Controller", "PaymentPortal", "DunningPortal"}

# What variables of these names hold, beside the models of the addon.
WORDS = {
    "attachment": "ir.attachment",
    "company": "res.company",
    "customer": "res.partner",
    "invoice": "account.move",
    "mail": "mail.mail",
    "move": "account.move",
    "partner": "res.partner",
    "payment": "account.payment",
    "user": "res.users",
}
# Often a journal item.
AMBIGUOUS = {"item", "items"}


class Method(NamedTuple):
    """One definition of a method."""

    path: str
    line: int
    extends: bool
    knows: bool


class Class(NamedTuple):
    """One class of a model."""

    path: str
    node: ast.ClassDef
    name: str
    parents: list


@dataclass
class Model:
    """What the addon says of a model, in all its files."""

    parents: set = field(default_factory=set)
    methods: dict = field(default_factory=lambda: defaultdict(list))
    fields: dict = field(default_factory=lambda: defaultdict(list))
    comodels: dict = field(default_factory=dict)
    is_ours: bool = False


class House:
    """Who defines what.

    :param root: folder of the addon
    :param floor_of: gives the floor of a path as a number, the ground first
    """

    def __init__(self, root: Path, floor_of):
        self.floor_of = floor_of
        self.sources = {
            path.relative_to(root).as_posix(): path.read_text()
            for folder in FOLDERS
            for path in sorted((root / folder).rglob("*.py"))
            if path.name != "__init__.py"
        }
        self.trees = {path: ast.parse(text) for path, text in self.sources.items()}
        self.classes = [
            Class(path, node, *names)
            for path, tree in self.trees.items()
            for node in tree.body
            if isinstance(node, ast.ClassDef) and (names := _read_names(node))
        ]
        self.models = defaultdict(Model)
        for cls in self.classes:
            self._read_class(cls)
        self.owners = defaultdict(set)
        for name, model in self.models.items():
            for method in model.methods:
                self.owners[method].add(name)
        self.words = self._read_words()

    # === Reading === #

    def _read_class(self, cls):
        model = self.models[cls.name]
        model.parents |= {*cls.parents} - {cls.name}
        model.is_ours |= cls.name not in cls.parents and cls.name != "base"
        whole = ast.get_source_segment(self.sources[cls.path], cls.node)
        for item in cls.node.body:
            if isinstance(item, ast.FunctionDef):
                text = ast.get_source_segment(self.sources[cls.path], item)
                calls_super = rf"super\([^()]*\)\.{item.name}\("
                # A method may leave it to another one of its class.
                extends = re.search(
                    calls_super, text if item.name != "write" else whole
                )
                knows = re.search("(EXTENDS|OVERRIDES) 'account_dunning'", text)
                model.methods[item.name].append(
                    Method(cls.path, item.lineno, bool(extends), bool(knows))
                )
            elif isinstance(item, ast.Assign) and _is_field(item.value):
                name = item.targets[0].id
                model.fields[name].append(cls.path)
                if comodel := _read_comodel(item.value):
                    model.comodels[name] = comodel

    def _read_words(self):
        words = {
            name.removeprefix("dunning.").replace(".", "_"): name
            for name, model in self.models.items()
            if model.is_ours and name.startswith("dunning.")
        }
        words |= WORDS
        words |= {
            f"{word[:-1]}ies" if word.endswith("y") else f"{word}s": name
            for word, name in words.items()
        }
        return {word: name for word, name in words.items() if word not in AMBIGUOUS}

    # === Looking up === #

    def get_family(self, name):
        """Return the names of a model and of what it inherits in the addon."""
        found, waiting = [], [name, "base"]
        while waiting:
            current = waiting.pop(0)
            if current not in found and current in self.models:
                found.append(current)
                waiting += sorted(self.models[current].parents)
        return found

    def find_method(self, model, name):
        """Return the file that first defines a method, None if that is not ours.

        :param model: name of the model, None when it is not known
        """
        owners = [x for x in self.get_family(model) if name in self.models[x].methods]
        if not owners:
            if model and not self.models[model].is_ours:
                return None
            owners = self.owners[name] if name.startswith(("_", "action_")) else ()
        found = [d for x in owners for d in self.models[x].methods.get(name, ())]
        if all(d.extends and not d.knows for d in found):
            return None
        return min((d.path for d in found), key=self.floor_of)

    def find_field(self, model, name):
        """Return the file that first defines a field, None if that is not ours."""
        paths = [
            path
            for x in self.get_family(model)
            for path in self.models[x].fields.get(name, ())
        ]
        return min(paths, key=self.floor_of, default=None)

    def get_comodel(self, model, name):
        """Return the model that a field names."""
        for owner in self.get_family(model):
            if found := self.models[owner].comodels.get(name):
                return found
        word = re.sub("_ids?$", "", name)
        return self.words.get(word) if word != name else None

    # === Judging === #

    def get_uses(self):
        """Yield all that files know of others."""
        for path, tree in self.trees.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield from self._get_imports(path, node)
        for cls in self.classes:
            for parent in cls.parents:
                if parent in self.models and self.models[parent].is_ours:
                    origin = self._get_origin(parent)
                    yield Use(cls.path, cls.node.lineno, "inherits", parent, origin)
            reader = Reader(self, cls)
            for item in cls.node.body:
                reader.look_at(item)
            yield from reader.uses

    def _get_origin(self, name):
        return next(
            cls.path
            for cls in self.classes
            if cls.name == name and name not in cls.parents
        )

    def _get_imports(self, path, node):
        base = path.split("/")[: -node.level]
        base += node.module.split(".") if node.module else []
        for alias in node.names:
            for parts in ([*base, alias.name], base):
                target = "/".join(parts) + ".py"
                if target in self.sources:
                    yield Use(path, node.lineno, "imports", alias.name, target)
                    break

    def get_upward(self):
        """Return the uses of what lies on a higher floor."""
        return sorted(
            use
            for use in set(self.get_uses())
            if self.floor_of(use.target) > self.floor_of(use.path)
        )

    def get_lost(self):
        """Return the methods that stand below what they extend or take the place of:
        Odoo drops them without a word."""
        return sorted(
            f"{lost.path}:{lost.line} {name}"
            for model in self.models.values()
            for name, methods in model.methods.items()
            for lost in self._get_lost_of(methods)
        )

    def _get_lost_of(self, methods):
        roots = [
            self.floor_of(x.path) for x in methods if not x.extends and not x.knows
        ]
        return [
            method
            for method in methods
            if roots and method.knows and self.floor_of(method.path) < max(roots)
        ]

    def get_nameless(self):
        """Return the methods that we give to Odoo's models without saying so."""
        return sorted(
            f"{methods[0].path}:{methods[0].line} {name}"
            for model in self.models.values()
            if not model.is_ours
            for name, methods in model.methods.items()
            if "dunning" not in name.lower()
            and not name.isupper()
            and not any(method.extends for method in methods)
        )


def _read_names(node):
    """Return the model of a class and what it inherits; nothing for other classes.
    What answers browsers is no model, but knows of them as one does."""
    bases = {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
    if bases & CONTROLLERS:
        return f"http.{node.name}", []
    values = {
        item.targets[0].id: ast.literal_eval(item.value)
        for item in node.body
        if isinstance(item, ast.Assign)
        and getattr(item.targets[0], "id", "") in ("_name", "_inherit")
    }
    inherited = values.get("_inherit", [])
    parents = [inherited] if isinstance(inherited, str) else [*inherited]
    name = values.get("_name") or (parents[0] if len(parents) == 1 else None)
    return (name, parents) if name else ()


def _is_field(node):
    func = getattr(node, "func", None)
    return getattr(getattr(func, "value", None), "id", "") == "fields"


def _read_comodel(node):
    if node.func.attr not in ("Many2many", "Many2one", "One2many"):
        return None
    named = [item.value for item in node.keywords if item.arg == "comodel_name"]
    return next((x.value for x in [*node.args[:1], *named]), None)
