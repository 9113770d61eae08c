from odoo import fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_date

from ...tools.indicators import AMOUNTS, Basis, compute, default_start
from .dunning_indicator import IndicatorScope
from .dunning_indicator_segment import SEGMENTS

# Of a period that is asked for.
MOST_YEARS_AHEAD = 10


class ResCompany(models.Model):
    """Indicators of a company, as others ask for them."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_indicators(self, date=None, date_from=None, partners=None) -> dict:
        """Return the indicators of the company, or of some of its customers.

        :param date: last day of the period, today by default; receivables are those
            of its end
        :param date_from: first day; by default that of the second month before
        :param partners: customers (``res.partner``), None for all; none means nobody
        :return: dict of :data:`tools.indicators.NAMES`: amounts in company currency,
            days, rates as fractions; None where there is nothing to divide by
        :raise AccessError: who asks may not see figures of the company
        :raise ValidationError: the period begins after its end
        """
        scope = self._dunning_indicator_scope(date, date_from, partners)
        return self._dunning_compute_indicators(self._dunning_get_basis(scope))

    def _dunning_indicators_by(
        self, by, date=None, date_from=None, partners=None
    ) -> list[dict]:
        """Return the indicators of each segment of customers, in as many statements as
        for one.

        :param by: ``customer, collector, salesperson, country, tag, scenario``. A
            customer with several tags is in several segments, so that those do not
            add up
        :return: list of dicts: ``id`` (False for those without), and the indicators;
            see :meth:`_dunning_indicators`. The largest receivables come first
        """
        self.env["dunning.guard"]._check_argument(tuple(SEGMENTS), by or "?")
        scope = self._dunning_indicator_scope(date, date_from, partners, by)
        bases = self.env["dunning.indicator"]._get_bases(scope)
        rows = [
            {"id": segment or False} | self._dunning_compute_indicators(basis)
            for segment, basis in bases.items()
        ]
        known = [
            row
            for row in rows
            if any(row[name] for name in AMOUNTS)
            or row["promise_kept_rate"] is not None
        ]
        return sorted(known, key=lambda row: -row["receivable"])

    def _dunning_indicator_scope(
        self, date=None, date_from=None, partners=None, by=None
    ) -> IndicatorScope:
        """Return what is asked for, if who asks may.

        :raise AccessError: who asks may not see figures of the company
        :raise ValidationError: the period begins after its end, or ends in a time of
            which nothing is known
        """
        self.ensure_one()
        self._dunning_check_figures()
        today = self._dunning_today()
        day = fields.Date.to_date(date) or today
        if day.year > today.year + MOST_YEARS_AHEAD:
            # Each month until then would be looked at.
            raise ValidationError(
                self.env._(
                    "There are no figures of %s: choose a day before.",
                    format_date(self.env, day),
                )
            )
        start = fields.Date.to_date(date_from) or default_start(day)
        if start > day:
            raise ValidationError(
                self.env._("The period ends before it begins: change one of its days.")
            )
        if partners is not None:
            # The customer is known by whoever knows its contact.
            partners = partners.sudo().commercial_partner_id.sudo(self.env.su)
        return IndicatorScope(self, day, start, partners, by)

    def _dunning_get_basis(self, scope: IndicatorScope) -> Basis:
        return self.env["dunning.indicator"]._get_bases(scope)[None]

    def _dunning_compute_indicators(self, basis: Basis) -> dict:
        return compute(basis, self._dunning_get_currency().round)
