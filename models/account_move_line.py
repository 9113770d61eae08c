from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _is_dunning_item(self):
        """Return whether the line is of those that dunning reads."""
        self.ensure_one()
        account = self.account_id
        return account.account_type == "asset_receivable" and not account.non_trade

    def _dunning_ledger_changed(self, reopened=False):
        """Let dunning follow a change of these lines, in the same transaction.

        :param reopened: the lines may be open again
        """
        # Whoever works on the ledger need not have rights on dunning.
        lines_sudo = self.sudo().filtered("partner_id")
        lines_sudo = lines_sudo.filtered(lambda line: line._is_dunning_item())
        if not lines_sudo:
            return
        if reopened:
            lines_sudo.env["dunning.item.state"]._rebuild(lines_sudo.ids)
        for company, lines in lines_sudo.grouped("company_id").items():
            lines.env["dunning.action"]._refresh_customers(company, lines.partner_id)
