"""Who looks at which page, and what is shown: see ``frame.py``."""

from dataclasses import dataclass

from odoo import http, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request

TOLD = "dunning_portal_told"
# Of a number that may be the id of something.
MAX_DIGITS = 9
# No page is kept, indexed, framed, or told to the sites that it leads to.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


@dataclass(frozen=True)
class Visit:
    """Who looks at which page.

    :param customer_sudo: the commercial partner, elevated; its company is the current
        one of its environment (``env_sudo``)
    :param user: who is logged in; nobody when the visitor came by a link
    :param base: address of the page
    :param is_watched: whether somebody of the house looks at it by a link
    """

    customer_sudo: models.BaseModel
    user: models.BaseModel
    base: str
    is_watched: bool = False

    @property
    def env_sudo(self):
        """The elevated environment, in the company of the page."""
        return self.customer_sudo.env

    @property
    def company_sudo(self) -> models.BaseModel:
        """The creditor."""
        return self.customer_sudo.env.company

    @property
    def is_logged_in(self) -> bool:
        """Whether what is sent is done at once."""
        return bool(self.user)

    def url(self, path: str = "") -> str:
        """Return the address of a page for this visitor.

        :param path: as given to :func:`page`
        """
        return f"{self.base}{path}"

    def get_items(self, ids: list) -> models.BaseModel:
        """Return the customer's open items that a form names, the oldest first,
        elevated.

        :param ids: of journal items, as the browser sent them
        :raise UserError: one of them is not open, or not the customer's
        """
        wanted = {read_number(str(id_)) for id_ in ids}
        env_sudo = self.env_sudo
        items_sudo = env_sudo["dunning.portal.statement"]._find_items(
            self.customer_sudo, Domain("id", "in", list(wanted))
        )
        if len(items_sudo) != len(wanted):
            raise UserError(
                env_sudo._(
                    "Some of these items are not open any longer: please choose again."
                )
            )
        return items_sudo

    def tell(self, message: str) -> None:
        """Have something told on the next page that is shown."""
        request.session[TOLD] = message

    def render(self, template: str, values: dict, status: int = 200) -> http.Response:
        """Return a page.

        :param template: XML id
        :param values: for the template, beside those that each page has
        """
        company_sudo = self.company_sudo
        request.update_context(tz=company_sudo._dunning_get_own_timezone())
        response = request.render(
            template,
            {
                "visit": self,
                "customer": self.customer_sudo,
                "company": company_sudo,
                # The logo of the layout.
                "res_company": company_sudo,
                "page_name": "dunning",
                # Dates as they stand in reminders.
                "short_day": self.env_sudo["dunning.action"]._format_short_day,
                "short_moment": self.env_sudo["dunning.action"]._format_short_moment,
                "color": company_sudo._dunning_portal_color(),
                "error": False,
                "told": request.session.pop(TOLD, False),
                **values,
            },
        )
        response.status_code = status
        return response

    def redirect(self, path: str = "") -> http.Response:
        """Return a redirection to a page of this visitor, by GET."""
        return request.redirect(self.url(path), code=303)


def read_number(text: str) -> int:
    """Return a number that a browser has sent, 0 if it is none that we have given."""
    fine = text.isascii() and text.isdecimal() and len(text) <= MAX_DIGITS
    return int(text) if fine else 0


def seal(response: http.Response) -> http.Response:
    """Return a response with the headers of all that is about one customer."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    return response
