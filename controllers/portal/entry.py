from odoo import http
from odoo.http import request

from .frame import MARKS, DunningPortal
from .visit import seal


class DunningEntry(DunningPortal):
    """The ways in: a link, or « My account »."""

    # ------------------------------------------------------------------
    # BY A LINK
    # ------------------------------------------------------------------

    @http.route(
        "/dunning/<string:token>",
        type="http",
        auth="public",
        website=True,
        multilang=False,
        sitemap=False,
        methods=["GET"],
    )
    def dunning_open(self, token: str, **_values: str):
        """Exchange a link for a mark in the session of the browser, so that no address
        that is shown, kept or handed on opens anything.

        :param token: of the link
        """
        portal = request.env["dunning.portal"]
        given = portal._open(token)
        if not given:
            return self._refuse_visit()
        response = request.redirect(f"/dunning/p/{self._mark(given)}", code=303)
        if lang := self._find_lang(portal._find_customer(given)):
            # It comes after the one for the language of this request, and counts.
            request.future_response.set_cookie("frontend_lang", lang)
        return seal(response)

    # ------------------------------------------------------------------
    # LOGGED IN
    # ------------------------------------------------------------------

    @http.route(
        "/my/dunning",
        type="http",
        auth="user",
        website=True,
        sitemap=False,
        methods=["GET"],
    )
    def dunning_my(self, **_values: str):
        """Show the statement of account, or the companies to choose from."""
        portal = request.env["dunning.portal"]
        partner_sudo = portal._get_own_partner(request.env.user)
        companies_sudo = portal._get_companies(partner_sudo)
        if len(companies_sudo) == 1:
            return request.redirect(f"/my/dunning/{companies_sudo.id}", code=303)
        values = {"companies": companies_sudo, "page_name": "dunning"}
        return seal(request.render("account_dunning.portal_companies", values))

    def _prepare_home_portal_values(self, counters):
        # EXTENDS 'portal': the card in « My account »
        values = super()._prepare_home_portal_values(counters)
        if "dunning_count" in counters:
            portal = request.env["dunning.portal"]
            partner_sudo = portal._get_own_partner(request.env.user)
            companies_sudo = portal._get_companies(partner_sudo)
            values["dunning_count"] = portal._count_items(partner_sudo, companies_sudo)
        return values

    # ------------------------------------------------------------------
    # LEAVING
    # ------------------------------------------------------------------

    @http.route(
        "/dunning/leave",
        type="http",
        auth="public",
        website=True,
        sitemap=False,
        methods=["POST"],
    )
    def dunning_leave(self, **_values: str):
        """Forget the links that were opened in this browser."""
        request.session.pop(MARKS, None)
        return seal(request.redirect("/", code=303))
