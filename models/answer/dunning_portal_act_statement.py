from odoo import models


class DunningPortalActStatement(models.AbstractModel):
    """Whether a customer wants statements of account, and how often."""

    _name = "dunning.portal.act.statements"
    _description = "Choose Statements of Account"
    _inherit = "dunning.portal.act"

    _is_told = False

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _get_title(self):
        # OVERRIDES 'dunning.portal.act'
        return self.env._("Statements of account")

    def _get_problems(self, customer, payload):
        # EXTENDS 'dunning.portal.act'
        problems = super()._get_problems(customer, payload)
        if payload.get("frequency") not in self._get_choices():
            problems["frequency"] = self.env._("Choose how often.")
        return problems

    def _describe(self, request):
        # OVERRIDES 'dunning.portal.act'
        chosen = self._get_choices()[request.payload["frequency"]]
        return [(self.env._("Statements of account"), chosen)]

    def _carry_out(self, request):
        # OVERRIDES 'dunning.portal.act'
        request.partner_id.dunning_statement = request.payload["frequency"]
        return self.env._("Thank you. We have noted it.")

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_choices(self) -> dict[str, str]:
        """Return how often statements may come: codes and labels."""
        return {
            "never": self.env._("Never"),
            "monthly": self.env._("Each month"),
            "quarterly": self.env._("Each quarter"),
        }
