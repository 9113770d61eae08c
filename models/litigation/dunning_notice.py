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
        problem = super()._get_problem(action)
        if not problem and action.dispute_id._is_insolvency():
            return "insolvency"
        return problem


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_silence_reason(self):
        # EXTENDS 'account_dunning'
        reason = super()._get_silence_reason()
        if not reason and self._is_insolvency():
            reason = self.env._(
                "%(customer)s is in insolvency proceedings and is not asked for money: "
                "what is owed is declared to the agent.",
                customer=self.partner_id.display_name,
            )
        return reason

    def _is_insolvency(self) -> bool:
        """Return whether the customer is in insolvency proceedings."""
        # Whoever refuses need not read what was handed over.
        customer_sudo = self.partner_id.with_company(self.company_id).sudo()
        return customer_sudo.dunning_litigation_kind == "insolvency"


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why a notice is cancelled
        labels = super()._get_reason_labels()
        return labels | {"insolvency": self.env._("Insolvency Proceedings")}
