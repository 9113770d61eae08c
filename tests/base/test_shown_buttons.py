from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..rights import INSIDE
from ..web_client import Undone
from .rights_common import RightsCommon

# What is done with the record alone: not with its lines, nor with a selection.
BUTTONS = "//button[@type='object'][not(ancestor::field or ../parent::list)]"


@tagged("post_install", "-at_install")
class TestShownButtons(RightsCommon):
    """What forms and lists offer to do with a record can be done."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        actions = cls.env["dunning.action"]
        actions.create({"partner_id": cls.customer.id}).sudo().state = "to_validate"
        actions.create({"partner_id": cls.customer.id, "channel": "registered"})

    def test_no_button_that_is_shown_is_refused(self):
        pressed, hidden = set(), set()
        for view, kind, record, button, is_shown in self._get_buttons():
            name = button.get("name")
            if not is_shown:
                hidden.add((view.xml_id, name))
                continue
            pressed.add((view.xml_id, name))
            with self.subTest(view=view.xml_id, user=kind, button=name):
                self._press(record, button)
        self.assertGreater(len(pressed), 40)
        self.assertGreater(len(hidden - pressed), 20)

    def _get_buttons(self):
        """Yield the buttons of views of what is kept: view, kind of user, record, node
        and whether it is shown, of records that differ by what is shown of them."""
        for model in self._get_models():
            if self.env[model]._abstract or self.env[model]._transient:
                continue
            domain = [
                ("model", "=", model),
                ("type", "in", ("form", "list")),
                ("mode", "=", "primary"),
            ]
            for view in self.env["ir.ui.view"].sudo().search(domain):
                for kind in INSIDE:
                    if self._as(kind, model).has_access("read"):
                        yield from self._get_buttons_of(view, kind)

    def _get_buttons_of(self, view, kind):
        records = self._as(kind, view.model)
        found = records.get_views([(view.id, view.type)])
        arch = etree.fromstring(found["views"][view.type]["arch"])
        buttons = arch.xpath(BUTTONS)
        names = list(found["models"][view.model]["fields"])
        seen = set()
        if not buttons:
            return
        for record in records.search(self._get_listed(view), order="id"):
            [values] = record.read(names, load=None)
            values |= {"uid": record.env.uid, "context": {}}
            shown = [self._is_shown(button, values) for button in buttons]
            signature = (values.get("state"), *shown)
            if signature not in seen:
                seen.add(signature)
                for button, is_shown in zip(buttons, shown, strict=True):
                    yield view, kind, record, button, is_shown

    def _get_listed(self, view):
        """Return the domain of the window to which a list belongs."""
        if view.type != "list":
            return []
        windows = self.env["ir.actions.act_window.view"].sudo()
        window = windows.search([("view_id", "=", view.id)], limit=1).act_window_id
        return safe_eval(window.domain or "[]", {"uid": self.env.uid})

    def _is_shown(self, button, values):
        return not any(
            safe_eval(node.get("invisible") or "False", dict(values))
            for node in (button, *button.iterancestors())
        )

    def _press(self, record, button):
        context = safe_eval(button.get("context") or "{}", {"id": record.id})
        with Undone(self.env):
            getattr(record.with_context(**context), button.get("name"))()
