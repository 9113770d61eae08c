from odoo import api, fields, models

from ...tools.litigation import USUAL_REASONS

AGENTS = ("lawyer", "bailiff", "agency", "insurer")


class DunningFollowUp(models.TransientModel):
    """What is handed over after the last level becomes a litigation."""

    _inherit = "dunning.follow.up"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    agent_id = fields.Many2one(
        "res.partner",
        domain=[("dunning_agent_kind", "in", AGENTS)],
        help="A contact that is known as lawyer, agency or insurer.",
    )
    agent = fields.Char(
        compute="_compute_agent", store=True, readonly=False, precompute=True
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("agent_id")
    def _compute_agent(self):
        for dialog in self:
            dialog.agent = dialog.agent_id.name or dialog.agent

    @api.depends("agent_id")
    def _compute_reason_id(self):
        # EXTENDS 'account_dunning': some agents are none
        result = super()._compute_reason_id()
        for dialog in self.filtered(lambda dialog: dialog.decision == "hand_over"):
            if dialog._get_kind() not in USUAL_REASONS:
                dialog.reason_id = False
        return result

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_kind(self):
        """Return of which kind the litigation is, by who takes the items over."""
        kind = self.agent_id.dunning_agent_kind
        return kind if kind in ("agency", "insurer") else "lawyer"

    def _hold_out(self, items, text):
        # EXTENDS 'account_dunning': its holds are those of a litigation
        if self.decision != "hand_over":
            return super()._hold_out(items, text)
        return self.env["dunning.litigation"].create(
            [
                {
                    "partner_id": self.partner_id.id,
                    "company_id": self.company_id.id,
                    "currency_id": currency.id,
                    "move_line_ids": [(6, 0, own.ids)],
                    "kind": self._get_kind(),
                    "agent_id": self.agent_id.id,
                    "reason_id": self.reason_id.id,
                    "user_id": (self.user_id or self.env.user).id,
                    "note": text,
                }
                for currency, own in items.grouped("currency_id").items()
            ]
        )
