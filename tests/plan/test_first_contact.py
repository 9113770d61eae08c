from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.account_dunning.models.ledger.account_move import COPY
from odoo.addons.account_dunning.tools.plan import (
    OUT_REASONS,
    PAYMENT_REASONS,
    RULE_REASONS,
)

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestFirstContact(DunningCommon):
    """A customer has had an invoice for some days before the first contact."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_first_contact_days = 5
        cls.reminder = cls.scenario.level_ids[0]

    def test_an_invoice_posted_late_waits_for_its_first_contact(self):
        late = self._create_invoice(due=-10)
        # The fifth day is a Saturday.
        self.assertPlanned(
            late, "later", 0, level=self.reminder, date=7, reason="first_contact"
        )
        self.assertFalse(self._run(4).action_ids)
        self.assertTrue(self._run(7).action_ids)

    def test_invoices_that_have_arrived_long_ago_are_forgotten(self):
        # They are written by nobody.
        arrivals_sudo = self.env["dunning.invoice.arrival"].sudo()
        moves = {}
        for days in (366, 367):
            move = moves[days] = self._create_invoice(due=-10)
            arrivals_sudo.search([("move_id", "=", move.id)]).unlink()
            self.env.cr.execute(
                "INSERT INTO dunning_invoice_arrival (move_id, date) VALUES (%s, %s)",
                [move.id, self._day(-days)],
            )
        arrivals_sudo.invalidate_model()
        arrivals_sudo._gc_old()
        left = arrivals_sudo.search([("move_id", "in", [m.id for m in moves.values()])])
        self.assertEqual(left.move_id, moves[366])

    def test_who_cannot_be_reminded_yet_is_told_why_beside_days_off(self):
        self._create_invoice(due=-10)
        customer = self.customer.with_user(self.collector)
        with self.assertRaisesRegex(UserError, "just got the invoice, until"):
            customer.action_dunning_remind()

    def test_the_balance_of_who_has_only_just_got_an_invoice_adds_up(self):
        self._create_invoice(due=-10)
        [row] = self.customer._dunning_get_balances()
        self.assertEqual(
            (row["overdue"], row["left_out"], row["collectable"]), (100, 100, 0)
        )

    def test_an_invoice_posted_late_is_not_listed_with_others(self):
        old = self._create_invoice(due=-10)
        self._go_to(10)
        late = self._create_invoice(due=-10)
        [action] = self._run(10).action_ids
        self.assertListed(action, {old: self.reminder})
        self.assertEqual(action.amount, 100)
        action.sudo()._refresh(complete=True)
        self.assertListed(action, {old: self.reminder})
        self.assertPlanned(late, "later")

    def test_on_its_day_an_invoice_posted_late_is_claimed_like_others(self):
        self._go_to(2)
        late = self._create_invoice(due=-10)
        self.assertPlanned(late, "step", 7)
        self._create_payment(amount=100)
        self.assertPlanned(late, "out", 7, reason="covered")

    def test_a_note_before_the_due_date_waits_for_the_first_contact(self):
        early = self._create_scenario([("Early", -10, {}), ("Reminder", 5, {})])
        self.company.dunning_scenario_id = early
        self._go_to(2)
        invoice = self._create_invoice(due=14)
        self.assertPlanned(invoice, "later", date=7, reason="first_contact")

    def test_an_invoice_sent_late_waits_for_its_first_contact(self):
        invoice = self._create_invoice(due=20)
        self._go_to(24)
        self.assertPlanned(invoice, "later", date=25)
        invoice.is_move_sent = True
        self.assertPlanned(invoice, "later", date=29, reason="first_contact")

    def test_an_invoice_that_has_no_due_date_is_due_on_its_own_day(self):
        invoice = self._create_invoice(due=-10)
        [item] = self._items(invoice)
        self.env.cr.execute(
            "UPDATE account_move_line SET date_maturity = NULL WHERE id = %s", [item.id]
        )
        self.env.invalidate_all()
        for day, late in ((item.date, False), (self.today, True)):
            self.assertEqual(bool(invoice._dunning_filter_due_before(day)), late)

    def test_what_was_contacted_waits_no_more_when_a_copy_is_sent(self):
        invoice = self._create_invoice(due=20)
        self._step(25)
        invoice.is_move_sent = True
        self.assertPlanned(invoice, "later", date=35, reason="level_date")

    def test_an_invoice_in_time_leaves_nothing_behind(self):
        self._create_invoice(due=30)
        self.assertFalse(self.env["dunning.invoice.arrival"].search([]))

    def test_a_copy_made_for_a_reminder_is_no_sending(self):
        invoice = self._create_invoice(due=20)
        self._go_to(25)
        invoice.with_context(**COPY.context).is_move_sent = True
        self.assertPlanned(invoice, "step", 25)

    def test_nobody_says_from_outside_that_a_sending_is_a_copy(self):
        invoice = self._create_invoice(due=20)
        self._go_to(25)
        invoice.with_context(dunning_copy=True).is_move_sent = True
        self.assertPlanned(invoice, "later", date=30)

    def test_a_company_may_do_without(self):
        self.company.dunning_first_contact_days = 0
        self.assertPlanned(self._create_invoice(due=-10), "step", 0)


@tagged("post_install", "-at_install")
class TestSettledByAccountants(DunningCommon):
    """What is blocked, or left of a payment with early payment discount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["account.payment.term"].create(
            {
                "name": "30 days, 2 % within 10",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )

    def _receive(self, invoice, amount, date):
        """Reconcile a part of the invoice with money from the bank."""
        payment = self._create_payment(amount=amount, date=date)
        (self._items(payment.move_id) + self._items(invoice)).reconcile()

    def _get_told(self, invoice):
        return invoice._dunning_get_discount_activities()

    def test_what_is_left_after_an_early_payment_is_not_dunned(self):
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self._receive(invoice, 98, -35)
        self.assertEqual(invoice.amount_residual, 2)
        self.assertPlanned(invoice, "out", 0, reason="discount")

    def test_the_last_day_of_the_discount_is_in_time(self):
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self.assertEqual(self._items(invoice).discount_date, self._day(-30))
        self._receive(invoice, 98, -30)
        self.assertPlanned(invoice, "out", 0, reason="discount")
        self.assertTrue(self._get_told(invoice))

    def test_who_writes_the_rest_off_is_told_in_the_language_of_that_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self.env["res.users"].search([]).lang = "fr_FR"
        self._receive(invoice, 98, -35)
        self.assertIn("escompte", self._get_told(invoice).note)

    def test_the_last_day_of_the_discount_is_in_time_without_entry_too(self):
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self._pay_without_entry(invoice, 98, -30)
        self.assertPlanned(invoice, "out", 0, reason="in_payment")

    def test_the_accountant_is_told_once_of_the_discount(self):
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self._receive(invoice, 60, -35)
        self.assertFalse(self._get_told(invoice))
        self._receive(invoice, 38, -34)
        [activity] = self._get_told(invoice)
        self.assertEqual(activity.user_id, self.env.user)
        self._items(invoice)._dunning_ledger_changed()
        self.assertEqual(len(self._get_told(invoice)), 1)
        self._credit_note(invoice)
        self.assertFalse(self._get_told(invoice))

    def test_a_discount_taken_too_late_is_dunned(self):
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self._receive(invoice, 98, -20)
        self.assertPlanned(invoice, "step", 0)
        self.assertFalse(self._get_told(invoice))

    def test_more_than_the_discount_left_is_dunned(self):
        invoice = self._create_invoice(terms=self.terms, date=-40)
        self._receive(invoice, 97, -35)
        self.assertPlanned(invoice, "step", 0)
        self.assertFalse(self._get_told(invoice))

    def test_a_blocked_invoice_is_not_dunned(self):
        invoice = self._create_invoice(due=-10)
        [action] = self._run(0).action_ids
        invoice.payment_state = "blocked"
        self.assertPlanned(invoice, "out", 0, reason="blocked")
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(action.cancel_cause, "blocked")
        invoice.payment_state = "not_paid"
        self.assertEqual(action.state, "todo")

    def test_what_accounting_settles_is_covered_by_its_reason(self):
        blocked = self._create_invoice(due=-10)
        blocked.payment_state = "blocked"
        discounted = self._create_invoice(terms=self.terms, date=-40)
        self._receive(discounted, 98, -35)
        items = self._items(blocked | discounted)
        self.env.flush_all()
        coverage = self.env["dunning.coverage"].search([("id", "in", items.ids)])
        self.assertEqual(coverage.mapped("cover"), ["6_rule"] * 2)
        [row] = self.customer._dunning_get_balances()
        self.assertEqual(row["collectable"], 0)

    def test_every_reason_that_puts_an_item_out_is_known_to_the_coverage(self):
        known = {*RULE_REASONS, *PAYMENT_REASONS, "held", "open_action", "last_level"}
        self.assertEqual(known, set(OUT_REASONS))
