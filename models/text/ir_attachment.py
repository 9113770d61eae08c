from odoo import api, models
from odoo.exceptions import MissingError

TEXTS = "mail.template"


class IrAttachment(models.Model):
    """Files that a text carries are changed by whoever may change the text."""

    _inherit = "ir.attachment"

    # ------------------------------------------------------------------
    # CRUD METHODS
    # ------------------------------------------------------------------

    def write(self, vals):
        # EXTENDS 'account_dunning'
        self._dunning_check_texts()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_dunning_shared(self):
        self._dunning_check_texts()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_texts(self):
        """Refuse to change the files of texts that companies use in which one does not
        work.

        :raise AccessError: saying what to do instead
        """
        if self.env.su:
            return
        # Who may write a file need not read the text whose it is.
        files_sudo = self.sudo()._dunning_of(TEXTS)
        templates_sudo = files_sudo.env[TEXTS].browse(set(files_sudo.mapped("res_id")))
        try:
            templates_sudo.mapped("model")
        except MissingError:
            templates_sudo = templates_sudo.exists()
        templates_sudo.sudo(False)._dunning_check_shared()
