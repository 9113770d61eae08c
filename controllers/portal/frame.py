"""The frame of the customer's own page: who visits, what pages look like, what is sent.

How it works
============

There are two ways to a page, and each address of a page exists for both::

    /my/dunning/<company><path>   who is logged in, for their commercial partner
    /dunning/p/<mark><path>       by a link: ``/dunning/<token>`` was exchanged for a
                                  mark in the session of the browser

:func:`page` makes a route of a method for both, looks at who visits at each request and
hands over a :class:`Visit`. To add an act, write a file beside this one, name it in
``__init__.py``, and an heir of ``dunning.portal.act`` in ``models/portal`` that does
it::

    class CallMe(DunningPortal):

        @page("/call-me", methods=["GET", "POST"])
        def dunning_call_me(self, visit: Visit, **values: str):
            \"\"\"Ask for a call.\"\"\"
            context = {"phone": values.get("phone", visit.customer_sudo.phone)}
            if request.httprequest.method == "POST":
                payload = {"phone": values.get("phone", "").strip()}
                return self._send(
                    visit, "call_me", payload, "account_dunning.portal_call_me", context
                )
            return visit.render("account_dunning.portal_call_me", context)

:meth:`DunningPortal._send` counts what is sent, has it done or confirmed by e-mail,
and tells the customer; what cannot be done (``UserError``) is told on the form, which
gets back what was entered. The template calls the layout and writes a form with
``portal_csrf``, without which a POST is refused::

    <template id="portal_call_me">
        <t t-call="account_dunning.portal_layout">
            <t t-set="title">Call me</t>
            <form method="post">
                <t t-call="account_dunning.portal_csrf" />
                <label for="phone">Phone</label>
                <input id="phone" name="phone" t-att-value="phone" />
                <button class="btn o_dunning_primary">Send</button>
            </form>
        </t>
    </template>

In templates, and from ``render``: ``visit, customer, company, error, told``; addresses
are written ``visit.url("/call-me")``. Slots to be filled by templates that inherit
(``<xpath expr="." position="inside">``): ``account_dunning.portal_acts`` (what can be
done, on the statement), ``portal_item_acts`` (of an ``item``, in its row),
``portal_more`` (further parts of the statement) and ``portal_menu``. What these need is
added by extending :meth:`DunningPortal._prepare_statement`. ``visit.get_items(ids)``
gives the journal items that a form names and refuses those of others.

People of the house who open a link see what the customer sees, and send nothing: links
stand in what was sent, which they may read. A GET changes nothing. Records are
elevated, for visitors have no rights: never browse what a form names, look it up among
the customer's own.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request

from odoo.addons.account_payment.controllers.payment import PaymentPortal

from ...tools.portal_mask import keep_links_out_of_logs, mask_address
from .visit import Visit, seal

MARKS = "dunning_portal_marks"
# How long a link that was opened counts in a browser, and how many of them.
MARK_LIFE = timedelta(hours=4)
MOST_MARKS = 10

keep_links_out_of_logs()


class TooManyForms(UserError):
    """Somebody sends more forms than people do."""

    http_status = 429


def page(path: str = "", **routing: object):
    """Make a page of the customer of a method: see the module.

    :param path: below the address of the statement, with a slash; converters of
        werkzeug may be used
    :param routing: as for ``http.route``: ``methods`` (GET by default), ``type``
    """

    def decorate(method):
        def endpoint(self, company_id=None, mark=None, **values):
            visit = self._find_visit(company_id, mark)
            if visit is None and routing.get("type") == "jsonrpc":
                raise NotFound()
            if visit is None:
                return self._refuse_visit(company_id)
            if visit.is_watched and request.httprequest.method == "POST":
                return self._refuse_staff(visit, routing.get("type"))
            # Files are read from the request: one in the place of a text is nothing.
            values = {
                name: value
                for name, value in values.items()
                if name != "visit" and not isinstance(value, FileStorage)
            }
            answer = method(self, visit, **values)
            return seal(answer) if isinstance(answer, http.Response) else answer

        # What it takes is looked up by its own arguments.
        endpoint.__name__ = method.__name__
        endpoint.__qualname__ = method.__qualname__
        endpoint.__doc__ = method.__doc__
        return http.route(
            [
                f"/my/dunning/<int:company_id>{path}",
                f"/dunning/p/<string:mark>{path}",
            ],
            **{
                "type": "http",
                "auth": "public",
                "website": True,
                "sitemap": False,
                "methods": ["GET"],
                **routing,
            },
        )(endpoint)

    return decorate


class DunningPortal(PaymentPortal):
    """What the pages of a customer have in common."""

    # ------------------------------------------------------------------
    # WHO VISITS
    # ------------------------------------------------------------------

    def _find_visit(self, company_id, mark):
        """Return who visits which page, None if there is no page for them."""
        portal = request.env["dunning.portal"]
        user = request.env.user
        logged_in = not user._is_public()
        if mark is None:
            customer_sudo = logged_in and portal._find_own(user, company_id)
            base = f"/my/dunning/{company_id}"
        else:
            customer_sudo = self._find_marked(mark)
            base = f"/dunning/p/{mark}"
        if not customer_sudo:
            return None
        if mark is None:
            return Visit(customer_sudo, user, base)
        return Visit(customer_sudo, user.browse(), base, user._is_internal())

    def _find_marked(self, mark):
        """Return the customer of a link that was opened in this browser."""
        found = request.session.get(MARKS, {}).get(mark)
        if not found or found["until"] < datetime.now().timestamp():
            return None
        return request.env["dunning.portal"]._find_customer(found["pass"])

    def _mark(self, given):
        """Return the mark in the session of the browser that stands for a link.

        :param given: the pass that the link carries
        """
        now = datetime.now()
        until = (now + MARK_LIFE).timestamp()
        marks = {
            mark: found
            for mark, found in request.session.get(MARKS, {}).items()
            if found["until"] > now.timestamp() and found["pass"] != given
        }
        known = [
            mark
            for mark, found in request.session.get(MARKS, {}).items()
            if found["pass"] == given
        ]
        mark = known[0] if known else token_urlsafe(12)
        recent = list(marks.items())[1 - MOST_MARKS :]
        request.session[MARKS] = {**dict(recent), mark: {"pass": given, "until": until}}
        return mark

    def _refuse_visit(self, company_id=None):
        """Return what is shown to whom there is no page."""
        if company_id is not None and request.env.user._is_public():
            path = request.httprequest.path
            return request.redirect_query("/web/login", {"redirect": path})
        response = request.render("account_dunning.portal_gone", {"page_name": ""})
        response.status_code = 404
        return seal(response)

    def _refuse_staff(self, visit, kind):
        """Return, or raise where no page is asked for, that nobody of the house acts
        for the customer."""
        if kind == "jsonrpc":
            raise ValidationError(
                request.env._(
                    "You are logged in as staff: only the customer does that."
                )
            )
        return seal(visit.render("account_dunning.portal_watched", {}, 403))

    def _find_lang(self, customer_sudo):
        """Return the language of the visitor: chosen before, or the customer's, or the
        browser's. Staff see what the customer sees."""
        is_staff = request.env.user._is_internal()
        chosen = not is_staff and request.cookies.get("frontend_lang")
        contact_sudo = customer_sudo._dunning_get_contacts()[customer_sudo.id]
        nearest = request.env["ir.http"].get_nearest_lang
        wanted = (chosen, contact_sudo.lang, customer_sudo.lang, request.best_lang)
        return next(filter(None, map(nearest, wanted)), None)

    # ------------------------------------------------------------------
    # WHAT IS SENT
    # ------------------------------------------------------------------

    def _send(self, visit, kind, payload, template, values, files=(), is_counted=False):
        """Have done what the visitor asks for, or confirmed by e-mail, and go back to
        the statement; what cannot be done is told on the form.

        :param kind: of the act (``dunning.portal.act``)
        :param payload: what JSON can hold
        :param template: of the form
        :param values: for the form, with what was entered
        :param files: dicts of ``name, raw, mimetype``, looked at before
        :param is_counted: whether the form was counted before
        """
        try:
            if not is_counted:
                self._count(visit, self._get_way(visit))
            act_sudo = visit.env_sudo["dunning.portal.act"]._get_act(kind)
            if act_sudo._is_mailed or not visit.is_logged_in:
                self._count(visit, "mail")
            with request.env.cr.savepoint():
                request_sudo = visit.env_sudo["dunning.portal.request"]._submit(
                    visit.customer_sudo, visit.user, kind, payload, files
                )
        except (UserError, ValidationError) as error:
            return self._show_again(visit, template, values, error)
        visit.tell(self._tell_sent(request_sudo))
        return visit.redirect()

    def _show_again(
        self, visit: Visit, template: str, values: dict, error: Exception
    ) -> http.Response:
        """Return the form with what is wrong."""
        status = 429 if isinstance(error, TooManyForms) else 422
        return visit.render(template, values | {"error": error.args[0]}, status)

    def _tell_sent(self, request_sudo):
        if request_sudo.state == "done":
            return request_sudo.answer
        return request.env._(
            "We have sent an e-mail to %s: please confirm there, so that we know that "
            "it is you who asks.",
            mask_address(request_sudo.address),
        )

    def _get_way(self, visit: Visit) -> str:
        """Return what a form is counted as: whoever has only a link takes nothing from
        those who log in."""
        return "own" if visit.is_logged_in else "form"

    def _count(self, visit: Visit, kind: str) -> None:
        """Refuse whoever sends too much.

        :param kind: of what is sent, see ``dunning.portal.attempt``
        :raise TooManyForms: saying when to come back
        """
        attempts = visit.env_sudo["dunning.portal.attempt"]
        address = request.httprequest.remote_addr
        if not attempts._count(visit.customer_sudo, address, kind):
            raise TooManyForms(
                request.env._(
                    "That was a lot in a short time: please come back in an hour, or "
                    "get in touch with us."
                )
            )

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _prepare_statement(self, visit, number):
        """Return the values for the statement of account. Override to add some.

        :param number: of the page of its items
        """
        return visit.env_sudo["dunning.portal.statement"]._prepare_statement(
            visit.customer_sudo, number
        )
