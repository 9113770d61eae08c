from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestBranchCredits(DunningCommon):
    """What customers pay to the parent company covers the items of its branches."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls._create_branch()
        cls.level = cls.scenario.level_ids[0]
        cls.employee = cls._create_user("branch", "group_dunning_collector", cls.branch)

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5, company=self.branch)

    def _get_claimed(self):
        """Return what the open action of the branch claims."""
        action = self._actions(company_id=self.branch.id)[-1:]
        return 0 if action.state == "cancelled" else action.amount

    # ------------------------------------------------------------------
    # CREDITS
    # ------------------------------------------------------------------

    def test_a_credit_of_the_parent_covers_the_items_of_its_branch(self):
        self._create_payment(amount=100)
        self.assertPlanned(self.invoice, "out", reason="covered")

    def test_a_credit_of_the_parent_covers_a_part(self):
        self._create_payment(amount=30)
        action = self._run(company=self.branch).action_ids
        self.assertEqual(action.amount, 70)
        self.assertEqual(action.amount_text, "70.00\xa0€")
        [total] = action._get_totals()[action]
        self.assertEqual((total.credit, total.claimed), (30, 70))

    def test_a_credit_of_the_parent_counts_for_the_minimum(self):
        self.scenario.minimum_amount = 70
        self._create_payment(amount=30)
        self.assertPlanned(self.invoice, "out", reason="below_minimum")

    def test_a_credit_of_a_grandparent_counts_too(self):
        office = self._create_branch(self.branch, "Office")
        invoice = self._create_invoice(due=-5, company=office)
        self._create_payment(amount=100)
        self.assertPlanned(invoice, "out", reason="covered")

    def test_a_credit_of_the_branch_does_not_cover_the_items_of_its_parent(self):
        theirs = self._create_invoice(due=-5)
        self._credit_note(self.invoice, reconcile=False)
        self.assertPlanned(self.invoice, "out", reason="covered")
        self.assertPlanned(theirs, "step")

    def test_a_credit_of_another_branch_does_not_count(self):
        other = self._create_branch(name="Other Branch")
        theirs = self._create_invoice(due=-5, company=other)
        self._credit_note(theirs, reconcile=False)
        self.assertPlanned(self.invoice, "step")

    def test_a_credit_on_another_account_cannot_be_reconciled(self):
        account = self.company_data["default_account_receivable"].copy()
        self._create_entry(amount=-100, account=account)
        self.assertPlanned(self.invoice, "step")

    def test_no_more_is_covered_than_is_owed_on_the_account(self):
        account = self.company_data["default_account_receivable"].copy()
        partner = self.customer.with_company(self.branch)
        partner.property_account_receivable_id = account
        other = self._create_invoice(due=-5, company=self.branch, amount=40)
        self.assertEqual(self._items(other).account_id, account)
        self._create_entry(amount=-500, account=account)
        action = self._run(company=self.branch).action_ids
        self.assertEqual(action.amount, 100)

    def test_a_credit_of_another_customer_does_not_count(self):
        self._create_payment(self._create_customer("Other"), amount=100)
        self.assertPlanned(self.invoice, "step")

    def test_the_balance_of_the_customer_says_the_same(self):
        self._create_payment(amount=30)
        [balance] = self.customer.with_company(self.branch)._dunning_get_balances()
        self.assertEqual((balance["credit"], balance["collectable"]), (30, 70))

    def test_who_works_in_the_branch_alone_sees_it_covered(self):
        self._create_payment(amount=100)
        self.invoice.invalidate_recordset()
        invoice = self.invoice.with_user(self.employee)
        self.assertEqual(invoice.dunning_out_reason, "covered")

    # ------------------------------------------------------------------
    # EVENTS
    # ------------------------------------------------------------------

    def test_a_payment_in_the_parent_cancels_the_action_of_the_branch(self):
        action = self._run(company=self.branch).action_ids
        payment = self._create_payment(amount=100)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "covered"}]
        )
        payment.action_draft()
        self.assertRecordValues(action, [{"state": "todo", "amount": 100}])

    def test_a_payment_in_the_parent_lowers_what_the_branch_claims(self):
        action = self._run(company=self.branch).action_ids
        self._create_payment(amount=30)
        self.assertEqual(action.amount, 70)

    def test_a_payment_in_the_parent_is_reconciled_with_the_item(self):
        action = self._run(company=self.branch).action_ids
        payment = self._create_payment(amount=100)
        items = self._items(payment.move_id) + self._items(self.invoice)
        items.reconcile()
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "paid"}]
        )
        items.remove_move_reconcile()
        self.assertEqual(action.cancel_cause, "covered")

    def test_a_payment_in_the_parent_for_its_own_invoice_frees_nothing(self):
        own = self._create_invoice(due=-5, amount=60)
        action = self._run(company=self.branch).action_ids
        payment = self._create_payment(amount=100)
        self.assertEqual(action.state, "cancelled")
        (self._items(payment.move_id) + self._items(own)).reconcile()
        self.assertRecordValues(action, [{"state": "todo", "amount": 60}])

    def test_what_pays_both_is_followed_once_for_the_branch(self):
        self._run(company=self.branch)
        own = self._create_invoice(due=-5, amount=60)
        self._run()
        payment = self._create_payment(amount=120)
        items = self._items(payment.move_id) + self._items(own)
        (items + self._items(self.invoice)).reconcile()
        self.assertEqual(self._get_claimed(), 40)
        self.assertEqual(self._actions(company_id=self.company.id).state, "cancelled")

    def test_an_email_of_the_branch_is_checked_again_before_it_leaves(self):
        run = self._run(company=self.branch)
        # As another transaction would: nothing follows it.
        self._create_payment(amount=30)
        [action] = self._execute(run)
        self.assertRecordValues(action, [{"state": "done", "amount": 70}])
        self.assertEqual(
            action.deductions, {str(self.company.currency_id.id): [30.0, 0.0]}
        )

    # ------------------------------------------------------------------
    # PAYMENTS WITHOUT ENTRY
    # ------------------------------------------------------------------

    def _pay_in_parent(self, amount=100.0):
        """Pay the branch's invoice in the parent, without entry until the bank says
        so, as somebody who does not see the branch's invoices."""
        self.inbound_payment_method_line.payment_account_id = False
        with self._as_bank_reconciliation():
            payment = self._create_payment(
                amount=amount, invoice_ids=[Command.set(self.invoice.ids)]
            )
            self.env.flush_all()
        self.assertFalse(payment.move_id)
        self.assertEqual(payment.company_id, self.company)
        self.assertEqual(self.invoice.payment_state, "in_payment")
        return payment

    def test_a_payment_without_entry_in_the_parent_withholds_the_item(self):
        action = self._run(company=self.branch).action_ids
        self._pay_in_parent()
        self.assertPlanned(self.invoice, "out", reason="in_payment")
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "in_payment"}]
        )

    def test_a_payment_without_entry_on_no_invoice_covers_the_item_too(self):
        self.inbound_payment_method_line.payment_account_id = False
        with self._as_bank_reconciliation():
            payment = self._create_payment(amount=100)
            self.env.flush_all()
        self.assertFalse(payment.move_id)
        self.assertEqual(payment.company_id, self.company)
        self.assertPlanned(self.invoice, "out", reason="covered")

    def test_a_part_of_it_withholds_that_part(self):
        action = self._run(company=self.branch).action_ids
        self._pay_in_parent(40)
        self.assertEqual(action.amount, 60)

    def test_a_payment_without_entry_that_is_taken_back_frees_the_item(self):
        action = self._run(company=self.branch).action_ids
        payment = self._pay_in_parent()
        accountant = self._create_accountant()
        payment = payment.with_user(accountant).with_company(self.company)
        self.assertFalse(payment.with_user(accountant).invoice_ids)
        payment.action_cancel()
        self.assertRecordValues(action, [{"state": "todo", "amount": 100}])

    def _create_accountant(self):
        return self._create_user(
            "accountant",
            "group_dunning_collector",
            group_ids=[Command.set(self.env.ref("account.group_account_user").ids)],
        )

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _get_history(self):
        """Return what somebody of the branch alone reads of payments."""
        self.env.invalidate_all()
        customer = self.customer.with_user(self.employee).with_company(self.branch)
        return customer.dunning_get_timeline("payment")["entries"]

    def test_the_history_tells_what_paid_the_branch_s_invoice_in_the_parent(self):
        own = self._create_invoice(due=-5, amount=60)
        payment = self._create_payment(amount=130)
        self.assertFalse(self._get_history())
        for invoice in (own, self.invoice):
            (self._items(payment.move_id) + self._items(invoice)).reconcile()
        [entry] = self._get_history()
        self.assertIn("70.00", entry["amount"])
        self.assertIn(self.invoice.name, entry["text"])
        self.assertNotIn(own.name, entry["text"].split(self.invoice.name)[0])
        self.assertFalse(entry["model"])

    def test_the_history_tells_of_a_payment_in_process_in_the_parent(self):
        self._pay_in_parent()
        [entry] = self._get_history()
        self.assertFalse(entry["model"])

    # ------------------------------------------------------------------
    # BANK ACCOUNT
    # ------------------------------------------------------------------

    def _create_bank_account(self, company, number):
        return self.env["res.partner.bank"].create(
            {"partner_id": company.partner_id.id, "acc_number": number}
        )

    def test_a_branch_without_bank_account_shows_its_parents(self):
        account = self._create_bank_account(self.company, "FR1420041010050500013M02606")
        action = self._run(company=self.branch).action_ids
        seen = action.with_user(self.employee).with_company(self.branch)
        self.assertEqual(seen._get_bank_accounts(), account)
        self.assertIn("FR14", seen.payment_block)

    def test_a_branch_with_a_bank_account_shows_it(self):
        self._create_bank_account(self.company, "FR1420041010050500013M02606")
        own = self._create_bank_account(self.branch, "BE71096123456769")
        action = self._run(company=self.branch).action_ids
        self.assertEqual(action._get_bank_accounts(), own)
