from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRule4OneContactForAll(DunningCommon):
    """Rule 4: the highest level decides, all overdue items are listed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder, cls.second, cls.notice = cls._set_levels(
            [
                ("Reminder", 5, {}),
                ("Second", 15, {"channel": "call", "execution": "manual"}),
                ("Notice", 30, {"channel": "letter", "execution": "validate"}),
            ]
        )

    def _create_two_levels(self):
        """Return two invoices, due for the second level and for the first."""
        old = self._create_invoice(due=-17)
        self._step(-10)
        new = self._create_invoice(due=-8)
        self._go_to(0)
        return old, new

    def test_rule_4_a_customer_gets_one_contact_for_all_its_invoices(self):
        invoices = [self._create_invoice(due=due, amount=-due) for due in (-5, -6, -7)]
        action = self._run().action_ids
        self.assertEqual(len(action), 1)
        self.assertListed(action, dict.fromkeys(invoices, self.reminder))
        self.assertRecordValues(action, [{"amount": 18, "days_late": 7}])

    def test_rule_4_the_highest_level_due_decides_channel_and_text(self):
        self._create_two_levels()
        action = self._run().action_ids
        self.assertRecordValues(
            action,
            [
                {
                    "level_id": self.second.id,
                    "channel": "call",
                    "execution": "manual",
                    "state": "todo",
                }
            ],
        )

    def test_rule_4_each_item_keeps_its_own_level(self):
        old, new = self._create_two_levels()
        action = self._step()
        self.assertListed(action, {old: self.second, new: self.reminder})
        self.assertEqual(self._reached(old), self.second)
        self.assertEqual(self._reached(new), self.reminder)

    def test_rule_4_overdue_items_without_a_step_are_listed_too(self):
        due = self._create_invoice(due=-5)
        overdue = self._create_invoice(due=-2)
        due_today = self._create_invoice(due=0)
        future = self._create_invoice(due=20)
        action = self._run().action_ids
        self.assertListed(action, {due: self.reminder, overdue: None})
        self.assertNotIn(due_today, action.line_ids.move_id)
        self.assertNotIn(future, action.line_ids.move_id)
        self._execute(action)
        self.assertFalse(self._reached(overdue))

    def test_rule_4_an_overdue_item_listed_only_still_gets_its_own_first_level(self):
        self._create_invoice(due=-5)
        overdue = self._create_invoice(due=-2)
        self._step()
        self.assertPlanned(overdue, "step", 3, level=self.reminder)

    def test_rule_4_the_scenario_can_align_all_items_on_the_level_of_the_contact(self):
        self.scenario.align_levels = True
        old, new = self._create_two_levels()
        fresh = self._create_invoice(due=-1)
        action = self._step()
        self.assertListed(
            action, {old: self.second, new: self.second, fresh: self.second}
        )
        for invoice in (old, new, fresh):
            self.assertEqual(self._reached(invoice), self.second)

    def test_rule_4_aligning_leaves_items_of_another_scenario(self):
        self.scenario.align_levels = True
        old, new = self._create_two_levels()
        own = self._create_invoice(due=-10)
        own.dunning_scenario_id = self._create_scenario([("Special", 90, {})])
        action = self._run().action_ids
        expected = {old: self.second, new: self.second, own: None}
        self.assertListed(action, expected)
        self.assertListed(self._execute(action), expected)

    def test_rule_4_aligning_lists_what_has_come_as_far_already(self):
        old, new = self._create_two_levels()
        self._step()
        self.scenario.align_levels = True
        action = self._run(8).action_ids
        self.assertListed(action, {old: None, new: self.second})

    def test_rule_4_aligning_never_brings_an_item_down(self):
        old, new = self._create_two_levels()
        self._step()
        self.scenario.align_levels = True
        fresh = self._create_invoice(due=0)
        action = self._step(8)
        self.assertListed(action, {old: None, new: self.second, fresh: self.second})
        self.assertEqual(self._reached(old), self.second)

    def test_rule_4_aligning_leaves_items_that_are_not_overdue(self):
        self.scenario.align_levels = True
        self._create_two_levels()
        future = self._create_invoice(due=20)
        action = self._step()
        self.assertNotIn(future, action.line_ids.move_id)
        self.assertFalse(self._reached(future))

    def test_rule_4_when_the_oldest_item_is_paid_the_others_go_on_from_their_dates(
        self,
    ):
        old, new = self._create_two_levels()
        self._step()
        self._pay(old)
        self.assertNotPlanned(old)
        self.assertPlanned(new, "later", level=self.second, date=7)
        self._step(7)
        self.assertEqual(self._reached(new), self.second)

    def test_rule_4_the_oldest_item_stays_in_sight_until_it_is_paid(self):
        old, new = self._create_two_levels()
        self._step()
        self._pay(new)
        self.assertPlanned(old, "later", level=self.notice, date=14)

    def test_rule_4_two_customers_get_a_contact_each(self):
        other = self._create_customer("Other")
        invoice = self._create_invoice(due=-5)
        others = self._create_invoice(other, due=-5)
        actions = self._run().action_ids
        self.assertEqual(actions.partner_id, self.customer | other)
        self.assertListed(
            actions.filtered(lambda action: action.partner_id == other),
            {others: self.reminder},
        )
        self.assertEqual(len(self._actions().line_ids), 1)
        self.assertEqual(self._actions().line_ids.move_id, invoice)

    def test_rule_4_the_contacts_of_a_company_are_one_customer(self):
        child = self.env["res.partner"].create(
            {"name": "Branch Office", "parent_id": self.customer.id, "type": "invoice"}
        )
        first = self._create_invoice(due=-5)
        second = self._create_invoice(child, due=-6)
        action = self._run().action_ids
        self.assertEqual(action.partner_id, self.customer)
        self.assertListed(action, {first: self.reminder, second: self.reminder})

    def test_rule_4_instalments_are_items_of_their_own(self):
        terms = self._create_terms((50, 0), (50, 10))
        invoice = self._create_invoice(date=-15, terms=terms)
        first, last = self._items(invoice)
        action = self._run().action_ids
        self.assertListed(action, {first: self.reminder, last: self.reminder})
        self.assertEqual(action.line_ids.mapped("days_late"), [15, 5])
        self.assertEqual(action.line_ids.mapped("amount_residual"), [50, 50])

    def test_rule_4_an_instalment_not_due_yet_is_not_claimed(self):
        terms = self._create_terms((30, 0), (70, 60))
        invoice = self._create_invoice(date=-15, terms=terms)
        first, last = self._items(invoice)
        self.assertPlanned(last, "later", level=self.reminder, reason="not_due")
        action = self._run().action_ids
        self.assertListed(action, {first: self.reminder})
        self.assertEqual(action.amount, 30)


@tagged("post_install", "-at_install")
class TestRule5ContactGapAndDaysOff(DunningCommon):
    """Rule 5: a gap between two contacts, and no contact on days off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scenario.contact_gap_days = 10

    def test_rule_5_a_new_item_waits_for_the_gap_since_the_last_contact(self):
        self._create_invoice(due=-5)
        self._step()
        other = self._create_invoice(due=-4)
        self.assertPlanned(other, "later", 1, date=10, reason="contact_gap")
        self.assertFalse(self._run(9).action_ids)
        self.assertPlanned(other, "step", 10)

    def test_rule_5_the_gap_holds_over_all_channels(self):
        self.scenario.level_ids[0].write({"channel": "call", "execution": "manual"})
        self._create_invoice(due=-5)
        self._step()
        self.scenario.level_ids[0].write({"channel": "email", "execution": "automatic"})
        other = self._create_invoice(due=-4)
        self.assertPlanned(other, "later", 1, date=10, reason="contact_gap")

    def test_rule_5_a_contact_planned_by_hand_counts_too(self):
        call = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "call"}
        )
        call.action_execute()
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(invoice, "later", date=10, reason="contact_gap")

    def test_rule_5_the_gap_counts_from_the_day_that_was_planned(self):
        call = self.env["dunning.action"].create(
            {
                "partner_id": self.customer.id,
                "channel": "call",
                "date": self._day(4),
            }
        )
        call.action_execute()
        self.assertEqual(call.date_done, self.today)
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(invoice, "later", date=14, reason="contact_gap")

    def test_rule_5_a_day_that_was_planned_counts_however_long_before_it_was_done(self):
        call = self.env["dunning.action"].create(
            {
                "partner_id": self.customer.id,
                "channel": "call",
                "date": self._day(60),
            }
        )
        call.action_execute()
        invoice = self._create_invoice(due=-5)
        self.assertPlanned(invoice, "later", 65, date=70, reason="contact_gap")

    def test_rule_5_the_gap_of_one_customer_does_not_hold_up_another(self):
        self._create_invoice(due=-5)
        self._step()
        invoice = self._create_invoice(self._create_customer("Other"), due=-5)
        self.assertPlanned(invoice, "step")

    def test_rule_5_the_longest_wait_decides_the_next_date(self):
        levels = self._set_levels(
            [("Reminder", 5, {}), ("Second", 8, {"gap_days": 21})]
        )
        invoice = self._create_invoice(due=-5)
        self._step()
        self.assertPlanned(
            invoice, "later", 10, level=levels[1], date=21, reason="level_gap"
        )

    def test_rule_5_a_contact_that_waits_to_be_sent_holds_up_the_next_one(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        other = self._create_invoice(due=-5)
        self.assertPlanned(other, "later", 0, date=0, reason="open_contact")
        self.assertFalse(self._run().action_ids)
        # It is on the letter that goes out, without a step of its own.
        self._execute(action)
        self.assertListed(
            action, {action.line_ids[0].move_id: action.level_id, other: None}
        )
        self.assertPlanned(other, "later", date=10, reason="contact_gap")

    def test_rule_5_a_call_that_waits_holds_up_its_own_items_alone(self):
        calls = [("Call", 5, {"channel": "call", "execution": "manual"})]
        called = self._create_invoice(due=-5)
        called.dunning_scenario_id = self._create_scenario(calls)
        self._run(0)
        self.assertPlanned(called, "out", reason="open_action")
        self.assertPlanned(self._create_invoice(due=-5), "step")

    def test_rule_5_a_waiting_action_is_sent_only_after_the_gap(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        call = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "call"}
        )
        call.action_execute()
        self._cron_execute()
        self.assertRecordValues(action, [{"state": "todo", "date": self._day(10)}])

    def test_rule_5_a_contact_on_a_saturday_moves_to_monday(self):
        invoice = self._create_invoice(due=0)
        # Five days after a Monday is a Saturday.
        self.assertPlanned(invoice, "later", 4, date=7, reason="level_date")
        self.assertPlanned(invoice, "later", 5, date=7, reason="non_working_day")
        self.assertFalse(self._run(5).action_ids)
        self.assertFalse(self._run(6).action_ids)
        self.assertEqual(self._run(7).action_ids.date, self._day(7))

    def test_rule_5_a_public_holiday_moves_a_contact(self):
        self._add_holiday(4)
        invoice = self._create_invoice(due=-1)
        # Friday is off: the next working day is Monday.
        self.assertPlanned(invoice, "later", 4, date=7, reason="non_working_day")

    def test_rule_5_a_holiday_of_another_company_moves_nothing(self):
        holiday = self._add_holiday(0)
        other = self.env["resource.calendar"].create({"name": "Other Calendar"})
        holiday.calendar_id = other
        self.assertPlanned(self._create_invoice(due=-5), "step")

    def test_rule_5_the_end_of_the_contact_gap_moves_to_a_working_day(self):
        self.scenario.contact_gap_days = 12
        self._create_invoice(due=-5)
        self._step()
        other = self._create_invoice(due=-4)
        # Twelve days after a Monday is a Saturday.
        self.assertPlanned(other, "later", 1, date=14, reason="contact_gap")

    def test_rule_5_what_waits_for_approval_waits_for_a_working_day_with_its_figures(
        self,
    ):
        self.scenario.contact_gap_days = 5
        self.scenario.level_ids.execution = "validate"
        first = self._create_invoice(due=-5)
        action = self._run().action_ids
        # Overdue on the Monday to come, not on the Saturday before it.
        second = self._create_invoice(due=5)
        actions = self.env["dunning.action"].with_user(self.collector)
        actions.create({"partner_id": self.customer.id}).action_execute()
        actions.refresh_waiting()
        # Five days after a Monday is a Saturday.
        self.assertRecordValues(
            action,
            [{"date": self._day(7), "state": "to_validate", "days_late": 12}],
        )
        self.assertListed(action, {first: self.scenario.level_ids[0], second: None})
        self.assertEqual(action.amount, 200)

    def test_rule_5_an_action_is_not_sent_on_a_day_off(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self._go_to(5)
        self._cron_execute()
        self.assertRecordValues(action, [{"state": "todo", "date": self._day(7)}])
        self._go_to(7)
        self._cron_execute()
        self.assertEqual(action.state, "done")

    def test_rule_5_a_person_may_send_on_a_day_off(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self._go_to(5)
        action.action_execute()
        self.assertRecordValues(action, [{"state": "done", "date_done": self._day(5)}])

    def test_rule_5_a_company_without_calendar_works_every_day(self):
        self.company.resource_calendar_id = False
        self.assertPlanned(self._create_invoice(due=0), "step", 5)

    def test_rule_5_a_calendar_without_working_hours_does_not_stop_dunning(self):
        self.company.resource_calendar_id.attendance_ids.unlink()
        self.assertPlanned(self._create_invoice(due=0), "step", 5)
