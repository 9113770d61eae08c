from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import DunningCommon
from ..rights import MODELS

HIDDEN = ("1", "True")


@tagged("post_install", "-at_install")
class TestViewConditions(DunningCommon):
    """What a view shows of a record, or to somebody, and what it hides."""

    def _get_nodes(self, path, types=("form", "list", "kanban")):
        """Yield the nodes of all views of the addon that the collector is shown, with
        the name of their view."""
        records = self.env(user=self.collector)
        models = [name for name in MODELS if records[name].has_access("read")]
        domain = [
            ("model", "in", models),
            ("type", "in", types),
            ("mode", "=", "primary"),
        ]
        for view in self.env["ir.ui.view"].search(domain, order="id"):
            found = records[view.model].get_views([(view.id, view.type)])
            arch = etree.fromstring(found["views"][view.type]["arch"])
            for node in arch.iterfind(path):
                yield view.xml_id, node

    def _get_shown_companies(self):
        return {
            name
            for name, node in self._get_nodes(".//field[@name='company_id']")
            if node.get("invisible") not in HIDDEN
            and node.get("column_invisible") not in HIDDEN
        }

    def test_companies_are_named_to_who_works_in_several_only(self):
        self.assertEqual(self._get_shown_companies(), set())
        self.collector.group_ids += self.env.ref("base.group_multi_company")
        self.assertGreater(len(self._get_shown_companies()), 20)

    def _get_company_filters(self):
        return {
            name
            for name, node in self._get_nodes(".//filter", types=("search",))
            if "company_id" in (node.get("context") or "")
        }

    def test_companies_are_grouped_by_by_who_works_in_several_only(self):
        self.assertEqual(self._get_company_filters(), set())
        self.collector.group_ids += self.env.ref("base.group_multi_company")
        self.assertGreater(len(self._get_company_filters()), 10)

    def test_only_what_is_archived_bears_the_ribbon_that_says_so(self):
        ribbons = list(self._get_nodes(".//widget[@name='web_ribbon']"))
        self.assertGreater(len(ribbons), 5)
        for name, ribbon in ribbons:
            with self.subTest(view=name):
                self.assertEqual(ribbon.get("title"), "Archived")
                for active in (False, True):
                    hidden = safe_eval(ribbon.get("invisible"), {"active": active})
                    self.assertEqual(bool(hidden), active)

    def test_an_action_has_one_status_bar_as_soon_as_it_is_planned(self):
        view = self.env.ref("account_dunning.view_action_form")
        arch = self.env["dunning.action"].get_view(view.id, "form")["arch"]
        bars = etree.fromstring(arch).findall(".//field[@widget='statusbar']")
        for id_, execution, expected in (
            (False, "validate", []),
            (False, "manual", []),
            (1, "validate", ["to_validate,todo,done"]),
            (1, "manual", ["todo,done"]),
            (1, "automatic", ["todo,done"]),
        ):
            values = {"id": id_, "execution": execution}
            shown = [
                bar.get("statusbar_visible")
                for bar in bars
                if not safe_eval(bar.get("invisible"), values)
            ]
            with self.subTest(**values):
                self.assertEqual(shown, expected)
