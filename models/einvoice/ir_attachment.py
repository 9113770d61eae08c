from odoo import api, models

from ...tools.marks import Mark

# Each status of a message has a copy of it, which nobody looks for by its words.
UNINDEXED = Mark("dunning_unindexed")


class IrAttachment(models.Model):
    """What a buyer's platform has sent is proof."""

    _inherit = "ir.attachment"

    @api.model
    def _index(self, bin_data, file_type, checksum=None):
        # EXTENDS 'base'
        if UNINDEXED.is_set(self.env):
            return None
        return super()._index(bin_data, file_type, checksum=checksum)

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
