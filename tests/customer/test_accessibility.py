from lxml import etree

from odoo.tests import TransactionCase, tagged

# Contrast of muted texts and badges is raised for what stands in these views.
VIEW_CLASS = "o_dunning_view"


@tagged("post_install", "-at_install")
class TestAccessibility(TransactionCase):
    """Who cannot see well, or not at all, can work with the screens of the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        data = cls.env["ir.model.data"].search(
            [("module", "=", "account_dunning"), ("model", "=", "ir.ui.view")]
        )
        views = cls.env["ir.ui.view"].browse(data.mapped("res_id")).exists()
        cls.views = {
            view.xml_id: (view, etree.fromstring(view.arch_db))
            for view in views
            if view.type != "qweb"
        }

    def test_the_views_of_the_addon_are_looked_at(self):
        self.assertGreater(len(self.views), 60)

    def test_every_button_that_is_an_icon_has_a_name(self):
        count = 0
        for name, (_view, arch) in self.views.items():
            for button in arch.iter("button"):
                if not button.get("icon") or len(button) or button.get("string"):
                    continue
                count += 1
                with self.subTest(view=name, button=button.get("name")):
                    self.assertTrue(button.get("title"))
        self.assertGreater(count, 10)

    def test_every_icon_says_what_it_means_or_is_hidden(self):
        count = 0
        for name, (_view, arch) in self.views.items():
            for icon in arch.iter("i"):
                if "fa-" not in icon.get("class", ""):
                    continue
                count += 1
                with self.subTest(view=name, icon=icon.get("class")):
                    told = icon.get("title") or icon.get("aria-label")
                    self.assertTrue(told or icon.get("aria-hidden"))
        self.assertGreater(count, 10)

    def test_the_views_of_the_addon_have_the_contrast_of_the_addon(self):
        count = 0
        for name, (view, arch) in self.views.items():
            if view.inherit_id or arch.tag not in ("form", "list", "kanban"):
                continue
            count += 1
            with self.subTest(view=name):
                self.assertIn(VIEW_CLASS, arch.get("class", ""))
        self.assertGreater(count, 30)
