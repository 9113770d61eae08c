from odoo import models


class DunningNoticeRefusal(models.AbstractModel):
    """Who is in insolvency proceedings is asked for no money: what is owed is declared
    to the agent, and a refusal asks for the payment."""

    _inherit = "dunning.notice.refusal"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_problem(self, action):
        # EXTENDS 'account_dunning'
        # Whoever refuses need not read what was handed over.
        customer_sudo = action.partner_id.with_company(action.company_id).sudo()
        is_insolvent = customer_sudo.dunning_litigation_kind == "insolvency"
        return super()._get_problem(action) or (is_insolvent and "insolvency") or None


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why a notice is cancelled
        labels = super()._get_reason_labels()
        return labels | {"insolvency": self.env._("Insolvency Proceedings")}
