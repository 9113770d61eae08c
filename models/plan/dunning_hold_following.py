from odoo import models


class DunningHold(models.Model):
    _name = "dunning.hold"
    _inherit = ["dunning.hold", "dunning.follower"]

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _follow_items(self, items) -> None:
        # EXTENDS 'dunning.follower': those of promises and disputes follow these
        by_hand = self.search([("move_line_ids", "in", items.ids)])
        by_hand.filtered(lambda hold: not hold._get_source())._follow_customers()

    def _is_followed(self):
        # OVERRIDES 'dunning.follower'
        return self.state == "active"

    def _get_strange_items(self):
        # EXTENDS 'dunning.follower': who keeps all of them out says no amount
        return super()._get_strange_items() if self.amount else self.move_line_ids[:0]

    def _close_for(self, text):  # pylint: disable=unused-argument
        # OVERRIDES 'dunning.follower'
        self._end()

    def _get_amount_uncovered(self):
        # OVERRIDES 'dunning.follower'
        open_items = self.move_line_ids._dunning_get_open()
        return self.amount - sum(open_items.mapped("amount_residual_currency"))

    def _make_part(self, customer, items):
        # OVERRIDES 'dunning.follower'
        amount = self._get_share(self.amount, items)
        if self.amount and not amount:
            return self.browse()
        part = self.copy(
            {
                "partner_id": customer.id,
                "move_line_ids": [(6, 0, items.ids)],
                "amount": amount,
            }
        )
        if self.amount:
            self.amount -= amount
        return part
