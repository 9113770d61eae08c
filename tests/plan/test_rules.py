from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRule1OneLevelAtATime(DunningCommon):
    """Rule 1: one level at a time, never two on one date, never before the gap."""

    def test_rule_1_the_first_level_comes_on_its_day(self):
        reminder = self.scenario.level_ids[0]
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(
            invoice, "later", -1, level=reminder, date=0, reason="level_date"
        )
        self.assertPlanned(invoice, "step", 0, level=reminder, date=0)
        action = self._step()
        self.assertEqual(action.state, "done")
        self.assertListed(action, {invoice: reminder})
        self.assertEqual(self._reached(invoice), reminder)

    def test_rule_1_an_item_never_goes_up_two_levels_on_one_date(self):
        reminder, second, _notice = self.scenario.level_ids
        invoice = self._create_invoice(due=-100)
        self._step()
        self.assertFalse(self._run().action_ids)
        self.assertEqual(self._reached(invoice), reminder)
        self.assertPlanned(invoice, "later", level=second, date=1, reason="level_gap")

    def test_rule_1_two_runs_before_execution_make_one_step(self):
        invoice = self._create_invoice(due=-100)
        first = self._run()
        self.assertFalse(self._run().action_ids)
        self.assertFalse(self._run(1).action_ids)
        self._execute(first)
        self.assertEqual(self._reached(invoice), self.scenario.level_ids[0])

    def test_rule_1_a_level_waits_for_its_gap_after_the_previous_one(self):
        reminder, second = self._set_levels(
            [("Reminder", 5, {}), ("Second", 10, {"gap_days": 14})]
        )
        invoice = self._create_invoice(due=-5)
        self._step()
        # Monday two weeks later; without the gap it would be in five days.
        self.assertPlanned(
            invoice, "later", 5, level=second, date=14, reason="level_gap"
        )
        self.assertPlanned(invoice, "later", 13, level=second, date=14)
        self.assertPlanned(invoice, "step", 14, level=second)
        self.assertEqual(self._reached(invoice), reminder)

    def test_rule_1_the_gap_is_that_of_the_level_that_comes(self):
        _reminder, second = self._set_levels(
            [("Reminder", 5, {"gap_days": 60}), ("Second", 10, {"gap_days": 3})]
        )
        invoice = self._create_invoice(due=-50)
        self._step()
        self.assertPlanned(invoice, "later", 2, level=second, date=3)
        self.assertPlanned(invoice, "step", 3, level=second)

    def test_rule_1_missed_runs_are_not_caught_up_all_at_once(self):
        levels = self._set_levels(
            [
                ("Reminder", 5, {"gap_days": 7}),
                ("Second", 12, {"gap_days": 7}),
                ("Notice", 19, {"gap_days": 7}),
            ]
        )
        invoice = self._create_invoice(due=-5)
        reached = []
        # The scheduler did not run for two months, then runs every day.
        for day in range(59, 80):
            if self._step(day).filtered("level_id"):
                reached.append((day, self._reached(invoice)))
        self.assertEqual(reached, list(zip([59, 66, 73], levels, strict=True)))

    def test_rule_1_the_gap_counts_from_the_day_the_level_was_done(self):
        self._set_levels([("Reminder", 5, {}), ("Second", 10, {"gap_days": 10})])
        invoice = self._create_invoice(due=-5)
        run = self._run()
        self._go_to(4)
        self._execute(run)
        self.assertPlanned(invoice, "later", date=14, reason="level_gap")

    def test_rule_1_a_level_without_gap_still_waits_for_the_next_day(self):
        self._set_levels([("Reminder", 5, {}), ("Second", 6, {})])
        invoice = self._create_invoice(due=-60)
        self._step()
        self.assertPlanned(invoice, "later", date=1, reason="level_gap")
        self.assertPlanned(invoice, "step", 1)

    def test_rule_1_an_archived_level_is_passed_over(self):
        _reminder, second, notice = self.scenario.level_ids
        second.active = False
        invoice = self._create_invoice(due=-5)
        self._step()
        self.assertPlanned(invoice, "later", level=notice, date=25)

    def test_rule_1_an_item_goes_on_from_its_level_when_its_scenario_changes(self):
        invoice = self._create_invoice(due=-20)
        self._step()
        other = self._create_scenario(
            [("Early", 2, {}), ("Middle", 12, {}), ("Late", 40, {})]
        )
        self.customer.dunning_scenario_id = other
        self.assertPlanned(invoice, "step", 1, level=other.level_ids[1])

    def test_rule_1_the_formal_notice_of_another_scenario_comes_where_there_was_none(
        self,
    ):
        invoice = self._create_invoice(due=-20)
        self._step()
        other = self._create_scenario(
            [
                ("Early", 2, {"tone": "firm"}),
                ("Notice", 4, {"tone": "formal"}),
                ("Late", 5, {"channel": "task"}),
            ]
        )
        self.customer.dunning_scenario_id = other
        self.assertPlanned(invoice, "step", 1, level=other.level_ids[1])
        self._step(1)
        self.assertPlanned(invoice, "step", 2, level=other.level_ids[2])

    def test_rule_1_no_second_formal_notice_comes_by_another_scenario(self):
        self._set_levels([("Notice", 5, {"tone": "formal"})])
        invoice = self._create_invoice(due=-20)
        self._step()
        other = self._create_scenario([("Other", 4, {"tone": "formal"})])
        self.customer.dunning_scenario_id = other
        self.assertPlanned(invoice, "out", 1, reason="last_level")


