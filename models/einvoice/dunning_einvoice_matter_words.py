from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_amount, format_date, plaintext2html


class DunningEinvoiceMatter(models.Model):
    """What is said of matters: to who works on them, and to the customer."""

    _inherit = "dunning.einvoice.matter"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - WORDS
    # ------------------------------------------------------------------

    def _format(self, amount) -> str:
        """Return an amount in words."""
        return format_amount(self.env, amount, self.currency_id)

    def _format_day(self, day) -> str:
        """Return a day in words."""
        return format_date(self.env, day)

    def _in_company_words(self) -> models.BaseModel:
        """Return the matter as the company speaks of it."""
        lang = self.company_id.partner_id.lang
        return self.with_context(lang=lang) if lang else self

    def _get_title(self) -> str:
        """Return in a line what the buyer says."""
        return " – ".join(
            filter(
                None,
                (
                    f"{self.code} {self.status_name}",
                    self.reason_names,
                    (self.reason_text or "").replace("\n", " "),
                ),
            )
        )

    def _get_description(self) -> Markup:
        """Return what the buyer says, to be shown to who settles it."""
        day = self._format_day(self._get_day())
        lines = [f"{day} – {self.code} {self.status_name}", self.reason_names]
        return plaintext2html("\n".join(filter(None, (*lines, self.reason_text))))

    def _get_end_text(self) -> str:
        """Return why it is over although nobody has decided."""
        if self._is_void():
            return self.env._("The status was not about this invoice.")
        return self.env._("The buyer's platform says something else now.")

    def _get_told_values(self) -> dict:
        """Return what sentences for the customer are made of: its words are quoted,
        else its reasons are named."""
        words = " ".join((self.reason_text or "").split())
        # Terms without a letter are not translated, and French has other quotes.
        quoted = self.env._("you wrote: “%s”", words) if words else self.reason_names
        return {
            "day": self._format_day(self._get_day()),
            "number": self.move_id.name,
            "words": f" ({quoted})" if quoted else "",
        }

    def _tell_matter(self) -> str:
        """Return what dunning makes of it."""
        self.ensure_one()
        if self.problem:
            return self.problem
        if self.state == "ended" and self._is_void():
            return self.env._("Never said: the status was not about this invoice.")
        if self.state == "ended":
            return self.env._("Holds no more: what was said later counts.")
        # Who reads the matter reads what was made of it.
        matter_sudo = self.sudo()
        text = matter_sudo._get_effect()._tell_made(matter_sudo)
        if self.state == "decided":
            return self.env._("%s Decided by us since.", text)
        if self.state == "settled" and self._get_effect()._needs_debt:
            return self.env._("%s Settled.", text)
        return text

    def _tell_events(self, known, holding):
        """Write on each status what dunning makes of it, in the company's words."""
        told = defaultdict(list)
        for matter in holding:
            text = matter._in_company_words()._tell_matter()
            for event in matter.event_ids:
                told[event.id].append(text)
        changed = defaultdict(self.event_ids.browse)
        for move, found in known.items():
            lang = move.company_id.partner_id.lang
            for id_, event in found.events.items():
                rule = found.rules[id_].with_context(lang=lang)
                texts = told.get(id_) or [self._tell_past(rule)]
                text = " ".join(dict.fromkeys(texts))
                if event.effect != text:
                    changed[text] += event
        for text, events in changed.items():
            events.write({"effect": text})

    @api.model
    def _tell_past(self, rule):
        """Return what became of a status by which nothing is open.

        :param rule: that knows it, in the language to write
        """
        effect = rule.env["dunning.einvoice.effect"]._of(rule.effect)
        if effect is None or effect._topic:
            return rule.env._("Holds no more: what was said later counts.")
        return effect._tell_said()
