from odoo import api, models
from odoo.tools import SQL

from .dunning_plan import PlanScope


class DunningPlan(models.AbstractModel):
    """What companies and their branches have in common.

    Each company duns its own items. What customers have paid to its parents without
    saying for what covers them too: Odoo lets it be reconciled with them. Until
    somebody does, it counts for each company it may be meant for, so that nobody is
    asked for what may be paid.
    """

    _inherit = "dunning.plan"

    @api.model
    def _get_parent_credit_sql(self, scope: PlanScope) -> SQL:
        """Unallocated credits of the parents, by customer, currency and account: no
        more than what the company's items on that account leave to pay, for no other
        can be reconciled with them."""
        return SQL(
            """
            SELECT partner_id, currency_id, LEAST(credit.amount, owed.amount) AS amount
              FROM (
                       SELECT COALESCE(contact.commercial_partner_id, line.partner_id)
                                  AS partner_id,
                              line.currency_id,
                              line.account_id,
                              -SUM(line.amount_residual_currency) AS amount
                         FROM account_move_line line
                    LEFT JOIN res_partner contact
                           ON contact.id = line.partner_id
                          AND %(known)s
                        WHERE %(is_open)s
                          AND line.amount_residual_currency < 0
                          AND %(restriction)s
                     GROUP BY 1, 2, 3
                   ) credit
              JOIN (
                       SELECT partner_id,
                              currency_id,
                              account_id,
                              SUM(residual) AS amount
                         FROM open_line
                     GROUP BY partner_id, currency_id, account_id
                       HAVING SUM(residual) > 0
                   ) owed USING (partner_id, currency_id, account_id)
            """,
            known=scope.among(SQL("contact.commercial_partner_id")),
            is_open=self._get_is_open_in_sql(
                self.env["res.company"]._dunning_get_parent_ids(scope.company)
            ),
            restriction=self._get_partner_restriction(scope),
        )
