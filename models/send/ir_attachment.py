from odoo import models


class IrAttachment(models.Model):
    """What left is proof."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        found = self.env["dunning.sending.file"].search(
            [("attachment_id", "in", self._dunning_of("dunning.sending").ids)]
        )
        return super()._dunning_find_proofs() | found.attachment_id
