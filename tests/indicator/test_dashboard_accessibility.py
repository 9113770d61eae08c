from pathlib import Path

from lxml import etree

from odoo.tests import TransactionCase, tagged
from odoo.tools import file_path


@tagged("post_install", "-at_install")
class TestDashboardAccessibility(TransactionCase):
    """Who cannot see well, or not at all, can work with the dashboard."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = Path(file_path("account_dunning/static/src"))
        cls.templates = [
            etree.parse(path).getroot()
            for name in ("dashboard", "quality")
            for path in sorted((folder / name).glob("*.xml"))
        ]

    def _find(self, tag):
        found = [node for root in self.templates for node in root.iter(tag)]
        self.assertTrue(found, tag)
        return found

    def test_every_icon_is_hidden_from_who_hears_the_screen(self):
        for icon in self._find("i"):
            self.assertEqual(icon.get("aria-hidden"), "true")

    def test_every_button_says_what_it_does(self):
        for button in self._find("button"):
            told = [
                value
                for node in button.iter()
                for value in (node.text, node.tail, node.get("t-out"))
            ]
            named = button.get("aria-label") or button.get("t-att-aria-label")
            with self.subTest(button=etree.tostring(button)[:120]):
                self.assertTrue(named or any(text and text.strip() for text in told))
                self.assertEqual(button.get("type"), "button")

    def test_every_choice_and_every_chart_has_a_name(self):
        for select in self._find("select"):
            self.assertTrue(select.get("aria-label"))
        for canvas in self._find("canvas"):
            self.assertEqual(canvas.get("role"), "img")
            self.assertTrue(canvas.get("t-att-aria-label"))
