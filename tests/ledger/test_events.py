from unittest.mock import patch

from odoo import Command
from odoo.tests import new_test_user, tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestEvents(DunningCommon):
    """Payments, credits, resets and holds: open actions follow at once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.second, cls.notice = cls._set_levels(
            [
                ("Reminder", 5, {}),
                ("Second", 15, {"channel": "call", "execution": "manual"}),
                ("Notice", 30, {"execution": "validate"}),
            ]
        )

    def _plan_action(self, *dues):
        """Return invoices of 100 due on these days, and the action of today."""
        invoices = [self._create_invoice(due=due) for due in dues]
        return *invoices, self._run().action_ids

    def _bounce(self, payment):
        """Take a payment back: off its invoices, then out of the ledger."""
        self._items(payment.move_id).remove_move_reconcile()
        payment.action_draft()

    def assertCancelled(self, action, cause):
        self.assertRecordValues(action, [{"state": "cancelled", "cancel_cause": cause}])
        self.assertEqual(set(action.line_ids.mapped("state")), {"dropped"})

    def assertBack(self, action, state="todo"):
        self.assertRecordValues(action, [{"state": state, "cancel_cause": False}])
        self.assertEqual(set(action.line_ids.mapped("state")), {"open"})

    # ------------------------------------------------------------------
    # PAYMENTS
    # ------------------------------------------------------------------

    def test_a_payment_cancels_the_action(self):
        invoice, action = self._plan_action(-5)
        self._pay(invoice)
        self.assertCancelled(action, "paid")
        self.assertEqual(action.line_ids.drop_cause, "paid")

    def test_a_registered_payment_is_followed_once(self):
        invoice, action = self._plan_action(-5)
        actions_class = self.registry["dunning.action"]
        with patch.object(
            actions_class, "_refresh", autospec=True, side_effect=actions_class._refresh
        ) as refresh:
            self._pay(invoice)
        self.assertCancelled(action, "paid")
        self.assertEqual(refresh.call_count, 1)

    def test_what_was_cancelled_and_paid_is_not_judged_again(self):
        paid, old = self._plan_action(-5)
        self._pay(paid)
        left, new = self._plan_action(-5)
        actions_class = self.registry["dunning.action"]
        with patch.object(
            actions_class, "_refresh", autospec=True, side_effect=actions_class._refresh
        ) as refresh:
            self._pay(left)
        self.assertEqual([call.args[0].ids for call in refresh.mock_calls], [new.ids])
        self.assertCancelled(old, "paid")

    def test_a_partial_payment_shrinks_the_action(self):
        invoice, action = self._plan_action(-5)
        self._pay(invoice, 40)
        self.assertEqual(action.state, "todo")
        self.assertEqual(action.line_ids.amount_residual, 60)
        self.assertEqual(action.amount, 60)

    def test_a_payment_of_one_invoice_leaves_the_others(self):
        paid, left, action = self._plan_action(-6, -5)
        self._pay(paid)
        self.assertListed(action, {left: self.reminder})
        self.assertRecordValues(
            action, [{"state": "todo", "amount": 100, "days_late": 5}]
        )

    def test_an_unallocated_payment_cancels_the_action(self):
        _invoice, action = self._plan_action(-5)
        self._create_payment(amount=100)
        self.assertCancelled(action, "covered")

    def test_a_bounced_payment_brings_the_action_back(self):
        invoice, action = self._plan_action(-5)
        payment = self._pay(invoice)
        self._items(payment.move_id).remove_move_reconcile()
        # The money is still there, on no invoice.
        self.assertCancelled(action, "covered")
        payment.action_draft()
        self.assertBack(action)
        self.assertEqual(action.amount, 100)

    def test_an_action_to_validate_comes_back_to_be_validated(self):
        self.reminder.execution = "validate"
        invoice, action = self._plan_action(-5)
        payment = self._pay(invoice)
        self.assertCancelled(action, "paid")
        self._bounce(payment)
        self.assertBack(action, "to_validate")

    def test_a_bounced_partial_payment_restores_the_amount(self):
        invoice, action = self._plan_action(-5)
        payment = self._pay(invoice, 40)
        self._bounce(payment)
        self.assertEqual(action.amount, 100)
        self.assertEqual(action.line_ids.amount_residual, 100)

    def test_a_payment_bounced_after_the_action_leaves_the_level(self):
        invoice, action = self._plan_action(-5)
        self._execute(action)
        payment = self._pay(invoice)
        self.assertNotPlanned(invoice)
        self.assertEqual(action.state, "done")
        self._bounce(payment)
        self.assertPlanned(invoice, "later", level=self.second, date=10)

    def test_a_level_forgotten_with_the_payment_is_known_again_when_it_bounces(self):
        invoice, action = self._plan_action(-5)
        self._execute(action)
        payment = self._pay(invoice)
        self.env.flush_all()
        self.env["dunning.item.state"]._gc_paid_items()
        self.assertFalse(self._reached(invoice))
        self._bounce(payment)
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_the_level_comes_down_when_the_deciding_invoice_is_paid(self):
        old = self._create_invoice(due=-17)
        self._step(-10)
        new = self._create_invoice(due=-5)
        action = self._run(0).action_ids
        self.assertEqual(action.level_id, self.second)
        self.assertEqual(action.channel, "call")
        payment = self._pay(old)
        self.assertRecordValues(
            action,
            [
                {
                    "level_id": self.reminder.id,
                    "channel": "email",
                    # Nothing leaves by itself of what a person was to do.
                    "execution": "validate",
                    "state": "to_validate",
                }
            ],
        )
        self.assertListed(action, {new: self.reminder})
        self._bounce(payment)
        self.assertEqual((action.execution, action.state), ("manual", "todo"))
        self.assertEqual(action.level_id, self.second)
        self.assertEqual(action.channel, "call")

    def test_an_invoicing_user_without_dunning_rights_can_register_a_payment(self):
        invoice, action = self._plan_action(-5)
        clerk = new_test_user(
            self.env,
            "clerk",
            "base.group_user,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.assertFalse(clerk.has_group("account_dunning.group_dunning_readonly"))
        wizard = (
            self.env["account.payment.register"]
            .with_user(clerk)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({})
        )
        wizard._create_payments()
        self.assertCancelled(action, "paid")

    # ------------------------------------------------------------------
    # CREDITS AND CANCELLATIONS
    # ------------------------------------------------------------------

    def test_a_credit_note_cancels_the_action_before_it_is_reconciled(self):
        invoice, action = self._plan_action(-5)
        credit_note = self._credit_note(invoice, reconcile=False)
        self.assertCancelled(action, "covered")
        self.assertPlanned(invoice, "out", reason="covered")
        (self._items(invoice) | self._items(credit_note)).reconcile()
        self.assertCancelled(action, "credited")

    def test_a_credit_note_reset_to_draft_brings_the_action_back(self):
        invoice, action = self._plan_action(-5)
        credit_note = self._credit_note(invoice)
        self.assertCancelled(action, "credited")
        self._items(credit_note).remove_move_reconcile()
        credit_note.button_draft()
        self.assertBack(action)

    def test_a_partial_credit_note_shrinks_the_action(self):
        invoice, action = self._plan_action(-5)
        self._credit_note(invoice, 30)
        self.assertEqual(action.amount, 70)
        self.assertEqual(action.line_ids.amount_residual, 70)

    def test_a_reversal_cancels_the_action(self):
        invoice, action = self._plan_action(-5)
        invoice._reverse_moves(
            [{"invoice_date": self.today, "date": self.today}], cancel=True
        )
        self.assertCancelled(action, "credited")

    def test_what_was_not_paid_is_not_said_to_be(self):
        expense = self.company_data["default_account_expense"]
        for cause, close in (
            ("credited", self._credit_note),
            ("transferred", self._move_to_doubtful),
            ("written_off", lambda x: self._settle_by(x, {expense: 100})),
            ("paid", self._pay),
        ):
            with self.subTest(cause=cause):
                invoice, action = self._plan_action(-5)
                close(invoice)
                self.assertCancelled(action, cause)
                self.assertEqual(action.line_ids.drop_cause, cause)

    def _settle_by(self, invoice, counterparts):
        entry = self._create_entry(amount=-100, counterparts=counterparts)
        (self._items(invoice) | self._items(entry)).reconcile()

    def test_the_cause_is_what_closed_the_rest(self):
        invoice, action = self._plan_action(-5)
        self._pay(invoice, 70)
        self._credit_note(invoice)
        self.assertCancelled(action, "credited")

    def test_most_of_what_was_claimed_says_why_it_is_cancelled(self):
        old, new, action = self._plan_action(-6, -5)
        self._pay(old, 90)
        self._credit_note(new)
        self._pay(old)
        self.assertCancelled(action, "credited")

    def test_an_open_item_that_is_not_the_customer_s_any_more_is_not_paid(self):
        invoice, action = self._plan_action(-5)
        rows = {}
        self.assertEqual(action._get_drop_cause(action.line_ids, rows), "moved")
        self.assertTrue(self._items(invoice).amount_residual)

    def test_what_became_of_an_item_that_was_made_anew_stays_said(self):
        _invoice, action = self._plan_action(-5)
        [line] = action.line_ids
        # Nobody writes what the engine has found.
        line_sudo = line.sudo()
        line_sudo.write({"move_line_id": False, "drop_cause": "readdressed"})
        self.assertEqual(action._get_drop_cause(line, {}), "readdressed")
        line_sudo.drop_cause = False
        self.assertEqual(action._get_drop_cause(line, {}), "deleted")

    def test_a_cancelled_invoice_cancels_the_action(self):
        invoice, action = self._plan_action(-5)
        invoice.button_cancel()
        self.assertCancelled(action, "not_posted")

    def test_an_invoice_reset_to_draft_cancels_the_action_and_brings_it_back(self):
        invoice, action = self._plan_action(-5)
        invoice.button_draft()
        self.assertCancelled(action, "not_posted")
        invoice.action_post()
        self.assertBack(action)
        self.assertListed(action, {invoice: self.reminder})

    def test_an_invoice_posted_with_a_new_line_brings_the_action_back(self):
        invoice, action = self._plan_action(-5)
        invoice.button_draft()
        self._replace_line(invoice, 120)
        invoice.action_post()
        self.assertBack(action)
        self.assertListed(action, {invoice: self.reminder})
        self.assertEqual(action.amount, 120)

    def test_an_invoice_posted_with_a_later_due_date_stays_out(self):
        invoice, action = self._plan_action(-5)
        invoice.button_draft()
        invoice.invoice_date_due = self._day(10)
        invoice.action_post()
        self.assertEqual(action.state, "cancelled")
        self.assertPlanned(invoice, "later", level=self.reminder, reason="not_due")

    def test_an_invoice_posted_with_instalments_lists_what_is_due(self):
        invoice, action = self._plan_action(-5)
        invoice.button_draft()
        invoice.invoice_payment_term_id = self._create_terms((40, 30), (60, 90))
        invoice.action_post()
        first, last = self._items(invoice)
        self.assertBack(action)
        self.assertListed(action, {first: self.reminder})
        self.assertEqual(action.amount, 40)
        self.assertPlanned(last, "later", level=self.reminder, reason="not_due")

    def _replace_line(self, invoice, amount):
        item = self._items(invoice)
        invoice.invoice_line_ids = [Command.clear()]
        invoice.invoice_line_ids = [
            Command.create({"name": "Other", "price_unit": amount, "tax_ids": []})
        ]
        self.assertFalse(item.exists())

    def test_a_deleted_entry_cancels_the_action_and_stays_readable(self):
        invoice, action = self._plan_action(-5)
        name = invoice.name
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(action.state, "cancelled")
        self.assertRecordValues(
            action.line_ids,
            [
                {
                    "name": name,
                    "state": "dropped",
                    "move_line_id": False,
                    "move_id": False,
                }
            ],
        )

    # ------------------------------------------------------------------
    # DECISIONS OF PEOPLE
    # ------------------------------------------------------------------

    def test_a_hold_cancels_the_action_and_its_release_brings_it_back(self):
        invoice, action = self._plan_action(-5)
        hold = self._create_hold(invoice)
        self.assertCancelled(action, "held")
        hold.action_release()
        self.assertBack(action)

    def test_a_hold_on_the_customer_cancels_the_action(self):
        _invoice, action = self._plan_action(-5)
        hold = self._create_hold()
        self.assertCancelled(action, "held")
        hold.action_release()
        self.assertBack(action)

    def test_a_hold_on_a_part_shrinks_the_action(self):
        invoice, action = self._plan_action(-5)
        hold = self._create_hold(invoice, amount=70)
        self.assertEqual(action.amount, 30)
        self.assertEqual(action.line_ids.amount_claimed, 30)
        hold.amount = 20
        self.assertEqual(action.amount, 80)
        hold.action_release()
        self.assertEqual(action.amount, 100)

    def test_an_excluded_invoice_leaves_the_action_and_comes_back(self):
        invoice, action = self._plan_action(-5)
        invoice.no_followup = True
        self.assertCancelled(action, "excluded")
        invoice.no_followup = False
        self.assertBack(action)

    def test_another_scenario_on_the_invoice_cancels_the_action(self):
        invoice, action = self._plan_action(-5)
        other = self._create_scenario([("Other", 4, {})])
        invoice.dunning_scenario_id = other
        self.assertCancelled(action, "superseded")
        action = self._run().action_ids
        self.assertListed(action, {invoice: other.level_ids})

    def test_a_skipped_action_does_not_come_back_by_itself(self):
        invoice, action = self._plan_action(-5)
        action.action_skip("They are good payers")
        payment = self._pay(invoice)
        self._bounce(payment)
        self.assertCancelled(action, "skipped")

    def test_a_manual_action_loses_its_activity_and_gets_it_back(self):
        self.reminder.write({"channel": "call", "execution": "manual"})
        invoice, action = self._plan_action(-5)
        self.assertEqual(action.activity_ids.user_id, self.collector)
        payment = self._pay(invoice)
        self.assertFalse(action.activity_ids)
        self._bounce(payment)
        self.assertEqual(action.activity_ids.user_id, self.collector)

    def test_an_action_done_is_not_touched_by_events(self):
        invoice, action = self._plan_action(-5)
        self._execute(action)
        payment = self._pay(invoice)
        self._create_hold(invoice)
        self._bounce(payment)
        invoice.button_draft()
        self.assertEqual(action.state, "done")
        self.assertRecordValues(
            action.line_ids, [{"state": "done", "amount_residual": 100}]
        )
