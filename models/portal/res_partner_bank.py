from odoo import models

from ...tools import qr_code

QR_WIDTH = 180


class ResPartnerBank(models.Model):
    """Where customers transfer to."""

    _inherit = "res.partner.bank"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

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
