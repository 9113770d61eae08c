"""What the forms of all acts have in common.

A form is a page of the customer (``controllers/portal/frame.py``) with the act's kind:
what is wrong is told beside its field (``_get_problems`` of the act), what was entered
is shown again, and the key ``once`` makes a form that is sent twice count once.
"""

from secrets import token_urlsafe

from psycopg2.errors import UniqueViolation

from odoo import http
from odoo.http import request

from ...models.answer.dunning_portal_act import MAX_LINE, MAX_TEXT
from ...tools.text import one_line, seen
from ...tools.uploads import (
    KINDS,
    MAX_FILES,
    MAX_SIZE,
    MEGABYTE,
    UploadError,
    check_files,
)
from ..portal.frame import DunningPortal, TooManyForms, Visit
from ..portal.visit import read_number

# Items that a form shows at most: more are chosen on the statement.
MOST_CHOICES = 200
MOST_ITEMS = 500


class AnswerForms(DunningPortal):
    """Forms by which customers answer."""

    # ------------------------------------------------------------------
    # WHAT IS SENT
    # ------------------------------------------------------------------

    def _read_ids(self, texts) -> list[int]:
        """Return the ids among what a browser has sent."""
        return sorted(set(map(read_number, texts)) - {0})[:MOST_ITEMS]

    def _read_id(self, text) -> int:
        """Return an id that a browser has sent, 0 if it is none."""
        return next(iter(self._read_ids([text or ""])), 0)

    def _read_items(self) -> list[int]:
        """Return the ids of the items that a form, or the link to it, names."""
        if request.httprequest.method == "POST":
            return self._read_ids(request.httprequest.form.getlist("item_ids"))
        return self._read_ids(request.httprequest.args.get("items", "").split(","))

    def _read_text(self, text: str | None) -> str:
        """Return what somebody has written in a line, no longer than it may be: whoever
        reads it sees all of it."""
        return one_line(seen(text))[:MAX_LINE]

    def _read_note(self, text: str | None) -> str:
        """Return what somebody has written in a large field."""
        return seen(text).strip()[:MAX_TEXT]

    def _read_files(self) -> tuple[list[dict], str | None]:
        """Return the files that were sent, and what is wrong with them."""
        sent = request.httprequest.files.getlist("files")
        pairs = [(file.filename, file.stream.read(MAX_SIZE + 1)) for file in sent]
        try:
            return [upload._asdict() for upload in check_files(pairs)], None
        except UploadError as error:
            return [], self._tell_upload(error)

    def _tell_upload(self, error):
        """Return what is wrong with a file, in words."""
        env = request.env
        return {
            "kind": env._(
                "“%(name)s” cannot be taken: send %(kinds)s.",
                name=error.name,
                kinds=", ".join(
                    ending.lstrip(".").upper() for ending in KINDS.values()
                ),
            ),
            "size": env._(
                "“%(name)s” is larger than %(size)s MB: send a smaller file.",
                name=error.name,
                size=MAX_SIZE // MEGABYTE,
            ),
            "count": env._("Send %s files at most.", MAX_FILES),
            "empty": env._("“%s” is empty: choose it again.", error.name),
            "active": env._(
                "“%s” has something that runs when it is opened: send it as a plain "
                "PDF or a picture.",
                error.name,
            ),
            "locked": env._(
                "“%s” is protected, as banks do it: we cannot look into it. Print it "
                "as a new PDF, or send a picture of it.",
                error.name,
            ),
        }[error.problem]

    # ------------------------------------------------------------------
    # FORMS
    # ------------------------------------------------------------------

    def _prepare_form(self, visit: Visit, **entered: object) -> dict:
        """Return what a form shows.

        :param entered: what is in its fields
        """
        sent = request.httprequest.form
        chosen = self._read_items()
        return {
            "entered": entered,
            "problems": {},
            "once": self._read_text(sent.get("once")) or token_urlsafe(12),
            "chosen": chosen,
            "most_files": MAX_FILES,
            "most_size": MAX_SIZE // MEGABYTE,
            "accepted_files": ",".join(KINDS.values()),
            **self._prepare_choices(visit, chosen),
        }

    def _prepare_choices(self, visit, chosen):
        """Return the items to choose from: those that are chosen already first."""
        statements_sudo = visit.env_sudo["dunning.portal.statement"]
        items_sudo = statements_sudo._find_items(visit.customer_sudo)
        first_sudo = items_sudo.filtered(lambda item: item.id in chosen)
        shown_sudo = (first_sudo | items_sudo)[: max(MOST_CHOICES, len(first_sudo))]
        return {
            "choices": [
                {
                    "id": item_sudo.id,
                    "number": item_sudo._dunning_get_number(),
                    "date_due": item_sudo.date_maturity or item_sudo.date,
                    "residual": item_sudo.amount_residual_currency,
                    "currency": item_sudo.currency_id,
                }
                for item_sudo in shown_sudo
            ],
            "is_cut": len(items_sudo) > len(shown_sudo),
        }

    def _answer(
        self,
        visit: Visit,
        kind: str,
        payload: dict,
        template: str,
        context: dict,
        with_files: bool = False,
    ) -> http.Response:
        """Have done what a form asks for, or show it again with what is wrong.

        :param kind: of the act
        :param payload: what the form says, cleaned
        :param template: of the form
        :param context: for the form
        :param with_files: whether it has files
        """
        if with_files:
            # Looking at files is work: whoever sends too many is not served.
            try:
                self._count(visit, self._get_way(visit))
            except TooManyForms as error:
                return self._show_again(visit, template, context, error)
        files, problem = self._read_files() if with_files else ([], None)
        if files:
            payload["files"] = len(files)
        act = visit.env_sudo["dunning.portal.act"]._get_act(kind)
        problems = act._get_problems(visit.customer_sudo, payload)
        if problem:
            problems["files"] = problem
        if problems:
            told = request.env._("Please correct what is marked below.")
            if with_files and files:
                told += " " + request.env._("Then choose your files again.")
            return visit.render(
                template, context | {"problems": problems, "error": told}, 422
            )
        payload["once"] = context["once"]
        try:
            return self._send(
                visit, kind, payload, template, context, files, with_files
            )
        except UniqueViolation:
            # The same form is being sent by another request, which tells of it.
            return visit.redirect()
