from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.tools.litigation import (
    LITIGATION_STAGES,
    OPEN_LITIGATION,
)

from ..litigations import LitigationCommon


@tagged("post_install", "-at_install")
class TestLitigationLedger(LitigationCommon):
    """Litigations follow the ledger: what is recovered, credited, written off, moved,
    undone, and who owes it."""

    # ------------------------------------------------------------------
    # MONEY
    # ------------------------------------------------------------------

    def test_money_since_the_hand_over_was_recovered(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        self._pay(invoice, 30)
        self.assertEqual((litigation.recovered, litigation.amount_left), (30, 70))
        self.assertEqual(self._get_withheld(invoice), 70)
        self.assertEqual(litigation.recovered_company, 30)

    def test_what_was_paid_on_the_day_before_it_was_handed_over_was_not_recovered(self):
        invoice = self._create_invoice(due=-10)
        self._pay(invoice, 30)
        litigation = self._hand_over(invoice)
        self.assertEqual(litigation.recovered, 0)
        self._pay(invoice, 20)
        self.assertEqual((litigation.recovered, litigation.amount_left), (20, 50))

    def test_what_was_paid_before_and_reconciled_after_was_not_recovered(self):
        invoice = self._create_invoice(due=-20)
        payment = self._create_payment(amount=30, date=-5)
        litigation = self._hand_over(invoice)
        credit = payment.move_id.line_ids.filtered("credit")
        (credit | self._items(invoice)).reconcile()
        self.assertEqual((litigation.recovered, litigation.amount_left), (0, 70))

    def test_what_is_paid_altogether_is_recovered_and_reopens_when_it_bounces(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        litigation.state = "court"
        self._go_to(5)
        self._pay(invoice)
        self.assertEqual(
            (litigation.state, litigation.closed_by, litigation.recovered),
            ("recovered", "ledger", 100),
        )
        self._items(invoice).remove_move_reconcile()
        self.assertEqual(
            (litigation.state, litigation.date_closed, litigation.recovered),
            ("court", False, 0),
        )
        self.assertPlanned(invoice, "out", day=9, reason="held")

    def test_what_the_agent_keeps_of_a_payment_was_written_off(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        self._pay(
            invoice,
            80,
            payment_difference_handling="reconcile",
            writeoff_account_id=self.company_data["default_account_expense"].id,
        )
        self.assertEqual((litigation.recovered, litigation.amount_left), (80, 0))
        self.assertEqual(litigation.state, "partial")

    def test_what_is_credited_is_not_recovered(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        self._credit_note(invoice, 40)
        self.assertEqual((litigation.recovered, litigation.amount_left), (0, 60))
        self._credit_note(invoice)
        self.assertEqual(
            (litigation.state, litigation.closed_by), ("cancelled", "ledger")
        )

    def test_what_is_written_off_was_irrecoverable(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        entry = self._create_entry(due=0, amount=-100)
        credit = entry.line_ids.filtered(lambda line: line.credit)
        (credit | self._items(invoice)).reconcile()
        self.assertEqual((litigation.state, litigation.recovered), ("irrecoverable", 0))

    def test_what_has_nothing_left_is_not_reopened(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        litigation.action_close("irrecoverable", "No assets")
        self.assertTrue(litigation.is_reopenable)
        entry = self._create_entry(due=0, amount=-100)
        credit = entry.line_ids.filtered(lambda line: line.credit)
        (credit | self._items(invoice)).reconcile()
        litigation.invalidate_recordset(["is_reopenable"])
        self.assertFalse(litigation.is_reopenable)
        with self.assertRaisesRegex(UserError, "Nothing is left to pay"):
            litigation.action_reopen()
        self.assertRecordValues(
            litigation,
            [{"state": "irrecoverable", "closed_by": "user", "decision": "No assets"}],
        )
        self._items(invoice).remove_move_reconcile()
        litigation.action_reopen()
        self.assertEqual((litigation.state, litigation.decision), ("new", False))

    def test_what_comes_in_after_the_end_counts_as_recovered(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        litigation.action_close("irrecoverable")
        self._pay(invoice, 20)
        self.assertEqual((litigation.recovered, litigation.amount_left), (20, 80))
        self.assertEqual(litigation.state, "irrecoverable")

    def test_doubtful_debts_stay_in_litigation_on_their_account(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        entry = self._move_to_doubtful(invoice)
        doubtful = entry.line_ids.filtered(lambda line: line.debit)
        self.assertEqual(litigation.transferred_line_ids, doubtful)
        self.assertEqual((litigation.state, litigation.amount_left), ("new", 100))
        payment = self._create_payment(amount=60)
        credit = payment.move_id.line_ids.filtered("credit")
        moved = self._create_entry(
            due=0,
            amount=60,
            counterparts={doubtful.account_id: -60},
        )
        (credit | moved.line_ids.filtered("debit")).reconcile()
        (moved.line_ids.filtered("credit") | doubtful).reconcile()
        self.assertEqual(litigation.amount_left, 40)
        self._items(invoice).remove_move_reconcile()
        self.assertFalse(litigation.transferred_line_ids)

    def test_an_entry_that_is_being_changed_ends_nothing(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        entry = self._move_to_doubtful(invoice)
        entry.button_draft()
        self.assertEqual((litigation.state, litigation.closed_by), ("new", False))
        entry.action_post()
        self.assertEqual((litigation.state, litigation.amount_left), ("new", 100))

    def test_what_an_entry_leaves_on_its_account_is_no_doubtful_debt(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        doubtful = self.env["account.account"].create(
            {
                "name": "Doubtful Debts",
                "code": "416098",
                "account_type": "asset_receivable",
                "reconcile": True,
            }
        )
        item = self._items(invoice)
        entry = self._create_entry(
            amount=-100, counterparts={doubtful: 60, item.account_id: 40}
        )
        (entry.line_ids.filtered("credit") | item).reconcile()
        self.assertEqual(litigation.transferred_line_ids.account_id, doubtful)

    def test_insolvency_ends_with_what_is_owed_and_holds_on_until_then(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._declare_insolvent()
        self._pay(invoice, 10)
        self.assertEqual((litigation.recovered, litigation.amount_left), (10, 90))
        self.assertFalse(litigation.hold_ids.date_released)
        entry = self._create_entry(due=0, amount=-90)
        credit = entry.line_ids.filtered(lambda line: line.credit)
        (credit | self._items(invoice)).reconcile()
        self.assertEqual(litigation.state, "partial")

    # ------------------------------------------------------------------
    # INVOICES THAT CHANGE
    # ------------------------------------------------------------------

    def test_an_invoice_posted_again_is_covered_again(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        invoice.button_draft()
        self.assertEqual(litigation.state, "new")
        invoice.invoice_line_ids.price_unit = 120
        invoice.action_post()
        self.assertEqual(litigation.move_line_ids, self._items(invoice))
        self.assertEqual((litigation.amount, litigation.amount_left), (100, 120))
        self.assertPlanned(invoice, "out", reason="held")

    def test_a_cancelled_invoice_ends_it(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        invoice.button_draft()
        invoice.button_cancel()
        self.assertEqual(
            (litigation.state, litigation.closed_by), ("cancelled", "ledger")
        )

    # ------------------------------------------------------------------
    # CUSTOMERS THAT CHANGE
    # ------------------------------------------------------------------

    def test_an_invoice_readdressed_takes_its_litigation_along(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        other = self._create_customer("Other")
        invoice.button_draft()
        invoice.partner_id = other
        invoice.action_post()
        self.assertEqual(litigation.partner_id, other)
        self.assertPlanned(invoice, "out", reason="held")

    def test_one_of_two_invoices_readdressed_is_split_off(self):
        invoice, moved = (self._create_invoice(due=-10) for _i in range(2))
        litigation = self._hand_over(invoice | moved)
        other = self._create_customer("Other")
        self._items(moved).sudo().partner_id = other
        part = self.env["dunning.litigation"].search([("partner_id", "=", other.id)])
        self.assertEqual((part.amount, litigation.amount), (100, 100))
        self.assertEqual(part.agent_id, self.lawyer)
        self.assertEqual(part.amount_left, 100)
        self.assertPlanned(moved, "out", reason="held")
        self.assertPlanned(invoice, "out", reason="held")

    def test_a_customer_that_becomes_a_contact_brings_its_litigations(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        parent = self._create_customer("Group", is_company=True)
        self.customer.parent_id = parent
        self.assertEqual(litigation.partner_id, parent)
        self.assertPlanned(invoice, "out", reason="held")

    def test_merged_customers_have_their_litigations_together(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        other = self._create_customer("Customer Again")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            [other.id, self.customer.id], other
        )
        self.env.invalidate_all()
        self.assertEqual(litigation.partner_id, other)
        self.assertPlanned(invoice, "out", reason="held")

    def test_insolvency_of_a_contact_that_joins_a_sound_customer_covers_its_items(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._declare_insolvent()
        parent = self._create_customer("Group", is_company=True)
        sound = self._create_invoice(parent, due=-10)
        self.customer.parent_id = parent
        self.assertEqual(litigation.partner_id, parent)
        self.assertPlanned(invoice, "out", reason="held")
        self.assertPlanned(sound, "step")

    def test_settling_many_costs_no_more_queries(self):
        def settle(count):
            invoices = self.env["account.move"]
            for _i in range(count):
                invoices |= self._create_invoice(due=-10)
            found = self.env["dunning.litigation"].concat(
                *(self._hand_over(invoice) for invoice in invoices)
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            found.sudo()._settle_states()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        settle(1)
        self.assertLessEqual(settle(6), settle(2) + 1)

    def test_what_the_ledger_says_last_is_how_it_has_ended(self):
        litigation = self._hand_over(self._create_invoice(due=-10))
        litigation_sudo = litigation.sudo()
        end = "_get_ledger_end"
        for state in ("recovered", "partial", "partial"):
            with patch.object(type(litigation), end, lambda *_args, s=state: s):
                litigation_sudo._settle()
            self.assertEqual(
                (litigation.state, litigation.closed_by), (state, "ledger")
            )
        litigation_sudo._settle()
        self.assertEqual((litigation.state, litigation.closed_by), ("new", False))
        # What people have decided stands, whatever the ledger says.
        litigation.action_close("cancelled", "Too expensive")
        with patch.object(type(litigation), end, lambda *_args: "recovered"):
            litigation_sudo._settle()
        self.assertEqual(litigation.state, "cancelled")

    def test_what_is_owed_in_another_currency_is_taken_back(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice)
        litigation.sudo()._close_for("It is in dollars now")
        self.assertEqual(litigation.state, "cancelled")
        self.assertEqual(litigation.closed_by, "currency")
        self.assertEqual(litigation.decision, "It is in dollars now")
        self.assertFalse(self._get_withheld(invoice))

    def test_of_nothing_there_is_no_part_and_nothing_was_received(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._hand_over(invoice).sudo()
        other = self._create_customer("Other")
        nothing = self.env["account.move.line"]
        self.assertFalse(litigation._make_part(other, nothing))
        self.assertEqual(litigation.amount, 100)
        self.assertEqual(litigation.browse()._get_received(), {})

    def test_open_stages_are_shown_although_empty_and_closed_ones_where_used(self):
        litigations = self.env["dunning.litigation"]
        stages = litigations._expand_stages(["recovered"], [])
        self.assertEqual(set(stages), {*OPEN_LITIGATION, "recovered"})
        order = [stage for stage, _label in LITIGATION_STAGES]
        self.assertEqual(stages, sorted(stages, key=order.index))

    def test_a_litigation_of_no_item_is_not_closed_by_the_ledger(self):
        litigation = self._declare_insolvent()
        litigation.sudo()._settle()
        self.assertEqual(litigation.state, "new")
        litigation.move_line_ids = [Command.clear()]
        self.assertEqual(litigation.state, "new")
