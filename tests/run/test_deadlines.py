from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestDeadlines(DunningCommon):
    """Rule R5: what is written gives a deadline; when it passes without payment, the
    collector has an action."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter, cls.notice = cls._set_levels(
            [
                ("Letter", 5, {"deadline_days": 8, "deadline_channel": "call"}),
                ("Notice", 60, {"deadline_days": 8, "deadline_channel": "task"}),
            ]
        )

    def setUp(self):
        super().setUp()
        self.invoice = self._create_invoice(due=-5)
        self.origin = self._step(0)

    def _deadlines(self, partner=None):
        return self._actions(partner, kind="deadline")

    def assertAction(self, action, **values):
        self.assertRecordValues(action, [values])

    # ------------------------------------------------------------------
    # THE ACTION
    # ------------------------------------------------------------------

    def test_what_is_written_keeps_the_deadline_that_it_gives(self):
        self.assertEqual(self.origin.date_deadline, self._day(8))

    def test_who_decides_what_follows_sees_the_time_that_was_given(self):
        self._set_levels([("Only", 5, {"deadline_days": 8})], self._other_scenario())
        customer = self._create_customer("Given Time")
        self._create_invoice(customer, due=-5)
        self._step(0)
        action = self._step(1).filtered(lambda x: x.partner_id == customer)
        self.assertEqual(action.kind, "follow_up")
        self.assertEqual(action.date_given, self._day(8))
        self._go_to(9)
        action.invalidate_recordset()
        self.assertFalse(action.date_given)

    def test_a_call_has_no_deadline(self):
        self._pay(self.invoice)
        self._set_levels([("Call", 5, {"channel": "call"})], self._other_scenario())
        self._create_invoice(due=-5)
        action = self._step(1)
        self.assertEqual(action.channel, "call")
        self.assertFalse(action.date_deadline)

    def _other_scenario(self):
        scenario = self._create_scenario(levels=())
        self.company.dunning_scenario_id = scenario
        return scenario

    def test_r5_the_day_after_the_deadline_the_collector_has_an_action(self):
        run = self._run(9)
        action = self._deadlines()
        self.assertAction(
            action,
            origin_id=self.origin.id,
            run_id=run.id,
            channel="call",
            execution="manual",
            state="todo",
            date=self._day(9),
            user_id=self.collector.id,
            amount=100.0,
            date_due=self._day(-5),
            level_id=False,
        )
        self.assertListed(action, {self.invoice: None})
        self.assertEqual(action.activity_ids.user_id, self.collector)
        self.assertEqual(action.title, "Deadline Passed – Letter")
        self.assertEqual((run.deadline_count, run.action_count), (1, 1))

    def test_r5_on_the_last_day_the_customer_still_has_time(self):
        self._run(8)
        self.assertFalse(self._deadlines())

    def test_r5_a_deadline_on_a_day_off_is_the_next_working_day(self):
        self._add_holiday(14)  # the Monday after that weekend
        self.letter.deadline_days = 12  # a Saturday
        other = self._create_customer("Other")
        self._create_invoice(other, due=-5)
        action = self._step(0)
        self.assertEqual(action.partner_id, other)
        self.assertEqual(action.date_deadline, self._day(15))
        self.assertIn("March 17", action.deadline_text)
        self._run(15)
        self.assertFalse(self._deadlines(other))
        self._run(16)
        self.assertEqual(self._deadlines(other).origin_id, action)

    def test_r5_it_is_done_by_the_collector_and_counts_as_no_level(self):
        self._run(9)
        action = self._deadlines()
        action.with_user(self.collector).action_execute()
        self.assertEqual(action.state, "done")
        self.assertEqual(self._reached(self.invoice), self.letter)

    def test_r5_on_a_day_off_it_is_for_the_next_working_day(self):
        self._run(12)  # a Saturday
        self.assertEqual(self._deadlines().date, self._day(14))

    def test_r5_a_level_that_asks_for_nothing_leaves_it_to_the_scenario(self):
        self.letter.deadline_channel = False
        self._run(9)
        self.assertFalse(self._deadlines())

    # ------------------------------------------------------------------
    # ONCE
    # ------------------------------------------------------------------

    def test_r5_running_twice_is_running_once(self):
        self._run(9)
        self.assertFalse(self._run(9).action_ids)
        self.assertEqual(len(self._deadlines()), 1)

    def test_r5_a_run_that_was_missed_catches_up(self):
        self._run(20)
        self.assertEqual(len(self._deadlines()), 1)

    def test_r5_a_deadline_is_followed_once_for_each_letter(self):
        self._run(9)
        self._deadlines().action_skip("They called")
        self._run(10)
        self.assertEqual(len(self._deadlines()), 1)

    def test_r5_a_later_letter_gives_more_time(self):
        self._go_to(7)
        self._set_levels(
            [("More", 1, {"deadline_days": 10, "deadline_channel": "call"})],
            self._other_scenario(),
        )
        self._create_invoice(due=-3)
        later = self._step(7)
        self.assertTrue(later.date_deadline)
        self._run(9)
        self.assertFalse(self._deadlines())
        self._run(18)
        self.assertEqual(self._deadlines().origin_id, later)

    def test_r5_a_deadline_of_long_ago_is_left_to_the_scenario(self):
        self._set_levels([("Far Away", 900, {})], self._other_scenario())
        self._run(8 + 91)
        self.assertFalse(self._deadlines())

    # ------------------------------------------------------------------
    # PAID, HELD, COVERED
    # ------------------------------------------------------------------

    def test_r5_paid_on_the_last_day_gives_no_action(self):
        self._go_to(8)
        self._pay(self.invoice)
        self._run(9)
        self.assertFalse(self._deadlines())

    def test_r5_partly_paid_claims_the_rest(self):
        self._go_to(8)
        self._pay(self.invoice, amount=30)
        self._run(9)
        self.assertAction(self._deadlines(), amount=70.0)
        self.assertAction(self._deadlines().line_ids, amount_residual=70.0)

    def test_r5_on_hold_gives_no_action_until_it_is_released(self):
        hold = self._create_hold(self.invoice)
        self._run(9)
        self.assertFalse(self._deadlines())
        hold.action_release()
        self._run(10)
        self.assertEqual(len(self._deadlines()), 1)

    def test_r5_a_payment_that_is_not_allocated_covers_it(self):
        self._create_payment(amount=100)
        self._run(9)
        self.assertFalse(self._deadlines())

    def test_r5_a_payment_that_bounces_after_the_deadline_gives_the_action(self):
        self._go_to(8)
        self._pay(self.invoice)
        self._run(9)
        self._go_to(10)
        self._items(self.invoice).remove_move_reconcile()
        self.invoice.matched_payment_ids.action_draft()
        self._run(10)
        self.assertEqual(len(self._deadlines()), 1)

    def test_r5_a_payment_cancels_the_action_and_its_undoing_brings_it_back(self):
        self._run(9)
        action = self._deadlines()
        payments = self._pay(self.invoice)
        self.assertAction(action, state="cancelled", cancel_cause="paid")
        self.assertFalse(action.activity_ids)
        self._items(self.invoice).remove_move_reconcile()
        payments.action_draft()
        self.assertAction(action, state="todo")
        self.assertTrue(action.activity_ids)

    def test_r5_only_what_the_letter_listed_is_claimed(self):
        later = self._create_invoice(due=6, amount=50)
        self._run(9)
        self.assertNotIn(self._items(later), self._deadlines().line_ids.move_line_id)
        self._execute(self._deadlines())
        self.assertListed(self._deadlines(), {self.invoice: None})

    def test_r5_what_has_an_open_action_needs_no_other(self):
        call = self.env["dunning.action"].create({"partner_id": self.customer.id})
        self.assertListed(call, {self.invoice: None})
        self._run(9)
        self.assertFalse(self._deadlines())
        call.action_skip("Not needed")
        self._run(10)
        self.assertEqual(len(self._deadlines()), 1)

    def test_r5_a_step_on_that_day_takes_its_place(self):
        self._create_invoice(due=4, amount=50)
        run = self._run(9)
        self.assertEqual(run.action_ids.kind, "step")
        self.assertFalse(self._deadlines())

    def test_r5_a_letter_that_did_not_arrive_had_no_deadline(self):
        self.origin.sudo()._fail_after_sending("No such address")
        self.assertFalse(self.origin.date_deadline)
        self._run(9)
        self.assertFalse(self._deadlines())

    def test_r5_a_letter_that_comes_back_later_takes_its_action_along(self):
        self._run(9)
        action = self._deadlines()
        self.origin.sudo()._fail_after_sending("No such address")
        self.assertEqual(action.state, "cancelled")

    def test_r5_who_is_left_out_of_a_run_gets_no_action(self):
        self._run(9, excluded_partners=self.customer)
        self.assertFalse(self._deadlines())

    def test_r5_each_company_follows_its_own_letters(self):
        other = self._create_second_company()
        self._go_to(9)
        other._dunning_run()
        self.assertFalse(self._deadlines())

    # ------------------------------------------------------------------
    # AFTER THE LAST LEVEL
    # ------------------------------------------------------------------

    def test_r5_the_last_letter_leaves_time_before_the_collector_follows_up(self):
        notice = self._step(56)
        self.assertEqual(notice.level_id, self.notice)
        self.assertFalse(self._run(57).action_ids)
        run = self._run(65)
        self.assertAction(run.action_ids, kind="deadline", channel="task")
        self.assertFalse(self._run(66).action_ids)
        self._execute(run.action_ids)
        self.assertEqual(self._run(67).action_ids.kind, "follow_up")

    def test_r5_a_run_that_is_killed_leaves_nothing_and_is_done_again(self):
        self._go_to(9)
        with self.assertRaises(ZeroDivisionError), self.cr.savepoint():
            self.company._dunning_run()
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertFalse(self._deadlines())
        self._run(9)
        self.assertEqual(len(self._deadlines()), 1)
