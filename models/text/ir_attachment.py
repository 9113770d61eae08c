from odoo import api, models

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
        # Who may write a file need not read each text that carries it.
        files_sudo = self.sudo().filtered(lambda file: file.res_model == TEXTS)
        if files_sudo:
            templates_sudo = files_sudo.env[TEXTS].with_context(active_test=False)
            found_sudo = templates_sudo.search([("attachment_ids", "in", self.ids)])
            found_sudo |= templates_sudo.browse(files_sudo.mapped("res_id")).exists()
            found_sudo.sudo(False)._dunning_check_shared()
