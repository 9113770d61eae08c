from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

from .frame import DunningPortal, Visit, page
from .visit import read_number


class DunningStatement(DunningPortal):
    """What is open, and the documents."""

    @page()
    def dunning_statement(self, visit: Visit, number: str = "1", **_values: str):
        """Show the statement of account.

        :param number: of the page of its items
        """
        self._note_visit(visit)
        values = self._prepare_statement(visit, read_number(number) or 1)
        return visit.render("account_dunning.portal_statement", values)

    @page("/invoice/<int:item_id>")
    def dunning_invoice(self, visit: Visit, item_id: int, **_values: str):
        """Hand over the PDF of the invoice of an open item.

        :param item_id: of the journal item
        """
        try:
            move_sudo = visit.get_items([item_id]).move_id
        except UserError as error:
            raise request.not_found() from error
        document = move_sudo._get_invoice_legal_documents("pdf", allow_fallback=True)
        if not document:
            raise request.not_found()
        return self._hand_over(document["content"], document["filename"])

    @page("/letter/<int:letter_id>")
    def dunning_letter(self, visit: Visit, letter_id: int, **_values: str):
        """Hand over a letter as it was sent.

        :param letter_id: of the action
        """
        letters_sudo = visit.env_sudo["dunning.portal.statement"]._find_letters(
            visit.customer_sudo
        )
        letter_sudo = letters_sudo.filtered(lambda letter: letter.id == letter_id)
        if not letter_sudo:
            raise request.not_found()
        file_sudo = letter_sudo.letter_id
        return self._hand_over(file_sudo.raw, file_sudo.name)

    def _note_visit(self, visit):
        """Note that the customer was here; people of the house are no visitors, nor are
        programs that only look whether there is a page."""
        ask = request.httprequest
        prefetched = "prefetch" in ask.headers.get("Sec-Purpose", "")
        inside = not request.env.user._is_public() and request.env.user._is_internal()
        if ask.method == "GET" and not prefetched and not inside:
            visit.env_sudo["dunning.portal.visit"]._note(
                visit.customer_sudo, visit.user
            )

    def _hand_over(self, content, name) -> http.Response:
        """Return a PDF to be kept, never to be shown by the browser."""
        return request.make_response(
            content,
            [
                ("Content-Type", "application/pdf"),
                ("Content-Length", str(len(content))),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
