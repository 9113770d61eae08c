from odoo import models


class DunningRun(models.Model):
    """New customers get their collector before they are dunned."""

    _inherit = "dunning.run"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _hand_over_all(self, scope, left_out):
        # EXTENDS 'account_dunning': what is planned then is theirs
        # Who collects does not depend on who runs.
        company_sudo = scope.company.sudo()
        company_sudo._dunning_assign_new()
        return super()._hand_over_all(scope, left_out)
