from odoo.http import request

from ..portal.frame import Visit, page
from .forms import AnswerForms

FORM = "account_dunning.portal_form_invoice"


class AnswerInvoice(AnswerForms):
    """Having invoices sent by e-mail."""

    @page("/send", methods=["GET", "POST"])
    def dunning_send(self, visit: Visit, **_values: str):
        """Have invoices e-mailed to the address that is known."""
        context = self._prepare_form(visit)
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        payload = {"item_ids": context["chosen"]}
        return self._answer(visit, "invoice", payload, FORM, context)
