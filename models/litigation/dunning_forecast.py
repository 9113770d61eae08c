from odoo import api, models
from odoo.tools import SQL


class DunningForecast(models.AbstractModel):
    """Who is insolvent does not pay by habit."""

    _inherit = "dunning.forecast"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_hopeless_sql(self, scope) -> SQL:
        # EXTENDS 'account_dunning': as of any day
        self.env["dunning.litigation"].flush_model()
        return SQL(
            """
            (%(hopeless)s OR EXISTS (
                SELECT FROM dunning_litigation litigation
                 WHERE litigation.partner_id = balance.partner_id
                   AND litigation.company_id = %(company)s
                   AND litigation.kind = 'insolvency'
                   AND litigation.state != 'cancelled'
                   AND litigation.date_published <= %(date)s
                   AND COALESCE(litigation.date_closed > %(date)s, TRUE)
            ))
            """,
            hopeless=super()._get_hopeless_sql(scope),
            company=scope.company.id,
            date=scope.date,
        )