@tagged("post_install", "-at_install")
class TestRule2Preventive(DunningCommon):
    """Rule 2: a preventive level happens only before the due date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.preventive, cls.reminder = cls._set_levels(
            [("Courtesy", -5, {}), ("Reminder", 5, {})]
        )

    def test_rule_2_a_preventive_level_comes_before_the_due_date(self):
        invoice = self._create_invoice(due=5)
        self.assertPlanned(
            invoice, "later", -3, level=self.preventive, date=0, reason="not_due"
        )
        action = self._step()
        self.assertListed(action, {invoice: self.preventive})
        self.assertEqual(action.amount, 100)
        self.assertEqual(action.line_ids.days_late, 0)

    def test_rule_2_a_preventive_level_can_be_late_but_before_the_due_date(self):
        invoice = self._create_invoice(due=1)
        self.assertPlanned(invoice, "step", level=self.preventive)

    def test_rule_2_there_is_no_preventive_level_on_the_due_date(self):
        invoice = self._create_invoice(due=0)
        self.assertPlanned(
            invoice, "later", level=self.reminder, date=7, reason="not_due"
        )
        self.assertPlanned(invoice, "later", -1, level=self.reminder, date=7)

    def test_rule_2_an_item_that_appears_late_starts_after_its_due_date(self):
        invoice = self._create_invoice(due=-10)
        action = self._step()
        self.assertListed(action, {invoice: self.reminder})

    def test_rule_2_a_preventive_level_is_not_moved_past_the_due_date(self):
        # Due on a Monday: on the Saturday before it is too late for a courtesy.
        invoice = self._create_invoice(due=7)
        self.assertPlanned(invoice, "step", 4, level=self.preventive)
        self.assertPlanned(invoice, "later", 5, level=self.reminder, date=14)

    def test_rule_2_a_preventive_level_is_left_out_when_a_gap_puts_it_off_too_long(
        self,
    ):
        self.scenario.contact_gap_days = 7
        late = self._create_invoice(due=-5)
        self._step()
        early = self._create_invoice(due=6)
        self.assertPlanned(early, "later", level=self.reminder, date=11)
        self.assertEqual(self._reached(late), self.reminder)

    def test_rule_2_after_the_preventive_level_comes_the_first_reminder(self):
        invoice = self._create_invoice(due=5)
        self._step()
        self.assertPlanned(invoice, "later", 1, level=self.reminder, date=10)
        self._step(10)
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_rule_2_a_level_on_the_due_date_itself_is_not_preventive(self):
        due_day, _later = self._set_levels([("Due Today", 0, {}), ("Reminder", 5, {})])
        invoice = self._create_invoice(due=0)
        self.assertPlanned(invoice, "step", level=due_day)
        late = self._create_invoice(due=-3)
        self.assertPlanned(late, "step", level=due_day)

    def test_rule_2_on_the_due_date_what_falls_due_is_claimed(self):
        due_day, _later = self._set_levels([("Due Today", 0, {}), ("Reminder", 5, {})])
        self._create_invoice(due=0)
        action = self._run(0).action_ids
        self.assertEqual((action.level_id, action.amount), (due_day, 100))
        [total] = action._get_totals()[action]
        self.assertEqual((total.claimed, total.overdue), (100, 0))
        action._refresh()
        self.assertEqual((action.state, action.amount), ("todo", 100))

    def test_rule_2_on_the_due_date_nothing_is_claimed_that_falls_due_later(self):
        self._set_levels([("Due Today", 0, {}), ("Reminder", 5, {})])
        self._create_invoice(due=0)
        self._create_invoice(due=30, amount=50)
        action = self._run(0).action_ids
        self.assertEqual(action.amount, 100)
        [total] = action._get_totals()[action]
        self.assertEqual(total.claimed, 100)
        action._refresh()
        self.assertEqual(action.amount, 100)

    def test_rule_2_what_is_planned_by_hand_claims_nothing_before_it_is_due(self):
        self._create_invoice(due=0)
        self._set_levels([("Due Today", 0, {}), ("Reminder", 5, {})])
        # What is planned by hand has no level.
        action_sudo = self._run(0).action_ids.sudo()
        action_sudo.level_id = False
        [total] = action_sudo._get_totals()[action_sudo]
        self.assertEqual(total.claimed, 0)

    def test_rule_2_an_item_is_covered_by_credits_before_its_due_date_too(self):
        invoice = self._create_invoice(due=3)
        self._create_payment(amount=100)
        self.assertPlanned(invoice, "out", reason="covered")
        self.assertFalse(self._run().action_ids)

    def test_rule_2_the_minimum_holds_before_the_due_date_too(self):
        self.scenario.minimum_amount = 100
        invoice = self._create_invoice(due=3)
        self.assertPlanned(invoice, "out", reason="below_minimum")


@tagged("post_install", "-at_install")
class TestRule3OnlyDoneCounts(DunningCommon):
    """Rule 3: the level counts when its action is done."""

    def test_rule_3_a_planned_action_does_not_raise_the_level(self):
        invoice = self._create_invoice(due=-5)
        self._run()
        self.assertFalse(self._reached(invoice))
        self.assertFalse(invoice.dunning_level_id)

    def test_rule_3_an_action_to_do_holds_its_items(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        self.assertPlanned(
            invoice, "out", 30, date=0, level=action.level_id, reason="open_action"
        )

    def test_rule_3_an_action_to_validate_holds_its_items(self):
        self.scenario.level_ids.execution = "validate"
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        self.assertEqual(action.state, "to_validate")
        self.assertPlanned(invoice, "out", 30, reason="open_action")

    def test_rule_3_a_failed_action_holds_its_items(self):
        self.customer.email = False
        invoice = self._create_invoice(due=-5)
        action = self._step()
        self.assertEqual(action.state, "failed")
        self.assertFalse(self._reached(invoice))
        self.assertPlanned(invoice, "out", 30, reason="open_action")
        self.assertFalse(self._run(30).action_ids)

    def test_rule_3_a_failed_action_can_be_tried_again(self):
        self.customer.email = False
        invoice = self._create_invoice(due=-5)
        action = self._step()
        self.customer.email = "customer@example.com"
        self._go_to(1)
        action.action_execute()
        self.assertRecordValues(
            action, [{"state": "done", "failure": False, "date_done": self._day(1)}]
        )
        self.assertEqual(self._reached(invoice), self.scenario.level_ids[0])

    def test_rule_3_a_skipped_action_can_be_proposed_again(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        action.action_skip("Spoke to them on the phone")
        self.assertEqual(action.state, "cancelled")
        self.assertFalse(self._reached(invoice))
        level = self.scenario.level_ids[0]
        self.assertPlanned(invoice, "step", 1, level=level)
        again = self._step(1)
        self.assertListed(again, {invoice: level})
        self.assertEqual(action.state, "cancelled")

    def test_rule_3_a_postponed_action_holds_its_items_until_done(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        action.action_postpone(self._day(9), "They asked for a week")
        self.assertPlanned(invoice, "out", 1, date=9, reason="open_action")
        self._go_to(9)
        self._execute(action)
        self.assertEqual(action.date_done, self._day(9))
        self.assertEqual(self._reached(invoice), self.scenario.level_ids[0])
