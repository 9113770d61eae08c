from odoo.tests import tagged

from ..test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestDashboardTours(TourCommon):
    """What people do on the first screen, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls.env["res.partner"].create(
            {"name": "Alpha Mail", "is_company": True, "lang": "en_US"}
        )

    def test_a_manager_reads_the_dashboard_and_opens_what_is_behind(self):
        self._create_overdue_invoice(self.partner, 1234.5)
        self.company._dunning_run(self.day)
        self.start_tour("/odoo", "dunning_dashboard_manager", login=self.manager.login)

    def test_a_collector_begins_with_the_day(self):
        self._create_overdue_invoice(self.partner, 1234.5)
        self.env["dunning.action"].create(
            {
                "partner_id": self.partner.id,
                "channel": "call",
                "date": self.day,
                "user_id": self.collector.id,
            }
        )
        self.start_tour(
            "/odoo", "dunning_dashboard_collector", login=self.collector.login
        )

    def test_a_collector_completes_a_customer_in_the_list(self):
        self._create_overdue_invoice(self.partner)
        # Without phone: of the whole list, and not of what is chosen.
        other = self.partner.copy({"name": "Beta Mail", "email": "beta@example.com"})
        self._create_overdue_invoice(other)
        self.start_tour("/odoo", "dunning_defects", login=self.collector.login)
        self.assertEqual(self.partner.email, "accounts@example.com")

    def test_the_aged_balance_is_exported_as_it_is_looked_at(self):
        self._create_overdue_invoice(self.partner)
        self.start_tour("/odoo", "dunning_aged_balance_excel", login=self.manager.login)

    def test_an_empty_company_says_what_to_do(self):
        self.start_tour("/odoo", "dunning_dashboard_empty", login=self.manager.login)

    def test_an_error_shows_in_its_part_alone(self):
        self._create_overdue_invoice(self.partner)
        dashboard = type(self.env["dunning.dashboard"])

        def fail(self, *args, **kwargs):
            raise ValueError("Broken on purpose")

        fail._api_model = True
        self.patch(dashboard, "get_disputes", fail)
        with self.assertLogs("odoo.http", "ERROR"):
            self.start_tour(
                "/odoo", "dunning_dashboard_error", login=self.manager.login
            )
