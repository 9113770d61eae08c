from odoo.exceptions import UserError
from odoo.tests import tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseApproval(PromiseCommon):
    """A promise that nobody has approved is without any effect, whatever is paid and
    however long it waits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user("manager", "group_dunning_manager")
        cls.company.write(
            {
                "dunning_promise_approver_id": cls.manager.id,
                "dunning_promise_max_amount": 60,
            }
        )

    def _ask(self, *lines, **values):
        """Make a promise that waits for its approval."""
        promise = self._promise(*(lines or [(5, 100)]), items=self.old, **values)
        self.assertEqual((promise.approval, promise.state), ("waiting", "open"))
        return promise.with_user(self.manager)

    # ------------------------------------------------------------------
    # RENEGOTIATION
    # ------------------------------------------------------------------

    def test_a_renegotiation_that_waits_is_not_kept_with_nothing_paid(self):
        running = self._promise((5, 60), items=self.old)
        waiting = self._ask((12, 100))
        self.assertStates(waiting, "open")
        self.assertStates(running, "open")
        self._run(3)
        self.assertStates(waiting, "open")
        waiting.action_approve()
        self.assertStates(waiting, "open")
        self.assertStates(running, "renegotiated")
        self.assertEqual(self._get_active_holds(), {self.old: 100})

    def test_a_renegotiation_that_waits_can_be_refused(self):
        running = self._promise((5, 60), items=self.old)
        waiting = self._ask((12, 100))
        self._run(3)
        waiting.action_refuse("Too late")
        self.assertStates(waiting, "withdrawn")
        self.assertStates(running, "open")

    def test_of_two_that_wait_each_names_the_other(self):
        first, second = self._ask((5, 100)), self._ask((12, 100))
        self.assertEqual((first.rival_ids, second.rival_ids), (second, first))
        self.assertEqual(first.action_open_rivals()["res_id"], second.id)
        first.action_refuse("The second one counts")
        self.assertFalse(second.rival_ids | first.rival_ids)

    def test_a_newer_one_that_is_approved_closes_the_one_that_waits(self):
        first, second = self._ask((5, 100)), self._ask((12, 100))
        second.action_approve()
        self.assertStates(first, "renegotiated")
        self.assertStates(second, "open")

    def test_what_comes_in_before_is_received_by_what_was_in_effect(self):
        running = self._promise((12, 60), items=self.old)
        waiting = self._ask((5, 100))
        self._pay(self.old, 60)
        self.assertStates(running, "kept")
        self.assertEqual((running.amount_received, waiting.amount_received), (60, 0))
        waiting.action_approve()
        self.assertEqual((running.amount_received, waiting.amount_received), (60, 0))
        self.assertStates(waiting, "open")
        self.assertEqual(waiting.amount_left, 40)

    def test_what_was_never_approved_was_not_put_off(self):
        self._ask((5, 100))
        promise = self._promise((12, 50), items=self.old)
        self.assertEqual(promise.renegotiation_count, 0)
        self.assertEqual(self._promise((15, 50)).renegotiation_count, 1)

    # ------------------------------------------------------------------
    # TIME GOES BY
    # ------------------------------------------------------------------

    def test_a_promise_never_approved_is_not_broken(self):
        self.company.dunning_promise_resume = "call"
        promise = self._ask((5, 50), (12, 50))
        self._run(9)
        self.assertStates(promise, "open", "open", "open")
        self._run(15)
        self.assertStates(promise, "open", "open", "open")
        self._run(16)
        self.assertStates(promise, "void", "void", "void")
        self.assertIn("Nobody has approved", promise.outcome_text)
        self.assertFalse(promise.activity_ids)
        self.assertFalse(promise.hold_ids)
        self.assertFalse(self._actions(kind="promise"))
        self.assertEqual(self.customer.dunning_promise_broken_count, 0)
        with self.assertRaisesRegex(UserError, "not wait"):
            promise.action_approve()

    def test_a_promise_is_not_approved_once_its_day_has_passed(self):
        promise = self._ask((5, 50), (12, 50))
        self._go_to(9)
        with self.assertRaisesRegex(UserError, "has passed"), self.env.cr.savepoint():
            promise.action_approve()
        self.assertEqual((promise.approval, promise.state), ("waiting", "open"))
        promise.action_refuse("Make a new one")
        self.assertStates(promise, "withdrawn", "withdrawn", "withdrawn")

    def test_a_promise_is_approved_late_when_its_payment_has_come(self):
        promise = self._ask((5, 50), (12, 50))
        self._pay(self.old, 50, date=5)
        self._go_to(9)
        promise.action_approve()
        self.assertStates(promise, "open", "kept", "open")

    def test_what_was_void_waits_again_when_the_payment_is_undone(self):
        promise = self._ask()
        self._pay(self.old)
        self.assertStates(promise, "void")
        self.assertFalse(promise.activity_ids)
        self._items(self.old).remove_move_reconcile()
        self.assertStates(promise, "open")
        self.assertEqual(promise.activity_ids.user_id, self.manager)
        promise.action_approve()
        self.assertEqual(self._get_active_holds(), {self.old: 100})

    def test_a_withdrawal_that_is_undone_is_to_be_approved_again(self):
        promise = self._ask().with_user(self.collector)
        promise.action_withdraw()
        self.assertFalse(promise.activity_ids)
        promise.action_reopen()
        self.assertEqual(promise.activity_ids.user_id, self.manager)

    def test_what_was_never_approved_waits_on_its_last_day(self):
        waiting = self._ask((5, 100))
        last = (waiting.line_ids.date_limit - self._day(0)).days
        for day, state in ((last, "open"), (last + 1, "void")):
            self._go_to(day)
            self._pay(self.old, 10)
            with self.subTest(day=day):
                self.assertStates(waiting, state)

    # ------------------------------------------------------------------
    # WHAT PEOPLE SEE
    # ------------------------------------------------------------------

    def test_what_waits_is_not_among_what_is_running_or_should_come_in(self):
        self._ask()
        self.assertEqual(self.customer.dunning_promise_count, 0)
        self.assertFalse(self.customer.dunning_promised_text)

    # ------------------------------------------------------------------
    # TOLERANCE AND DAYS
    # ------------------------------------------------------------------

    def test_a_promise_for_today_is_accepted(self):
        promise = self._promise((0, 50), items=self.old)
        self.assertEqual(self._get_active_holds(), {self.old: 50})
        self._pay(self.old, 50)
        self.assertStates(promise, "kept")

    def test_a_promise_for_today_without_tolerance_holds_today(self):
        self.company.dunning_promise_tolerance = 0
        promise = self._promise((0, 50), items=self.old)
        self.assertEqual(promise.hold_ids.date_end, self.today)
        self._run(0)
        self.assertStates(promise, "open")
        self._run(1)
        self.assertStates(promise, "broken")

    def test_a_tolerance_that_ends_on_a_day_off_ends_on_the_next_working_day(self):
        self._add_holiday(7)
        promise = self._promise((2, 50), items=self.old)
        # From Saturday to Tuesday, as Monday is a holiday.
        self.assertEqual(promise.line_ids.date_limit, self._day(8))
        self.assertEqual(promise.hold_ids.date_end, self._day(8))
        self._run(7)
        self.assertStates(promise, "open")
        self._run(8)
        self.assertStates(promise, "open")
        self._run(9)
        self.assertStates(promise, "broken")
        self._pay(self.old, 50, date=8)
        self.assertStates(promise, "kept")

    def test_a_day_off_is_that_of_the_calendar_when_it_was_agreed(self):
        promise = self._promise((2, 50), items=self.old)
        self.assertEqual(promise.line_ids.date_limit, self._day(7))
        self._add_holiday(7)
        self._run(8)
        self.assertStates(promise, "broken")

    def test_a_date_at_the_end_of_time_has_a_last_day(self):
        last = self.company._dunning_get_last_day(self._day("9999-12-30"), 3)
        self.assertEqual(str(last), "9999-12-31")
