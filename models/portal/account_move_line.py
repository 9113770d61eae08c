from datetime import date as Date

from odoo import models


class AccountMoveLine(models.Model):
    """For what an item is paid by who takes the early payment discount."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_discounted(self, day: Date | None = None) -> float | None:
        """Return the amount for which an item is paid on a day, in its currency; None
        where there is no early payment discount, or none any longer.

        :param day: today by default
        """
        self.ensure_one()
        if not self.discount_date:
            return None
        day = day or self.company_id._dunning_today()
        left, discounted = self.amount_residual_currency, self.discount_amount_currency
        offered = (
            0 < discounted < left
            and self.move_id._is_eligible_for_early_payment_discount(
                self.currency_id, day
            )
        )
        return discounted if offered else None

    def _dunning_get_price(self, day: Date | None = None) -> float:
        """Return what is to be paid for items of one currency on a day.

        :param day: today by default
        """
        amounts = []
        for line in self:
            discounted = line._dunning_get_discounted(day)
            left = line.amount_residual_currency
            amounts.append(left if discounted is None else discounted)
        return sum(amounts)
