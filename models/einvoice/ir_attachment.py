from odoo import models


class IrAttachment(models.Model):
    """What a buyer's platform has sent is proof."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.einvoice.event")
        events = self.env["dunning.einvoice.event"].search(
            [("attachment_id", "in", files.ids)]
        )
        return super()._dunning_find_proofs() | events.attachment_id
