from odoo.tests import tagged

from ..test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestRiskTours(TourCommon):
    """What people do about whom to see first, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.alpha, cls.beta = (
            partners.create({"name": name, "is_company": True, "lang": "en_US"})
            for name in ("Alpha Mail", "Beta Mail")
        )

    def setUp(self):
        super().setUp()
        self._create_overdue_invoice(self.alpha, 100, days=80)
        self._create_overdue_invoice(self.beta, 900)

    def test_a_collector_begins_with_who_matters_most(self):
        self.company._dunning_run(self.day)
        self.start_tour(
            "/odoo/dunning-worklist", "dunning_worklist", login=self.collector.login
        )

    def test_a_manager_sees_what_a_weight_does_before_saving_it(self):
        self.env["dunning.priority.rule"].create(
            {
                "name": "Large Amounts",
                "company_id": self.company.id,
                "condition": "amount",
                "points": 1,
                "full_from": 1000,
            }
        )
        self.start_tour(
            "/odoo/dunning-priorities",
            "dunning_priority_preview",
            login=self.manager.login,
        )
