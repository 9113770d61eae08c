from odoo import models


class DunningPenaltyClaim(models.TransientModel):
    """Which of the penalties are meant: all, or a few of many."""

    _inherit = "dunning.penalty.claim"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_select_all(self) -> dict:
        """Tick every item, of pages that are not shown as well.

        :return: action that shows the dialog
        """
        return self._select(self.line_ids)

    def action_select_none(self) -> dict:
        """Untick every item, to begin with the few that are meant.

        :return: action that shows the dialog
        """
        return self._select(self.line_ids.browse())

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _select(self, lines):
        self.ensure_one()
        (self.line_ids - lines).selected = False
        lines.selected = True
        return self._get_dialog()
