from odoo import api, fields, models

from ...tools.words import READERS
from ..base.mail_discreet_search import Ours


class ResPartner(models.Model):
    """What a credit insurer covers of what a customer owes, and what nobody does."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_cover_ids = Ours(
        "dunning.cover", "partner_id", string="Credit Insurance", groups=READERS
    )
    dunning_solvency_ids = Ours(
        "dunning.solvency", "partner_id", string="Solvency Checks", groups=READERS
    )
    dunning_covered = fields.Monetary(
        string="Insured",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_covered",
        groups=READERS,
        help="What credit insurers cover today, in company currency.",
    )
    dunning_uncovered = fields.Monetary(
        string="Not Insured",
        currency_field="dunning_currency_id",
        compute="_compute_dunning_covered",
        groups=READERS,
        help="The part of the exposure that no insurer covers.",
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends(
        "dunning_cover_ids.amount",
        "dunning_cover_ids.date_from",
        "dunning_cover_ids.date_to",
    )
    @api.depends_context("company")
    def _compute_dunning_covered(self):
        covers = self.env["dunning.cover"]
        customers = self._origin.commercial_partner_id
        covered = covers._get_covered(self.env.company, customers)
        for partner in self:
            amount = covered.get(partner._origin.commercial_partner_id.id, 0)
            partner.dunning_covered = amount
            partner.dunning_uncovered = max(partner.dunning_exposure - amount, 0)
