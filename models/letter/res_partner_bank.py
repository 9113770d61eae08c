from odoo import models


class ResPartnerBank(models.Model):
    """Codes that fill in a transfer."""

    _inherit = "res.partner.bank"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_payment_code(
        self,
        amount: float,
        currency: models.BaseModel,
        reference: str,
        debtor: models.BaseModel,
    ) -> str | None:
        """Return what a QR code says that fills in a transfer to the account, None
        where Odoo knows no code, or only one that is a drawing.

        :param amount: to pay
        :param currency: of the amount
        :param reference: that the transfer quotes
        :param debtor: who pays, ``res.partner``
        """
        self.ensure_one()
        vals = self._build_qr_code_vals(amount, reference, "", currency, debtor)
        code = vals and self._get_qr_code_generation_params(**vals)
        # Odoo draws pictures; some codes, such as the Swiss one, have more on them.
        if not code or code["barcode_type"] != "QR" or code.get("mask"):
            return None
        return code["value"]
