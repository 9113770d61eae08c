from odoo import models


class ResPartner(models.Model):
    """Where letters go to."""

    _inherit = "res.partner"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_places(self, company: models.BaseModel) -> list[str]:
        """Return the lines of the address below the name, the country only when it is
        another one.

        :param company: ``res.company`` that writes
        """
        self.ensure_one()
        address = self._display_address(without_company=True)
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        if self.country_id and self.country_id == company.country_id:
            lines = [line for line in lines if line != self.country_id.name]
        return lines
