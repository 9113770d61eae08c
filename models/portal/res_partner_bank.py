from odoo import models

from ...tools import qr_code

QR_WIDTH = 180


class ResPartnerBank(models.Model):
    """Where customers transfer to, as far as it is of use to them."""

    _inherit = "res.partner.bank"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_filter_useful(self, customer_sudo: models.BaseModel):
        """Return those of the company's accounts to which a customer can transfer: from
        outside the single euro payments area no bank does without BIC.

        :param customer_sudo: in the company
        """
        company = customer_sudo.env.company
        country = customer_sudo.country_id or company.country_id
        zone = self.env.ref("base.sepa_zone", raise_if_not_found=False)
        if not zone or country in zone.country_ids:
            return self
        return self.filtered("bank_bic")

    def _dunning_draw_payment_code(
        self, amount: float, currency: models.BaseModel, reference: str, debtor_sudo
    ):
        """Return the code that fills in a transfer, as ``Markup``, or None.

        :param amount: to pay
        :param currency: of the amount
        :param reference: that the transfer quotes
        :param debtor_sudo: who pays
        """
        code = self._dunning_get_payment_code(amount, currency, reference, debtor_sudo)
        return qr_code.draw(code, QR_WIDTH) if code else None
