from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.account_dunning.tests.risk.common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestSaleOrder(RiskCommon):
    """What whoever sells sees of a customer, and when nothing is sold on credit."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Whoever tests sells, too.
        cls.env.user.sudo().group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.seller = new_test_user(
            cls.env,
            "glue_seller",
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.product = cls.env["product.product"].create(
            {"name": "Goods", "type": "service", "list_price": 100, "taxes_id": []}
        )

    @classmethod
    def _create_order(cls, partner=None, amount=100.0):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": cls.product.id,
                            "product_uom_qty": 1,
                            "price_unit": amount,
                            "tax_ids": [],
                        }
                    )
                ],
            }
        )

    def _block(self, effect="block"):
        return self.env["dunning.watch"].create(
            {"partner_id": self.customer.id, "reason": "Bad news", "effect": effect}
        )

    # ------------------------------------------------------------------
    # RATING
    # ------------------------------------------------------------------

    def test_a_salesperson_sees_the_rating_on_customer_and_quotation(self):
        self._pay_late(self.customer, 40, 40, 40)
        order = self._create_order().with_user(self.seller)
        self.assertEqual(order.dunning_rating, "d")
        self.assertEqual(order.dunning_rating_reason, "Pays late")
        self.assertEqual(order.partner_id.dunning_rating, "d")
        with self.assertRaises(AccessError):
            order.partner_id.read(["dunning_exposure"])

    def test_a_quotation_that_is_typed_shows_it_at_once(self):
        self._pay_late(self.customer, 40, 40, 40)
        self.env.flush_all()
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            form.partner_id = self.customer
            self.assertEqual(form.dunning_rating, "d")

    # ------------------------------------------------------------------
    # CREDIT STOP
    # ------------------------------------------------------------------

    def test_a_stopped_customer_s_quotation_is_not_confirmed(self):
        self._block()
        order = self._create_order().with_user(self.seller)
        with self.assertRaisesRegex(UserError, "Bad news"):
            order.action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.dunning_credit_stop, "block")

    def test_who_may_release_the_stop_is_named(self):
        manager = self.company._dunning_tell_releaser()
        self._block()
        order = self._create_order().with_user(self.seller)
        with self.assertRaisesRegex(UserError, f"ask {manager} to release"):
            order.action_confirm()

    def test_a_warning_stops_nothing(self):
        self._block("warn")
        order = self._create_order().with_user(self.seller)
        self.assertEqual(order.dunning_credit_stop, "warn")
        order.action_confirm()
        self.assertEqual(order.state, "sale")

    def test_who_has_paid_in_advance_passes(self):
        self._block()
        order = self._create_order()
        # What is paid of an order is Odoo's to say.
        with patch.object(type(order), "_is_paid", lambda self: True):
            order.with_user(self.seller).action_confirm()
        self.assertEqual(order.state, "sale")

    def test_several_orders_are_released_at_once(self):
        self._block()
        other = self._create_customer("Other")
        self.env["dunning.watch"].create(
            {"partner_id": other.id, "reason": "Bad news", "effect": "block"}
        )
        orders = self._create_order() | self._create_order(other)
        # A manager of dunning need not be one of sales.
        orders_sudo = orders.with_user(self.manager).sudo()
        action = orders_sudo.action_dunning_release_stop()
        dialog = self.env["dunning.stop.dialog"].with_user(self.manager)
        with Form(dialog.with_context(**action["context"])) as form:
            form.reason = "Agreed with management"
        form.record.action_apply()
        self.env.invalidate_all()
        orders.with_user(self.seller).action_confirm()
        self.assertEqual(orders.mapped("state"), ["sale", "sale"])

    # ------------------------------------------------------------------
    # EXPOSURE
    # ------------------------------------------------------------------

    def test_orders_not_yet_invoiced_are_at_risk(self):
        order = self._create_order(amount=300)
        self.assertFalse(self._profile())
        order.action_confirm()
        self._refresh()
        self.assertEqual(self._profile()["orders"], 300)
        order._create_invoices().action_post()
        row = self._profile()
        self.assertEqual((row["orders"], row["receivable"]), (0, 300))
        self.assertEqual(row["exposure"], 300)

    def test_an_order_above_the_limit_stops_the_next_one(self):
        self.company.account_use_credit_limit = True
        self.company.dunning_stop_limit = "block"
        self.customer.credit_limit = 250
        self._create_order(amount=300).action_confirm()
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "above the credit limit"):
            self._create_order(amount=1).action_confirm()
