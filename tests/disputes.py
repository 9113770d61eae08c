from odoo import Command

from .common import DunningCommon


class DisputeCommon(DunningCommon):
    """Disputes of the customer, recorded by the collector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reason = cls.env["dunning.reason"].create(
            {
                "name": "Wrong Price",
                "delay_days": 3,
                "checklist_ids": [
                    Command.create({"name": "Order"}),
                    Command.create({"name": "Price List"}),
                ],
            }
        )

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    @classmethod
    def _dispute(cls, items, amount=None, user=None, **values):
        """Record a dispute as the collector does.

        :param items: journal items, or entries
        :param amount: part in dispute, all of the items by default
        """
        if items._name == "account.move":
            items = cls._items(items)
        if amount:
            values["amount"] = amount
        disputes = cls.env["dunning.dispute"].with_user(user or cls.collector)
        return disputes.create(
            {
                "move_line_ids": [Command.set(items.ids)],
                "reason_id": cls.reason.id,
                **values,
            }
        )

    # ------------------------------------------------------------------
    # LOOKING
    # ------------------------------------------------------------------

    def _get_withheld(self, items):
        """Return what active holds keep out of some items or entries."""
        if items._name == "account.move":
            items = self._items(items)
        holds = self.env["dunning.hold"].search(
            [("move_line_ids", "in", items.ids), ("state", "=", "active")]
        )
        return sum(holds.mapped("amount"))
