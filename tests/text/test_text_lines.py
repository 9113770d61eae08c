from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestTextLines(DunningCommon):
    """Subjects and numbers in texts, whatever the names they are made of."""

    def test_a_line_break_in_a_name_does_not_keep_an_e_mail_from_leaving(self):
        self.mail_template.subject = (
            "{{ object.partner_id.name }} {{ object.reference }}"
        )
        self.customer.name = "First line\r\nSecond line"
        self.company.dunning_include_misc = True
        self._create_entry(due=-5, name="Balance\nof 2025")
        [action] = self._step()
        self.assertEqual(action.state, "done", action.failure)
        self.assertEqual(
            action.mail_id.subject, "First line Second line Balance of 2025"
        )
        self.assertEqual(action.mail_id.mail_message_id.subject.count("\n"), 0)

    def test_a_line_break_in_an_edited_subject_does_not_keep_it_from_leaving(self):
        self._create_invoice(due=-5)
        [action] = self._run().action_ids
        action._customize("Dear\r\nBcc: everybody@example.com", "<p>Pay</p>", "")
        action.action_execute()
        self.assertEqual(action.state, "done", action.failure)
        self.assertEqual(action.mail_id.subject, "Dear Bcc: everybody@example.com")

    def test_a_line_break_in_a_name_stays_out_of_subject_and_name_of_a_letter(self):
        self.customer.write(
            {"name": "First\nSecond", "street": "1", "zip": "75002", "city": "Paris"}
        )
        self._create_invoice(due=-5)
        [action] = self._run().action_ids
        # The shipped text is shared by all companies.
        template_sudo = action.level_id.letter_template_id.sudo()
        template_sudo.subject = "{{ object.partner_id.name }}"
        [(subject, _body)] = action._get_letter_texts().values()
        self.assertEqual(subject, "First Second")
        self.assertIn("First Second", action._get_letter_filename())
        # Odoo adds the ending of a report that is printed.
        report = self.env.ref("account_dunning.report_letter")
        name = safe_eval(report.print_report_name, {"object": action})
        self.assertEqual(f"{name}.pdf", action._get_letter_filename())

    def test_an_instalment_is_called_by_its_place_among_all(self):
        terms = self._create_terms((30, 0), (30, 10), (40, 60))
        invoice = self._create_invoice(terms=terms, date=-20)
        [action] = self._run().action_ids
        self.assertEqual(
            action._get_content_numbers(),
            [f"{invoice.name} (1/3)", f"{invoice.name} (2/3)"],
        )
        self.assertIn("(2/3)", action.items_table)
        items = self._items(invoice)
        self.assertEqual(items[2]._dunning_get_number(), f"{invoice.name} (3/3)")

    def test_lists_tell_instalments_apart_as_letters_do(self):
        terms = self._create_terms((50, 0), (50, 10))
        invoice = self._create_invoice(terms=terms, date=-20)
        [action] = self._run().action_ids
        numbers = [f"{invoice.name} (1/2)", f"{invoice.name} (2/2)"]
        self.assertEqual(action.line_ids.sorted("date_due").mapped("number"), numbers)
        for name in ("dunning.item", "dunning.coverage", "dunning.aged.balance"):
            with self.subTest(name):
                rows = self.env[name].with_user(self.collector)
                found = rows.search([("move_id", "=", invoice.id)])
                self.assertEqual(found.mapped("number"), numbers)

    def test_lists_call_an_opening_balance_without_label_by_its_entry(self):
        entry = self._create_entry(due=-20, name=False)
        item = self.env["dunning.item"].browse(self._items(entry).id)
        self.assertEqual(item.number, entry.name)

    def test_lists_call_opening_balances_of_one_entry_as_letters_do(self):
        self.company.dunning_include_misc = True
        receivable = self.company_data["default_account_receivable"]
        revenue = self.company_data["default_account_revenue"]
        both = {receivable: 50, revenue: -150}
        items = self._items(
            self._create_entry(due=-20, name="FC-2025-022", counterparts=both)
        )
        items[1].write({"name": "FC-2025-031", "date_maturity": self._day(-19)})
        [action] = self._run().action_ids
        numbers = ["FC-2025-022", "FC-2025-031"]
        self.assertEqual(action._get_content_numbers(), numbers)
        self.assertEqual(action.line_ids.mapped("number"), numbers)
        for name in ("dunning.item", "dunning.coverage", "dunning.aged.balance"):
            with self.subTest(name):
                rows = self.env[name].with_user(self.collector)
                domain = [("partner_id", "=", self.customer.id)]
                self.assertEqual(rows.search(domain).mapped("number"), numbers)
                for text, found in (("31", items[1]), ("2025-02", items[0])):
                    own = rows.search([*domain, ("number", "ilike", text)])
                    self.assertEqual(own.move_line_id, found)
                entry = items.move_id.name
                self.assertEqual(len(rows.search([("number", "=", entry)])), 2)

    def test_items_are_sorted_by_number(self):
        invoices = [self._create_invoice(due=day) for day in (-5, -20)]
        items = self.env["dunning.item"]
        found = items.search([("partner_id", "=", self.customer.id)], order="number")
        self.assertEqual(found.mapped("number"), [own.name for own in invoices])

    def test_a_paid_instalment_still_counts_for_the_place_of_the_others(self):
        terms = self._create_terms((50, 0), (50, 10))
        invoice = self._create_invoice(terms=terms, date=-20)
        self._pay(invoice, 50)
        [action] = self._run().action_ids
        self.assertEqual(action.reference, f"{invoice.name} (2/2)")

    def test_an_invoice_of_one_instalment_is_called_by_its_number_alone(self):
        invoice = self._create_invoice(due=-5)
        [action] = self._run().action_ids
        self.assertEqual(action.reference, invoice.name)
