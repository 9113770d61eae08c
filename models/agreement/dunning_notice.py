from odoo import models


class DunningNotice(models.AbstractModel):
    """Notices about promises and disputes."""

    _inherit = "dunning.notice"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_items(self, action):
        # OVERRIDES 'account_dunning'
        return self._get_source(action)._get_ordered_items()

    def _bring_up_to_date(self, actions):
        # OVERRIDES 'account_dunning'
        self._get_source(actions)._settle()
