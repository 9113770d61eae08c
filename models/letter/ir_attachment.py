from odoo import models


class IrAttachment(models.Model):
    """Letters that were sent are proof, and what was put beside them afterwards, such
    as the receipt of the post office."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def unlink(self):
        # EXTENDS 'base': a letter that was made and not sent may go, whoever deletes it
        if files := self.filtered(lambda file: file.res_model == "dunning.action"):
            made_sudo = self.env["dunning.action"].sudo()
            made_sudo = made_sudo.search(
                [("letter_id", "in", files.ids), ("state", "!=", "done")]
            )
            made_sudo.letter_id = False
        return super().unlink()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_find_proofs(self):
        # EXTENDS 'account_dunning'
        letters = self._dunning_of("dunning.action")
        done = self.env["dunning.action"].search(
            [
                "|",
                ("letter_id", "in", letters.ids),
                ("id", "in", letters.mapped("res_id")),
                ("state", "=", "done"),
            ]
        )
        beside = letters.filtered(lambda file: file.res_id in done.ids)
        return super()._dunning_find_proofs() | done.letter_id | beside
