from odoo import Command
from odoo.tests import tagged

from ..customers import ChangeCommon


@tagged("post_install", "-at_install")
class TestInstalmentsChange(ChangeCommon):
    """The number of instalments of an invoice changes under what was agreed."""

    def setUp(self):
        super().setUp()
        self.three = self._create_terms((40, 0), (30, 5), (30, 10))
        self.two = self._create_terms((50, 0), (50, 10))

    def _create(self, terms):
        return self._create_invoice(terms=terms, amount=300, date=-30)

    def _change(self, invoice, terms):
        invoice = invoice.with_user(self.accountant)
        invoice.button_draft()
        invoice.invoice_payment_term_id = terms
        invoice.action_post()

    def assertAllHeld(self, invoice):
        items = self._items(invoice)
        self.assertTrue(items)
        for item in items:
            self.assertPlanned(item, "out", reason="held")

    def test_three_that_become_two_are_still_promised_and_paid(self):
        invoice = self._create(self.three)
        promise = self._promise(invoice, (5, 300))
        self._change(invoice, self.two)
        self.assertAllHeld(invoice)
        self._pay_as_accountant(invoice)
        self.assertRecordValues(promise, [{"state": "kept", "amount_received": 300}])

    def test_two_that_become_three_are_still_promised_and_paid(self):
        invoice = self._create(self.two)
        promise = self._promise(invoice, (5, 300))
        self._change(invoice, self.three)
        self.assertEqual(len(promise.move_line_ids), 3)
        self.assertAllHeld(invoice)
        self._pay_as_accountant(invoice)
        self.assertRecordValues(promise, [{"state": "kept", "amount_received": 300}])

    def test_two_that_become_three_are_still_in_dispute(self):
        invoice = self._create(self.two)
        dispute = self._dispute(invoice)
        self._change(invoice, self.three)
        self.assertEqual(dispute.amount_held, 300)
        self.assertAllHeld(invoice)

    def test_two_that_become_three_are_still_on_hold(self):
        invoice = self._create(self.two)
        self._create_hold(invoice)
        self._change(invoice, self.three)
        self.assertAllHeld(invoice)

    def test_one_instalment_promised_of_two_that_become_three_stays_one(self):
        invoice = self._create(self.two)
        promise = self._promise(self._items(invoice)[0], (5, 150))
        self._change(invoice, self.three)
        self.assertEqual(promise.amount_held, 150)
        self._pay_as_accountant(invoice)
        self.assertEqual(promise.state, "kept")

    def test_an_instalment_on_hold_of_two_that_become_three_stays_one(self):
        invoice = self._create(self.two)
        hold = self._create_hold(self._items(invoice)[0])
        self._change(invoice, self.three)
        self.assertEqual(len(hold.move_line_ids), 1)

    def test_instalments_change_while_the_invoice_is_re_addressed(self):
        invoice = self._create(self.two)
        promise = self._promise(invoice, (5, 300))
        invoice = invoice.with_user(self.accountant)
        invoice.button_draft()
        invoice.invoice_payment_term_id = self.three
        invoice.partner_id = self.other
        invoice.action_post()
        self.assertEqual(promise.partner_id, self.other)
        self.assertAllHeld(invoice)

    # ------------------------------------------------------------------
    # WHAT IS CHOSEN
    # ------------------------------------------------------------------

    def _promise_without_items(self, amount):
        return (
            self.env["dunning.promise"]
            .with_user(self.collector)
            .create(
                {
                    "partner_id": self.customer.id,
                    "line_ids": [
                        Command.create({"date": self._day(5), "amount": amount})
                    ],
                }
            )
        )

    def test_a_promise_without_items_is_about_what_is_dunned(self):
        self._create_entry(due=-90, amount=100)
        invoice = self._create_invoice(due=-10)
        promise = self._promise_without_items(100)
        self.assertEqual(promise.move_line_ids, self._items(invoice))

    def test_a_promise_without_items_is_about_entries_that_are_included(self):
        self.company.dunning_include_misc = True
        entry = self._create_entry(due=-90, amount=100)
        self._create_invoice(due=-10)
        promise = self._promise_without_items(100)
        self.assertEqual(promise.move_line_ids, self._items(entry))

    def test_the_dialogs_propose_what_is_dunned(self):
        self._create_entry(due=-90, amount=100)
        invoice = self._create_invoice(due=-10)
        dialog = (
            self.env["dunning.promise.dialog"]
            .with_user(self.collector)
            .with_context(active_model="res.partner", active_id=self.customer.id)
            .create({"partner_id": self.customer.id})
        )
        self.assertEqual(dialog.move_line_ids, self._items(invoice))
