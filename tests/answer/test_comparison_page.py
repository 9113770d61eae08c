import re
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.controllers.answer import comparison

from .common_answer import AnswerCommon


@tagged("post_install", "-at_install")
class TestComparisonPage(AnswerCommon):
    """The customer's own ledger beside ours, on its page."""

    def _compare(self, text):
        """Return the results of a file by status, as numbers of our items."""
        customer = self._get_customer()
        comparison = customer.env["dunning.portal.comparison"]
        results, _unread = comparison._compare(customer, text.encode())
        found = {}
        for result in results:
            keys = [item.key for item in result.items]
            found.setdefault(result.status, []).append(keys)
        return found

    def _number(self, item=None):
        return (item or self.item).move_id.name

    def test_what_is_open_settled_and_partly_paid_is_told_apart(self):
        partly, settled = self._create_item(amount=400), self._create_item(amount=70)
        unknown = self._create_item(amount=33)
        self._pay_item(partly, 150)
        self._pay_item(settled, 70)
        found = self._compare(
            "Invoice;Amount\n"
            f"{self._number()};1000.00\n{self._number(partly)};400.00\n"
            f"{self._number(settled)};70.00\nOTHER-1;5.00\n"
        )
        self.assertEqual(
            found,
            {
                "agreed": [self.item.ids],
                "other_amount": [partly.ids],
                "settled": [settled.ids],
                "unknown_to_us": [[]],
                "unknown_to_customer": [unknown.ids],
            },
        )

    def _pay_item(self, item, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=item.move_id.ids
        ).create(
            {"amount": amount, "payment_difference_handling": "open"}
        )._create_payments()

    def test_payments_of_the_file_are_looked_for_among_ours(self):
        paid = self._create_item(amount=70)
        self._pay_item(paid, 70)
        found = self._compare(
            "Invoice;Amount\n"
            f"{self._number()};1000.00\nTransfer 1;-70.00\nTransfer 2;-71.00\n"
        )
        payment = paid.matched_credit_ids.credit_move_id
        self.assertEqual(found["payment"], [payment.ids, []])

    def test_a_payment_is_called_as_everywhere_on_the_page(self):
        paid = self._create_item(amount=70)
        self._pay_item(paid, 70)
        payment = paid.matched_credit_ids.credit_move_id
        self.assertNotEqual(payment.name, payment.move_id.name)
        text = f"Invoice;Amount\n{self._number()};1000.00\nTransfer 1;-70.00\n"
        path = f"{self._log_in()}/compare"
        answer = self._fill(path, files=[("x.csv", text.encode(), "file")])
        self.assertIn(payment.move_id.name, answer.text)
        self.assertNotIn(payment.name, answer.text)

    def test_a_payment_that_bounced_has_not_arrived(self):
        paid = self._create_item(amount=70)
        self._pay_item(paid, 70)
        payment = paid.matched_credit_ids.credit_move_id
        payment.remove_move_reconcile()
        payment.move_id._reverse_moves(cancel=True)
        found = self._compare("Invoice;Amount\nTransfer 1;-70.00\n")
        self.assertEqual(found["payment"], [[]])

    def test_an_invoice_that_is_paid_with_us_says_so_whatever_its_amount(self):
        paid = self._create_item(amount=70)
        self._pay_item(paid, 70)
        base = self._log_in()
        text = f"Invoice;Amount\n{self._number(paid)};80.00\nTransfer 1;-9.00\n"
        answer = self._fill(f"{base}/compare", files=[("x.csv", text.encode(), "file")])
        self.assertIn("With us it is paid: check the amount", answer.text)
        self.assertIn(f'href="{base}/paid"', answer.text)

    def test_items_of_other_customers_and_drafts_are_unknown(self):
        foreign = self._create_item(self.other, amount=777)
        found = self._compare(f"Invoice;Amount\n{self._number(foreign)};777.00\n")
        self.assertEqual(
            found, {"unknown_to_us": [[]], "unknown_to_customer": [self.item.ids]}
        )

    def test_an_opening_balance_is_known_by_its_text(self):
        balance = self._create_opening_balance()
        balance.move_id.button_draft()
        balance.name = "OLD/2019/77"
        balance.move_id.action_post()
        found = self._compare("Invoice;Amount\nOLD/2019/77;250.00\n")
        self.assertEqual(found["agreed"], [balance.ids])

    def test_instalments_of_an_invoice_are_told_together_by_its_number(self):
        item = self._create_item(amount=300)
        invoice = item.move_id
        invoice.button_draft()
        invoice.invoice_payment_term_id = self.env["account.payment.term"].create(
            {
                "name": "In two",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (1, 2)
                ],
            }
        )
        invoice.action_post()
        items = invoice.line_ids.filtered("date_maturity")
        self.assertEqual(len(items), 2)
        found = self._compare(f"Invoice;Amount\n{invoice.name};300.00\n")
        self.assertEqual(
            [sorted(keys) for keys in found["agreed"]], [items.sorted("id").ids]
        )

    def test_a_visitor_sees_each_line_and_answers_by_one_click(self):
        other = self._create_item(amount=80)
        base = self._log_in()
        text = f"N° facture;Montant\n{self._number()};999,00\n"
        answer = self._fill(
            f"{base}/compare", files=[("ledger.csv", text.encode(), "file")]
        )
        self.assertIn('data-status="other_amount"', answer.text)
        self.assertIn('data-status="unknown_to_customer"', answer.text)
        for item in (self.item, other):
            self.assertIn(f"{base}/paid?items={item.id}", answer.text)
            self.assertIn(f"{base}/dispute?items={item.id}", answer.text)
            self.assertIn(f"{base}/invoice/{item.id}", answer.text)
        form = self.url_open(f"{base}/dispute?items={other.id}").text
        self.assertRegex(form, rf'value="{other.id}" checked')
        [request] = self._get_requests("comparison")
        self.assertFalse(request.attachment_ids)
        self.assertIn("Other amount: 1", request.text)

    def test_several_invoices_that_are_missing_are_sent_by_one_click(self):
        base = self._log_in()
        text = f"Invoice;Amount\n{self._number()};1000.00\n"
        for missing, most, offered in ((1, 9, False), (2, 9, True), (3, 2, False)):
            self._create_item(amount=80 + missing)
            with (
                self.subTest(missing=missing, most=most),
                patch.object(comparison, "MOST_INVOICES", most),
            ):
                answer = self._fill(
                    f"{base}/compare", files=[("ledger.csv", text.encode(), "file")]
                )
                self.assertIn('data-status="unknown_to_customer"', answer.text)
                self.assertEqual("Send me all of these" in answer.text, offered)

    def test_by_a_link_it_is_compared_without_confirmation_for_it_changes_nothing(self):
        base = self._enter()
        text = f"Invoice;Amount\n{self._number()};1000.00\n"
        answer = self._fill(
            f"{base}/compare", files=[("ledger.csv", text.encode(), "file")]
        )
        self.assertIn('data-status="agreed"', answer.text)
        self.assertEqual(self._get_requests("comparison").state, "done")

    def _send_unknown(self, count):
        """Compare a file with lines that we do not know.

        :return: the answer
        """
        lines = "".join(f"OTHER-{number};5.00\n" for number in range(1, count + 1))
        text = f"Invoice;Amount\n{lines}"
        return self._fill(
            f"{self._log_in()}/compare", files=[("x.csv", text.encode(), "file")]
        )

    def test_of_many_lines_each_page_shows_some(self):
        with (
            patch.object(comparison, "MOST_SHOWN", 2),
            patch.object(comparison, "PAGE_SIZE", 3),
        ):
            answer = self._send_unknown(7)
            shown = self._get_rows(answer)
            self.assertEqual(shown, ["OTHER-1", "OTHER-2"])
            self.assertIn("Show all 7", re.sub(r"<[^>]*>", "", answer.text))
            pages = [
                self._get_rows(
                    self.url_open(f"{answer.url}?status=unknown_to_us&number={number}")
                )
                for number in (1, 2, 3, 9)
            ]
        self.assertEqual(
            pages,
            [
                ["OTHER-1", "OTHER-2", "OTHER-3"],
                ["OTHER-4", "OTHER-5", "OTHER-6"],
                ["OTHER-7"],
                ["OTHER-7"],
            ],
        )
        self.assertIn("Not in your file", self.url_open(answer.url).text)

    def _get_rows(self, answer):
        return re.findall(r"OTHER-\d+", answer.text)

    def test_what_came_out_is_for_the_customer_alone_and_for_two_days(self):
        answer = self._send_unknown(1)
        path = answer.url.rpartition("/compare/")[2]
        self.authenticate(None, None)
        other = self._enter(self.other)
        self.assertNotIn("OTHER-1", self.url_open(f"{other}/compare/{path}").text)
        # A scheduled action forgets them.
        request_sudo = self._get_requests("comparison").sudo()
        request_sudo._gc_results()
        self.assertIn("OTHER-1", self.url_open(f"{self._log_in()}/compare/{path}").text)
        request_sudo.date -= timedelta(days=3)
        self.env.flush_all()
        request_sudo._gc_results()
        again = self.url_open(f"{self._log_in()}/compare/{path}")
        self.assertNotIn("OTHER-1", again.text)
        self.assertIn("kept for two days", again.text)

    def test_an_address_that_nobody_was_given_shows_nothing(self):
        for key in ("%00", "%ef%bf%bf", "x" * 3000):
            answer = self.url_open(f"{self._log_in()}/compare/{key}")
            self.assertIn("kept for two days", answer.text)

    def test_what_was_deleted_since_then_is_shown_without_a_number(self):
        self._create_item()
        answer = self._send_unknown(1)
        move = self.item.move_id
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.assertEqual(self.url_open(answer.url).status_code, 200)

    def test_a_file_that_cannot_be_read_is_refused_beside_its_field(self):
        base = self._log_in()
        for content in (b"", b"%PDF-1.4", b"a;b\n1;2", b"PK\x03\x04xx"):
            answer = self._fill(f"{base}/compare", files=[("x.csv", content, "file")])
            self.assertEqual(answer.status_code, 422)
            self.assertIn('id="problem_file"', answer.text)
        self.assertFalse(self._get_requests("comparison"))

    def test_what_is_refused_is_told_above_the_form(self):
        base = self._log_in()
        comparison = self.registry["dunning.portal.comparison"]

        def refuse(*_args):
            raise UserError("Not these")

        with patch.object(comparison, "_compare", refuse):
            answer = self._fill(f"{base}/compare", files=[("x.csv", b"a", "file")])
        self.assertEqual(answer.status_code, 422)
        self.assertIn("Not these", answer.text)
        self.assertNotIn('id="problem_file"', answer.text)
        self.assertFalse(self._get_requests("comparison"))

    def test_what_the_file_says_is_shown_as_text(self):
        base = self._log_in()
        text = 'Invoice;Amount\n"<script>alert(1)</script>";5.00\n'
        answer = self._fill(f"{base}/compare", files=[("x.csv", text.encode(), "file")])
        self.assertIn("&lt;script&gt;alert(1)", answer.text)
        self.assertNotIn("<script>alert(1)", answer.text)
