from dataclasses import replace

from odoo import api, models
from odoo.tools import format_date

from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS

# The indicators that are shown, in order.
SHOWN = ("dso", "dso_countback", "dso_best", "add", "cei")
# Those whose trend is shown, and over how many months.
TREND = ("dso", "dso_best")
TREND_MONTHS = 12


class DunningDashboard(models.AbstractModel):
    """How fast money comes in: days sales outstanding, what goes with them, and how
    they went."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(
        company="many2one", user="many2one", period=PERIOD_WORDS, refresh="boolean"
    )
    def get_dso(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
        refresh: bool = False,
    ):
        """Return how fast money comes in, see :meth:`get_setup`.

        :param refresh: work it out even if it is remembered
        :return: dict: ``figures``, see also :meth:`_remember`
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        return self._remember(
            "get_dso", scope, period, refresh, lambda: self._get_speed(scope)
        )

    @api.model
    @api.readonly
    @accepts(
        company="many2one", user="many2one", period=PERIOD_WORDS, refresh="boolean"
    )
    def get_trend(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
        refresh: bool = False,
    ):
        """Return days sales outstanding at the end of each of the last months, see
        :meth:`get_setup`.

        :param refresh: work it out even if it is remembered
        :return: dict: ``months`` (list of dicts: ``label, dso, dso_best, action``),
            ``series`` (list of dicts: ``key, label``), see also :meth:`_remember`
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)
        return self._remember(
            "get_trend", scope, period, refresh, lambda: self._get_months(scope)
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_speed(self, scope):
        partners = self._get_partners(scope)
        rows = self.env["dunning.indicator"].get_explained(
            scope.company.id,
            scope.today,
            scope.date_from,
            None if partners is None else partners.ids,
        )
        found = {row["name"]: row for row in rows}
        return {"figures": [self._prepare_explained(found[name]) for name in SHOWN]}

    @api.model
    def _get_months(self, scope):
        indicators = self.env["dunning.indicator"]
        partners = self._get_partners(scope)
        rows = scope.company._dunning_indicator_history(
            scope.today, TREND_MONTHS, partners
        )
        asked = scope.company._dunning_indicator_scope(scope.today, partners=partners)
        labels = indicators._get_labels()
        return {
            "months": [
                {
                    "label": format_date(self.env, row["date"], date_format="MMM yy"),
                    **{key: row[key] for key in TREND},
                    "action": indicators._open_entries(
                        "receivable",
                        labels["receivable"],
                        replace(asked, date=row["date"]),
                    ),
                }
                for row in rows
            ],
            "series": [{"key": key, "label": labels[key]} for key in TREND],
        }

    @api.model
    def _prepare_explained(self, row):
        """Return an indicator with its explanation as a figure.

        :param row: of :meth:`dunning.indicator.get_explained`
        """
        return self._prepare_figure(
            row["name"],
            row["label"],
            row["value"],
            row["kind"],
            action=row["action"],
            how={key: row[key] for key in ("formula", "numbers", "period")},
        )
