from odoo import api, models

from ...tools.text import one_line


class ResPartner(models.Model):
    """Names, as they stand before an address of e-mail, and whose contact somebody
    is."""

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

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    @api.model
    def _dunning_put_on_customer(self, vals_list: list[dict]) -> None:
        """Put the customer in the place of a contact that somebody has chosen.

        :param vals_list: values with ``partner_id``, changed in place
        """
        ids = [vals["partner_id"] for vals in vals_list if vals.get("partner_id")]
        for vals in vals_list:
            if vals.get("partner_id"):
                partner = self.browse(vals["partner_id"]).with_prefetch(ids)
                vals["partner_id"] = partner.commercial_partner_id.id
