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
            [
                "|",
                ("acceptance_ids", "in", files.ids),
                ("id", "in", files.mapped("res_id")),
                ("date_accepted", "!=", False),
            ]
        )
        beside = files.filtered(lambda file: file.res_id in accepted.ids)
        return super()._dunning_find_proofs() | accepted.acceptance_ids | beside
