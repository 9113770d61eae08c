from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.tests.risk.common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestDelivery(RiskCommon):
    """The order says who pays for a delivery, and whether it is paid."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whoever tests sells and delivers, too.
        for name in ("sales_team.group_sale_manager", "stock.group_stock_manager"):
            cls.env.user.sudo().group_ids |= cls.env.ref(name)

    def _deliver(self, **values):
        product = self.env["product.product"].create(
            {"name": "Goods", "type": "consu", "taxes_id": []}
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "price_unit": 50,
                            "tax_ids": [],
                        }
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        order.picking_ids.move_ids.quantity = 1
        return order

    def _block(self, partner):
        self.env["dunning.watch"].create(
            {"partner_id": partner.id, "reason": "Bad news", "effect": "block"}
        )

    def test_who_pays_is_stopped_not_who_gets_it(self):
        payer = self._create_customer("Payer")
        order = self._deliver(partner_invoice_id=payer.id)
        self._block(payer)
        with self.assertRaisesRegex(UserError, "Payer"):
            order.picking_ids.button_validate()

    def test_what_is_paid_in_advance_is_delivered(self):
        order = self._deliver()
        self._block(self.customer)
        with patch.object(type(order), "_is_paid", lambda self: True):
            order.picking_ids.button_validate()
        self.assertEqual(order.picking_ids.state, "done")
