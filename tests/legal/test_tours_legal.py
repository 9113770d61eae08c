from datetime import date as Date

from odoo import Command
from odoo.tests import tagged

from ..test_tours import TourCommon

LANGUAGES = ("en_US", "fr_FR")


@tagged("post_install", "-at_install")
class TestLegalTours(TourCommon):
    """Penalties in a real browser, in both languages."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.country_id = self.env.ref("base.fr")

    def _play(self, tour, record, user):
        self.start_tour(f"/odoo/{record._name}/{record.id}", tour, login=user.login)

    def _create_paid_late(self, lang):
        """Return a customer that paid 107 days late."""
        customer = self.env["res.partner"].create(
            {"name": f"Alpha {lang}", "is_company": True}
        )
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": customer.id,
                "invoice_date": Date(2025, 5, 1),
                "invoice_date_due": Date(2025, 5, 31),
                "invoice_payment_term_id": False,
                "currency_id": self.env.ref("base.EUR").id,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Service", "price_unit": 10_000, "tax_ids": []}
                    )
                ],
            }
        )
        invoice.action_post()
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": Date(2025, 9, 15)})._create_payments()
        return customer

    def test_penalties_are_looked_at_and_claimed(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                self.collector.lang = lang
                customer = self._create_paid_late(lang)
                self._play("dunning_penalties_claimed", customer, self.collector)
                penalty = self.env["dunning.penalty"].search(
                    [("partner_id", "=", customer.id)]
                )
                self.assertRecordValues(penalty, [{"state": "draft", "amount": 404.4}])
                self.assertEqual(penalty.move_id.state, "draft")

    def test_a_rate_that_is_missing_is_entered(self):
        rate = self.env["dunning.rate"].create(
            {
                "country_id": self.env.ref("base.ch").id,
                "company_id": self.company.id,
                "customer_kind": "business",
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                "reference_missing": True,
                "margin": 3,
                "source": "Official journal",
            }
        )
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                self.manager.lang = lang
                rate.reference_missing = True
                self._play("dunning_rate_entered", rate, self.manager)
                self.assertRecordValues(
                    rate, [{"reference": 2.15, "reference_missing": False}]
                )
