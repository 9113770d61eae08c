from odoo import Command, api, fields, models
from odoo.exceptions import ValidationError

from ...tools import instalments


class DunningCallOutcome(models.TransientModel):
    """A promise on the phone in several instalments: the schedule is shown as it will
    be kept and can be changed."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    count = fields.Integer(string="Instalments", default=1)
    interval = fields.Selection(
        [("week", "Week"), ("fortnight", "Two Weeks"), ("month", "Month")],
        string="One Every",
        default="month",
    )
    schedule_ids = fields.One2many(
        "dunning.call.outcome.line",
        "dialog_id",
        compute="_compute_schedule_ids",
        store=True,
        readonly=False,
    )
    amount_missing = fields.Monetary(
        string="Still to Be Shared Out", compute="_compute_amount_missing"
    )
    needs_approval = fields.Boolean(compute="_compute_needs_approval")
    confirm = fields.Boolean(compute="_compute_confirm", store=True, readonly=False)

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("amount", "date", "count", "interval", "currency_id", "outcome")
    def _compute_schedule_ids(self):
        for dialog in self:
            dialog.schedule_ids = [Command.clear()] + [
                Command.create({"date": date, "amount": amount})
                for date, amount in dialog._split(dialog.currency_id, dialog.amount)
            ]

    @api.depends("amount", "schedule_ids.amount", "count")
    def _compute_amount_missing(self):
        for dialog in self:
            total = sum(dialog.schedule_ids.mapped("amount"))
            planned = dialog._is_plan()
            missing = dialog.amount - total if planned else 0
            dialog.amount_missing = dialog.currency_id.round(missing)

    @api.depends(
        "outcome",
        "currency_id",
        "amount",
        "date",
        "count",
        "schedule_ids.date",
        "schedule_ids.amount",
        "all_items",
        "include_others",
    )
    def _compute_needs_approval(self):
        for dialog in self:
            dialog.needs_approval = dialog._needs_approval()

    @api.depends("needs_approval")
    def _compute_confirm(self):
        for dialog in self:
            dialog.confirm = dialog.confirm and not dialog.needs_approval

    def _is_plan(self):
        self.ensure_one()
        return self.outcome == "promise" and self.count > 1

    def _split(self, currency, amount):
        """Return the dates and amounts of the instalments, none where there is no plan
        or it cannot be told."""
        if not self._is_plan():
            return []
        interval, digits = self.interval or "month", currency.decimal_places
        return instalments.propose(amount, self.count, self.date, interval, digits)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_instalments(self, currency, amount):
        """Return what is promised in a currency: list of dates and amounts."""
        if not self._is_plan():
            return [(self.date, amount)]
        if currency == self.currency_id:
            return [(line.date, line.amount) for line in self.schedule_ids]
        return self._split(currency, amount)

    def _check_instalments(self):
        """Refuse a schedule that cannot be kept.

        :raise ValidationError: saying what to correct
        """
        if self.count < 1:
            raise ValidationError(self.env._("Enter the number of instalments."))
        if self._is_plan():
            self._check_schedule()

    def _check_schedule(self):
        amounts = self._get_promised_amounts()
        if not all(self._get_instalments(*pair) for pair in amounts.items()):
            raise ValidationError(
                self.env._("So many instalments cannot be made of this amount.")
            )
        if self.amount_missing:
            total = self.currency_id.format(self.amount - self.amount_missing)
            raise ValidationError(
                self.env._(
                    "The instalments add up to %(total)s, but %(amount)s is promised: "
                    "correct one of the two.",
                    total=total,
                    amount=self.currency_id.format(self.amount),
                )
            )

    def _check_confirmable(self):
        """Refuse to confirm to the customer what somebody else has yet to approve.

        :raise ValidationError: the promise is above the company's limits
        """
        if self.confirm and self._needs_approval():
            raise ValidationError(
                self.env._(
                    "A credit manager has to approve this promise first: leave out "
                    "the confirmation, it can be sent from the promise afterwards."
                )
            )

    def _needs_approval(self):
        """Return whether what is promised waits until somebody approves it."""
        promised = self._get_outcome()._get_promised(self)
        return any(
            self.env["dunning.promise"]._would_need_approval(
                self.company_id, currency, self._get_instalments(currency, amount)
            )
            for currency, amount in promised.items()
        )

    # ------------------------------------------------------------------
    # BUSINESS METHODS - AMOUNTS
    # ------------------------------------------------------------------

    def _get_promised_amounts(self):
        """Return the amount promised in each currency."""
        amounts = {self.currency_id: self.amount}
        if self.include_others and self.all_items:
            for total in self.action_id._get_totals()[self.action_id]:
                if total.claimed > 0:
                    amounts.setdefault(total.currency, total.claimed)
        return amounts


class DunningCallOutcomeLine(models.TransientModel):
    _name = "dunning.call.outcome.line"
    _description = "Instalment Promised on the Phone"
    _inherit = ["dunning.guarded"]
    _order = "date, id"

    dialog_id = fields.Many2one(
        "dunning.call.outcome", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="dialog_id.currency_id")
    date = fields.Date(required=True)
    amount = fields.Monetary(required=True)
