# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import api, fields, models


class DunningOutcome(models.AbstractModel):
    """Amounts that are promised on the phone."""

    _inherit = "dunning.outcome"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_promised(self, dialog):
        """Refuse what cannot be promised.

        :raise ValidationError: saying what to correct
        """
        dialog._check_items()
        dialog._check_amount()
        dialog._check_date()
        dialog._check_confirmable()

    @api.model
    def _get_promised(self, dialog) -> dict:
        """Return the amounts that are to be promised: dict of currency to amount."""
        return {}

    def _promise(self, dialog, lines, agreed):
        """Record what was promised.

        :param agreed: dict of currency to amount
        """
        schedules = {
            currency: dialog._get_instalments(currency, amount)
            for currency, amount in agreed.items()
        }
        dialog.action_id._apply_promise(
            schedules,
            lines.move_line_id,
            reason_id=dialog.reason_id.id,
            note=dialog.note,
            promised_by=dialog.who,
            means=dialog.means,
        )


class DunningOutcomePromise(models.AbstractModel):
    """The customer will pay, at once or in instalments."""

    _name = "dunning.outcome.promise"
    _inherit = "dunning.outcome"
    _description = "Outcome of a Call: Will Pay"

    _reason = "reason_promised"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_amount(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return dialog._get_claimed()

    def _check(self, dialog):
        # OVERRIDES 'dunning.outcome'
        self._check_promised(dialog)
        dialog._check_instalments()

    def _get_agreed(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return dialog._get_promised_amounts() if dialog.amount else {}

    def _get_promised(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return self._get_agreed(dialog)

    def _get_details(self, dialog):
        # EXTENDS 'dunning.outcome': the schedule is part of what was agreed
        details = super()._get_details(dialog)
        details |= {"who": dialog.who, "means": dialog.means, "next_date": False}
        if dialog.amount and dialog.date:
            details["date"] = fields.Date.to_string(dialog.date)
        if dialog._is_plan():
            details["schedule"] = [
                [fields.Date.to_string(day), str(currency.id), amount]
                for currency, total in dialog._get_promised_amounts().items()
                for day, amount in dialog._get_instalments(currency, total)
            ]
        return details

    def _apply(self, dialog, lines, agreed):
        # OVERRIDES 'dunning.outcome'
        self._promise(dialog, lines, agreed)


class DunningOutcomeCash(models.AbstractModel):
    """Who has no money may promise a part."""

    _inherit = "dunning.outcome.cash"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check(self, dialog):
        # EXTENDS 'account_dunning'
        if dialog.amount:
            self._check_promised(dialog)
        return super()._check(dialog)

    def _get_agreed(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return {dialog.currency_id: dialog.amount} if dialog.amount else {}

    def _get_promised(self, dialog):
        # OVERRIDES 'dunning.outcome'
        return self._get_agreed(dialog)

    def _get_details(self, dialog):
        # EXTENDS 'account_dunning'
        details = super()._get_details(dialog)
        if dialog.amount and dialog.date:
            details["date"] = fields.Date.to_string(dialog.date)
        return details

    def _apply(self, dialog, lines, agreed):
        # EXTENDS 'account_dunning'
        if agreed:
            self._promise(dialog, lines, agreed)
        return super()._apply(dialog, lines, agreed)
