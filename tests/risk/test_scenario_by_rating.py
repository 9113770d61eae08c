from odoo.tests import tagged

from .common_risk import RiskCommon


@tagged("post_install", "-at_install")
class TestScenarioByRating(RiskCommon):
    """Scenarios for customers of a rating, and the plan that is kept for screens."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strict = cls._create_scenario(
            sequence=0, partner_domain="[('dunning_rating', 'in', ['d', 'e'])]"
        )
        cls.good = cls._create_customer("Good")
        cls.bad = cls._create_customer("Bad")
        cls._pay_late(cls.good, *[0] * 6)
        cls._pay_late(cls.bad, *[90] * 6)
        cls.invoices = {
            partner: cls._create_invoice(partner, due=-5)
            for partner in (cls.good, cls.bad)
        }
        cls.profiles._refresh(cls.company)

    def _keep(self):
        self.env["dunning.plan.keeper"]._keep_up(self.env["res.company"].search([]))

    def _get_reading(self):
        # Payments have written: what is read is found anew.
        scope = self.company._dunning_scope()
        return self.env["dunning.plan.kept"]._get_reading(scope)

    def _get_shown_scenario(self, partner):
        self.env.invalidate_all()
        items = self.env["dunning.item"].with_user(self.collector)
        return items.search([("move_id", "=", self.invoices[partner].id)]).scenario_id

    def test_who_pays_badly_has_the_strict_scenario(self):
        self._keep()
        self.assertEqual(self._get_shown_scenario(self.bad), self.strict)
        self.assertNotEqual(self._get_shown_scenario(self.good), self.strict)

    def test_a_payment_has_its_customer_alone_planned_anew(self):
        other = self._create_invoice(self.good, due=-1)
        self.profiles._refresh(self.company)
        self._keep()
        self._pay(other)
        self.env.flush_all()
        reading = self._get_reading()
        self.assertTrue(reading.is_kept)
        self.assertIn(self.good.id, reading.marked)
        self.assertNotIn(self.bad.id, reading.marked)

    def test_a_rating_that_changes_changes_what_screens_show(self):
        self._keep()
        self._pay_late(self.good, *[120] * 20)
        self.assertEqual(self._get_shown_scenario(self.good), self.strict)
        self.profiles._refresh(self.company)
        self.assertEqual(self._get_shown_scenario(self.good), self.strict)
