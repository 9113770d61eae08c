from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo import Command, fields
from odoo.tests import tagged

from ...tools.claims import get_claimed
from ..common import DunningCommon
from ..plan_strategies import examples

AMOUNTS = (30, 100, 130)


@tagged("post_install", "-at_install")
class TestUnseenEvents(DunningCommon):
    """What accountants do to the ledger without posting an entry or reconciling
    anything: the agenda follows, and says at each moment what a new plan would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.second, cls.notice = cls._set_levels(
            [("Reminder", 5, {}), ("Second", 15, {}), ("Notice", 30, {})]
        )
        cls.other = cls._create_customer("Other")
        cls.receivable = cls.company_data["default_account_receivable"]

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)
        self.theirs = self._create_invoice(self.other, due=-5)
        self._run()
        self.action = self._actions()
        self.their_action = self._actions(self.other)

    def _create_bank_line(self, amount=100.0, partner=None):
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": fields.Date.today(),
                "payment_ref": "Transfer",
                "amount": amount,
                "partner_id": partner.id if partner else False,
            }
        )

    def _post_on_customer(self, bank_line, partner):
        """Put a bank line on the account of a customer, without matching it, in a
        request of its own."""
        self._put_on_account(bank_line, partner)
        self.cr.flush()

    def _put_on_account(self, bank_line, partner):
        _liquidity, suspense, _others = bank_line._seek_for_lines()
        bank_line.with_context(force_delete=True, skip_readonly_check=True).write(
            {
                "line_ids": [
                    Command.delete(suspense.id),
                    Command.create(
                        {
                            "name": "On account",
                            "account_id": self.receivable.id,
                            "partner_id": partner.id,
                            "balance": suspense.balance,
                        }
                    ),
                ]
            }
        )

    def _float(self, partner=None, amount=100.0, **values):
        """Register a payment that has no entry and belongs to no invoice."""
        self.inbound_payment_method_line.payment_account_id = False
        with patch.object(
            self.env.registry["account.move"],
            "_get_invoice_in_payment_state",
            lambda move: "in_payment",
        ):
            payment = self._create_payment(partner, amount, **values)
            self.env.flush_all()
        self.assertFalse(payment.move_id or payment.invoice_ids)
        self.assertEqual(payment.state, "in_process")
        return payment

    def assertCovered(self, action):
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "covered"}]
        )
        self.assertAgendaTrue()

    def assertOpen(self, action, amount=100):
        self.assertRecordValues(action, [{"state": "todo", "amount": amount}])
        self.assertAgendaTrue()

    def assertAgendaTrue(self):
        """Compare the agenda with what a new plan would do if there were none."""
        actions = self.action + self.their_action
        scope = self.company._dunning_scope(
            partners=actions.partner_id.ids, without_actions=actions.ids
        )
        query = self.env["dunning.plan"]._get_query(scope)
        rows = self.env.execute_query_dict(query)
        told = {
            (line.move_line_id.id, line.action_id.partner_id.id): line
            for line in actions.line_ids
        }
        planned = {
            (row["id"], row["level_id"], row["residual"])
            for row in rows
            if row["decision"] == "step" and (row["id"], row["partner_id"]) in told
        }
        found = {
            (line.move_line_id.id, line.level_id.id, line.amount_residual)
            for line in actions.line_ids
            if line.state == "open"
        }
        self.assertEqual(found, planned)
        for action in actions.filtered(lambda action: action.state == "todo"):
            own = [row for row in rows if row["partner_id"] == action.partner_id.id]
            listed = [
                row
                for row in own
                if (row["id"], row["level_id"])
                in {
                    (line.move_line_id.id, line.level_id.id)
                    for line in action.line_ids
                    if line.state == "open"
                }
            ]
            self.assertEqual(action.amount, round(get_claimed(listed), 2))

    # ------------------------------------------------------------------
    # BANK LINES
    # ------------------------------------------------------------------

    def test_a_bank_line_put_on_the_customer_without_matching_covers_the_action(self):
        self._post_on_customer(self._create_bank_line(), self.customer)
        self.assertCovered(self.action)
        self.assertOpen(self.their_action)

    def test_a_bank_line_that_is_matched_at_once_is_no_credit_on_the_way(self):
        bank_line = self._create_bank_line()
        with patch.object(
            self.registry["dunning.action"], "_get_plan_rows", autospec=True
        ) as ask:
            self._put_on_account(bank_line, self.customer)
            self.assertEqual(self.action.state, "todo")
            (self._items(bank_line.move_id) + self._items(self.invoice)).reconcile()
            self.cr.flush()
        ask.assert_not_called()
        self.assertRecordValues(
            self.action, [{"state": "cancelled", "cancel_cause": "paid"}]
        )

    def test_what_was_put_on_the_account_and_taken_back_is_not_followed(self):
        bank_line = self._create_bank_line()
        with self.cr.savepoint() as savepoint:
            self._put_on_account(bank_line, self.customer)
            savepoint.rollback()
        self.env.invalidate_all()
        self.cr.flush()
        self.assertOpen(self.action)

    def test_a_part_that_a_bank_line_covers_is_no_longer_claimed(self):
        self._post_on_customer(self._create_bank_line(40), self.customer)
        self.assertOpen(self.action, amount=60)

    def test_undoing_a_bank_line_brings_the_action_back(self):
        bank_line = self._create_bank_line()
        self._post_on_customer(bank_line, self.customer)
        bank_line.action_undo_reconciliation()
        self.assertOpen(self.action)

    def test_a_bank_line_given_to_another_customer_is_followed_for_both(self):
        bank_line = self._create_bank_line()
        self._post_on_customer(bank_line, self.customer)
        self._items(bank_line.move_id).partner_id = self.other
        self.assertOpen(self.action)
        self.assertCovered(self.their_action)

    def test_the_account_of_a_bank_line_changed_on_its_item_is_followed(self):
        bank_line = self._create_bank_line(partner=self.customer)
        _liquidity, suspense, _others = bank_line._seek_for_lines()
        suspense.with_context(skip_readonly_check=True).account_id = self.receivable
        self.assertCovered(self.action)
        suspense.with_context(
            skip_readonly_check=True
        ).account_id = bank_line.journal_id.suspense_account_id
        self.assertOpen(self.action)

    def test_the_amount_of_a_bank_line_on_the_customer_changed_is_followed(self):
        bank_line = self._create_bank_line()
        self._post_on_customer(bank_line, self.customer)
        liquidity, _suspense, counterpart = bank_line._seek_for_lines()
        bank_line.with_context(skip_readonly_check=True).move_id.write(
            {
                "line_ids": [
                    Command.update(liquidity.id, {"balance": 30}),
                    Command.update(counterpart.id, {"balance": -30}),
                ]
            }
        )
        self.assertOpen(self.action, amount=70)

    def test_a_bank_line_that_is_deleted_no_longer_covers(self):
        bank_line = self._create_bank_line()
        self._post_on_customer(bank_line, self.customer)
        bank_line.unlink()
        self.assertOpen(self.action)

    # ------------------------------------------------------------------
    # RECEIPTS AND PAYMENTS
    # ------------------------------------------------------------------

    def test_a_receipt_given_to_another_customer_is_followed_for_both(self):
        payment = self._create_payment(self.customer, 100)
        self.assertCovered(self.action)
        payment.action_draft()
        self.assertOpen(self.action)
        payment.partner_id = self.other
        payment.action_post()
        self.assertOpen(self.action)
        self.assertCovered(self.their_action)

    def test_a_posted_item_given_to_another_customer_is_followed_for_both(self):
        credit = self._create_entry(amount=-100)
        self.assertCovered(self.action)
        self._items(credit).partner_id = self.other
        self.assertOpen(self.action)
        self.assertCovered(self.their_action)

    def test_an_item_without_customer_any_more_covers_nobody(self):
        credit = self._create_entry(amount=-100)
        self._items(credit).partner_id = False
        self.assertOpen(self.action)

    def test_a_payment_without_entry_on_no_invoice_covers_the_action(self):
        self._float()
        self.assertCovered(self.action)

    def test_a_part_paid_without_entry_on_no_invoice_is_deducted(self):
        self._float(amount=30)
        self.assertOpen(self.action, amount=70)
        [balance] = self.customer._dunning_get_balances()
        self.assertEqual((balance["credit"], balance["collectable"]), (30, 70))
        self._execute(self.action)
        self.assertEqual(
            self.action.deductions[str(self.company.currency_id.id)][0], 30
        )

    def test_a_payment_without_entry_paid_by_a_contact_is_the_customers(self):
        contact = self._create_customer("Bookkeeper", parent_id=self.customer.id)
        self._float(contact)
        self.assertCovered(self.action)

    def test_a_payment_without_entry_cancelled_covers_nothing(self):
        payment = self._float()
        payment.action_cancel()
        self.assertOpen(self.action)

    def test_a_payment_without_entry_reset_to_draft_and_deleted_covers_nothing(self):
        payment = self._float()
        payment.action_draft()
        self.assertOpen(self.action)
        payment.unlink()
        self.assertOpen(self.action)

    def test_a_payment_without_entry_deleted_covers_nothing(self):
        self._float().unlink()
        self.assertOpen(self.action)

    def test_a_payment_without_entry_given_to_another_customer_covers_theirs(self):
        self._float().partner_id = self.other
        self.assertOpen(self.action)
        self.assertCovered(self.their_action)

    def test_a_payment_without_entry_of_another_amount_covers_that(self):
        self._float().amount = 10
        self.assertOpen(self.action, amount=90)

    def test_once_confirmed_it_is_the_bank_line_that_counts(self):
        payment = self._float()
        self._post_on_customer(self._create_bank_line(40), self.customer)
        payment.action_validate()
        self.assertOpen(self.action, amount=60)

    def test_what_goes_out_without_entry_is_no_credit(self):
        self._float(payment_type="outbound")
        self.assertOpen(self.action)

    def test_a_payment_to_a_supplier_is_no_credit(self):
        self._float(partner_type="supplier")
        self.assertOpen(self.action)

    def test_what_a_payment_without_entry_pays_too_much_is_a_credit(self):
        more = self._create_invoice(due=-5, amount=50)
        self._pay_without_entry(self.invoice, 130)
        self.assertPlanned(self.invoice, "out", reason="in_payment")
        [balance] = self.customer._dunning_get_balances()
        self.assertEqual((balance["credit"], balance["collectable"]), (30, 20))
        self.assertTrue(more)

    # ------------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------------

    def test_a_customer_that_is_archived_and_back_is_followed(self):
        self.customer.active = False
        self.assertRecordValues(
            self.action, [{"state": "cancelled", "cancel_cause": "archived"}]
        )
        self.customer.active = True
        self.assertOpen(self.action)

    def test_an_invoice_moved_to_another_account_is_not_called_paid(self):
        account = self.receivable.copy({"code": "416000", "name": "Doubtful"})
        account.non_trade = True
        self._items(self.invoice).with_context(
            skip_readonly_check=True
        ).account_id = account
        self.assertRecordValues(
            self.action, [{"state": "cancelled", "cancel_cause": "moved"}]
        )

    # ------------------------------------------------------------------
    # ANY OF THEM, ONE AFTER THE OTHER
    # ------------------------------------------------------------------

    @examples(6)
    @given(
        st.lists(
            st.tuples(st.integers(0, 8), st.booleans(), st.integers(0, 2)),
            min_size=3,
            max_size=6,
        )
    )
    def test_the_agenda_is_true_after_any_events(self, events):
        with self.env.cr.savepoint() as savepoint:
            self.done = []
            for kind, is_mine, size in events:
                self._happen(
                    kind, self.customer if is_mine else self.other, AMOUNTS[size]
                )
                self.assertAgendaTrue()
            savepoint.rollback()
            self.env.invalidate_all()

    def _happen(self, kind, partner, amount):
        """Do one thing to the ledger."""
        match kind:
            case 0:
                bank_line = self._create_bank_line(amount)
                self._post_on_customer(bank_line, partner)
                self.done.append(bank_line)
            case 1:
                self.done.append(self._float(partner, amount))
            case 2:
                self.done.append(self._create_entry(partner, amount=-amount))
            case 3:
                self._pay(self.invoice if partner == self.customer else self.theirs, 10)
            case 4:
                partner.active = not partner.active
            case 5:
                self._create_hold(partner_id=partner.id, amount=amount)
            case _ if self.done:
                self._change(self.done.pop(), kind, partner, amount)

    def _change(self, record, kind, partner, amount):
        """Change or undo what was done."""
        match record._name:
            case "account.bank.statement.line" if kind == 6:
                record.action_undo_reconciliation()
            case "account.bank.statement.line" if kind == 7:
                record.unlink()
            case "account.bank.statement.line":
                self._items(record.move_id).partner_id = partner
            case "account.payment" if kind == 6:
                record.action_cancel()
            case "account.payment" if kind == 7:
                record.write({"partner_id": partner.id, "amount": amount})
            case "account.payment":
                record.unlink()
            case _ if kind == 6:
                record.button_draft()
            case _:
                self._items(record).partner_id = partner
