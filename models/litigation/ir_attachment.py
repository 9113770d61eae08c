from odoo import models


class IrAttachment(models.Model):
    """Documents of acts are proof."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.litigation.act")
        acts = self.env["dunning.litigation.act"].search(
            [("attachment_ids", "in", files.ids)]
        )
        return super()._dunning_find_proofs() | acts.attachment_ids
