import base64
import logging

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import consteq

from ...tools.entered import MAX_INTEGER

_logger = logging.getLogger(__name__)


class DunningAction(models.Model):
    """Pictures in the texts of letters, which are printed without the network."""

    _inherit = "dunning.action"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _get_letter_picture(self, attachment_id, token=""):
        """Return a picture of a text as a data URI, None when it is none that may be
        shown: one for everybody, of the action or its text, or one whose token is in
        the address, as the editor writes it for who may see the picture."""
        if attachment_id > MAX_INTEGER:
            return None
        # It was put into a text that goes out: what counts is where it belongs.
        file_sudo = self.env["ir.attachment"].sudo().browse(attachment_id).exists()
        if not (file_sudo.public or self._owns_picture(file_sudo, token)):
            return None
        if not (file_sudo.mimetype or "").startswith("image/"):
            return None
        content = file_sudo._dunning_get_raw()
        if not content:
            return None
        try:
            return self.env["ir.actions.report"]._dunning_get_picture(
                base64.b64encode(content), (1600, 1600)
            )
        except (UserError, ValueError):
            _logger.info("Not a picture: %s", file_sudo, exc_info=True)
            return None

    def _owns_picture(self, file_sudo, token):
        texts = {self._name: self, "mail.template": self._get_letter_template()}
        owner = texts.get(file_sudo.res_model, self.browse())
        if file_sudo.res_id and file_sudo.res_id in owner.ids:
            return not file_sudo.res_field
        known = file_sudo.access_token
        return bool(known) and consteq(known, token)
