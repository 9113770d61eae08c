from odoo import models


class DunningKind(models.AbstractModel):
    """What customers are asked to pay at once: penalties that are claimed, too."""

    _inherit = "dunning.kind"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_totals_to_pay(self, action, totals):
        # EXTENDS 'account_dunning': the code to scan has the total of the letter
        totals = super()._get_totals_to_pay(action, totals)
        if action.level_id.claim != "claimed" or not action._states_penalties():
            return totals
        amounts = {told.currency: told.amount for told in action._get_penalties()}
        return [
            total._replace(
                claimed=total.currency.round(
                    total.claimed + amounts.get(total.currency, 0.0)
                )
            )
            for total in totals
        ]
