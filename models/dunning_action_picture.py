import base64
import logging

from odoo import models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class DunningAction(models.Model):
    """Pictures in the texts of letters, which are printed without the network."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_letter_picture(self, attachment_id):
        """Return a picture of a text as a data URI, None when it is none that may be
        shown: a picture that the editor keeps with the text, or one for everybody."""
        # It was put into a text that goes out: what counts is where it belongs.
        file_sudo = self.env["ir.attachment"].sudo().browse(attachment_id).exists()
        own = file_sudo.res_model == self._name and file_sudo.res_id in self.ids
        written = file_sudo.res_model in ("dunning.action.edit", "mail.template")
        if not (file_sudo.public or own or written):
            return None
        if not (file_sudo.mimetype or "").startswith("image/") or not file_sudo.raw:
            return None
        try:
            return self.env["ir.actions.report"]._get_dunning_picture(
                base64.b64encode(file_sudo.raw), (1600, 1600)
            )
        except (UserError, ValueError):
            _logger.info("Not a picture: %s", file_sudo, exc_info=True)
            return None
