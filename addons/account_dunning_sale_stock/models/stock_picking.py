from odoo import models


class StockPicking(models.Model):
    """The order says who pays for a delivery, and whether it is paid."""

    _inherit = "stock.picking"

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_get_payer(self):
        # EXTENDS 'account_dunning_stock'
        # Who delivers need not see orders.
        order_sudo = self.sudo().sale_id
        payer = order_sudo.partner_invoice_id.sudo(False)
        return payer or super()._dunning_get_payer()

    def _dunning_is_prepaid(self):
        # EXTENDS 'account_dunning_stock'
        # Who delivers need not see orders.
        order_sudo = self.sudo().sale_id
        return bool(order_sudo) and order_sudo._dunning_is_prepaid()
