from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrency import ConcurrencyCommon
from ..victim import Victim, work_together


def run(env):
    return env.company._dunning_run().action_count


def send(env):
    env["dunning.action"]._cron_execute()


@tagged("post_install", "-at_install")
class TestConcurrentPairs(ConcurrencyCommon):
    """What people and the system do at the same time: each once, in any order, and
    nobody sees an error of the database."""

    def _together(self, *functions):
        """Call the functions at the same time, as the server does.

        :return: what they returned; what they raised is meant for people to read
        """
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            results = self._in_threads(*functions)
        for result in results:
            if isinstance(result, Exception):
                self.assertIsInstance(result, UserError)
        return results

    def _get_invoices(self, env, count):
        return env["account.move"].browse(self.invoice_ids[:count])

    def _get_items(self, moves):
        return moves.line_ids.filtered(lambda line: line.date_maturity)

    def _execute(self, env):
        self._get_actions(env).filtered(
            lambda action: action.state == "todo"
        ).action_execute()

    def _create_bank_line(self, env, amount):
        """Record a line of a bank statement."""
        journal = env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
        )
        return env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": fields.Date.today(),
                "payment_ref": "Transfer",
                "amount": amount,
            }
        )

    def _prepare_reconciliation(self, env, count):
        """Record bank lines that pay invoices.

        :return: function that matches them
        """
        line_ids = [self._create_bank_line(env, 100).id for _number in range(count)]

        def reconcile(env):
            lines = env["account.bank.statement.line"].browse(line_ids)
            moves = self._get_invoices(env, count)
            for line, move in zip(lines, moves, strict=True):
                self._reconcile(line, self._get_items(move))

        return reconcile

    def _reconcile(self, line, item):
        """Match a bank line with an item, as the reconciliation screen does."""
        _liquidity, suspense, _other = line.with_context(
            skip_account_move_synchronization=True
        )._seek_for_lines()
        suspense.write(
            {"account_id": item.account_id.id, "partner_id": item.partner_id.id}
        )
        (suspense | item).reconcile()

    # ------------------------------------------------------------------
    # A RUN AND PEOPLE
    # ------------------------------------------------------------------

    def test_a_run_and_a_person_who_sends(self):
        with self._env() as env:
            later = env["res.partner"].browse(self.partner_ids[3:])
            env.company._dunning_run(excluded_partners=later)
            self.assertEqual(len(self._get_actions(env)), 3)
        count, sent = self._together(run, self._execute)
        self.assertEqual(count, 3)
        self.assertIsNone(sent)
        with self._env() as env:
            self.assertEqual(run(env), 0)
            send(env)
        self.assertEachContactedOnce()

    def test_a_run_and_a_person_who_sends_what_it_creates(self):
        def execute_whatever_is_there(env):
            while not self._get_actions(env):
                env.cr.rollback()
            self._execute(env)

        self._together(run, execute_whatever_is_there)
        with self._env() as env:
            self.assertEqual(run(env), 0)
        self.assertEachContactedOnce()

    def test_two_collectors_on_one_action(self):
        with self._env() as env:
            run(env)

        def execute(env):
            return self._get_actions(env)[0].action_execute()

        results = self._together(execute, execute)
        done = [result for result in results if isinstance(result, dict)]
        self.assertEqual(len(done), 1)
        self.assertEachContactedOnce(1)

    def test_a_collector_who_skips_what_another_one_sends(self):
        with self._env() as env:
            run(env)

        def execute(env):
            self._get_actions(env)[0].action_execute()

        def skip(env):
            self._get_actions(env)[0].action_skip("They have called")

        self._together(execute, skip)
        with self._env() as env:
            action = self._get_actions(env)[0]
            self.assertIn(action.state, ("done", "cancelled"))
            self.assertEqual(bool(action.mail_id), action.state == "done")

    # ------------------------------------------------------------------
    # THE LEDGER
    # ------------------------------------------------------------------

    def test_a_run_and_the_reconciliation_of_the_bank(self):
        with self._env() as env:
            reconcile = self._prepare_reconciliation(env, 3)

        self.assertIsNone(self._together(run, reconcile)[1])
        self._check_paid(3)

    def test_a_run_and_payments(self):
        paid = self._together(run, lambda env: self._pay(env, self.invoice_ids[:3]))[1]
        self.assertEqual(len(paid), 3)
        self._check_paid(3)

    def test_sending_and_the_reconciliation_of_the_bank(self):
        with self._env() as env:
            run(env)
            reconcile = self._prepare_reconciliation(env, 3)

        self.assertEqual(self._together(send, reconcile), [None, None])
        self._check_sent_or_paid(3)

    def test_sending_and_a_payment_that_is_assigned_to_an_invoice(self):
        with self._env() as env:
            run(env)
            credit = self._create_credit(env)

        def assign(env):
            self._get_invoices(env, 1).js_assign_outstanding_line(credit)

        self.assertIsNone(self._together(assign, send)[0])
        self._check_sent_or_paid(1)

    def _create_credit(self, env):
        """Record a payment of the first customer that is assigned to nothing.

        :return: id of its journal item
        """
        move = self._get_invoices(env, 1)
        journal = env["account.journal"].search(
            [("type", "=", "general"), ("company_id", "=", env.company.id)], limit=1
        )
        receivable = self._get_items(move).account_id
        income = move.invoice_line_ids.account_id
        values = {"partner_id": move.partner_id.id, "name": "Transfer"}
        entry = env["account.move"].create(
            {
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {**values, "account_id": receivable.id, "credit": 60}
                    ),
                    Command.create({**values, "account_id": income.id, "debit": 60}),
                ],
            }
        )
        entry.action_post()
        return entry.line_ids.filtered("credit").id

    def _check_paid(self, count):
        """Check that what is paid is not sent, and all else is."""
        with self._env() as env:
            items = self._get_items(self._get_invoices(env, count))
            self.assertEqual(items.mapped("reconciled"), [True] * count)
            send(env)
        self.assertEachContactedOnce(self.customer_count - count)

    def _check_sent_or_paid(self, count):
        """Check that the action of each customer who paid was sent or cancelled, and
        that all others were sent."""
        with self._env() as env:
            send(env)
            actions = self._get_actions(env)
            payers = actions.filtered(
                lambda action: action.partner_id.id in self.partner_ids[:count]
            )
            self.assertLessEqual(set(payers.mapped("state")), {"done", "cancelled"})
            self.assertEqual(set((actions - payers).mapped("state")), {"done"})
            sent = actions.filtered(lambda action: action.state == "done")
        self.assertEachContactedOnce(len(sent))


@tagged("post_install", "-at_install")
class TestProcesses(ConcurrencyCommon):
    """Several processes, as a server with workers has them, share the sending."""

    customer_count = 12

    def test_each_action_is_sent_once_and_none_is_left(self):
        with self._env() as env:
            run(env)
        processes = [Victim(self.registry, self._send) for _number in range(3)]
        for process in processes:
            self.addCleanup(process.close)
        work_together(processes)
        self.assertEachContactedOnce()
        with self._env() as env:
            self.assertEqual(set(self._get_actions(env).mapped("state")), {"done"})

    def _send(self):
        with self._env() as env:
            send(env)
