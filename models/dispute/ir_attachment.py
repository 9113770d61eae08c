from odoo import models

from ...tools.words import OPEN_STAGES


class IrAttachment(models.Model):
    """Documents upon which a dispute was decided are proof."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.dispute.document")
        decided = self.env["dunning.dispute.document"].search(
            [
                ("attachment_ids", "in", files.ids),
                ("dispute_id.state", "not in", OPEN_STAGES),
            ]
        )
        return super()._dunning_find_proofs() | decided.attachment_ids
