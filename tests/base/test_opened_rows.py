from lxml import etree

from odoo.tests import tagged

from ..common import DunningCommon

CUSTOMER_FORM = "account_dunning.view_customer_form"


@tagged("post_install", "-at_install")
class TestOpenedRows(DunningCommon):
    """A click on a row of a form opens its record. Where nobody has made a form of it,
    Odoo makes one of all its fields, by their technical names and values."""

    def test_no_row_that_is_only_shown_opens_a_form_that_nobody_has_made(self):
        looked_at = 0
        for view in self._get_forms():
            found = self.env[view.model].get_view(view.id, "form")
            for field, comodel in self._get_lists(view, found["arch"]):
                looked_at += 1
                for part in field.iterchildren("list", "kanban"):
                    opens = part.get("no_open" if part.tag == "list" else "can_open")
                    closed = "1" if part.tag == "list" else "0"
                    with self.subTest(
                        view=view.xml_id, field=field.get("name"), part=part.tag
                    ):
                        self.assertEqual(opens, closed, comodel)
        self.assertGreater(looked_at, 10)

    def _get_forms(self):
        views = self.env["ir.ui.view"].search(
            [
                ("model", "like", "dunning.%"),
                ("type", "=", "form"),
                ("mode", "=", "primary"),
            ]
        )
        return views | self.env.ref(CUSTOMER_FORM)

    def _get_lists(self, view, arch):
        """Yield the fields of a form that list records without form, to be looked at
        only, and of which model these are."""
        for field in etree.fromstring(arch).iter("field"):
            listed = field.find("list")
            if listed is None or listed.get("editable") or len(field.xpath("form")):
                continue
            model = self.env[view.model]
            for outer in reversed(list(field.iterancestors("field"))):
                model = self.env[model._fields[outer.get("name")].comodel_name]
            comodel = model._fields[field.get("name")].comodel_name
            if comodel.startswith("dunning.") and not self._has_form(comodel):
                yield field, comodel

    def _has_form(self, model):
        domain = [
            ("model", "=", model),
            ("type", "=", "form"),
            ("mode", "=", "primary"),
        ]
        return self.env["ir.ui.view"].search_count(domain, limit=1)
