from odoo import api, models
from odoo.exceptions import UserError


class IrAttachment(models.Model):
    """The letter of a done action is proof: it stays as it was sent."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        letters = self._get_dunning_letters()
        before = letters._get_dunning_proof()
        result = super().write(vals)
        # Odoo itself moves files from one storage to another.
        if letters and letters._get_dunning_proof() != before:
            letters._refuse_dunning_change()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_letter(self):
        if letters := self._get_dunning_letters():
            letters._refuse_dunning_change()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_dunning_letters(self):
        """Return those that are letters of done actions."""
        # What is proof does not depend on who asks.
        found_sudo = self.sudo().filtered(
            lambda attachment: attachment.res_model == "dunning.action"
        )
        if not found_sudo:
            return self.browse()
        actions_sudo = self.env["dunning.action"].sudo()
        letters_sudo = actions_sudo.search(
            [("letter_id", "in", found_sudo.ids), ("state", "=", "done")]
        ).letter_id
        return letters_sudo.sudo(self.env.su)

    def _dunning_is_readable(self):
        """Return whether the content is there, without keeping it in memory."""
        self.ensure_one()
        if self.store_fname:
            return bool(self._file_read(self.store_fname, 1))
        return bool(self.db_datas or self.url)

    def _get_dunning_proof(self):
        return [
            (letter.id, letter.checksum, letter.name, letter.res_model, letter.res_id)
            for letter in self.sudo()
        ]

    def _refuse_dunning_change(self):
        raise UserError(
            self.env._(
                "“%s” was sent to the customer and cannot be changed or deleted.",
                self[:1].sudo().name,
            )
        )
