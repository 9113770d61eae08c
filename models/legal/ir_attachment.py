from odoo import models


class IrAttachment(models.Model):
    """What shows that a debt was acknowledged is proof: the limitation hangs on it."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        files = self._dunning_of("dunning.acknowledgement")
        acts = self.env["dunning.acknowledgement"].browse(files.mapped("res_id"))
        acts = acts.exists()
        beside = files.filtered(lambda file: file.res_id in acts.ids)
        return super()._dunning_find_proofs() | beside
