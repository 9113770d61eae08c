from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..rights import INSIDE
from ..web_client import Undone, WebForm
from .rights_common import RightsCommon


@tagged("post_install", "-at_install")
class TestShownButtons(RightsCommon):
    """What a form offers to do with a record can be done."""

    def test_no_button_that_a_form_shows_is_refused(self):
        pressed, hidden = set(), set()
        for kind, view, form in self._get_forms():
            shown = list(self._get_shown(form))
            hidden.update(
                (view.xml_id, node.get("name")) for node in form.get_buttons()
            )
            for button in shown:
                name = button.get("name")
                pressed.add((view.xml_id, name))
                with self.subTest(view=view.xml_id, user=kind, button=name):
                    self._press(form, button)
        self.assertGreater(len(pressed), 40)
        self.assertGreater(len(hidden - pressed), 20)

    def _get_forms(self):
        """Yield the forms of what is kept, each opened by each kind of user on records
        that differ by what can be done with them."""
        views = self.env["ir.ui.view"].sudo()
        for model in self._get_models():
            if self.env[model]._abstract or self.env[model]._transient:
                continue
            domain = [("model", "=", model), ("type", "=", "form")]
            for view in views.search([*domain, ("mode", "=", "primary")]):
                for kind in INSIDE:
                    for form in self._get_different_forms(kind, view):
                        yield kind, view, form

    def _get_different_forms(self, kind, view):
        records = self._as(kind, view.model)
        if not records.has_access("read"):
            return
        found = set()
        for record in records.search([], order="id", limit=20):
            form = WebForm(record, view.id)
            names = [button.get("name") for button in self._get_shown(form)]
            state = "state" in record and record.state
            if (state, *names) not in found:
                found.add((state, *names))
                yield form

    def _get_shown(self, form):
        return (button for button in form.get_buttons() if form.is_shown(button))

    def _press(self, form, button):
        context = safe_eval(button.get("context") or "{}", form._get_eval_context())
        with Undone(self.env):
            getattr(form.record.with_context(**context), button.get("name"))()
