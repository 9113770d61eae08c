from datetime import date as Date
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .dunning_forecast import ForecastScope
from .dunning_forecast_habit import HORIZON


class DunningForecast(models.AbstractModel):
    """What the forecasts of the past read, taken from the ledger once for all of
    them."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _keep_past(self, scope: ForecastScope, first: Date):
        """Keep what was paid and what was open on the days from the first on: what a
        scope with ``kept`` reads."""
        self.env["dunning.balance"]._keep(
            scope.company, first, scope.date, scope.partners
        )
        self._keep(
            "past",
            SQL(
                """
                SELECT *
                  FROM (%(payment)s) payment
                 WHERE day <= %(last)s
                   AND (day > %(first)s OR due >= %(learnt)s)
                """,
                payment=self._get_payment_sql(scope),
                last=scope.date,
                first=first,
                learnt=first - timedelta(HORIZON),
            ),
        )
