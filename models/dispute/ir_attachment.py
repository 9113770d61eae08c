from odoo import models

from ...tools.words import OPEN_STAGES


class IrAttachment(models.Model):
    """Documents upon which a dispute was decided are proof, and what the customer has
    handed in from the first minute."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.dispute.document")
        decided = self.env["dunning.dispute.document"].search(
            [
                "|",
                ("attachment_ids", "in", files.ids),
                ("id", "in", files.mapped("res_id")),
                ("dispute_id.state", "not in", OPEN_STAGES),
            ]
        )
        documents = self.env["dunning.dispute.document"].browse(files.mapped("res_id"))
        received = documents.exists()._get_handed_in()
        beside = files.filtered(lambda file: file.res_id in decided.ids)
        return (
            super()._dunning_find_proofs()
            | decided.attachment_ids
            | beside
            | (files & received)
        )
