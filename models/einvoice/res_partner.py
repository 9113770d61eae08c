from odoo import api, fields, models

from ...tools.words import READERS


class ResPartner(models.Model):
    """From a customer to what it has said of its invoices."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_einvoice_count = fields.Integer(
        string="E-Invoice Statuses",
        compute="_compute_dunning_einvoice_count",
        groups=READERS,
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends_context("allowed_company_ids")
    def _compute_dunning_einvoice_count(self):
        groups = self.env["dunning.einvoice.event"]._read_group(
            [("partner_id", "in", self._origin.ids)], ["partner_id"], ["__count"]
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.dunning_einvoice_count = counts.get(partner._origin.id, 0)

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_dunning_open_einvoice(self):
        """Open what these customers have said of their invoices.

        :return: window action
        """
        events = self.env["dunning.einvoice.event"].search(
            [("partner_id", "in", self.ids)]
        )
        return events._get_records_action(name=self.env._("E-Invoice Statuses"))
