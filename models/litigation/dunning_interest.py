from odoo import api, models
from odoo.tools import SQL


class DunningInterest(models.AbstractModel):
    """Interest stops with the publication of insolvency proceedings, on whatever day it
    was heard of."""

    _inherit = "dunning.interest"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _get_insolvency_rows(self, scope):
        # EXTENDS 'account_dunning': what the hold says begins when it was entered
        rows = super()._get_insolvency_rows(scope)
        self.env["dunning.litigation"].flush_model()
        return rows + self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.id,
                       litigation.date_published,
                       litigation.date_closed,
                       NULL::numeric
                  FROM dunning_litigation litigation
                  JOIN res_partner contact
                    ON contact.commercial_partner_id = litigation.partner_id
                  JOIN account_move_line line
                    ON line.partner_id = contact.id
                   AND line.company_id = litigation.company_id
                 WHERE litigation.kind = 'insolvency'
                   AND litigation.state != 'cancelled'
                   AND litigation.company_id = %(company)s
                   AND litigation.date_published <= %(date)s
                   AND line.account_id = ANY(%(accounts)s)
                   AND %(among)s
              ORDER BY line.id
                """,
                company=scope.company.id,
                date=scope.date,
                accounts=list(self.env["dunning.ledger"]._get_account_ids()),
                among=scope.among(SQL("line.id")),
            )
        )
