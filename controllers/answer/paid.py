from odoo.http import request

from ..portal.frame import Visit, page
from .forms import AnswerForms

FORM = "account_dunning.portal_form_paid"


class AnswerPaid(AnswerForms):
    """I have paid."""

    @page("/paid", methods=["GET", "POST"])
    def dunning_paid(self, visit: Visit, **values: str):
        """Say what was paid, when and how."""
        context = self._prepare_form(
            visit,
            date=self._read_text(values.get("date")),
            means=self._read_text(values.get("means")) or "transfer",
            reference=self._read_text(values.get("reference")),
            note=self._read_note(values.get("note")),
        )
        act_sudo = visit.env_sudo["dunning.portal.act.paid"]
        context |= {
            "means": act_sudo._get_means(),
            "today": visit.company_sudo._dunning_today(),
        }
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        payload = {"item_ids": context["chosen"], **context["entered"]}
        return self._answer(visit, "paid", payload, FORM, context, with_files=True)
