from odoo import api, fields, models


class DunningCallOutcome(models.TransientModel):
    """ "Did not get it" is answered with the day since which the invoices have been on
    the customer's platform."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    receipt_text = fields.Text(
        string="Proof of Receipt", compute="_compute_receipt_text"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("action_id", "all_items", "line_ids")
    @api.depends_context("lang")
    def _compute_receipt_text(self):
        for dialog in self:
            # Whoever may make the call may say what proves the receipt.
            action_sudo = dialog.action_id.sudo()
            dialog.receipt_text = "\n".join(action_sudo._get_receipt_words())
