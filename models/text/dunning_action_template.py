from collections.abc import Collection

from odoo import SUPERUSER_ID, api, models
from odoo.tools import html_sanitize

from ...tools.portal_mask import mask_links
from ...tools.text import one_line

# What is rendered of a template for its text alone.
TEXT_FIELDS = ("body_html", "subject")


class DunningAction(models.Model):
    """Which text an action says, and what it gives."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - TEXTS
    # ------------------------------------------------------------------

    def _render_texts(self, names: Collection[str] = TEXT_FIELDS) -> dict:
        """Render the text of each action in its reader's language: the edited one,
        else its template's. What is sent and what is shown before comes from here.

        :param names: fields of ``mail.template`` to render
        :return: dict of action to dict of values
        """
        rendered = {}
        custom = {action: action._get_custom_text() for action in self}
        for (template, known), actions in self.grouped(
            lambda action: (action._get_mail_template(), frozenset(custom[action]))
        ).items():
            fit = template._dunning_for_actions()
            # What somebody has written is not evaluated for nothing.
            wanted = [name for name in names if name not in known]
            values = fit._generate_template(actions.ids, wanted)
            for action in actions:
                text = values.get(action.id, {}) | custom[action]
                if "subject" in text:
                    text["subject"] = one_line(text["subject"])
                rendered[action] = text
        return rendered

    def _get_mail_template(self) -> models.BaseModel:
        """Return the text of the e-mail."""
        self.ensure_one()
        return self._get_kind()._get_mail_template(self)

    def _get_custom_text(self) -> dict:
        """Return the values of the text that the action says instead of its template's.
        Override to have some."""
        return {}

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CONTENT
    # ------------------------------------------------------------------

    def _get_letter_template(self) -> models.BaseModel:
        """Return the text of the letter."""
        self.ensure_one()
        return self._get_kind()._get_letter_template(self)

    def _get_author(self) -> models.BaseModel:
        """Return in whose name the action speaks: the collector, else who acts, else
        the company; never the system's own user, whom no answer reaches."""
        self.ensure_one()
        people = self.user_id | self.env.user
        people = people.filtered(lambda user: user.id != SUPERUSER_ID)
        return people[:1].partner_id or self.company_id.partner_id

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _sanitize_preview(self, body: str | bool) -> str:
        """Return the text as it can be shown in the middle of a screen; links to the
        customer's own page are for the customer."""
        return html_sanitize(mask_links(body or ""), sanitize_style=False)
