from odoo import models


class DunningLedger(models.AbstractModel):
    """What the plan keeps beside the ledger follows it."""

    _inherit = "dunning.ledger"

    def _follow(self, items, change):
        # EXTENDS 'account_dunning'
        if change.reopened:
            self.env["dunning.item.state"]._rebuild(items.ids)
        items._dunning_follow_discounts()
        return super()._follow(items, change)

    def _follow_moved(self, items):
        # EXTENDS 'account_dunning'
        self.env["dunning.hold"]._follow_items(items)
        return super()._follow_moved(items)

    def _follow_arrived(self, moves):
        # EXTENDS 'account_dunning'
        self.env["dunning.invoice.arrival"]._record(moves)
        return super()._follow_arrived(moves)

    def _follow_reposted(self, moves):
        # EXTENDS 'account_dunning': holds cover the new items
        self.env["dunning.hold"].search(
            [("move_ids", "in", moves.ids), ("date_released", "=", False)]
        ).filtered(lambda hold: not hold._get_source())._restore_items(moves)
        return super()._follow_reposted(moves)
