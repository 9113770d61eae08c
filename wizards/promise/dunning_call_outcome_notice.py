from odoo import models


class DunningCallOutcome(models.TransientModel):
    """The call confirms by itself what was promised in it: one e-mail, not two."""

    _inherit = "dunning.call.outcome"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def _prepare_defaults(self):
        # EXTENDS 'account_dunning': confirmed as promises are
        defaults = super()._prepare_defaults()
        # Whoever works in the company need not read its settings.
        chosen = self.company_id.sudo().dunning_promise_confirm
        if self.outcome == "promise" and chosen == "automatic":
            self.date = defaults["date"]
            defaults["confirm"] = bool(defaults["email"]) and not self.needs_approval
        return defaults
