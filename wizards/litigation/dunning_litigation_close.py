from odoo import fields, models

from ...models.litigation.dunning_litigation_decision import ENDS
from ...tools.litigation import LITIGATION_STAGES


class DunningLitigationClose(models.TransientModel):
    """How litigations ended, and why."""

    _name = "dunning.litigation.close"
    _description = "Close Litigations"
    _inherit = ["dunning.guarded"]

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    litigation_ids = fields.Many2many(
        "dunning.litigation",
        required=True,
        default=lambda self: self.env["dunning.guard"]._get_context_ids("active_ids"),
    )
    end = fields.Selection(
        [stage for stage in LITIGATION_STAGES if stage[0] in ENDS],
        string="How It Ended",
        required=True,
        default="irrecoverable",
    )
    text = fields.Text(string="Why")
    accountant_id = fields.Many2one(
        "res.users",
        string="Who Writes It Off",
        domain="[('share', '=', False)]",
        help="Gets a task for what is left. It ends once nothing is left.",
    )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Close the litigations.

        :return: action that closes the dialog
        :raise UserError: one is closed, the ledger says otherwise, or the accountant
            may not see one of them
        """
        self.ensure_one()
        self.litigation_ids.action_close(self.end, self.text)
        if self.accountant_id:
            self.litigation_ids._ask_write_off(self.accountant_id)
        return {"type": "ir.actions.act_window_close"}
