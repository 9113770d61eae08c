from contextlib import suppress
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from ..concurrency import ConcurrencyCommon
from ..smtp import mail_server
from ..victim import Victim

MUTED = ("odoo.addons.mail.models.mail_mail", "odoo.sql_db")


@tagged("post_install", "-at_install")
class TestMailKills(ConcurrencyCommon):
    """An e-mail leaves once, wherever whoever sends it is killed or loses the database.

    What may have left is not sent again by itself: people are told.
    """

    customer_count = 2
    rounds = 1

    def setUp(self):
        super().setUp()
        with self._env() as env:
            env["mail.mail"].search([("state", "=", "outgoing")]).write(
                {"state": "cancel"}
            )
            self.server = self.enterContext(mail_server(env))
            env.company._dunning_run()
        with self.registry.cursor() as cr:
            self.planned = self._read_last_ids(cr)
        self.victim = Victim(self.registry, self._process)
        self.addCleanup(self.victim.close)

    # ------------------------------------------------------------------
    # WORK
    # ------------------------------------------------------------------

    def _queue(self):
        """Hand the e-mails over to the queue, as if nothing had been sent before."""
        self.server.messages = []
        with self._env() as env:
            self._get_actions(env)._execute()

    def _unqueue(self):
        """Forget all of it."""
        with self.registry.cursor() as cr:
            cr.execute(
                "UPDATE dunning_action SET state = 'todo', failure = NULL,"
                " mail_id = NULL, sent_message_id = NULL, date_done = NULL,"
                " done_user_id = NULL, cancel_cause = NULL"
            )
            cr.execute("UPDATE dunning_action_line SET state = 'open'")
            cr.execute("DELETE FROM dunning_item_state")
        self._delete_new_rows(self.planned)

    def _process(self):
        """Send what is in the queue, as the scheduled action does: one transaction for
        each e-mail."""
        with mute_logger(*MUTED), self._env() as env:
            self._send_committing(env)

    def _send_committing(self, env):
        mails = env["mail.mail"].search([("state", "=", "outgoing")], order="id")
        mails.send(auto_commit=True)

    def _get_outcome(self):
        """Return what each customer got, and what its action says.

        :return: list of tuples of address, number of e-mails, state, failure
        """
        with self._env() as env:
            return [
                (
                    address,
                    self.server.recipients.count(address),
                    action.state,
                    action.failure or "",
                )
                for action in self._get_actions(env).sorted("id")
                for address in action.partner_id.mapped("email")
            ]

    def _check(self, when):
        outcome = self._get_outcome()
        self.assertEqual(len(outcome), self.customer_count)
        for address, count, state, failure in outcome:
            with self.subTest(when=when, address=address):
                self.assertLessEqual(count, 1, "the e-mail left twice")
                self.assertIn(state, ("done", "failed"))
                if state == "done":
                    self.assertEqual(count, 1, "done, and nothing has left")
                else:
                    self.assertIn("interrupted", failure)
        return outcome

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    def test_whoever_sends_is_killed_at_each_step(self):
        self._queue()
        self.assertFalse(self.victim.run())
        self.assertEqual({row[2] for row in self._check("undisturbed")}, {"done"})
        steps, commits = self.victim.steps, self.victim.commits
        killed, left_and_unconfirmed = 0, 0
        # Everywhere around what is committed, and now and then between.
        chosen = {step for commit in commits for step in (commit - 1, commit)}
        chosen |= set(range(1, steps, 7))
        for step in sorted(chosen):
            self._unqueue()
            self._queue()
            # A later one takes a few statements less than the first.
            killed += self.victim.run(step=step)
            self._process()
            self._process()
            left_and_unconfirmed += sum(
                count == 1 and state == "failed"
                for _address, count, state, _failure in self._check(f"step {step}")
            )
        self.assertGreater(killed, len(chosen) * 0.8)
        # It was really hit between the mail server and the commit.
        self.assertGreater(left_and_unconfirmed, 0)

    def test_the_database_is_lost_right_after_the_mail_server_has_it(self):
        self._queue()
        send = IrMail_Server.send_email
        lost = []

        def send_and_lose(server, *args, **kwargs):
            result = send(server, *args, **kwargs)
            if not lost:
                lost.append(True)
                server.env.cr.execute("SELECT pg_backend_pid()")
                [pid] = server.env.cr.fetchone()
                with sql_db.db_connect(server.env.cr.dbname).cursor() as cr:
                    cr.execute("SELECT pg_terminate_backend(%s)", [pid])
            return result

        def process():
            with patch.object(IrMail_Server, "send_email", send_and_lose):
                self._process()

        victim = Victim(self.registry, process)
        self.addCleanup(victim.close)
        # It ends in an error, as a worker of the server does.
        with suppress(RuntimeError):
            victim.run()
        self.assertEqual(len(self.server.messages), 1)
        self._process()
        outcome = self._check("the database is lost")
        self.assertEqual(
            sorted(row[1:3] for row in outcome), [(1, "done"), (1, "failed")]
        )

    def test_who_decides_that_it_has_not_left_sends_it_again(self):
        self._queue()
        self.victim.run()
        self._unqueue()
        self._queue()
        # Killed before the commit that follows the first e-mail.
        self.assertTrue(self.victim.run(step=self._get_step_of_first_mail()))
        self._process()
        with self._env() as env:
            failed = self._get_actions(env).filtered(lambda a: a.state == "failed")
            self.assertEqual(len(failed), 1)
            self.assertEqual(failed.sending_id.state, "unknown")
            failed.action_execute()
            self.assertEqual(failed.state, "done")
        self._process()
        with self._env() as env:
            self.assertEqual(set(self._get_actions(env).mapped("state")), {"done"})

    def _get_step_of_first_mail(self):
        """Return a step after which the first e-mail has been handed over and nothing
        has been confirmed: before the second commit, the first being its mark."""
        return self.victim.commits[1] - 1

    def test_two_who_send_at_the_same_time_send_once(self):
        self._queue()
        self.server.delay = 0.2
        with mute_logger(*MUTED):
            self._in_threads(self._send_committing, self._send_committing)
        self.assertEqual(
            self.server.recipients,
            [f"customer{number}@example.com" for number in range(2)],
        )
        self._process()
        self.assertEqual({row[2] for row in self._get_outcome()}, {"done"})
