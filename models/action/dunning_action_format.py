from datetime import date as Date
from datetime import datetime as Datetime

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_amount, format_date, format_time, get_lang

NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"


class DunningAction(models.Model):
    """How dates, amounts and numbers are written in letters and e-mails."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _format_day(self, day: Date) -> str:
        """Return a date in words, as people write it in a letter."""
        return self._with_ordinal(format_date(self.env, day, date_format="long"), day)

    @api.model
    def _with_ordinal(self, text: str, day: Date) -> str:
        """Return a date in words, the first day of a month as the language says it."""
        if get_lang(self.env).code.startswith("fr") and day.day == 1:
            # Babel forgets that the first day of a month is an ordinal in French.
            return text.replace("1", "1er", 1)
        return text

    @api.model
    def _format_short_day(self, day: Date) -> str:
        """Return a date as it stands in tables, never to be read as another one: where
        the month comes first, in English at least, it is written out."""
        lang = get_lang(self.env)
        if lang.code.startswith("en") or lang.date_format.startswith("%m"):
            text = format_date(self.env, day, date_format="d MMM y")
        else:
            text = format_date(self.env, day)
        return text.replace(" ", NO_BREAK_SPACE)

    @api.model
    def _format_short_moment(self, moment: Datetime) -> str:
        """Return a day, as above, and the time of it, by the clock of the company."""
        local = self.env.company._dunning_get_local(moment)
        time = format_time(self.env, local.time(), time_format="short")
        return f"{self._format_short_day(local.date())} {time}".replace(
            " ", NO_BREAK_SPACE
        )

    @api.model
    def _format_amount(self, amount: float, currency: models.BaseModel) -> str:
        """Return an amount that no line breaks in two, whatever the language."""
        text = format_amount(self.env, amount, currency)
        return text.replace(" ", NO_BREAK_SPACE)

    @api.model
    def _get_formats(self) -> dict:
        """Return by what templates write days and amounts: plain where the cell is kept
        on one line."""
        return {
            "amount": self._mark_amount,
            "date": self._mark_short_day,
            "plain_amount": self._format_amount,
            "plain_date": self._format_short_day,
        }

    @api.model
    def _mark_amount(self, amount, currency):
        return self._keep_together(self._format_amount(amount, currency))

    @api.model
    def _mark_short_day(self, day):
        return self._keep_together(self._format_short_day(day))

    @api.model
    def _keep_together(self, text: str) -> Markup:
        """Keep a text on one line where anything is broken, spaces or not: in the
        chatter, on the phone."""
        return Markup('<span style="white-space: nowrap;">%s</span>') % text

    @api.model
    def _get_registry(self, partner):
        """Return the registration number of a company with what it is called."""
        number = partner.company_registry
        if not number:
            return ""
        label = partner.company_registry_label
        if partner.country_code == "FR":
            label = "SIREN" if len(number.replace(" ", "")) == 9 else "SIRET"
        return f"{label}{NO_BREAK_SPACE}{number}"
