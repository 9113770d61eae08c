from odoo import models


class IrAttachment(models.Model):
    """What customers have accepted is proof."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.promise")
        accepted = self.env["dunning.promise"].search(
            [("acceptance_ids", "in", files.ids), ("date_accepted", "!=", False)]
        )
        return super()._dunning_find_proofs() | accepted.acceptance_ids
