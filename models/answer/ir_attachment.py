from odoo import models


class IrAttachment(models.Model):
    """What customers have handed in on their page is proof once it was confirmed."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.portal.request")
        confirmed = self.env["dunning.portal.request"].search(
            [("attachment_ids", "in", files.ids), ("state", "=", "done")]
        )
        return super()._dunning_find_proofs() | confirmed.attachment_ids
