from odoo import models


class DunningNotice(models.AbstractModel):
    _inherit = "dunning.notice"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_insolvency(self, action):
        """Return why a notice that asks for money is not sent: who is in insolvency
        proceedings is asked for none, what is owed is declared to the agent."""
        is_insolvent = action.partner_id._dunning_is_insolvent(action.company_id)
        return "insolvency" if is_insolvent else None


class DunningNoticeRefusal(models.AbstractModel):
    _inherit = "dunning.notice.refusal"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_problem(self, action):
        # EXTENDS 'account_dunning'
        return super()._get_problem(action) or self._get_insolvency(action)


class DunningNoticePromised(models.AbstractModel):
    _inherit = "dunning.notice.promised"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_problem(self, action):
        # EXTENDS 'account_dunning'
        return super()._get_problem(action) or self._get_insolvency(action)


class DunningDispute(models.Model):
    _inherit = "dunning.dispute"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_silence_reason(self):
        # EXTENDS 'account_dunning'
        reason = super()._get_silence_reason()
        if not reason and self.partner_id._dunning_is_insolvent(self.company_id):
            reason = self.env._(
                "%(customer)s is in insolvency proceedings and is not asked for money: "
                "what is owed is declared to the agent.",
                customer=self.partner_id.display_name,
            )
        return reason


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why a notice is cancelled
        labels = super()._get_reason_labels()
        return labels | {"insolvency": self.env._("Insolvency Proceedings")}
