from odoo.http import request

from ...models.answer.dunning_portal_act_details import DETAILS
from ..portal.frame import Visit, page
from .forms import AnswerForms

FORM = "account_dunning.portal_form_details"


class AnswerDetails(AnswerForms):
    """Corrections of how the customer is reached, and how often statements come."""

    @page("/details", methods=["GET", "POST"])
    def dunning_details(self, visit: Visit, **values: str):
        """Propose corrections."""
        context = self._prepare_details(visit, values)
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        payload = {"details": context["entered"]}
        return self._answer(visit, "details", payload, FORM, context)

    @page("/statements", methods=["GET", "POST"])
    def dunning_statements(self, visit: Visit, **values: str):
        """Choose how often statements of account come."""
        context = self._prepare_details(visit, {})
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        frequency = self._read_text(values.get("frequency"))
        context["frequency"] = frequency
        payload = {"frequency": frequency}
        return self._answer(visit, "statements", payload, FORM, context)

    def _prepare_details(self, visit, values):
        """Return what the form shows: what is known, and what was entered."""
        act_sudo = visit.env_sudo["dunning.portal.act.details"]
        customer_sudo = visit.customer_sudo
        current = act_sudo._get_current(customer_sudo)
        entered = {
            name: self._read_text(values[name]) if name in values else current[name]
            for name in DETAILS
        }
        statements_sudo = visit.env_sudo["dunning.portal.act.statements"]
        return self._prepare_form(visit, **entered) | {
            "labels": act_sudo._get_labels(),
            "lost_address": customer_sudo._dunning_get_lost_address(),
            "frequencies": statements_sudo._get_choices(),
            "frequency": customer_sudo._dunning_get_statement_frequency() or "never",
            "offers_statements": visit.company_sudo.dunning_statement_scope != "none",
        }
