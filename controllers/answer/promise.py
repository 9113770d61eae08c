from odoo.http import request

from ..portal.frame import Visit, page
from .forms import AnswerForms

FORM = "account_dunning.portal_form_promise"


class AnswerPromise(AnswerForms):
    """A promise to pay."""

    @page("/promise", methods=["GET", "POST"])
    def dunning_promise(self, visit: Visit, **values: str):
        """Promise a payment, or monthly ones."""
        act_sudo = visit.env_sudo["dunning.portal.act.promise"]
        if not act_sudo._is_offered(visit.customer_sudo):
            return visit.redirect()
        number = self._read_id(values.get("number", "1"))
        context = self._prepare_form(
            visit,
            date=self._read_text(values.get("date")),
            number=number,
            note=self._read_note(values.get("note")),
        )
        context |= {
            "most": act_sudo._get_most_instalments(),
            "today": visit.company_sudo._dunning_today(),
            "last_day": act_sudo._get_longest_day(),
        }
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        payload = {"item_ids": context["chosen"], **context["entered"]}
        # No number is none that is possible.
        payload["number"] = number or -1
        return self._answer(visit, "promise", payload, FORM, context)
