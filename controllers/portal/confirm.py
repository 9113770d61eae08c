from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from .frame import DunningPortal
from .visit import seal


class DunningConfirm(DunningPortal):
    """What was asked for by a link is done once it is confirmed from an e-mail."""

    @http.route(
        "/dunning/confirm/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["GET", "POST"],
    )
    def dunning_confirm(self, token: str, **_values: str):
        """Show what is asked for; by POST, do it.

        :param token: of the e-mail
        """
        requests = request.env["dunning.portal.request"]
        request_sudo = requests._find_to_confirm(token)
        if not request_sudo:
            return self._refuse_visit()
        customer_sudo = request_sudo.partner_id
        lang = self._find_lang(customer_sudo)
        request_sudo = request_sudo.with_context(lang=lang)
        request.update_context(lang=lang)
        if lang:
            # What is shown is confirmed in the same language.
            request.future_response.set_cookie("frontend_lang", lang)
        error, url = False, False
        if request.httprequest.method == "POST":
            error = self._confirm(request_sudo)
            # Whoever confirms has the customer's e-mails.
            url = self._get_marked_url(customer_sudo)
        company_sudo = request_sudo.company_id
        response = request.render(
            "account_dunning.portal_confirm",
            {
                "asked": request_sudo,
                "company": company_sudo,
                "res_company": company_sudo,
                "color": company_sudo._dunning_portal_color(),
                "error": error,
                "url": url,
                "talk_to": customer_sudo.env["dunning.portal.statement"]._get_contact(
                    customer_sudo
                ),
            },
        )
        response.status_code = 422 if error else 200
        return seal(response)

    def _get_marked_url(self, customer_sudo):
        """Return the address of the customer's page in this browser."""
        portal = request.env["dunning.portal"]
        company_sudo = customer_sudo.env.company
        return f"/dunning/p/{self._mark(portal._get_pass(customer_sudo, company_sudo))}"

    def _confirm(self, request_sudo):
        """Do what is confirmed, and return why it cannot be done."""
        try:
            with request.env.cr.savepoint():
                request_sudo._confirm()
        except (UserError, ValidationError) as error:
            return error.args[0]
        return False
