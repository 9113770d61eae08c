# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import fields, models


class DunningNoticePromised(models.AbstractModel):
    """What is written about promises: what was agreed on stands in a schedule."""

    _name = "dunning.notice.promised"
    _inherit = "dunning.notice"
    _description = "Notice about a Promise"

    _source_field = "promise_id"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_problem(self, action):
        # OVERRIDES 'dunning.notice'
        if action.promise_id.state != "open":
            return "promise_closed"
        return "promise_waiting" if action.promise_id._is_waiting() else None

    def _get_payments(self, action):
        """Return the payments that are told: pairs of line and amount."""
        raise NotImplementedError

    def _get_details(self, action):
        # OVERRIDES 'dunning.notice'
        return {
            "payments": [
                [fields.Date.to_string(line.date), amount]
                for line, amount in self._get_payments(action)
                if amount > 0
            ]
        }

    def _render_table(self, action, details):
        # OVERRIDES 'dunning.notice'
        return action._render_content("schedule", **self._prepare(action, details))

    def _prepare(self, action, details):
        """Return what the table shows."""
        payments = [
            (fields.Date.to_date(day), amount) for day, amount in details["payments"]
        ]
        lines = action._get_promised_lines()
        return {
            "payments": payments,
            "total": sum(amount for _day, amount in payments),
            "currency": action.promise_id.currency_id,
            "means": dict(action._get_means()).get(action.promise_id.means),
            "numbers": action._get_content_numbers(),
            # Of a plan: which of its instalments the reminder is about.
            "place": [*lines].index(action.promise_line_id) + 1
            if action.promise_line_id and action._is_plan()
            else 0,
            "count": len(lines),
        }

    def _is_paid_by_transfer(self, action):
        # OVERRIDES 'dunning.notice'
        return action.promise_id.means in (False, "transfer")


class DunningNoticeConfirmation(models.AbstractModel):
    _name = "dunning.notice.confirmation"
    _inherit = "dunning.notice.promised"
    _description = "Confirmation of a Promise"

    _text_names = ("promise", "promise_plan")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_text_name(self, action):
        # OVERRIDES 'dunning.notice'
        return "promise_plan" if action._is_plan() else "promise"

    def _get_payments(self, action):
        # OVERRIDES 'dunning.notice.promised'
        return [
            (line, line.currency_id.round(line.amount - line.amount_credited))
            for line in action._get_promised_lines()
        ]

    def _get_totals_to_pay(self, action, totals):
        # EXTENDS 'dunning.notice': not a whole plan at once
        return [] if action._is_plan() else super()._get_totals_to_pay(action, totals)


class DunningNoticeReminder(models.AbstractModel):
    _name = "dunning.notice.promise_reminder"
    _inherit = "dunning.notice.promised"
    _description = "Reminder of a Promised Payment"

    _text_names = ("promise_reminder",)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_problem(self, action):
        # EXTENDS 'dunning.notice.promised'
        if problem := super()._get_problem(action):
            return problem
        line = action.promise_line_id
        if line.state != "open" or line.amount_left <= 0:
            return "promised_payment_settled"
        if line.date <= action.company_id._dunning_today():
            return "promised_day_come"
        return None

    def _get_payments(self, action):
        # OVERRIDES 'dunning.notice.promised'
        return [(action.promise_line_id, action.promise_line_id.amount_left)]


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why notices are cancelled
        return super()._get_reason_labels() | {
            "promise_closed": self.env._("The promise does not run any more"),
            "promise_waiting": self.env._("The promise waits for its approval"),
            "promised_payment_settled": self.env._(
                "Nothing of the promised payment is still to come"
            ),
            "promised_day_come": self.env._("The day of the payment has come"),
        }
