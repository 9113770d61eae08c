from odoo import api, models
from odoo.tools import format_date

from ..base.dunning_entered import accepts
from .dunning_dashboard import DEFAULT_PERIOD, PERIOD_WORDS
from .dunning_forecast import LAYERS

WEEKS = 13
# The weeks that are added up.
SOON = 4


class DunningDashboard(models.AbstractModel):
    """What is expected to come in."""

    _inherit = "dunning.dashboard"

    # ------------------------------------------------------------------
    # PARTS
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    @accepts(
        company="many2one", user="many2one", period=PERIOD_WORDS, refresh="boolean"
    )
    def get_forecast(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
        refresh: bool = False,
    ):
        """Return what is expected to come in, week by week, see :meth:`get_setup`.

        :param refresh: work it out even if it is remembered
        :return: dict: ``figures``, ``weeks`` (list of dicts: ``label``, the amounts by
            certainty, ``low, high, action``), ``series`` (labels of the certainties),
            ``lines`` (labels of low and high), see also :meth:`_remember`
        :raise AccessError: who asks may not see figures of the company
        """
        scope = self._get_scope(company, user, period)

        def work_out():
            # What the forecast learns is kept in temporary tables.
            with self._writing() as dashboard:
                return dashboard._get_expected(
                    dashboard._get_scope(company, user, period)
                )

        return self._remember("get_forecast", scope, period, refresh, work_out)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    @api.model
    @accepts(week="integer", company="many2one", user="many2one", period=PERIOD_WORDS)
    def action_open_week(
        self,
        week: int = 0,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Open the items of which something is expected in a week, as the forecast's
        own screen does: what is listed adds up to the bar.

        :param week: its number, 0 for the first; the nearest one that is shown
        :param company: and the others, see :meth:`get_setup`
        :return: action
        :raise AccessError: who asks may not see figures of the company
        """
        sheet = self._create_sheet(self._get_scope(company, user, period))
        return sheet._open_week(min(max(week or 0, 0), WEEKS - 1))

    @api.model
    @accepts(company="many2one", user="many2one", period=PERIOD_WORDS)
    def action_open_forecast(
        self,
        company: int | bool = False,
        user: int | bool = False,
        period: str = DEFAULT_PERIOD,
    ):
        """Open the forecast's own screen: its weeks add up to the figures, and each of
        them opens its items.

        :param company: and the others, see :meth:`get_setup`
        :return: action
        :raise AccessError: who asks may not see figures of the company
        """
        sheet = self._create_sheet(self._get_scope(company, user, period))
        return sheet.action_fill()

    @api.model
    def _create_sheet(self, scope):
        return self.env["dunning.forecast.sheet"].create(
            {
                "company_id": scope.company.id,
                "collector_id": scope.user and scope.user.id,
                "date": scope.today,
            }
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_expected(self, scope):
        forecast = self.env["dunning.forecast"]
        rows = forecast._get_rows(
            forecast._get_scope(
                scope.company, scope.today, WEEKS, self._get_partners(scope)
            )
        )
        labels = {
            "plan": self.env._("Plans"),
            "promise": self.env._("Promises"),
            "habit": self.env._("By habit"),
            "due": self.env._("By due date"),
        }
        return {
            "figures": self._prepare_forecast(rows, labels),
            "weeks": [
                self._prepare_week(number, row) for number, row in enumerate(rows)
            ],
            "series": [{"key": key, "label": labels[key]} for key in LAYERS],
            "lines": [
                {"key": "low", "label": self.env._("Low Estimate")},
                {"key": "high", "label": self.env._("High Estimate")},
            ],
        }

    @api.model
    def _prepare_forecast(self, rows, labels):
        """The figures of the next weeks."""
        soon, all_ = rows[:SOON], rows
        how = self.env._(
            "What is open today, spread over the weeks in which it is expected: "
            "instalments and promises as customers keep them, the rest by the delays "
            "with which each customer has paid. Disputes are left out, who is "
            "insolvent, and sales to come."
        )
        return [
            self._prepare_figure(
                key,
                label,
                sum(row["amount"] for row in chosen),
                action={"method": "action_open_forecast", "values": {}},
                how=self._prepare_how(
                    how,
                    [
                        (labels[name], sum(row[name] for row in chosen), "amount")
                        for name in LAYERS
                    ],
                ),
            )
            for key, label, chosen in (
                ("soon", self.env._("Next %s weeks", SOON), soon),
                ("quarter", self.env._("Next %s weeks", WEEKS), all_),
            )
        ]

    @api.model
    def _prepare_week(self, number, row):
        return {
            "label": format_date(self.env, row["week"], date_format="d MMM"),
            **{name: row[name] for name in (*LAYERS, "low", "high")},
            # Which items are behind a bar is worked out when it is opened.
            "action": {"method": "action_open_week", "values": {"week": number}},
        }
