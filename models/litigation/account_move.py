from odoo import api, fields, models

from ...tools.words import READERS


class AccountMove(models.Model):
    """From an invoice to the litigations about it."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_litigation_count = fields.Integer(
        string="Litigations",
        compute="_compute_dunning_litigation_count",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("line_ids")
    def _compute_dunning_litigation_count(self):
        counts = self.env["dunning.litigation"]._count_by_move(self._origin)
        for move in self:
            move.dunning_litigation_count = counts.get(move._origin.id, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_litigations(self):
        """Open the litigations about these entries, open or closed."""
        litigations = self.env["dunning.litigation"].search(
            [("move_ids", "in", self.ids)]
        )
        return litigations._get_records_action(name=self.env._("Litigations"))

    def action_dunning_proof(self):
        """Download the proof file of the invoice.

        :return: client action
        """
        self.ensure_one()
        return self.env["dunning.proof"]._ask_for(self.commercial_partner_id, self)

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _post(self, soft=True):
        # EXTENDS 'account': what was prepared of a litigation takes from its items
        litigations = self.env["dunning.litigation"]
        if entries := self._dunning_filter_plain():
            litigations._check_entries(entries)
        posted = super()._post(soft)
        if entries := posted._dunning_filter_plain():
            litigations._reconcile_entries(entries)
        return posted

    def _dunning_filter_plain(self):
        """Return those that may have been prepared of a litigation: payments are many,
        and none was."""
        return self.filtered(
            lambda move: move.move_type == "entry" and not move.origin_payment_id
        )
