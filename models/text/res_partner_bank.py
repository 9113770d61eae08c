from odoo import models


class ResPartnerBank(models.Model):
    """Where customers transfer to, as far as it is of use to them."""

    _inherit = "res.partner.bank"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_filter_useful(
        self, customer_sudo: models.BaseModel, company: models.BaseModel
    ) -> models.BaseModel:
        """Return those of the company's accounts to which a customer can transfer: from
        abroad no bank does without BIC, but within the single euro payments area.

        :param company: whose customer it is
        """
        country = customer_sudo.country_id or company.country_id
        zone_id = self.env["ir.model.data"]._xmlid_to_res_id("base.sepa_zone")
        in_zone = not zone_id or zone_id in country.country_group_ids.ids
        if in_zone or country == company.country_id:
            return self
        return self.filtered("bank_bic")
