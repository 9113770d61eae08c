from odoo import models


class DunningCallOutcome(models.TransientModel):
    """What was agreed: which items, which amounts, and how it is kept."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - AMOUNTS
    # ------------------------------------------------------------------

    def _get_lines(self):
        """Return the lines of the action that the outcome is about."""
        lines = self.action_id._get_content_lines()
        return lines if self.all_items else lines & self.line_ids._origin

    def _get_main_currency(self):
        """Return the currency in which most is claimed."""
        company_currency = self.company_id.currency_id
        today = self._get_today()
        lines = self.action_id._get_content_lines()
        groups = lines.grouped("currency_id").items()
        amounts = {
            currency: currency._convert(
                sum(own.mapped("amount_claimed")),
                company_currency,
                self.company_id,
                today,
            )
            for currency, own in groups
        }
        return max(amounts, key=amounts.get, default=company_currency)

    def _get_claimed(self) -> float:
        """Return what is claimed of the chosen items, in the chosen currency."""
        if self.all_items:
            totals = self.action_id._get_totals()[self.action_id]
            return sum(t.claimed for t in totals if t.currency == self.currency_id)
        return self._get_limit()

    def _get_limit(self):
        """Return what the chosen items leave to pay in the chosen currency."""
        lines = self._get_lines().filtered(lambda x: x.currency_id == self.currency_id)
        return self.currency_id.round(sum(lines.mapped("amount_claimed")))

    def _get_held_amount(self) -> float:
        """Return the amount to hold, 0 for all of the items."""
        claimed = self._get_claimed()
        whole = self.currency_id.compare_amounts(self.amount, claimed) >= 0
        return 0 if whole else self.amount

    def _get_numbers(self):
        lines = self._get_lines()
        return list(dict.fromkeys(line._get_content_number() for line in lines))

    def _get_details(self) -> dict:
        """Return what was agreed, as it is kept on the action."""
        details = self._get_outcome()._get_details(self)
        return {key: value for key, value in details.items() if value}
