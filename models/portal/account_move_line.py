from datetime import date as Date

from odoo import models


class AccountMoveLine(models.Model):
    """What an item is called on the customer's page, and for what it is paid by who
    takes the early payment discount."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_name_on_page(self) -> str:
        """Return what an item or a credit is called on the customer's page: what a
        payment says of itself is said in our language, and of the first invoice that
        it has paid."""
        self.ensure_one()
        if self.amount_currency < 0:
            return self.move_id.name
        return self._dunning_get_number()

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
