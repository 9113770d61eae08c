import io

from odoo.tests import tagged
from odoo.tools import html2plaintext
from odoo.tools.pdf import PdfFileReader

from .test_letters import PenaltyLetterCommon


@tagged("post_install", "-at_install")
class TestStatement(PenaltyLetterCommon):
    """The breakdown of an item, on the screen and on paper."""

    def _open(self, record, user=None):
        env = self.env(user=user or self.collector)
        context = {"active_model": record._name, "active_ids": record.ids}
        return env["dunning.interest.statement"].with_context(**context).create({})

    def test_the_breakdown_of_an_invoice_is_shown_as_of_any_day(self):
        statement = self._open(self.invoice)
        statement.date = "2025-09-15"
        text = html2plaintext(str(statement.content))
        for part in ("108.08", "256.32", "364.40", "13.15", "107", "Time-barred after"):
            self.assertIn(part, text)
        statement.date = "2025-06-30"
        self.assertNotIn("256.32", statement.content)

    def test_that_of_a_customer_has_what_is_open(self):
        statement = self._open(self.customer)
        self.assertEqual(statement.move_line_ids, self._items(self.invoice))

    def test_that_of_items_has_those_and_that_of_anything_else_none(self):
        items = self._items(self.invoice)
        for records in (items, self.env["dunning.item"].browse(items.ids)):
            self.assertEqual(self._open(records).move_line_ids, items)
        self.assertFalse(self._open(self.company).move_line_ids)

    def test_a_missing_rate_is_said(self):
        statement = self._open(self.invoice)
        statement.date = "2026-07-15"
        self.assertIn("07/01/2026", statement.content)

    def test_what_is_known_is_shown_beside_what_is_missing(self):
        statement = self._open(self.invoice)
        statement.date = "2026-06-30"
        self.assertNotIn("not known", statement.content)
        [known] = self._items(self.invoice)._dunning_interest(statement.date).values()
        statement.date = "2026-07-15"
        text = html2plaintext(str(statement.content))
        for part in ("108.08", "rate not known", "as far as known"):
            self.assertIn(part, text)
        self.assertIn(f"{sum(period.amount for period in known):,.2f}", text)

    def test_a_missing_rate_is_said_once_for_all_items_and_leads_to_where_it_is_entered(
        self,
    ):
        other = self._create_invoice(due="2026-01-31")
        manager = self._create_user("manager", "group_dunning_manager")
        statement = self._open(self.invoice | other, user=manager)
        statement.date = "2026-07-15"
        content = str(statement.content)
        self.assertEqual(content.count("rate not known"), 2)
        self.assertEqual(content.count("alert-danger"), 1)
        self.assertIn("action-account_dunning.action_rate", content)
        statement = self._open(self.invoice | other)
        statement.date = "2026-07-15"
        self.assertNotIn("/odoo/", str(statement.content))
        self.assertIn("A credit manager", str(statement.content))

    def test_what_is_owed_on_all_items_is_added_up_with_the_indemnities(self):
        other = self._create_invoice(due="2025-05-31", amount=10_000.0)
        statement = self._open(self.invoice | other)
        statement.date = "2025-09-15"
        text = html2plaintext(str(statement.content))
        for part in ("Recovery indemnity", "728.80", "(2)", "80.00", "808.80"):
            self.assertIn(part, text)
        self.assertNotIn("of which", text)

    def test_what_is_claimed_is_in_the_total_which_says_so(self):
        values = {"date": "2025-09-15", "partner_ids": self.customer.ids}
        claim = self.env["dunning.penalty.claim"].create(values)
        claim.action_fill()
        claim.action_claim()
        statement = self._open(self.invoice)
        statement.date = "2025-09-15"
        text = html2plaintext(str(statement.content))
        self.assertEqual(text.count("404.40"), 2)
        self.assertIn("of which claimed or let off", text)
        statement.date = "2025-05-31"
        self.assertNotIn(
            "40.00", html2plaintext(str(statement.content)).split("claimed")[0]
        )
        self.assertNotIn("Total", statement.content)

    def test_it_is_printed_for_the_customer_it_is_about(self):
        self.customer.write({"street": "5 Cathedral Close", "city": "Exeter"})
        statement = self._open(self.invoice)
        lines = statement._get_address_lines(self.company)
        self.assertEqual(lines[:2], [self.customer.name, "5 Cathedral Close"])
        other = self._create_customer("Other")
        both = self._open(self.invoice | self._create_invoice(partner=other))
        self.assertFalse(both._get_address_lines(self.company))

    def test_it_is_printed(self):
        self.customer.street = "5 Cathedral Close"
        statement = self._open(self.invoice)
        statement.date = "2025-09-15"
        action = statement.action_print()
        attachment_id = int(action["url"].split("/")[-1].split("?")[0])
        pdf = self.env["ir.attachment"].sudo().browse(attachment_id).raw
        text = PdfFileReader(io.BytesIO(pdf)).pages[0].extract_text().replace("\t", " ")
        for part in ("364.40", "404.40", "5 Cathedral Close"):
            self.assertIn(part, text)
        self.assertIn(self.invoice.name, text)
