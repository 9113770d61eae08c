"""Forms as the web client works with them.

Odoo's :class:`~odoo.tests.Form` asks for the view, its defaults and onchanges like the
web client. Added here is what tests of dialogs and forms need beside: every view of a
model, and a record sent back with each of its fields, the empty ones as ``False``.
"""

from lxml import etree

from odoo.tests import Form
from odoo.tools.safe_eval import safe_eval

# What a user can type in without choosing a record.
TYPED = ("char", "text", "html", "integer", "float", "monetary")


class WebForm(Form):
    """A form, or a list that is edited in place, in the web client.

    :meth:`save` sends what has changed, for a new record every field of the view that
    is not read-only there: visible or not, empty or not.
    """

    def has_field(self, name):
        """Return whether the view has the field."""
        return name in self._view["fields"]

    def can_edit(self, name):
        """Return whether the user sees the field and can change it."""
        return name in self._view["fields"] and not any(
            self._get_modifier(name, modifier) for modifier in ("readonly", "invisible")
        )

    def get_fields(self):
        """Return the names of the fields that the user can change."""
        return [name for name in self._view["fields"] if self.can_edit(name)]

    def shows(self, text):
        """Return whether the user sees a part of the form that has this text.

        :param text: words that stand in one part of the form
        """
        parts = self._view["tree"].xpath("//*[contains(text(), $text)]", text=text)
        return any(
            not any(
                safe_eval(node.get("invisible") or "False", self._get_eval_context())
                for node in (part, *part.iterancestors())
            )
            for part in parts
        )

    def fill(self, values):
        """Type in values, those of the fields that the view shows.

        :param values: dict of field to value; records for relations
        """
        for name, value in values.items():
            if self.can_edit(name):
                self[name] = value
        return self

    def save_everything(self):
        """Save each field of the view, changed or not: what the client sends is never
        more."""
        self._values._changed.update(self._view["fields"])
        return self.save()

    def get_emptied(self):
        """Return what every field that the user can empty is then, but for lists."""
        nothing = {}
        for name in self.get_fields():
            field = self._view["fields"][name]
            if field["type"] == "many2one":
                nothing[name] = self._env[field["relation"]]
            elif field["type"] not in ("boolean", "many2many", "one2many"):
                nothing[name] = False
        return nothing

    def type_again(self):
        """Return what the user can type in, with the value that is there or, where
        there is none, a text or a number."""
        typed = {}
        for name in self.get_fields():
            kind = self._view["fields"][name]["type"]
            if kind in TYPED:
                number = kind in ("integer", "float", "monetary")
                typed[name] = self[name] or (1 if number else "TYPED")
        return typed


def get_views(env, model):
    """Yield the views of a model in which records are made or changed.

    :param env: environment of who looks at them
    :return: tuples of view, whether it creates, whether it edits
    """
    views = env["ir.ui.view"].sudo()
    for view in views.search(
        [
            ("model", "=", model),
            ("type", "in", ("form", "list")),
            ("mode", "=", "primary"),
        ],
        order="id",
    ):
        found = env[model].get_views([(view.id, view.type)])
        root = etree.fromstring(found["views"][view.type]["arch"])
        if view.type == "list" and not root.get("editable"):
            continue
        can = [
            root.get(verb, "1").lower() not in ("0", "false")
            for verb in ("create", "edit")
        ]
        yield view, *can


class Undone:
    """A savepoint that takes back what happens in it, whatever it is."""

    def __init__(self, env):
        self.env = env

    def __enter__(self):
        self.savepoint = self.env.cr.savepoint()
        return self.savepoint.__enter__()

    def __exit__(self, *_error):
        try:
            self.savepoint.close(rollback=True)
        finally:
            self.env.invalidate_all(flush=False)
