import time
from threading import Event

from psycopg2 import Error

from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrency import ConcurrencyCommon


def run(env):
    return env.company._dunning_run().action_count


def send(env):
    env["dunning.action"]._cron_execute()


@tagged("post_install", "-at_install")
class TestConcurrentRuns(ConcurrencyCommon):
    """Two runs at once are one run."""

    def test_a_run_is_refused_while_another_is_in_progress(self):
        with self._env() as first, self._env(commit=False) as second:
            self.assertEqual(run(first), self.customer_count)
            with self.assertRaisesRegex(UserError, "in progress"):
                run(second)
        with self._env() as env:
            self.assertEqual(run(env), 0)
            self.assertEqual(len(self._get_actions(env)), self.customer_count)

    def test_a_run_that_began_before_another_was_over_adds_nothing(self):
        with self.registry.cursor() as cr:
            late = self._open(cr)
            # Its transaction sees the database as it is now.
            self.assertFalse(self._get_actions(late))
            with self._env() as env:
                self.assertEqual(run(env), self.customer_count)
            with self.assertRaises(PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
                with mute_logger("odoo.sql_db"):
                    run(late)
            cr.rollback()
            # As the server does for whoever started it, and nobody sees an error.
            self.assertEqual(retrying(lambda: run(late), late), 0)
        with self._env() as env:
            self.assertEqual(len(self._get_actions(env)), self.customer_count)

    def test_runs_that_start_together_are_one(self):
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            results = self._in_threads(*[run] * 4)
        counts = [result for result in results if isinstance(result, int)]
        errors = [result for result in results if not isinstance(result, int)]
        self.assertEqual(sum(counts), self.customer_count)
        for error in errors:
            self.assertIsInstance(error, UserError)
        with self._env() as env:
            self.assertEqual(len(self._get_actions(env)), self.customer_count)

    def test_the_daily_run_is_not_lost_by_a_conflict(self):
        with self.registry.cursor() as cr:
            late = self._open(cr)
            self.assertFalse(self._get_actions(late))
            with self._env() as env:
                run(env)
            with mute_logger("odoo.sql_db"):
                late.company._dunning_run_safely()
            # Real transactions are the subject.
            cr.commit()  # pylint: disable=invalid-commit
        with self._env() as env:
            runs = env["dunning.run"].search([], limit=2, order="id desc")
            self.assertEqual(runs.mapped("state"), ["done", "done"])
            self.assertEqual(runs[0].action_count, 0)

    def test_the_daily_run_waits_for_one_that_comes_to_nothing(self):
        begun = Event()

        def die(env):
            run(env)
            begun.set()
            # The database goes on for a while for a process that is dead.
            time.sleep(1)
            env.cr.rollback()

        def run_daily(env):
            begun.wait(30)
            return env.company._dunning_run_safely().state

        _dead, state = self._in_threads(die, run_daily)
        self.assertEqual(state, "done")
        with self._env() as env:
            self.assertEqual(len(self._get_actions(env)), self.customer_count)

    def test_a_run_that_is_killed_leaves_nothing(self):
        with self.assertRaises(Error), mute_logger("odoo.sql_db"):
            with self.registry.cursor() as cr:
                victim = self._open(cr)
                self.assertEqual(run(victim), self.customer_count)
                victim.flush_all()
                self._kill(cr)
        with self._env() as env:
            self.assertFalse(self._get_actions(env))
            self.assertEqual(run(env), self.customer_count)

    def _kill(self, cr):
        """End the connection of a cursor from another one."""
        cr.execute("SELECT pg_backend_pid()")
        [pid] = cr.fetchone()
        with self._env() as env:
            env.cr.execute("SELECT pg_terminate_backend(%s)", [pid])


@tagged("post_install", "-at_install")
class TestConcurrentSending(ConcurrencyCommon):
    """Whoever sends, and however many: each action once."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            run(env)

    def test_processes_that_send_together_share_the_work(self):
        with mute_logger("odoo.sql_db"):
            results = self._in_threads(*[send] * 3)
        self.assertEqual(results, [None] * 3)
        self.assertEachContactedOnce()

    def test_a_process_finds_work_beyond_what_another_has_locked(self):
        with self._env() as first, self._env() as second:
            domain = first["dunning.action"]._get_due_domain()
            locked = first["dunning.action"]._lock_due(domain, 2)
            self.assertEqual(len(locked), 2)
            others = second["dunning.action"]._lock_due(domain, 2)
            self.assertEqual(len(others), 2)
            self.assertFalse(set(locked.ids) & set(others.ids))

    def test_a_person_is_told_that_the_action_is_being_carried_out(self):
        with self._env() as first, self._env(commit=False) as second:
            self._get_actions(first).action_execute()
            with self.assertRaisesRegex(UserError, "dealing with this"):
                self._get_actions(second)[:1].action_execute()
        self.assertEachContactedOnce()

    def test_a_person_is_told_who_was_faster(self):
        with self.registry.cursor() as cr:
            late = self._open(cr)
            action = self._get_actions(late)[0]
            self.assertEqual(action.state, "todo")
            with self._env() as env:
                self._get_actions(env).action_execute()
            with mute_logger("odoo.sql_db", "odoo.service.model"):
                with self.assertRaisesRegex(UserError, "already done"):
                    retrying(action.action_execute, late)
        self.assertEachContactedOnce()

    def test_people_and_the_system_send_each_action_once(self):
        def execute(env):
            self._get_actions(env).filtered(
                lambda action: action.state == "todo"
            ).action_execute()

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            results = self._in_threads(execute, send, execute)
        for result in results:
            if result is not None:
                self.assertIsInstance(result, UserError)
        with self._env() as env:
            send(env)
        self.assertEachContactedOnce()


@tagged("post_install", "-at_install")
class TestConcurrentPayments(ConcurrencyCommon):
    """A payment that comes in while dunning is at work."""

    def test_what_is_paid_during_the_run_is_not_sent(self):
        with self._env() as runner, self._env() as payer:
            run(runner)
            self._pay(payer, self.invoice_ids[:2])
            payer.cr.commit()
        with self._env() as env:
            self.assertEqual(len(self._get_actions(env)), self.customer_count)
            send(env)
            paid = self._get_actions(env).filtered(
                lambda action: action.partner_id.id in self.partner_ids[:2]
            )
            self.assertEqual(paid.mapped("state"), ["cancelled"] * 2)
            self.assertEqual(paid.mapped("cancel_cause"), ["paid"] * 2)
        self.assertEachContactedOnce(self.customer_count - 2)

    def test_a_payment_stops_what_has_not_been_sent_yet(self):
        with self._env() as env:
            run(env)
        with self._env() as payer, self._env() as sender:
            self._pay(payer, self.invoice_ids[:2])
            payer.flush_all()
            # The payment has reached the actions: they are its own until it is over.
            send(sender)
        with self._env() as env:
            send(env)
        self.assertEachContactedOnce(self.customer_count - 2)

    def test_payments_and_sending_at_the_same_time_disturb_neither(self):
        with self._env() as env:
            run(env)

        def pay(env):
            return self._pay(env, self.invoice_ids[:3])

        with mute_logger("odoo.sql_db", "odoo.service.model"):
            paid, sent = self._in_threads(pay, send)
        self.assertEqual(len(paid), 3)
        self.assertIsNone(sent)
        with self._env() as env:
            invoices = env["account.move"].browse(self.invoice_ids[:3])
            self.assertNotIn("not_paid", invoices.mapped("payment_state"))
            states = set(self._get_actions(env).mapped("state"))
            self.assertLessEqual(states, {"done", "cancelled"})
