from datetime import date as Date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

from ...tools import rates
from ...tools.dates import shift
from ..action.dunning_action_format import NO_BREAK_SPACE

# How far the time line shows what is to come.
DAYS_AHEAD = 184


class DunningRate(models.Model):
    """What is known of a rate over time, and what is missing."""

    _inherit = "dunning.rate"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    gap = fields.Char(
        string="Missing",
        compute="_compute_gap",
        help="Days after it for which nothing is known, until the next rate or today.",
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("date_to", "reference_missing", "active")
    @api.depends_context("lang", "uid")
    def _compute_gap(self):
        for rate in self:
            rate.gap = rate._describe_gap()

    @api.depends("date_from", "date_to", "reference_missing", "reference", "margin")
    @api.depends_context("lang", "uid")
    def _compute_timeline(self):
        for rate in self:
            spans = rate._get_known_spans()
            rate.timeline = self.env["ir.qweb"]._render(
                "account_dunning.rate_timeline",
                {"parts": [rate._prepare_part(span, spans) for span in spans]},
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_enter_next(self) -> dict:
        """Open a new rate for the period that follows, with all but the reference.

        :return: action that shows its form
        """
        self.ensure_one()
        start = shift(self.date_to or self.date_from, 1)
        # Rates change on 1 January and on 1 July.
        end = Date(start.year, 6, 30) if start.month <= 6 else Date(start.year, 12, 31)
        names = [
            "country_id",
            "country_group_id",
            "currency_id",
            "customer_kind",
            "frozen",
            "indemnity",
            "indemnity_high",
            "indemnity_high_from",
            "indemnity_middle",
            "indemnity_middle_from",
            "margin",
        ]
        values = self._convert_to_write({name: self[name] for name in names})
        values |= {"date_from": start, "date_to": end, "reference_missing": True}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Rate of the Next Period"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {f"default_{name}": value for name, value in values.items()},
        }

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _describe_gap(self):
        """Return what is missing on the days of the rate, or right after them."""
        self.ensure_one()
        if not (self.active and self.date_from and self.date_to):
            return False
        if self.reference_missing:
            return self.env._("Reference to be entered")
        start = shift(self.date_to, 1)
        today = self.env.company._dunning_today()
        later = self.search(
            self._get_scope_domain() & Domain("date_from", ">=", start),
            order="date_from",
            limit=1,
        )
        end = shift(later.date_from, -1) if later else today
        if start > end:
            return False
        if not later:
            return self.env._("Nothing from %s on", format_date(self.env, start))
        return self.env._(
            "Nothing from %(start)s to %(end)s",
            start=format_date(self.env, start),
            end=format_date(self.env, end),
        )

    def _get_known_spans(self):
        """Return what is known for the same customers, and what is not, from the first
        rate to some months ahead."""
        self.ensure_one()
        others = self.search(self._get_scope_domain(), order="date_from")
        laid = rates.lay_out(
            rates.Span(rate.date_from, rate.date_to, rate) for rate in others
        )
        last = shift(self.env.company._dunning_today(), DAYS_AHEAD)
        last = max([last, *others.mapped("date_to")])
        return [
            rates.Span(span.date_from, min(span.date_to, last), span.value)
            for span in laid
            if (span.value or span.date_from != Date.min) and span.date_from <= last
        ]

    def _prepare_part(self, span, spans):
        """Return what the time line shows of some days."""
        total = sum((s.date_to - s.date_from).days + 1 for s in spans)
        days = (span.date_to - span.date_from).days + 1
        known = span.value and not span.value.reference_missing
        today = self.env.company._dunning_today()
        if known:
            label = (
                f"{formatLang(self.env, span.value.rate, digits=2)}{NO_BREAK_SPACE}%"
            )
        elif span.date_from > today:
            label = self.env._("to come")
        else:
            label = self.env._("missing")
        return {
            "label": label,
            "known": bool(known),
            "late": not known and span.date_from <= today,
            "current": span.value == self,
            "share": f"{days * 100 / total:.2f}",
            "date_from": format_date(self.env, span.date_from),
            # How far the time line reaches is no end of anything.
            "date_to": (span.value or span != spans[-1])
            and format_date(self.env, span.date_to),
        }
