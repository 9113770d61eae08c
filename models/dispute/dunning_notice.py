# What is asked of each is the same, whether it needs all of it or not.
# pylint: disable=unused-argument

from odoo import fields, models


class DunningNoticeRefusal(models.AbstractModel):
    _name = "dunning.notice.refusal"
    _inherit = "dunning.notice"
    _description = "Refusal of a Dispute"

    _source_field = "dispute_id"
    _text_names = ("dispute_refusal",)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_problem(self, action):
        # OVERRIDES 'dunning.notice'
        dispute = action.dispute_id
        if dispute.state != "rejected":
            return "dispute_not_rejected"
        if dispute.currency_id.is_zero(dispute.amount_open):
            return dispute._get_closing_cause()
        return None

    def _get_text_problem(self, action):
        # OVERRIDES 'dunning.notice'
        if (action.refusal_reason or "").strip() or action._has_custom_text():
            return None
        return self.env._(
            "Nobody has said why the dispute is refused: edit the text, then send."
        )

    def _get_details(self, action):
        # OVERRIDES 'dunning.notice': the balance of each of the ``items``, what is due
        # again of them, the day on which dunning ``resume``s, and that until which is
        # to be paid where nothing is due yet
        dispute = action.dispute_id
        items = dispute._get_ordered_items()
        # What was not restarted counts from the due date, as before.
        due = [item.date_maturity for item in items if item.date_maturity]
        first, today = min(due, default=None), action._get_content_day()
        day = dispute.date_restart or first or today
        is_due = not first or first <= today
        details = {
            "items": [[item.id, item.amount_residual_currency] for item in items],
            "amount": min(dispute.amount, max(dispute.amount_open, 0)),
            # What is not due yet keeps its due date.
            "resume": fields.Date.to_string(day if is_due else max(day, first)),
        }
        if not is_due:
            details["pay_by"] = fields.Date.to_string(first)
        return details

    def _render_table(self, action, details):
        # OVERRIDES 'dunning.notice'
        return action._render_content("contested", **self._prepare(action, details))

    def _prepare(self, action, details):
        """Return what the table shows."""
        balances = dict(details["items"])
        return {
            "currency": action.dispute_id.currency_id,
            "contested": action.dispute_id.amount,
            "due": details["amount"],
            "items": [
                {
                    "number": line._dunning_get_number(),
                    "invoice_date": line.move_id.invoice_date,
                    "ref": line.move_id.ref,
                    "date_due": line.date_maturity or line.date,
                    "balance": balances.get(line.id, 0),
                }
                for line in action._get_notice_items()
            ],
        }


class DunningItem(models.Model):
    _inherit = "dunning.item"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_reason_labels(self):
        # EXTENDS 'account_dunning': why notices are cancelled
        return super()._get_reason_labels() | {
            "dispute_not_rejected": self.env._("The dispute is not rejected any more"),
        }
