from odoo import models

# Numbers by which companies are registered; some belong to localisations.
REGISTRATION_FIELDS = (
    "company_registry",
    "vat",
    "siret",
    "peppol_endpoint",
    "pdp_identifier",
)


class ResCompany(models.Model):
    """By which numbers platforms know a company."""

    _inherit = "res.company"

    def _dunning_get_registrations(self) -> list[str]:
        """Return the numbers that identify a company as a seller."""
        self.ensure_one()
        # They are printed on each invoice.
        partner_sudo = self.sudo().partner_id
        names = [name for name in REGISTRATION_FIELDS if name in partner_sudo._fields]
        return [partner_sudo[name] for name in names if partner_sudo[name]]
