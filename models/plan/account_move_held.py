from odoo import api, fields, models

from ...tools.words import READERS


class AccountMove(models.Model):
    """What keeps an invoice out of dunning, in whole or in part."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_withheld = fields.Monetary(
        string="Kept out of Dunning",
        compute="_compute_dunning_held",
        help="By promises, disputes and holds on its items, or because a payment is "
        "in process.",
        groups=READERS,
    )
    dunning_held_by = fields.Char(
        string="Kept out by",
        compute="_compute_dunning_held",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids.amount_residual", "state")
    @api.depends_context("lang")
    def _compute_dunning_held(self):
        shares = self._dunning_get_shares()
        for move in self:
            of_move = shares.get(move._origin.id, [])
            move.dunning_withheld = sum(amount for _hold, amount in of_move)
            move.dunning_held_by = self.env["dunning.hold"]._describe_shares(
                of_move, move.currency_id
            )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_holds(self):
        """Open what keeps the entry out: the promise, the dispute, or the holds."""
        self.ensure_one()
        holds = self.env["dunning.hold"]
        shares = self._dunning_get_shares().get(self.id, [])
        return holds.union(*(hold for hold, _amount in shares))._open()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_shares(self):
        """Return what keeps items of these entries out.

        :return: dict of entry id to list of (hold, amount)
        """
        # Whoever sees an invoice sees why it is not dunned.
        items_sudo = self.env["account.move.line"].sudo()
        items_sudo = items_sudo.search(
            [
                ("move_id", "in", self._origin.ids),
                ("account_id", "in", self.env["dunning.ledger"]._get_account_ids()),
                ("parent_state", "=", "posted"),
                ("amount_residual_currency", ">", 0),
            ]
        )
        by_item = items_sudo.env["dunning.hold"]._get_shares(items_sudo)
        shares = {}
        for item_sudo in items_sudo:
            of_move = shares.setdefault(item_sudo.move_id.id, [])
            of_move += by_item.get(item_sudo.id, [])
        return shares
