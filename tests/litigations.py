from odoo import Command

from .common import DunningCommon


class LitigationCommon(DunningCommon):
    """Litigations of the customer, recorded by the collector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lawyer = cls._create_customer("Lawyer", dunning_agent_kind="lawyer")
        cls.agency = cls._create_customer("Agency", dunning_agent_kind="agency")
        cls.insurer = cls._create_customer("Insurer", dunning_agent_kind="insurer")

    # ------------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------------

    @classmethod
    def _hand_over(cls, items, user=None, **values):
        """Hand items over as the collector does.

        :param items: journal items, or entries
        """
        if items._name == "account.move":
            items = cls._items(items)
        litigations = cls.env["dunning.litigation"].with_user(user or cls.collector)
        return litigations.create(
            {
                "move_line_ids": [Command.set(items.ids)],
                "agent_id": cls.lawyer.id,
                **values,
            }
        )

    @classmethod
    def _accept_dispute(cls, invoice, amount):
        """Accept in a dispute, as the collector does, that an amount is not owed: its
        credit note is a draft."""
        disputes = cls.env["dunning.dispute"].with_user(cls.collector)
        dispute = disputes.create(
            {
                "move_line_ids": [Command.set(cls._items(invoice).ids)],
                "reason_id": cls.env.ref("account_dunning.reason_price").id,
                "amount": amount,
            }
        )
        dispute.action_accept()
        return dispute

    @classmethod
    def _declare_insolvent(cls, partner=None, published=0, **values):
        """Record that a customer is insolvent, as the collector does."""
        partner = partner or cls.customer
        items = cls.env["account.move.line"].search(
            [
                ("partner_id", "=", partner.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        return (
            cls.env["dunning.litigation"]
            .with_user(cls.collector)
            .create(
                {
                    "partner_id": partner.id,
                    "kind": "insolvency",
                    "date_published": cls._day(published),
                    "move_line_ids": [Command.set(items.ids)],
                    **values,
                }
            )
        )

    def _record(self, litigation, kind, day=None, **values):
        """Record an act as the collector does."""
        acts = self.env["dunning.litigation.act"].with_user(self.collector)
        return acts.create(
            {
                "litigation_id": litigation.id,
                "kind": kind,
                "date": self._day(0 if day is None else day),
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
