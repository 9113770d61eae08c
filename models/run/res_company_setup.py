from odoo import api, models
from odoo.tools import SQL


class ResCompany(models.Model):
    """Companies that were there before the addon."""

    _inherit = "res.company"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_set_up_existing(self):
        """Give the companies without scenario the shipped one. Those whose customers
        already owe something are not dunned day by day before somebody has looked at
        the plan and switched it on.

        Called while the addon is installed.
        """
        companies = self.with_context(active_test=False).search(
            [("dunning_scenario_id", "=", False), ("parent_id", "=", False)]
        )
        companies.dunning_scenario_id = self._dunning_get_shipped_scenario()
        families = self.with_context(active_test=False).search(
            [("id", "child_of", companies.ids)]
        )
        families._dunning_filter_with_receivables().dunning_enabled = False

    def _dunning_filter_with_receivables(self):
        """Return the companies to which customers owe something, at the price of one
        look into an index whatever the size of the ledger."""
        if not self:
            return self
        self.env["account.move.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT company.id
                  FROM res_company company
                 WHERE company.id IN %s
                   AND EXISTS (
                           SELECT
                             FROM account_account account
                             JOIN account_move_line line
                               ON line.account_id = account.id
                            WHERE account.account_type = 'asset_receivable'
                              AND line.reconciled IS NOT TRUE
                              AND line.parent_state = 'posted'
                              AND line.company_id = company.id
                              AND line.amount_residual_currency > 0
                       )
                """,
                self._ids,
            )
        )
        return self.browse(id_ for (id_,) in rows)
