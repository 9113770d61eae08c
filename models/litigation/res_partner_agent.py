from odoo import api, fields, models

from ...tools.litigation import AGENTS
from ...tools.words import COLLECTORS, READERS

SETTINGS = ("dunning_agent_kind", "dunning_claim_days")


class ResPartner(models.Model):
    """Contacts to whom items are handed over."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    dunning_agent_kind = fields.Selection(
        AGENTS,
        string="Takes Over Debts as",
        copy=False,
        groups=READERS,
        help="Lawyers, agencies and insurers can be chosen when items are handed over.",
    )
    dunning_claim_days = fields.Integer(
        string="Days to Declare",
        copy=False,
        groups=READERS,
        help="Of an insurer: within so many days of the due date a claim has to be "
        "declared, as the contract says; 0, no deadline.",
    )

    # === Constraints and indexes === #
    _dunning_claim_days_in_years = models.Constraint(
        "CHECK(dunning_claim_days BETWEEN 0 AND 3650)",
        "The days to declare a claim must be between 0 and ten years.",
    )

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    @api.model
    def _has_field_access(self, field, operation):
        # EXTENDS 'base': to whom debts are handed over is the collectors' matter
        if operation == "write" and field.name in SETTINGS and not self.env.su:
            return self.env.user.has_group(COLLECTORS)
        return super()._has_field_access(field, operation)
