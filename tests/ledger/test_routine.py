from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import SQL

from ..common import DunningCommon
from ..plan.test_plan_model import PlanModelCommon
from ..plan_strategies import ITEMS, examples, ledgers

# What the engine writes of actions and lines when it follows the ledger.
ACTION_FIELDS = ["state", "cancel_cause", "amount", "date", "date_due", "level_id"]
LINE_FIELDS = ["state", "drop_cause", "amount_residual", "amount_withheld", "level_id"]

# How much is paid of each item: nothing, half of it, all.
shares = st.lists(st.sampled_from([0, 0, 0, 0.5, 1]), min_size=ITEMS, max_size=ITEMS)


@st.composite
def calm_ledgers(draw):
    """Ledgers of which little stands in the way of following payments by themselves:
    any other one would have the plan asked for several reasons."""
    ledger = draw(ledgers())
    ledger.default, ledger.archived, ledger.chosen = ledger.scenarios[0], (), {}
    ledger.holds, ledger.actions = ledger.holds[: draw(st.integers(0, 1))], []
    for scenario in ledger.scenarios:
        scenario.customers, scenario.amount_from, scenario.amount_to = None, 0, 0
        scenario.active = True
    return ledger


@tagged("post_install", "-at_install")
class TestRoutineModel(PlanModelCommon):
    """Payments that are followed without the plan are followed as with it."""

    @examples(100)
    @given(st.one_of(calm_ledgers(), calm_ledgers(), ledgers()), shares)
    def test_payments_are_followed_as_the_plan_says(self, ledger, paid):
        self._go_to(self.today)
        with self._written(ledger) as writer:
            self._plan_actions(ledger)
            self._write_payments(writer, paid)
            found = self._follow()
            with patch.object(
                self.registry["dunning.action"], "_get_evident_plans", lambda _self: {}
            ):
                expected = self._follow()
        self.assertEqual(found, expected)

    def _plan_actions(self, ledger):
        """Have open actions that are true to the ledger."""
        self._go_to(ledger.date)
        self.company._dunning_run()
        self.env["dunning.action"]._refresh_customers(self.company, self.partners)

    def _write_payments(self, writer, paid):
        self.env.flush_all()
        for line_id, share in zip(writer.lines.values(), paid, strict=False):
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE account_move_line
                       SET amount_residual = amount_residual * (1 - %(share)s),
                           amount_residual_currency =
                               amount_residual_currency * (1 - %(share)s),
                           reconciled = %(share)s = 1
                     WHERE id = %(line)s
                    """,
                    share=share,
                    line=line_id,
                )
            )
        self.env.invalidate_all()

    def _follow(self):
        """Follow the payments; return what that leaves, and take it back."""
        savepoint = self.env.cr.savepoint()
        try:
            actions = self.env["dunning.action"].search([], order="id")
            actions._refresh_customers(self.company, self.partners, routine=True)
            return [
                (action.read(ACTION_FIELDS), action.line_ids.read(LINE_FIELDS))
                for action in actions
            ]
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)


@tagged("post_install", "-at_install")
class TestRoutine(DunningCommon):
    """When the plan is asked after a payment, and when it is not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls.scenario.level_ids.sorted("delay_days")[0]

    def setUp(self):
        super().setUp()
        self.paid = self._create_invoice(due=-6)
        self.left = self._create_invoice(due=-5)

    def assertFollowed(self, plans, amount, event=None):
        """Check how often the plan is asked, and what is claimed afterwards: nothing
        by an action that is cancelled.

        :param event: what happens, by default one of two invoices is paid
        :return: the action
        """
        action = self._run().action_ids
        plan = self.registry["dunning.plan"]
        with patch.object(
            plan, "_get_query", autospec=True, side_effect=plan._get_query
        ) as asked:
            event() if event else self._pay(self.paid)
        self.assertEqual(asked.call_count, plans)
        claimed = 0 if action.state == "cancelled" else action.amount
        self.assertEqual(claimed, amount)
        return action

    def test_one_of_two_invoices_is_paid(self):
        action = self.assertFollowed(0, 100)
        self.assertListed(action, {self.left: self.reminder})

    def test_a_part_of_an_invoice_is_paid(self):
        self.assertFollowed(0, 160, lambda: self._pay(self.paid, 40))

    def test_an_invoice_is_added(self):
        self.assertFollowed(0, 200, lambda: self._create_invoice(due=-4))

    def test_money_is_left_over(self):
        # The other invoice is claimed less what is left.
        self.assertFollowed(0, 70, self._pay_too_much)

    def _pay_too_much(self):
        payment = self._create_payment(amount=130)
        (self._items(payment.move_id) + self._items(self.paid)).reconcile()

    def test_what_is_left_is_not_above_the_minimum(self):
        self.scenario.minimum_amount = 100
        self.assertFollowed(1, 0)

    def test_what_is_left_is_not_above_the_minimum_of_another_scenario(self):
        other = self._create_scenario([("Other", 5, {})], minimum_amount=150)
        self.customer.dunning_scenario_id = other
        self.reminder = other.level_ids
        self.assertFollowed(1, 0)

    def test_what_is_left_falls_out_of_a_scenario_chosen_by_an_upper_amount(self):
        small = self._create_scenario([("Small", 30, {})], amount_to=150)
        self.assertTrue(small.amount_to)
        self.assertFollowed(1, 0)

    def test_a_scenario_is_chosen_by_amounts(self):
        self.scenario.amount_from = 150
        self.company.dunning_scenario_id = False
        self.assertFollowed(1, 0)

    def test_a_part_is_on_hold(self):
        self._create_hold(self.left, amount=30)
        self.assertFollowed(1, 70)

    def test_an_invoice_left_out_for_its_hold_stays_out(self):
        other = self._create_invoice(due=-7)
        action = self._run().action_ids
        self._create_hold(self.left)
        self._pay(self.paid)
        self.assertListed(action, {other: self.reminder})

    def test_an_amount_of_the_customer_is_on_hold(self):
        self._create_hold(amount=30)
        self.assertFollowed(0, 70)

    def test_more_of_the_customer_is_on_hold_than_is_left(self):
        self._create_hold(amount=100)
        self.assertFollowed(1, 0)

    def test_the_customer_has_a_credit(self):
        self._create_payment(amount=30)
        self.assertFollowed(0, 70)

    def test_the_customer_has_a_credit_in_another_currency(self):
        usd = self.env.ref("base.USD")
        self._create_payment(amount=1000, currency_id=usd.id)
        self.assertFollowed(0, 100)

    def test_a_credit_leaves_no_more_than_the_minimum(self):
        self.scenario.minimum_amount = 70
        self._create_payment(amount=30)
        self.assertFollowed(1, 0)

    def test_a_credit_covers_what_is_left_to_the_cent(self):
        # As floats, 0.1 and 0.2 are more than 0.3.
        self.left.button_cancel()
        for amount in (0.1, 0.2):
            self._create_invoice(amount=amount, due=-5)
        self._create_payment(amount=0.3)
        self.assertFollowed(1, 0)

    def test_a_hold_ends_before_the_day_of_the_action(self):
        action = self._run().action_ids
        self._create_hold(amount=30, date_end=2)
        action.action_postpone(self._day(5), "Away")
        self._pay(self.paid)
        self.assertEqual(action.amount, 100)

    def test_an_invoice_is_being_paid_without_an_entry(self):
        self.assertFollowed(1, 160, lambda: self._pay_without_entry(self.paid, 40))

    def test_an_invoice_is_in_another_currency(self):
        usd = self.env.ref("base.USD")
        rates = {"currency_id": usd.id, "name": self._day(-60), "rate": 2}
        self.env["res.currency.rate"].create(rates)
        self._create_invoice(due=-5, currency_id=usd.id)
        self.assertFollowed(1, 150)

    def test_what_is_left_is_no_longer_posted(self):
        action = self._run().action_ids
        self.left.button_draft()
        self._pay(self.paid)
        self.assertEqual(action.state, "cancelled")

    def test_it_is_about_a_deadline_that_has_passed(self):
        self.reminder.write({"deadline_days": 1, "deadline_channel": "call"})
        self._step(0)
        self._go_to(3)
        action = self.assertFollowed(1, 100)
        self.assertEqual(action.kind, "deadline")

    def test_an_item_is_not_due_yet(self):
        (before,) = self._set_levels([("Before", -3, {})])
        (self.paid + self.left).button_draft()
        early = [self._create_invoice(due=1), self._create_invoice(due=2)]
        action = self.assertFollowed(1, 100, lambda: self._pay(early[0]))
        self.assertListed(action, {early[1]: before})

    def test_an_item_is_listed_without_its_due_date(self):
        action = self._run().action_ids
        # Lines are written by the engine alone.
        lines_sudo = action.line_ids.sudo()
        lines_sudo.write({"date_due": False})
        self._pay(self.paid)
        self.assertRecordValues(action, [{"amount": 100, "date_due": self._day(-5)}])

    def test_an_item_that_was_covered_comes_back(self):
        action = self._run().action_ids
        other = self._create_invoice(due=20)
        credit_note = self._credit_note(other, reconcile=False)
        self._pay(self.paid)
        self.assertEqual(action.state, "cancelled")
        (self._items(credit_note) + self._items(other)).reconcile()
        self.assertRecordValues(action, [{"state": "todo", "amount": 100}])

    def test_lines_deleted_meanwhile_do_no_harm(self):
        action = self._run().action_ids
        draft = self._create_invoice(due=-5, post=False)
        with self.env["dunning.ledger"]._followed_once():
            self._items(draft)._dunning_ledger_changed()
            draft.unlink()
            self._pay(self.paid)
        self.assertEqual(action.amount, 100)

    def test_only_what_is_posted_and_not_paid_leaves_something_to_pay(self):
        draft, paid, owed = (
            self._create_invoice(due=-5, post=post) for post in (False, True, True)
        )
        self._pay(paid)
        items = self._items(draft | paid | owed)
        self.assertEqual(len(items), 3)
        self.assertEqual(items._dunning_get_open(), self._items(owed))
