from odoo.tests import tagged

from ..test_tours import TourCommon

LANGUAGES = ("en_US", "fr_FR")
SIREN = "999090137"


@tagged("post_install", "-at_install")
class TestEinvoiceTours(TourCommon):
    """Files of a platform are taken in a real browser, in both languages."""

    def test_files_are_taken_and_what_waits_is_assigned(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.company_registry = SIREN
        events = self.env["dunning.einvoice.event"].sudo()
        for lang in LANGUAGES:
            with self.subTest(lang=lang), self.env.cr.savepoint() as savepoint:
                self.collector.lang = lang
                partner = self.env["res.partner"].create({"name": "Alpha"})
                invoice = self._create_overdue_invoice(partner)
                invoice.name = "TOUR-1"
                self.start_tour(
                    "/odoo/action-account_dunning.action_einvoice_event",
                    "dunning_einvoice_taken",
                    login=self.collector.login,
                )
                found = events.search([("move_id", "=", invoice.id)])
                self.assertEqual(sorted(found.mapped("code")), ["207", "211"])
                self.assertEqual(set(found.mapped("source")), {"file"})
                savepoint.rollback()
                self.env.invalidate_all()
