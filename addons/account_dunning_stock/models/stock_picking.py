from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    """Nothing is delivered on credit to a customer who is stopped."""

    _inherit = "stock.picking"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def button_validate(self):
        # EXTENDS 'stock'
        self._dunning_check_credit_stop()
        return super().button_validate()

    # ------------------------------------------------------------------
    # BUSINESS METHODS
    # ------------------------------------------------------------------

    def _dunning_check_credit_stop(self):
        """Refuse deliveries to customers who are stopped.

        :raise UserError: naming the customer and why
        """
        deliveries = self.filtered(
            lambda picking: (
                picking.picking_type_id.code == "outgoing"
                and picking.state not in ("done", "cancel")
                and picking._dunning_get_payer()
                and not picking._dunning_is_prepaid()
            )
        )
        for company, pickings in deliveries.grouped("company_id").items():
            payers = self.env["res.partner"].union(
                *(picking._dunning_get_payer() for picking in pickings)
            )
            for partner in payers.with_company(company):
                stop = partner._dunning_get_credit_stop().get(partner.id)
                if stop and stop.stop == "block":
                    raise UserError(
                        self.env._(
                            "Nothing is delivered to “%(customer)s” on credit for now "
                            "(%(reason)s). Ask %(manager)s to release the stop.",
                            customer=partner.display_name,
                            reason=stop.reason,
                            manager=company._dunning_tell_releaser(),
                        )
                    )

    def _dunning_get_payer(self):
        """Return who pays for the delivery. Override where it is known better."""
        self.ensure_one()
        return self.partner_id

    def _dunning_is_prepaid(self):
        """Return whether it was paid in advance. Override where that is known."""
        self.ensure_one()
        return False
