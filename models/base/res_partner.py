from odoo import models

from ...tools.text import one_line


class ResPartner(models.Model):
    """Names, as they stand before an address of e-mail."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # COMPUTE METHODS
    # ------------------------------------------------------------------

    def _compute_email_formatted(self):
        # EXTENDS 'base': of a name with a line break, what reads the address takes what
        # stands on its further lines for the address
        result = super()._compute_email_formatted()
        for partner in self:
            if partner.email_formatted and not partner.email_formatted.isprintable():
                partner.email_formatted = one_line(partner.email_formatted)
        return result
