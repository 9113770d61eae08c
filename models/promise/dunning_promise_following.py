from odoo import models

from ...tools.following import is_following


class DunningPromise(models.Model):
    _inherit = "dunning.promise"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _make(self):
        # EXTENDS 'account_dunning': a part of a promise was agreed before
        return None if is_following(self.env) else super()._make()

    def _close_for(self, text):
        # OVERRIDES 'dunning.follower'
        self._decide("withdrawn", decision_reason=text)
        self._settle()

    def _settle_states(self):
        # EXTENDS 'account_dunning': what runs again does so where its items are
        missed, restored = super()._settle_states()
        restored._follow_customers()
        return missed, restored

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        parts = self._get_parts(items)
        if not parts:
            return self.browse()
        return self.copy(
            {
                "partner_id": customer.id,
                "move_line_ids": [(6, 0, items.ids)],
                "line_ids": [
                    (0, 0, {"date": line.date, "amount": amount})
                    for line, amount in parts.items()
                ],
                "keep_others": True,
                "date": self.date,
                "baseline": self.baseline,
                "preceded": self.preceded,
                "approval": self.approval,
                "call_id": self.call_id.id,
                "tolerance_days": self.tolerance_days,
                "tolerance_amount": self.tolerance_amount,
                "break_whole": self.break_whole,
                "resume": self.resume,
            }
        )

    def _get_parts(self, items):
        """Return how much of each instalment that runs is to come from some of the
        items: they take the oldest first."""
        ordered = self._get_ordered_items()
        left = {
            item: max(amount, 0)
            for item, amount in self._get_residuals(ordered).items()
        }
        parts = {}
        for line in self.line_ids.filtered(lambda line: line.state == "open"):
            wanted = line.amount_left
            for item in left:
                taken = self.currency_id.round(min(wanted, left[item]))
                left[item] -= taken
                wanted -= taken
                if item in items and taken:
                    parts[line] = parts.get(line, 0) + taken
        return parts


class DunningPromiseLine(models.Model):
    _inherit = "dunning.promise.line"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _check_being_made(self):
        # EXTENDS 'account_dunning': a part of a promise was agreed before
        return None if is_following(self.env) else super()._check_being_made()
