from odoo import fields, models
from odoo.exceptions import ValidationError

from ...tools.dates import shift
from .dunning_indicator_segment import SEGMENTS

MAX_MONTHS = 120


class ResCompany(models.Model):
    """Indicators over time, as others ask for them."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_indicator_history(
        self, date=None, months=24, partners=None, by=None
    ) -> list[dict]:
        """Return the indicators at the end of each month, rebuilt from the ledger.

        :param date: the last day, today by default; its month may not be over
        :param months: how many, that of the day included
        :param partners: customers, None for all; none means nobody
        :param by: tell segments of customers apart, see :meth:`_dunning_indicators_by`
        :return: list of dicts, the oldest first: ``date`` (the month's end, at last the
            day), ``id`` (with ``by``: the segment), and the indicators of the period
            of that month and the two before, see :meth:`_dunning_indicators`
        :raise AccessError: who asks may not see figures of the company
        """
        guard = self.env["dunning.guard"]
        guard._check_argument("integer", months)
        if by is not None:
            guard._check_argument(tuple(SEGMENTS), by)
        months = min(max(int(months), 1), MAX_MONTHS)
        scope = self._dunning_indicator_scope(date, None, partners, by)
        history = self.env["dunning.indicator"]._get_history(scope, months)
        rows = [
            {"date": basis.date_to}
            | ({} if by is None else {"id": segment or False})
            | self._dunning_compute_indicators(basis)
            for segment, bases in history.items()
            for basis in bases
        ]
        return sorted(rows, key=lambda row: row["date"])

    def _dunning_compare_indicators(self, day=None, date=None, partners=None) -> dict:
        """Return the indicators before a day and since, such as « DSO avant / après ».

        :param day: on which something changed; by default that of the first run, a
            year before the date where there was none
        :param date: the day of the comparison, today by default
        :param partners: customers, None for all
        :return: dict of ``date`` (the day), ``before`` and ``after`` (indicators on
            the evening before it and on the date, each with the period of three months
            that ends there) and ``change``, None where one of them is
        :raise ValidationError: the day is not before the date
        """
        date = fields.Date.to_date(date) or self._dunning_today()
        day = fields.Date.to_date(day) or self._dunning_get_start(date)
        if day > date:
            raise ValidationError(
                self.env._("Choose a day that is over to compare before and after.")
            )
        before = self._dunning_indicators(shift(day, -1), partners=partners)
        after = self._dunning_indicators(date, partners=partners)
        change = {
            name: None if None in (before[name], value) else value - before[name]
            for name, value in after.items()
        }
        return {"date": day, "before": before, "after": after, "change": change}

    def _dunning_get_start(self, date):
        """Return the day of the first run until a date, else a year before it."""
        # Who sees figures knows since when the company duns.
        runs_sudo = self.env["dunning.run"].sudo()
        first_sudo = runs_sudo.search(
            [
                ("company_id", "=", self.id),
                ("state", "!=", "preview"),
                ("date", "<=", date),
            ],
            order="date, id",
            limit=1,
        )
        return first_sudo.date or shift(date, -365)
