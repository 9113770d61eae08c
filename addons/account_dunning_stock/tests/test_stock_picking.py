from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.account_dunning.tests.risk.common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestStockPicking(RiskCommon):
    """Nothing is delivered on credit to who is stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = new_test_user(
            cls.env,
            "glue_keeper",
            "stock.group_stock_user",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls.product = cls.env["product.product"].create(
            {"name": "Goods", "type": "consu"}
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )

    def _create_picking(self, picking_type=None):
        picking_type = picking_type or self.warehouse.out_type_id
        customers = self.env.ref("stock.stock_location_customers")
        stock = self.warehouse.lot_stock_id
        out = picking_type.code == "outgoing"
        source, target = (stock, customers) if out else (customers, stock)
        picking = self.env["stock.picking"].create(
            {
                "partner_id": self.customer.id,
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": target.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 1,
                            "location_id": source.id,
                            "location_dest_id": target.id,
                        }
                    )
                ],
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 1
        return picking.with_user(self.keeper)

    def _block(self, effect="block"):
        self.env["dunning.watch"].create(
            {"partner_id": self.customer.id, "reason": "Bad news", "effect": effect}
        )

    def test_nothing_is_delivered_to_who_is_stopped(self):
        picking = self._create_picking()
        self._block()
        with self.assertRaisesRegex(UserError, "Bad news"):
            picking.button_validate()
        self.assertNotEqual(picking.state, "done")

    def test_a_release_lets_it_pass(self):
        picking = self._create_picking()
        self._block()
        self.env["dunning.stop.release"].create(
            {"partner_id": self.customer.id, "reason": "Paid"}
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_a_warning_stops_nothing(self):
        picking = self._create_picking()
        self._block("warn")
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_comes_back_is_received(self):
        picking = self._create_picking(self.warehouse.in_type_id)
        self._block()
        picking.button_validate()
        self.assertEqual(picking.state, "done")
