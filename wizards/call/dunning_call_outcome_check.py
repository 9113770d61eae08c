from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize
from odoo.tools.mail import is_html_empty


class DunningCallOutcome(models.TransientModel):
    """What cannot have been answered."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # BUSINESS METHODS - CHECKS
    # ------------------------------------------------------------------

    def _check_inputs(self):
        """Refuse what cannot have been agreed.

        :raise ValidationError: saying what to correct
        """
        self._get_outcome()._check(self)
        if self.confirm:
            self._check_email()
            if is_html_empty(self.confirm_body) or not self.confirm_subject:
                raise ValidationError(
                    self.env._("The confirmation is empty: write it, or leave it out.")
                )

    def _check_items(self):
        lines = self._get_lines()
        if not self.currency_id or not lines.filtered(
            lambda line: line.currency_id == self.currency_id
        ):
            raise ValidationError(
                self.env._("Choose the invoices concerned.")
                if self.action_id._get_content_lines()
                else self.env._(
                    "Nothing is claimed in this call: note what was said as “Other”."
                )
            )

    def _check_amount(self) -> None:
        """Refuse an amount that the chosen invoices do not leave to pay.

        :raise ValidationError: saying what is left
        """
        currency = self.currency_id
        if currency.compare_amounts(self.amount, 0) <= 0:
            raise ValidationError(self.env._("Enter the amount."))
        limit = max(self._get_limit(), self._get_claimed())
        if currency.compare_amounts(self.amount, limit) > 0:
            raise ValidationError(
                self.env._(
                    "The amount is above what these invoices leave to pay: %s.",
                    currency.format(limit),
                )
            )

    def _check_date(self) -> None:
        """Refuse a promise for the past.

        :raise ValidationError: always to be corrected by who enters it
        """
        if not self.date or self.date < self._get_today():
            raise ValidationError(
                self.env._("A payment is promised for today or later: correct it.")
            )

    def _check_next_date(self) -> None:
        """Refuse a next call that is not after today.

        :raise ValidationError: always to be corrected by who enters it
        """
        if not self.next_date or self.next_date <= self._get_today():
            raise ValidationError(
                self.env._("Choose a date after today for the next call.")
            )

    def _check_reason(self):
        if not self.reason_id:
            raise ValidationError(self.env._("Choose the reason the customer gives."))

    def _check_email(self):
        address = email_normalize(self.email or "")
        if not address:
            raise ValidationError(
                self.env._("Enter the e-mail address to write to: it is not valid.")
            )
        # Odoo takes it, and it arrives nowhere.
        if "." not in address.rpartition("@")[2]:
            raise ValidationError(
                self.env._(
                    "The end of “%s” is missing, such as .com: ask for the whole "
                    "e-mail address.",
                    address,
                )
            )

    def _check_trading(self):
        if self.stop_trading == "yes" and not self.escalate_user_id:
            raise ValidationError(
                self.env._("Say who decides whether to go on trading.")
            )

    def _check_retry(self):
        if self.retry == "email":
            if not self.fallback_channel:
                self._check_email()
        elif not self.next_date or self.next_date < self._get_today():
            raise ValidationError(self.env._("Choose today or later to try again."))

    def _check_contact(self):
        if not (self.phone or self.contact_name or self._is_email_new()):
            raise ValidationError(
                self.env._("Enter the name, number or address you were given.")
            )
        if self.email:
            self._check_email()
        if not self.next_date or self.next_date < self._get_today():
            raise ValidationError(self.env._("Choose today or later to call again."))

    def _is_email_new(self):
        return self.email and self.email != self.action_id.contact_email
