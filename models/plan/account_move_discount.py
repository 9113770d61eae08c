from odoo import models

ACTIVITY_TYPE = "account_dunning.activity_type_discount"


class AccountMoveLine(models.Model):
    """Early payment discounts that were taken in time although nobody has written
    them off: what is left is no debt, it is for the accountants to settle. The plan
    leaves it out; here they are told of it, once for each invoice."""

    _inherit = "account.move.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_follow_discounts(self):
        """Tell the accountants of discounts to be written off, and no longer of those
        that are."""
        lines = self.filtered("discount_date")
        if not lines or not self.env.ref(ACTIVITY_TYPE, raise_if_not_found=False):
            return
        for line in lines:
            activities = line.move_id._dunning_get_discount_activities()
            if not line._dunning_is_discounted():
                activities.filtered("active").unlink()
            elif not activities:
                line._dunning_tell_discount()

    def _dunning_is_discounted(self) -> bool:
        """Return whether all is paid but the early payment discount, in time for it:
        what the plan says in SQL."""
        self.ensure_one()
        currency, discounted = self.currency_id, self.discount_amount_currency
        left = self.amount_residual_currency
        if not self.discount_date or discounted <= 0 or left <= 0:
            return False
        if currency.compare_amounts(left, self.amount_currency - discounted) > 0:
            return False
        in_time = self.matched_credit_ids.filtered(
            lambda partial: partial.max_date <= self.discount_date
        )
        paid = sum(in_time.mapped("debit_amount_currency"))
        return currency.compare_amounts(paid, discounted) >= 0

    def _dunning_tell_discount(self):
        self.ensure_one()
        user = self._dunning_get_accountant()
        if not user:
            return
        told = self.move_id.with_context(lang=user.lang)
        told.activity_schedule(
            ACTIVITY_TYPE,
            user_id=user.id,
            note=told.env._(
                "The customer has paid in time for the early payment discount. What "
                "is left of the invoice is not dunned: write it off."
            ),
        )

    def _dunning_get_accountant(self):
        """Return who settles the rest of a payment: who reconciles it, else who made
        the invoice, if they are accountants; else the company's collector. Nobody who
        may not see the invoice."""
        self.ensure_one()
        people = self.env.user | self.move_id.create_uid
        accountants = people.filtered(
            lambda user: (
                not user._is_superuser()
                and user.has_group("account.group_account_invoice")
            )
        )
        candidates = accountants | self.company_id.dunning_user_id
        return candidates.filtered(
            lambda user: user.active and self.move_id.with_user(user).has_access("read")
        )[:1]


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dunning_get_discount_activities(self):
        """Return what accountants were told of discounts, done or not."""
        return (
            self.env["mail.activity"]
            .with_context(active_test=False)
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", self.env.ref(ACTIVITY_TYPE).id),
                ]
            )
        )
