from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestClock(DunningCommon):
    """How dunning goes on after a promise that was broken, a dispute that was
    rejected: what ended holds say of the days of levels."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.third = cls.scenario.level_ids

    def _resume(self, invoice, resume, day=0, **values):
        """End a hold as a promise or a dispute does."""
        hold = self._create_hold(invoice, **values)
        hold.sudo().write(
            {
                "date_released": self.env.company._dunning_today(),
                "date_resume": self._day(day),
                "resume": resume,
            }
        )
        return hold

    def _create_warned(self, due=-5):
        """Create an invoice that has reached the first level today."""
        invoice = self._create_invoice(due=due)
        self._step(0)
        self.assertEqual(self._reached(invoice), self.first)
        return invoice

    # ------------------------------------------------------------------
    # THE SAME LEVEL
    # ------------------------------------------------------------------

    def test_same_dunning_goes_on_by_its_own_dates(self):
        invoice = self._create_warned()
        self._resume(invoice, "same", 3)
        self.assertPlanned(invoice, "later", 4, level=self.second, date=10)

    def test_same_leaves_what_an_earlier_mark_says(self):
        invoice = self._create_warned()
        self._resume(invoice, "restart", 1)
        self._resume(invoice, "same", 2)
        self.assertPlanned(invoice, "later", 4, level=self.second, date=16)

    # ------------------------------------------------------------------
    # THE NEXT LEVEL AT ONCE
    # ------------------------------------------------------------------

    def test_next_the_next_level_is_due_at_once(self):
        invoice = self._create_warned()
        self._resume(invoice, "next", 3)
        self.assertPlanned(
            invoice, "later", 1, level=self.second, date=3, reason="level_date"
        )
        self.assertPlanned(invoice, "step", 3, level=self.second)
        self.assertListed(self._run(3).action_ids, {invoice: self.second})

    def test_next_the_first_level_is_due_at_once_when_none_is_reached(self):
        invoice = self._create_invoice(due=-2)
        self._resume(invoice, "next", 1)
        self.assertPlanned(invoice, "step", 1, level=self.first)

    def test_next_a_level_that_is_due_already_is_not_put_off(self):
        invoice = self._create_invoice(due=-20)
        self._resume(invoice, "next", 8)
        self.assertPlanned(invoice, "step", 0, level=self.first)

    def test_next_counts_for_one_step(self):
        invoice = self._create_warned()
        self._resume(invoice, "next", 3)
        self._step(3)
        self.assertPlanned(invoice, "later", 4, level=self.third, date=25)

    def test_next_is_spent_by_a_level_done_that_day(self):
        invoice = self._create_warned()
        self._resume(invoice, "next", 0)
        self.assertPlanned(invoice, "later", 1, level=self.second, date=10)

    def test_next_waits_for_the_gap_between_levels(self):
        self.second.gap_days = 8
        invoice = self._create_warned()
        self._resume(invoice, "next", 3)
        self.assertPlanned(invoice, "later", 3, date=8, reason="level_gap")

    def test_next_waits_for_the_gap_between_contacts(self):
        self.scenario.contact_gap_days = 7
        invoice = self._create_warned()
        self._resume(invoice, "next", 3)
        self.assertPlanned(invoice, "later", 3, date=7, reason="contact_gap")

    def test_next_waits_for_a_working_day(self):
        invoice = self._create_warned()
        self._resume(invoice, "next", 5)
        self.assertPlanned(invoice, "later", 4, date=7, reason="level_date")

    def test_next_no_step_before_the_item_is_late(self):
        invoice = self._create_invoice(due=2)
        self._resume(invoice, "next")
        self.assertPlanned(invoice, "later", level=self.first, date=3, reason="not_due")
        self.assertPlanned(invoice, "step", 3, level=self.first)

    def test_next_leaves_a_preventive_level_on_its_day(self):
        self._set_levels([("Early", -5, {}), ("Late", 10, {})])
        invoice = self._create_invoice(due=9)
        self._resume(invoice, "next")
        self.assertPlanned(invoice, "later", date=4, reason="not_due")

    def test_next_after_the_last_level_nothing_follows(self):
        self._set_levels([("Only Level", 5, {})])
        invoice = self._create_invoice(due=-5)
        self._step(0)
        self._resume(invoice, "next", 1)
        self.assertPlanned(invoice, "out", 2, reason="last_level", level=None)

    def _finish(self, **values):
        """Return an invoice that has had its last level, its customer followed."""
        self._set_levels([("Only Level", 5, values)])
        invoice = self._create_invoice(due=-5)
        self._step(0)
        return invoice

    def test_restart_after_the_last_level_makes_the_follow_up_wait(self):
        invoice = self._finish()
        self._resume(invoice, "restart", 10)
        self.assertPlanned(invoice, "later", 2, reason="restarts", date=10)
        self.assertFalse(self._run(2).action_ids)
        self.assertPlanned(invoice, "out", 10, reason="last_level")
        self.assertEqual(self._run(10).action_ids.kind, "follow_up")

    def test_restart_takes_the_item_off_the_follow_up(self):
        invoice = self._finish()
        follow_up = self._run(1).action_ids
        self.assertEqual(follow_up.kind, "follow_up")
        self._resume(invoice, "restart", 10)
        self.env["dunning.action"]._refresh_customers(self.company, self.customer)
        self.assertEqual(follow_up.state, "cancelled")

    def test_restart_makes_the_call_after_a_deadline_wait(self):
        invoice = self._finish(deadline_days=3, deadline_channel="call")
        self._resume(invoice, "restart", 10)
        self._run(8)
        self.assertFalse(self._actions(kind="deadline"))
        self._run(10)
        self.assertTrue(self._actions(kind="deadline"))

    def test_next_concerns_the_items_of_the_hold_alone(self):
        invoice, other = (self._create_invoice(due=-2) for _number in range(2))
        self._resume(invoice, "next", 1)
        self.assertPlanned(invoice, "step", 1)
        self.assertPlanned(other, "later", 1, date=3)

    def test_next_another_hold_still_holds(self):
        invoice = self._create_warned()
        self._resume(invoice, "next", 3)
        self._create_hold(invoice, date_end=5)
        self.assertPlanned(invoice, "out", 3, reason="held", date=6)

    # ------------------------------------------------------------------
    # DELAYS COUNT ANEW
    # ------------------------------------------------------------------

    def test_restart_delays_count_from_that_day(self):
        invoice = self._create_invoice(due=-20)
        self._resume(invoice, "restart", 2)
        self.assertPlanned(
            invoice, "later", 2, level=self.first, date=7, reason="level_date"
        )
        self.assertPlanned(invoice, "step", 7, level=self.first)

    def test_restart_the_level_reached_stays(self):
        invoice = self._create_warned()
        self._resume(invoice, "restart", 3)
        self.assertPlanned(invoice, "later", 4, level=self.second, date=18)

    def test_restart_days_late_are_those_of_the_ledger(self):
        invoice = self._create_invoice(due=-20)
        self._resume(invoice, "restart", 2)
        line = self._run(7).action_ids.line_ids
        self.assertRecordValues(line, [{"days_late": 27, "date_due": self._day(-20)}])

    def test_restart_before_the_due_date_changes_nothing(self):
        invoice = self._create_invoice(due=4)
        self._resume(invoice, "restart", 0)
        self.assertPlanned(invoice, "later", level=self.first, date=9)

    def test_restart_the_last_one_counts(self):
        invoice = self._create_invoice(due=-20)
        self._resume(invoice, "restart", 4)
        self._resume(invoice, "restart", 2)
        self.assertPlanned(invoice, "later", 4, date=9)

    def test_restart_on_a_day_to_come_makes_the_item_wait(self):
        invoice = self._create_invoice(due=-20)
        self._resume(invoice, "restart", 18)
        self.assertPlanned(
            invoice, "later", level=self.first, date=23, reason="level_date"
        )

    def test_restart_on_a_day_to_come_makes_a_preventive_level_wait(self):
        self._set_levels([("Early", -10, {}), ("Late", 10, {})])
        invoice = self._create_invoice(due=9)
        self._resume(invoice, "restart", 3)
        self.assertPlanned(invoice, "later", date=3, reason="not_due")
        self._resume(invoice, "restart", 14)
        late = self.scenario.level_ids[-1]
        self.assertPlanned(invoice, "later", level=late, date=24)

    def test_restart_drops_the_step_that_waits(self):
        invoice = self._create_invoice(due=-20)
        action = self._run().action_ids
        self._resume(invoice, "restart", 1)
        self.assertEqual(action.state, "cancelled")

    def test_restart_drops_the_step_even_if_the_level_falls_on_a_day_off(self):
        invoice = self._create_invoice(due=-20)
        other = self._create_invoice(due=-1)
        action = self._run().action_ids
        self._resume(invoice, "restart", 0)
        self.assertPlanned(invoice, "later", date=7, reason="level_date")
        self.assertEqual(action.state, "cancelled")
        self.assertPlanned(other, "step", 4)

    # ------------------------------------------------------------------
    # SEVERAL MARKS
    # ------------------------------------------------------------------

    def test_the_next_level_after_a_restart_is_due_at_once(self):
        invoice = self._create_invoice(due=-20)
        self._resume(invoice, "restart", 1)
        self._resume(invoice, "next", 2)
        self.assertPlanned(invoice, "step", 2, level=self.first)
        self._step(2)
        self.assertPlanned(invoice, "later", 3, level=self.second, date=16)

    def test_a_restart_after_the_next_level_takes_it_back(self):
        invoice = self._create_warned()
        self._resume(invoice, "next", 1)
        self._resume(invoice, "restart", 3)
        self.assertPlanned(invoice, "later", 3, level=self.second, date=18)

    def test_of_two_marks_on_a_day_the_restart_counts(self):
        invoice = self._create_warned()
        self._resume(invoice, "restart", 3)
        self._resume(invoice, "next", 3)
        self.assertPlanned(invoice, "later", 3, level=self.second, date=18)
