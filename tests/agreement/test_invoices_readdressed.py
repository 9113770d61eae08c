from odoo.tests import tagged

from ..customers import ChangeCommon


@tagged("post_install", "-at_install")
class TestInvoiceReaddressed(ChangeCommon):
    """An invoice is reset to draft, given to another customer and posted again."""

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-10)

    # ------------------------------------------------------------------
    # WHAT WAS AGREED
    # ------------------------------------------------------------------

    def test_a_promise_goes_along_and_its_collector_is_told(self):
        promise = self._promise(self.invoice, (5, 100))
        self._readdress(self.invoice, self.other)
        self.assertRecordValues(
            promise, [{"partner_id": self.other.id, "state": "open"}]
        )
        self.assertIn("Other owes the items now", promise.message_ids[0].body)
        self.assertEqual(promise.activity_ids.user_id, self.collector)
        self.assertEqual(set(promise.hold_ids.partner_id), {self.other})
        self.assertPlanned(self.invoice, "out", reason="held")
        self._pay_as_accountant(self.invoice)
        self.assertEqual(promise.state, "kept")

    def test_its_collector_is_told_in_the_collectors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.collector.lang = "fr_FR"
        promise = self._promise(self.invoice, (5, 100))
        self._readdress(self.invoice, self.other)
        self.assertIn("vérifiez", promise.activity_ids.summary)

    def test_a_dispute_goes_along(self):
        dispute = self._dispute(self.invoice, 30)
        self._readdress(self.invoice, self.other)
        self.assertRecordValues(
            dispute,
            [
                {
                    "partner_id": self.other.id,
                    "contact_id": self.other.id,
                    "state": "new",
                    "amount_held": 30,
                }
            ],
        )
        self.assertHeld(self.invoice, 30)

    def test_a_hold_goes_along(self):
        hold = self._create_hold(self.invoice)
        self._readdress(self.invoice, self.other)
        self.assertEqual(hold.partner_id, self.other)
        self.assertPlanned(self.invoice, "out", reason="held")

    def test_closed_promises_and_disputes_stay_and_refuse_nothing(self):
        promise = self._promise(self.invoice, (5, 100))
        promise.with_user(self.collector).action_withdraw("A mistake")
        dispute = self._dispute(self.invoice, 30)
        dispute.with_user(self.collector).action_cancel()
        hold = self._create_hold(self.invoice)
        hold.action_release()
        self._readdress(self.invoice, self.other)
        for record in (promise, dispute, hold):
            self.assertEqual(record.partner_id, self.customer)
        self.assertRecordValues(promise, [{"state": "withdrawn"}])
        self.assertRecordValues(dispute, [{"state": "cancelled"}])
        self._pay_as_accountant(self.invoice, 40)
        self.assertPlanned(self.invoice, "step", level=self.reminder)

    def test_a_dispute_that_was_paid_reopens_under_who_owes_it_then(self):
        dispute = self._dispute(self.invoice)
        payment = self._pay(self.invoice)
        self.assertEqual(dispute.closed_by, "paid")
        self.invoice.with_user(self.accountant).button_draft()
        self.invoice.with_user(self.accountant).partner_id = self.other
        self.invoice.with_user(self.accountant).action_post()
        # Odoo has reconciled the payment with it again.
        self.assertEqual(dispute.closed_by, "paid")
        self._items(payment.move_id).remove_move_reconcile()
        self.assertRecordValues(
            dispute, [{"partner_id": self.other.id, "state": "new"}]
        )
        self.assertHeld(self.invoice, 100)

    def test_of_two_invoices_promised_the_part_of_one_goes_along(self):
        stays = self._create_invoice(due=-12)
        promise = self._promise(stays + self.invoice, (5, 120), (10, 80))
        self._readdress(self.invoice, self.other)
        part = self.env["dunning.promise"].search([("partner_id", "=", self.other.id)])
        self.assertEqual(part.move_line_ids, self._items(self.invoice))
        self.assertEqual(part.line_ids.mapped("amount"), [20, 80])
        self.assertEqual(part.line_ids.mapped("date"), [self._day(5), self._day(10)])
        self.assertEqual(promise.move_line_ids, self._items(stays))
        self.assertHeld(stays, 100)
        self.assertHeld(self.invoice, 100)
        self._pay_as_accountant(self.invoice)
        self.assertEqual(part.state, "kept")
        self._pay_as_accountant(stays)
        self.assertEqual(promise.line_ids[0].amount_received, 100)

    def test_of_two_invoices_in_dispute_the_part_of_one_goes_along(self):
        stays = self._create_invoice(due=-12)
        dispute = self._dispute(stays + self.invoice, 150)
        self._readdress(self.invoice, self.other)
        part = self.env["dunning.dispute"].search([("partner_id", "=", self.other.id)])
        self.assertRecordValues(part, [{"amount": 50, "amount_held": 50}])
        self.assertRecordValues(dispute, [{"amount": 100, "amount_held": 100}])

    def test_of_two_invoices_on_hold_the_part_of_one_goes_along(self):
        stays = self._create_invoice(due=-12)
        hold = self._create_hold(stays + self.invoice, amount=150)
        self._readdress(self.invoice, self.other)
        part = self.env["dunning.hold"].search([("partner_id", "=", self.other.id)])
        self.assertEqual((hold.amount, part.amount), (100, 50))
        self.assertEqual(part.move_line_ids, self._items(self.invoice))

    def test_of_what_nothing_is_kept_out_no_part_goes_along(self):
        stays = self._create_invoice(due=-12)
        part_held = self._create_hold(stays + self.invoice, amount=100)
        whole_held = self._create_hold(stays + self.invoice)
        # The system follows the items.
        dispute_sudo = self._dispute(stays).sudo()
        self.assertFalse(dispute_sudo._make_part(self.other, self._items(self.invoice)))
        self.assertEqual(dispute_sudo.amount, 100)
        self._readdress(self.invoice, self.other)
        self.assertEqual((part_held.amount, whole_held.amount), (100, 0))
        for hold in (part_held, whole_held):
            self.assertEqual(hold.move_line_ids, self._items(stays))
        part = self.env["dunning.hold"].search([("partner_id", "=", self.other.id)])
        self.assertEqual(part.amount, 0)
        self.assertEqual(part.move_line_ids, self._items(self.invoice))

    def test_of_items_in_another_currency_the_others_go_on(self):
        stays = self._create_invoice(due=-12)
        # The system follows the items.
        hold_sudo = self._create_hold(stays + self.invoice).sudo()
        hold_sudo._leave_strange(self._items(self.invoice))
        self.assertEqual(hold_sudo.move_line_ids, self._items(stays))
        self.assertEqual(hold_sudo.state, "active")
        hold_sudo._leave_strange(self._items(stays))
        self.assertNotEqual(hold_sudo.state, "active")

    # ------------------------------------------------------------------
    # WHAT WAS SAID
    # ------------------------------------------------------------------

    def test_the_new_customer_begins_with_the_first_level(self):
        done = self._step()
        self._readdress(self.invoice, self.other)
        self.assertFalse(self._reached(self.invoice))
        self.assertPlanned(self.invoice, "step", level=self.reminder)
        # What was said to the former customer stays with them.
        self.assertRecordValues(
            done, [{"partner_id": self.customer.id, "state": "done"}]
        )
        self.assertEqual(done.line_ids.move_id, self.invoice)
        action = self._step()
        self.assertEqual(action.partner_id, self.other)
        self.assertListed(action, {self.invoice: self.reminder})

    def test_an_invoice_given_back_goes_on_from_its_level(self):
        self._step()
        self._readdress(self.invoice, self.other)
        self._readdress(self.invoice, self.customer)
        self.assertEqual(self._reached(self.invoice), self.reminder)

    def test_an_open_action_is_cancelled_for_its_true_cause(self):
        action = self._run().action_ids
        self._readdress(self.invoice, self.other)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "readdressed"}]
        )
        self.assertEqual(action.line_ids.drop_label, "Owed by another customer now")

    def test_what_was_paid_beside_it_does_not_hide_the_cause(self):
        beside = self._create_invoice(due=-2)
        action = self._run().action_ids
        self.assertListed(action, {self.invoice: self.reminder, beside: None})
        self._pay(beside)
        self._readdress(self.invoice, self.other)
        self.assertEqual(action.cancel_cause, "readdressed")

    def test_an_open_action_goes_on_with_the_other_invoices(self):
        stays = self._create_invoice(due=-10)
        action = self._run().action_ids
        self._readdress(self.invoice, self.other)
        self.assertListed(action, {stays: self.reminder})
        self.assertEqual((action.state, action.amount), ("todo", 100))

    def test_an_item_given_to_another_customer_while_posted_is_followed(self):
        entry = self._create_entry(due=-10, no_followup=False)
        item = self._items(entry)
        promise = self._promise(item, (5, 100))
        item.with_user(self.accountant).partner_id = self.other
        self.assertEqual(promise.partner_id, self.other)

    def test_an_item_given_back_while_posted_goes_on_from_its_level(self):
        entry = self._create_entry(due=-10, no_followup=False)
        item = self._items(entry).with_user(self.accountant)
        self._step()
        level = self._reached(entry)
        self.assertTrue(level)
        item.partner_id = self.other
        self.assertFalse(self._reached(entry))
        item.partner_id = self.customer
        self.assertEqual(self._reached(entry), level)

    def test_an_invoice_that_is_deleted_leaves_promises_and_disputes_readable(self):
        promise = self._promise(self.invoice, (5, 100))
        dispute = self._dispute(self.invoice, 30)
        invoice = self.invoice.with_user(self.accountant)
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(dispute.closed_by, "void")
        self.assertTrue(promise.display_name)

    def test_an_invoice_re_addressed_in_another_currency_is_posted(self):
        promise = self._promise(self.invoice, (5, 100))
        dispute = self._dispute(self.invoice, 30)
        invoice = self.invoice.with_user(self.accountant)
        invoice.button_draft()
        invoice.currency_id = self._enable_currency("USD")
        invoice.partner_id = self.other
        invoice.action_post()
        self.assertEqual(invoice.state, "posted")
        self._pay_as_accountant(self.invoice, 40)
        # An amount of euros says nothing of dollars.
        self.assertEqual((promise.state, dispute.state), ("withdrawn", "cancelled"))
        self.assertIn("another currency", promise.decision_reason)
        self.assertEqual(promise.activity_ids.user_id, self.collector)
        self.assertPlanned(self.invoice, "step")
