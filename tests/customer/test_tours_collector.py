from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..test_tours import TourCommon


@tagged("post_install", "-at_install")
class TestCollectorTours(TourCommon):
    """Who collects from whom, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.alpha, cls.beta = (
            partners.create({"name": name, "is_company": True, "lang": "en_US"})
            for name in ("Alpha Mail", "Beta Mail")
        )
        cls.paul, cls.sophie = (cls._create_collector(n) for n in ("Paul", "Sophie"))
        cls.paul.dunning_substitute_id = cls.sophie

    @classmethod
    def _create_collector(cls, name):
        collectors = cls.env["res.users"].with_context(no_reset_password=True)
        return collectors.create(
            {
                "name": name,
                "login": name.lower(),
                "email": f"{name.lower()}@example.com",
                "company_id": cls.company.id,
                "company_ids": [Command.set(cls.company.ids)],
                "group_ids": [
                    Command.set(
                        cls.env.ref("account_dunning.group_dunning_collector").ids
                    )
                ],
            }
        )

    def setUp(self):
        super().setUp()
        self._create_overdue_invoice(self.alpha, 100)
        self._create_overdue_invoice(self.beta, 900)

    def test_a_manager_assigns_customers_by_rules(self):
        self.env["dunning.assignment.rule"].create(
            {
                "name": "First",
                "company_id": self.company.id,
                "letter_last": "A",
                "user_ids": [Command.set(self.paul.ids)],
            }
        )
        self.start_tour(
            "/odoo/dunning-customers", "dunning_assignment", login=self.manager.login
        )
        self.assertEqual(self.alpha.dunning_user_id, self.paul)
        self.assertFalse(self.beta.dunning_user_id)

    def test_a_manager_enters_an_absence(self):
        self.alpha.dunning_user_id = self.paul
        self.start_tour(
            "/odoo/dunning-absences", "dunning_absence", login=self.manager.login
        )
        self.assertTrue(self.paul.is_out_of_office)
        substitution = self.env["dunning.substitution"].search([])
        self.assertEqual(substitution.substitute_id, self.sophie)

    def test_who_is_away_is_told_on_the_agenda_who_does_the_work(self):
        self.alpha.dunning_user_id = self.sophie
        self.company._dunning_run()
        now = fields.Datetime.now()
        self.paul.write(
            {
                "password": self.paul.login,
                "out_of_office_from": now - timedelta(days=1),
                "out_of_office_to": now + timedelta(days=3),
            }
        )
        self.start_tour("/odoo/dunning", "dunning_away", login=self.paul.login)
