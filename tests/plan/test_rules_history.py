from odoo import Command
from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRule8AfterTheLastLevel(DunningCommon):
    """Rule 8: after the last level the item stays with the collector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_levels([("Only Level", 5, {})])

    def _create_finished(self, due=-5):
        """Return an invoice whose last level was done today."""
        invoice = self._create_invoice(due=due)
        self._step()
        return invoice

    def test_rule_8_after_the_last_level_the_plan_says_so(self):
        invoice = self._create_finished()
        self.assertPlanned(invoice, "out", 1, level=None, reason="last_level")

    def test_rule_8_after_the_last_level_the_collector_has_an_open_action(self):
        invoice = self._create_finished()
        action = self._run(1).action_ids
        self.assertRecordValues(
            action,
            [
                {
                    "kind": "follow_up",
                    "state": "todo",
                    "execution": "manual",
                    "channel": "task",
                    "level_id": False,
                    "user_id": self.collector.id,
                    "amount": 100,
                }
            ],
        )
        self.assertListed(action, {invoice: None})
        self.assertEqual(action.activity_ids.user_id, self.collector)

    def test_rule_8_there_is_one_such_action_at_a_time(self):
        self._create_finished()
        self._run(1)
        self._create_invoice(due=-5)
        for day in (1, 2, 3, 30):
            self._step(day)
        self._run(31)
        open_actions = self._actions(kind="follow_up", state="todo")
        self.assertEqual(len(open_actions), 1)

    # ------------------------------------------------------------------
    # BESIDE A CALL
    # ------------------------------------------------------------------

    def _create_with_call(self, run_before):
        """Return an invoice after its last level, with or without a follow-up, and
        one that is to be called about today."""
        first = self._create_finished()
        follow_up = self._run(1).action_ids if run_before else self._actions()[:0]
        calls = {"channel": "call", "execution": "manual"}
        scenario = self._create_scenario([("Call", 5, calls)])
        second = self._create_invoice(due=-5)
        second.dunning_scenario_id = scenario
        call = self._run(1).action_ids - follow_up
        self.assertEqual((call.kind, call.channel), ("step", "call"))
        self.assertEqual(call.line_ids.move_id, first + second)
        return follow_up, call, second

    def test_rule_8_a_call_about_the_same_items_takes_its_place(self):
        follow_up, call, _second = self._create_with_call(run_before=True)
        self.assertEqual(
            (follow_up.state, follow_up.cancel_cause), ("cancelled", "open_action")
        )
        self.assertFalse(follow_up.activity_ids)
        self.assertFalse(self._run(1).action_ids, "I1")
        call.action_refresh()
        self.assertEqual((follow_up.state, call.state), ("cancelled", "todo"))

    def test_rule_8_the_note_of_the_follow_up_goes_to_the_call(self):
        first = self._create_finished()
        follow_up = self._run(1).action_ids
        follow_up.note = "Ask for Mme Petit"
        call = self.env["dunning.action"].with_user(self.collector)
        call = call.create({"partner_id": self.customer.id})
        self.assertListed(call, {first: None})
        self.assertEqual((follow_up.state, call.note), ("cancelled", follow_up.note))

    def test_rule_8_it_is_not_asked_for_beside_a_call_of_the_same_day(self):
        _follow_up, call, _second = self._create_with_call(run_before=False)
        self.assertFalse(self._actions(kind="follow_up"))
        self.assertFalse(self._run(1).action_ids, "I1")
        call.action_execute()
        self.assertEqual(self._run(2).action_ids.kind, "follow_up")

    def test_rule_8_it_comes_back_when_the_call_is_pointless(self):
        follow_up, call, second = self._create_with_call(run_before=True)
        self._pay(second)
        self.assertEqual((call.state, follow_up.state), ("cancelled", "todo"))
        self.assertListed(follow_up, {follow_up.line_ids.move_id: None})

    def test_rule_8_one_action_lists_all_items_at_the_end(self):
        first = self._create_finished()
        second = self._create_finished(due=-6)
        action = self._run(1).action_ids
        self.assertListed(action, {first: None, second: None})

    def test_rule_8_what_is_not_due_any_more_leaves_the_action(self):
        first = self._create_finished()
        second = self._create_finished(due=-6)
        action = self._run(1).action_ids
        self._items(second).date_maturity = self._day(30)
        self.assertListed(action, {first: None})

    def test_rule_8_an_item_is_not_lost_when_the_collector_has_done_the_action(self):
        invoice = self._create_finished()
        self._step(1)
        again = self._run(2).action_ids
        self.assertEqual(again.kind, "follow_up")
        self.assertListed(again, {invoice: None})

    def test_rule_8_the_action_ends_when_the_item_is_paid(self):
        invoice = self._create_finished()
        action = self._run(1).action_ids
        self._pay(invoice)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "paid"}]
        )
        self.assertFalse(action.activity_ids)

    def test_rule_8_a_bounced_payment_does_not_make_a_second_such_action(self):
        self.scenario.contact_gap_days = 3
        first = self._create_finished()
        action = self._run(3).action_ids
        payment = self._pay(first)
        second = self._create_invoice(due=-5)
        self._step(4)
        again = self._run(7).action_ids
        self.assertListed(again, {second: None})
        self._items(payment.move_id).remove_move_reconcile()
        payment.action_draft()
        self.assertEqual(action.state, "cancelled")
        self.assertEqual(again.state, "todo")

    def test_rule_8_an_item_at_the_end_is_listed_when_another_is_claimed(self):
        finished = self._create_finished()
        fresh = self._create_invoice(due=-4)
        step = self._run(1).action_ids.filtered("level_id")
        self.assertListed(step, {finished: None, fresh: step.level_id})

    def test_rule_8_a_level_added_later_goes_on_with_the_item(self):
        invoice = self._create_finished()
        self.scenario.level_ids = [Command.create(self._prepare_level("Another", 20))]
        self.assertPlanned(
            invoice, "later", 1, level=self.scenario.level_ids[-1], date=15
        )

    def test_rule_8_a_paid_preventive_scenario_ends_with_the_collector(self):
        self._set_levels([("Courtesy", -5, {})], self._use_new_scenario())
        invoice = self._create_invoice(due=3)
        self._step()
        self.assertPlanned(invoice, "out", reason="last_level")
        # Not due yet: nothing to follow up.
        self.assertFalse(self._run(1).action_ids)
        self.assertEqual(self._run(4).action_ids.kind, "follow_up")

    def _use_new_scenario(self):
        self.company.dunning_scenario_id = self._create_scenario()
        return self.company.dunning_scenario_id


@tagged("post_install", "-at_install")
class TestRule9HistoryStays(DunningCommon):
    """Rule 9: history and level survive changes of the entry."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.second, cls.notice = cls.scenario.level_ids

    def _replace_line(self, invoice, amount=100):
        """Change a draft so that Odoo makes a new receivable line."""
        old = self._items(invoice)
        invoice.invoice_line_ids = [Command.clear()]
        invoice.invoice_line_ids = [
            Command.create({"name": "Other", "price_unit": amount, "tax_ids": []})
        ]
        self.assertFalse(old.exists())

    def test_rule_9_an_invoice_reset_and_posted_keeps_its_level(self):
        invoice = self._create_invoice(due=-5)
        self._step()
        invoice.button_draft()
        self.assertNotPlanned(invoice)
        invoice.action_post()
        self.assertEqual(self._reached(invoice), self.reminder)
        self.assertPlanned(invoice, "later", level=self.second, date=10)

    def test_rule_9_an_invoice_with_a_new_line_keeps_its_level_and_history(self):
        invoice = self._create_invoice(due=-5)
        action = self._step()
        invoice.button_draft()
        self._replace_line(invoice, 120)
        invoice.action_post()
        item = self._items(invoice)
        self.assertEqual(action.line_ids.move_line_id, item)
        self.assertEqual(self._reached(invoice), self.reminder)
        self.assertPlanned(invoice, "later", level=self.second, date=10)
        # What was said then is not changed.
        self.assertEqual(action.line_ids.amount_residual, 100)

    def test_rule_9_a_new_line_is_not_contacted_again_for_the_same_level(self):
        invoice = self._create_invoice(due=-5)
        self._step()
        invoice.button_draft()
        self._replace_line(invoice)
        invoice.action_post()
        self.assertFalse(self._run().action_ids)
        self._step(10)
        self.assertEqual(self._reached(invoice), self.second)

    def test_rule_9_a_changed_due_date_counts_from_then_on(self):
        invoice = self._create_invoice(due=-5)
        self._step()
        invoice.button_draft()
        invoice.invoice_date_due = self._day(20)
        invoice.action_post()
        self.assertEqual(self._reached(invoice), self.reminder)
        self.assertPlanned(
            invoice, "later", level=self.second, date=35, reason="not_due"
        )

    def test_rule_9_the_oldest_history_goes_to_the_oldest_instalment(self):
        terms = self._create_terms((50, 0), (50, 5))
        invoice = self._create_invoice(date=-10, terms=terms)
        self._step()
        first, last = self._items(invoice)
        self.assertEqual(self._reached(last), self.reminder)
        self._step(7)
        self.assertEqual(self._reached(first), self.second)
        invoice.button_draft()
        self._replace_lines_with_instalments(invoice)
        invoice.action_post()
        new_first, new_last = self._items(invoice)
        self.assertNotIn(new_first, first | last)
        self.assertEqual(self._reached(new_first), self.second)
        self.assertEqual(self._reached(new_last), self.reminder)

    def _replace_lines_with_instalments(self, invoice):
        invoice.invoice_line_ids = [Command.clear()]
        invoice.invoice_line_ids = [
            Command.create({"name": "Other", "price_unit": 100, "tax_ids": []})
        ]

    def test_rule_9_fewer_instalments_keep_the_history_that_fits(self):
        terms = self._create_terms((50, 0), (50, 5))
        invoice = self._create_invoice(date=-10, terms=terms)
        action = self._step()
        invoice.button_draft()
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = self._day(-10)
        invoice.action_post()
        item = self._items(invoice)
        self.assertEqual(len(item), 1)
        self.assertEqual(self._reached(item), self.reminder)
        self.assertEqual(len(action.line_ids), 2)
        self.assertIn(item, action.line_ids.move_line_id)

    def test_rule_9_a_deleted_entry_leaves_a_readable_history(self):
        invoice = self._create_invoice(due=-5)
        name, due = invoice.name, invoice.invoice_date_due
        action = self._step()
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertFalse(invoice.exists())
        self.assertRecordValues(
            action.line_ids,
            [
                {
                    "move_line_id": False,
                    "move_id": False,
                    "name": name,
                    "date_due": due,
                    "days_late": 5,
                    "amount_residual": 100,
                    "level_id": self.reminder.id,
                    "state": "done",
                }
            ],
        )
        self.assertEqual(action.state, "done")
        self.assertEqual(action.partner_id, self.customer)

    def test_rule_9_a_cancelled_invoice_posted_again_goes_on(self):
        invoice = self._create_invoice(due=-5)
        self._step()
        invoice.button_cancel()
        self.assertNotPlanned(invoice)
        invoice.button_draft()
        invoice.action_post()
        self.assertEqual(self._reached(invoice), self.reminder)

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard.sudo()._merge((source | target).ids, target, extra_checks=False)

    def test_rule_9_merging_two_customers_merges_their_histories(self):
        other = self._create_customer("Duplicate")
        first = self._create_invoice(due=-5)
        second = self._create_invoice(other, due=-5)
        actions = self._step()
        self._merge(other, self.customer)
        self.assertFalse(other.exists())
        self.assertEqual(self._actions(), actions.sorted("id"))
        self.assertEqual(actions.mapped("state"), ["done", "done"])
        for invoice in (first, second):
            self.assertEqual(self._reached(invoice), self.reminder)
        action = self._step(10)
        self.assertListed(action, {first: self.second, second: self.second})

    def test_rule_9_what_was_planned_for_two_merged_customers_is_planned_as_one(self):
        other = self._create_customer("Duplicate")
        first = self._create_invoice(due=-5)
        second = self._create_invoice(other, due=-5)
        planned = self._run().action_ids
        self._merge(other, self.customer)
        self.assertEqual(set(planned.mapped("cancel_cause")), {"merged"})
        # Whatever happens meanwhile does not bring the two contacts back.
        self._pay(first, 10)
        self.assertEqual(set(planned.mapped("state")), {"cancelled"})
        action = self._run().action_ids
        self.assertListed(action, {first: self.reminder, second: self.reminder})

    def test_rule_9_merging_two_customers_at_the_last_level_leaves_one_follow_up(self):
        other = self._create_customer("Duplicate")
        self._set_levels([("Only Level", 5, {})])
        first = self._create_invoice(due=-5)
        second = self._create_invoice(other, due=-5)
        done = self._step()
        follow_ups = self._run(1).action_ids
        self.assertEqual(follow_ups.mapped("kind"), ["follow_up", "follow_up"])
        self._merge(other, self.customer)
        self._pay(first, 10)
        self.assertEqual(set(follow_ups.mapped("state")), {"cancelled"})
        self.assertEqual(done.mapped("state"), ["done", "done"])
        self.assertListed(self._run(2).action_ids, {first: None, second: None})

    def test_rule_9_merging_keeps_the_gap_between_contacts(self):
        self.scenario.contact_gap_days = 10
        other = self._create_customer("Duplicate")
        self._create_invoice(other, due=-5)
        self._step()
        invoice = self._create_invoice(due=-5)
        self._merge(other, self.customer)
        self.assertPlanned(invoice, "later", date=10, reason="contact_gap")

    def test_rule_9_merging_merges_holds(self):
        other = self._create_customer("Duplicate")
        invoice = self._create_invoice(other, due=-5)
        hold = self._create_hold(partner_id=other.id)
        self._merge(other, self.customer)
        self.assertEqual(hold.partner_id, self.customer)
        self.assertPlanned(invoice, "out", reason="held")
