from datetime import timedelta
from decimal import Decimal

from odoo import fields
from odoo.tests import tagged

from ...demo.einvoice_messages import make_status, write_cdar
from ..test_tours import TourCommon

LANGUAGES = ("en_US", "fr_FR")
SIREN = "732829320"
# A folder of messages: status, reason, and what else is said.
MESSAGES = (
    ("200", "NON_TRANSMISE"),
    ("203", ""),
    ("205", ""),
    ("206", "QTE_ERR"),
    ("207", "PU_ERR"),
    ("208", "JUSTIF_ABS"),
    ("209", ""),
    ("210", "DOUBLE_FACT"),
    ("211", ""),
    ("212", ""),
    ("213", "REJ_SEMAN"),
    ("221", "ROUTAGE_ERR"),
    ("225", ""),
    ("227", ""),
    ("299", "NOUVEAU"),
)
HELD = ("200", "207", "208", "210", "211", "213", "221", "225", "227")


@tagged("post_install", "-at_install")
class TestEinvoiceEffectTours(TourCommon):
    """A folder of messages through the browser, and what dunning makes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.company.company_registry = SIREN
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer", "is_company": True, "email": "buyer@example.com"}
        )

    def _prepare_messages(self, lang):
        """Post an invoice for each message of a folder.

        :return: dict of status to invoice
        """
        invoices = {}
        for code, _reason in MESSAGES:
            invoice = self._create_overdue_invoice(self.buyer, 500, days=40)
            invoice.write({"name": f"{lang}/{code}"})
            invoices[code] = invoice
        files = self.env["ir.attachment"].with_user(self.collector)
        said = fields.Datetime.now() - timedelta(days=1)
        for place, (code, reason) in enumerate(MESSAGES):
            last = place == len(MESSAGES) - 1
            number = invoices[code].name
            values = {"date": said, "currency": self.company.currency_id.name}
            if code == "211":
                values["amount"] = Decimal(500)
            status = make_status(code, reason, number, SIREN, **values)
            name = f"sample-{'last' if last else place}.xml"
            files.create({"name": name, "raw": write_cdar([status])})
        return invoices

    def test_a_folder_of_messages_steers_dunning_in_both_languages(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                self.collector.lang = lang
                invoices = self._prepare_messages(lang)
                self.start_tour(
                    "/odoo/dunning-einvoice-statuses",
                    "dunning_einvoice_folder",
                    login=self.collector.login,
                )
                self.env.invalidate_all()
                plan = {
                    row.move_line_id: row
                    for row in self.company._dunning_plan(self.day)
                }
                for code, invoice in invoices.items():
                    item = invoice.line_ids.filtered("date_maturity")
                    held = plan[item.id].reason == "held"
                    self.assertEqual(held, code in HELD, code)
                # What the events keep is proof.
                self.env["ir.attachment"].search(
                    [("name", "like", "sample-"), ("res_model", "=", False)]
                ).unlink()

    def _say(self, code, reason, number):
        invoice = self._create_overdue_invoice(self.buyer, 500, days=40)
        invoice.write({"name": number})
        status = make_status(code, reason, number, SIREN)
        self.env["dunning.einvoice.event"]._receive(write_cdar([status]))
        return self.env["dunning.einvoice.matter"].search(
            [("move_id", "=", invoice.id), ("topic", "!=", "task")]
        )

    def test_a_collector_resumes_what_was_suspended(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                self.collector.lang = lang
                matter = self._say("208", "JUSTIF_ABS", f"SUSPENDED/{lang}")
                self.start_tour(
                    "/odoo/dunning-einvoice-matters",
                    "dunning_einvoice_matters",
                    login=self.collector.login,
                )
                matter.invalidate_recordset()
                self.assertEqual(matter.state, "decided")

    def test_a_refusal_is_accepted_by_an_internal_cancellation(self):
        for lang in LANGUAGES:
            with self.subTest(lang=lang):
                self.collector.lang = lang
                matter = self._say("210", "DOUBLE_FACT", f"REFUSED/{lang}")
                dispute = matter.dispute_id
                self.start_tour(
                    f"/odoo/dunning-disputes/{dispute.id}",
                    "dunning_einvoice_refusal",
                    login=self.collector.login,
                )
                dispute.invalidate_recordset()
                self.assertEqual(dispute.state, "accepted")
