from odoo import api, fields, models

from ...tools.words import READERS
from ..base.mail_discreet_search import Ours


class AccountMove(models.Model):
    """From an invoice to what its buyer has said."""

    _inherit = "account.move"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_einvoice_event_ids = Ours(
        "dunning.einvoice.event", "move_id", string="Statuses", groups=READERS
    )
    dunning_einvoice_count = fields.Integer(
        string="E-Invoice Statuses",
        compute="_compute_dunning_einvoice_count",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("dunning_einvoice_event_ids")
    def _compute_dunning_einvoice_count(self):
        groups = self.env["dunning.einvoice.event"]._read_group(
            [("move_id", "in", self._origin.ids)], ["move_id"], ["__count"]
        )
        counts = {move.id: count for move, count in groups}
        for move in self:
            move.dunning_einvoice_count = counts.get(move._origin.id, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_einvoice(self):
        """Open what was said of these invoices.

        :return: window action
        """
        events = self.env["dunning.einvoice.event"].search(
            [("move_id", "in", self.ids)]
        )
        return events._get_records_action(name=self.env._("E-Invoice Statuses"))
