import ast

from lxml import etree

from odoo.tests import tagged

from ..common import DunningCommon
from ..web_client import get_views


@tagged("post_install", "-at_install")
class TestReadOnly(DunningCommon):
    """What is read-only when it is saved, the web client does not send: a field that
    locks as soon as something is typed is lost without a word."""

    def test_no_field_becomes_read_only_by_what_is_typed_into_it(self):
        looked_at = 0
        for name in self.env.registry:
            if not name.startswith("dunning.") or self.env[name]._abstract:
                continue
            for view, *_can in get_views(self.env, name):
                for field, condition in self._get_conditions(view):
                    looked_at += 1
                    with self.subTest(view=view.xml_id, field=field):
                        self.assertNotIn(field, self._get_names(condition))
        self.assertGreater(looked_at, 20)

    def _get_conditions(self, view):
        """Yield each field of a view whose being read-only depends on something."""
        found = self.env[view.model].get_views([(view.id, view.type)])
        arch = etree.fromstring(found["views"][view.type]["arch"])
        for node in arch.iter("field"):
            condition = node.get("readonly", "")
            if condition not in ("", "0", "1", "True", "False"):
                yield node.get("name"), condition

    def _get_names(self, condition):
        nodes = ast.walk(ast.parse(condition, mode="eval"))
        return {node.id for node in nodes if isinstance(node, ast.Name)}
