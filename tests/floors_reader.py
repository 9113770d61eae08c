"""What the classes of the addon know of others, as their sources tell it."""

import ast
from typing import NamedTuple

# What gives the records of a model by its name.
ENVIRONMENTS = {"env", "env_sudo"}
# Methods that return records of the model they are called on ...
SAME = set(
    "browse concat copy create default_get ensure_one exists filtered filtered_domain"
    " new search search_fetch sorted sudo try_lock_for_update union with_company"
    " with_context with_env with_prefetch with_user".split()
)
# ... those that hand each of their records to a function, or read a path of fields ...
EACH = {"filtered", "grouped", "mapped", "sorted"}
# ... and decorators that name fields.
NAMING = {"constrains", "depends", "onchange"}


class Use(NamedTuple):
    """Somebody knows something of somebody."""

    path: str
    line: int
    how: str
    what: str
    target: str

    def __str__(self):
        return f"{self.path}:{self.line} {self.how} {self.what} of {self.target}"


class Reader(ast.NodeVisitor):
    """What a class knows of others."""

    def __init__(self, house, cls):
        self.house, self.cls = house, cls
        self.names, self.uses = {}, []

    def look_at(self, item):
        """Read a method, or what else stands in the class."""
        self.names = {"self": self.cls.name, "cls": self.cls.name}
        self.visit(item)

    # === What variables hold === #

    def visit_Assign(self, node):
        self.generic_visit(node)
        for target in node.targets:
            self._bind(target, self._infer(node.value))

    def visit_NamedExpr(self, node):
        self.generic_visit(node)
        self._bind(node.target, self._infer(node.value))

    def visit_For(self, node):
        self.visit(node.iter)
        self._bind_each(node.target, node.iter)
        for item in [*node.body, *node.orelse]:
            self.visit(item)

    def visit_comprehension(self, node):
        self.visit(node.iter)
        self._bind_each(node.target, node.iter)
        for condition in node.ifs:
            self.visit(condition)

    def _visit_made(self, node):
        for generator in node.generators:
            self.visit(generator)
        for name in ("key", "value", "elt"):
            if hasattr(node, name):
                self.visit(getattr(node, name))

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _visit_made

    def _bind_each(self, target, iterated):
        match target, iterated:
            case (
                ast.Tuple(elts=[key, value]),
                ast.Call(
                    func=ast.Attribute(
                        attr="items",
                        value=ast.Call(
                            func=ast.Attribute(attr="grouped", value=records),
                            args=[by],
                        ),
                    )
                ),
            ):
                model = self._infer(records)
                self._bind(value, model)
                name = by.value if isinstance(by, ast.Constant) else ""
                self._bind(key, self.house.get_comodel(model, name))
            case _:
                self._bind(target, self._infer(iterated))

    def _bind(self, target, model):
        match target:
            case ast.Name(id=name):
                self.names[name] = model
            case ast.Tuple(elts=items) | ast.List(elts=items):
                for item in items:
                    self._bind(item, None)

    def _infer(self, node):
        """Return the model of an expression, None when it is not known."""
        match node:
            case ast.Name(id=name):
                word = name.removesuffix("_sudo")
                return self.names.get(name) or self.house.words.get(word)
            case ast.Attribute(value=value, attr="_origin"):
                return self._infer(value)
            case ast.Attribute(value=value, attr=name):
                return self.house.get_comodel(self._infer(value), name)
            case ast.Subscript(value=value, slice=ast.Constant(value=str(name))):
                if getattr(value, "attr", getattr(value, "id", "")) in ENVIRONMENTS:
                    return name
                return self.house.get_comodel(self._infer(value), name)
            case ast.Subscript(value=value):
                return self._infer(value)
            case ast.Call(func=ast.Name(id="super")):
                return self.cls.name
            case ast.Call(
                func=ast.Attribute(value=value, attr="mapped"),
                args=[ast.Constant(value=path)],
            ):
                model = self._infer(value)
                for name in path.split("."):
                    model = self.house.get_comodel(model, name)
                return model
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in SAME:
                return self._infer(value)
            case ast.BinOp(left=left, right=right):
                return self._infer(left) or self._infer(right)
            case ast.BoolOp(values=values):
                return next(filter(None, map(self._infer, values)), None)
            case ast.IfExp(body=body, orelse=orelse):
                return self._infer(body) or self._infer(orelse)
            case ast.NamedExpr(value=value):
                return self._infer(value)
        return None

    # === What is known === #

    def visit_FunctionDef(self, node):
        for decorator in node.decorator_list:
            if getattr(getattr(decorator, "func", None), "attr", "") in NAMING:
                for argument in decorator.args:
                    self._read_path(argument, self.cls.name)
        for item in node.body:
            self.visit(item)

    def visit_Call(self, node):
        match node.func:
            case ast.Attribute(value=ast.Call(func=ast.Name(id="super"))):
                pass
            case ast.Attribute(value=value, attr=name):
                model = self._infer(value)
                if target := self.house.find_method(model, name):
                    self._add(node, "calls", name, target)
                for argument in node.args if name in EACH else ():
                    if isinstance(argument, ast.Lambda) and argument.args.args:
                        self.names[argument.args.args[0].arg] = model
                    self._read_path(argument, model)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        self._read_field(node, self._infer(node.value), node.attr)
        self.generic_visit(node)

    def _read_path(self, node, model):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for name in node.value.split("."):
                self._read_field(node, model, name)
                model = self.house.get_comodel(model, name)

    def _read_field(self, node, model, name):
        if model and (target := self.house.find_field(model, name)):
            self._add(node, "reads", name, target)

    def _add(self, node, how, what, target):
        if target != self.cls.path:
            self.uses.append(Use(self.cls.path, node.lineno, how, what, target))
