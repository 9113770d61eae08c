from odoo import api, fields, models


class DunningPromiseReason(models.TransientModel):
    """Who has promised on its page is told of a refusal: who refuses knows it, and in
    which words."""

    _inherit = "dunning.promise.reason"

    # ------------------------------------------------------------------
    # FIELDS
    # ------------------------------------------------------------------

    told_text = fields.Text(
        string="What the Customer Is Told", compute="_compute_told_text"
    )

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    @api.depends("promise_ids", "decision")
    def _compute_told_text(self):
        for dialog in self:
            promises = dialog.promise_ids._origin.filtered("request_id")
            # Who decides about promises need not read what the page has kept.
            requests_sudo = promises.sudo().request_id
            dialog.told_text = dialog.decision == "refuse" and "\n".join(
                dict.fromkeys(asked._get_refusal_words() for asked in requests_sudo)
            )
