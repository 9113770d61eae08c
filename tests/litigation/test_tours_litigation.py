from odoo.tests import tagged

from ..test_tours import TourCommon

LANGUAGES = ("en_US", "fr_FR")


@tagged("post_install", "-at_install")
class TestLitigationTours(TourCommon):
    """Hand-over, insolvency and proof file in a real browser, in both languages."""

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["res.partner"].create(
            {"name": "Agency", "dunning_agent_kind": "agency"}
        )

    def _play(self, tour, lang):
        """Play a tour on the form of a customer who owes something.

        :return: the customer
        """
        self.collector.lang = lang
        customer = self.env["res.partner"].create(
            {"name": f"Alpha {lang}", "email": "customer@example.com"}
        )
        self._create_overdue_invoice(customer)
        url = f"/odoo/res.partner/{customer.id}"
        self.start_tour(url, tour, login=self.collector.login)
        return customer

    def test_an_invoice_is_handed_over_and_followed_up(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer = self._play("dunning_litigation_handed_over", lang)
                litigation = customer.dunning_litigation_ids
                self.assertEqual(
                    (litigation.kind, litigation.state), ("agency", "amicable")
                )
                self.assertEqual(litigation.act_ids.note, "They have answered")

    def test_a_customer_is_insolvent(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                customer = self._play("dunning_litigation_insolvency", lang)
                litigation = customer.dunning_litigation_ids
                self.assertEqual(litigation.kind, "insolvency")
                self.assertEqual(litigation.hold_ids.scope, "customer")

    def test_a_proof_file_is_asked_for(self):
        customer = self._play("dunning_litigation_proof", "fr_FR")
        proof = self.env["dunning.proof"].search([("partner_id", "=", customer.id)])
        self.assertEqual(proof.user_id, self.collector)
