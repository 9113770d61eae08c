from odoo.tests import tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseCalls(PromiseCommon):
    """What follows a broken promise: same level, next level, or a call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second, cls.last = cls._set_levels(
            [("First", 15, {}), ("Second", 38, {}), ("Last", 60, {})]
        )

    def _break(self, resume, day=9):
        """Let the customer break a promise after the first level."""
        self.company.dunning_promise_resume = resume
        self._step(0)
        self.promise = self._promise((5, 100), items=self.old)
        return self._run(day)

    def _calls(self):
        return self._actions(kind="promise")

    # ------------------------------------------------------------------
    # THE SCENARIO
    # ------------------------------------------------------------------

    def test_same_level_goes_on_by_its_own_dates(self):
        run = self._break("same")
        self.assertFalse(run.action_ids.filtered("level_id") & self._calls())
        self.assertPlanned(self.old, "later", level=self.second, date=18)

    def test_next_level_is_due_at_once(self):
        run = self._break("next")
        self.assertListed(run.action_ids, {self.old: self.second, self.new: self.first})

    # ------------------------------------------------------------------
    # THE CALL
    # ------------------------------------------------------------------

    def _break_alone(self):
        """Let only the promised invoice be overdue."""
        self._pay(self.new)
        return self._break("call")

    def test_a_call_is_planned_for_what_was_promised(self):
        run = self._break_alone()
        self.assertRecordValues(
            self._calls(),
            [
                {
                    "promise_id": self.promise.id,
                    "promise_line_id": self.promise.line_ids.id,
                    "run_id": run.id,
                    "channel": "call",
                    "execution": "manual",
                    "state": "todo",
                    "date": self._day(9),
                    "user_id": self.collector.id,
                    "amount": 100,
                    "level_id": False,
                }
            ],
        )
        self.assertListed(self._calls(), {self.old: None})
        self.assertIn("Promise Broken", self._calls().title)
        self.assertEqual(run.promise_count, 1)
        self.assertPlanned(self.old, "later", level=self.second, date=18)

    def test_running_twice_calls_once(self):
        self._break_alone()
        self._run(9)
        self._run(10)
        self.assertEqual(len(self._calls()), 1)

    def test_a_call_that_was_skipped_does_not_come_back(self):
        self._break_alone()
        self._calls().action_skip("They called")
        self._run(10)
        self.assertEqual(self._calls().state, "cancelled")

    def test_a_payment_cancels_the_call_and_a_bounce_brings_it_back(self):
        self._break_alone()
        payment = self._pay(self.old)
        self.assertEqual(self._calls().state, "cancelled")
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.assertEqual(self._calls().state, "todo")

    def test_a_payment_dated_in_time_cancels_the_call(self):
        self._break_alone()
        self._pay(self.old, 99.99, date=7)
        self.assertEqual(
            (self.promise.state, self._calls().state), ("partly_kept", "todo")
        )
        self._pay(self.old, 0.01, date=7)
        self.assertEqual(
            (self.promise.state, self._calls().state), ("kept", "cancelled")
        )

    def test_a_step_of_that_day_takes_the_place_of_the_call(self):
        run = self._break("call", day=18)
        self.assertFalse(self._calls())
        self.assertEqual(run.action_ids.level_id, self.second)
        self._execute(run)
        self._run(21)
        self.assertFalse(self._calls())

    def test_each_missed_instalment_is_called_for(self):
        self.company.write(
            {"dunning_promise_break_whole": False, "dunning_promise_resume": "call"}
        )
        self._pay(self.new)
        self._step(0)
        promise = self._promise((1, 50), (8, 50), items=self.old)
        self._run(5)
        [call] = self._calls()
        self.assertEqual((call.amount, call.promise_line_id), (50, promise.line_ids[0]))
        call.action_execute()
        self._run(12)
        self.assertEqual(len(self._calls()), 2)
        self.assertEqual(self._calls()[-1].amount, 100)

    def test_an_unapproved_promise_is_not_called_for(self):
        self.company.dunning_promise_max_amount = 10
        self._break_alone()
        self.assertEqual(
            (self.promise.approval, self.promise.state), ("waiting", "void")
        )
        self.assertFalse(self._calls())

    def test_customers_left_out_of_the_run_are_called_the_next_time(self):
        self.company.dunning_promise_resume = "call"
        self._pay(self.new)
        self._step(0)
        self._promise((5, 100), items=self.old)
        self._run(9, excluded_partners=self.customer)
        self.assertFalse(self._calls())
        self._run(10)
        self.assertEqual(len(self._calls()), 1)
