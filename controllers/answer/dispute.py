from odoo.http import request

from ...tools.ledger_cells import find_decimal_sign, read_amount
from ..portal.frame import Visit, page
from .statement import AnswerStatement

FORM = "account_dunning.portal_form_dispute"
SHOWN = "account_dunning.portal_dispute"


class AnswerDispute(AnswerStatement):
    """Disputes: beginning one, and following it."""

    # ------------------------------------------------------------------
    # BEGINNING ONE
    # ------------------------------------------------------------------

    @page("/dispute", methods=["GET", "POST"])
    def dunning_dispute(self, visit: Visit, **values: str):
        """Contest invoices."""
        context = self._prepare_form(
            visit,
            reason_id=self._read_id(values.get("reason_id")),
            amount=self._read_text(values.get("amount")),
            text=self._read_note(values.get("text")),
        )
        act_sudo = visit.env_sudo["dunning.portal.act.dispute"]
        context["reasons"] = act_sudo._get_reasons()
        if request.httprequest.method != "POST":
            return visit.render(FORM, context)
        payload = self._read_dispute(visit, context)
        return self._answer(visit, "dispute", payload, FORM, context, with_files=True)

    def _read_dispute(self, visit, context):
        entered = context["entered"]
        lang = visit.env_sudo["res.lang"]._get_data(code=visit.env_sudo.lang or "en_US")
        sign = find_decimal_sign([entered["amount"]], lang.decimal_point or ".")
        amount = read_amount(entered["amount"], sign)
        return {
            "item_ids": context["chosen"],
            "reason_id": entered["reason_id"],
            "text": entered["text"],
            "amount_text": entered["amount"],
            "amount": str(amount) if amount is not None else "",
        }

    # ------------------------------------------------------------------
    # FOLLOWING IT
    # ------------------------------------------------------------------

    @page("/dispute/<int:dispute_id>", methods=["GET", "POST"])
    def dunning_dispute_shown(self, visit: Visit, dispute_id: int, **values: str):
        """Show a dispute, take an answer or further documents.

        :param dispute_id: of the dispute
        """
        act_sudo = visit.env_sudo["dunning.portal.act.dispute_reply"]
        dispute_sudo = act_sudo._find_disputes(visit.customer_sudo).filtered(
            lambda own: own.id == dispute_id
        )
        if not dispute_sudo:
            raise request.not_found()
        context = self._prepare_form(visit, text=self._read_note(values.get("text")))
        context |= {
            "dispute": self._tell_dispute(dispute_sudo),
            "exchange": self._tell_exchange(dispute_sudo),
        }
        if request.httprequest.method != "POST":
            return visit.render(SHOWN, context)
        payload = {"dispute_id": dispute_id, "text": context["entered"]["text"]}
        return self._answer(
            visit, "dispute_reply", payload, SHOWN, context, with_files=True
        )

    def _tell_exchange(self, dispute_sudo):
        """Return what the page tells of what the customer has said of a dispute, and
        what it was answered, the first on top."""
        said = [
            {
                "date": own_sudo.date,
                "who": False,
                "text": own_sudo.payload.get("text"),
                "files": own_sudo.attachment_ids,
            }
            for own_sudo in dispute_sudo._get_told_requests()
        ]
        answered = [
            {
                "date": answer_sudo.date,
                "who": answer_sudo.user_id.name,
                "text": answer_sudo.text,
                "files": (),
            }
            for answer_sudo in dispute_sudo._get_told_answers()
        ]
        return sorted(said + answered, key=lambda own: own["date"])
