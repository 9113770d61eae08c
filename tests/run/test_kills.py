import logging
import os
import time
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum
from itertools import cycle, islice, pairwise, takewhile
from random import Random, SystemRandom

from odoo import Command
from odoo.tests import tagged

from ..concurrency import ConcurrencyCommon
from ..victim import Victim

_logger = logging.getLogger(__name__)

# `make stress` asks for a thousand. DUNNING_SEED=7 makes the same choices again.
KILLS = max(int(os.environ.get("DUNNING_KILLS", 24)), 20)
SEED = int(os.environ.get("DUNNING_SEED", 0)) or SystemRandom().randrange(1, 10**6)

# What becomes of the actions: the failed one has no address, two are for people. One of
# those that are done reminds of a promised payment.
EXPECTED = {"done": 7, "failed": 1, "todo": 1, "to_validate": 1}
MAILS = 7

# After how many kills the progress is told.
TOLD = 50

# What dunning leaves behind, told without the ids of the rows it has made.
TRACES = {
    "actions": """
        SELECT partner.name, action.company_id, action.kind, level.name,
               action.channel, action.execution, action.state, action.date,
               action.date_done, action.amount, action.date_due, action.failure,
               action.cancel_cause, action.mail_id IS NOT NULL
          FROM dunning_action action
          JOIN res_partner partner ON partner.id = action.partner_id
     LEFT JOIN dunning_level level ON level.id = action.level_id
    """,
    "lines": """
        SELECT line.item_ref, line.level_id, line.state, line.drop_cause,
               line.amount_residual, line.amount_withheld, line.date_due, line.name,
               action.partner_id
          FROM dunning_action_line line
          JOIN dunning_action action ON action.id = line.action_id
    """,
    "mails": """
        SELECT message.model, message.res_id, message.subject, mail.body_html,
               mail.state, action.state, action.partner_id,
               ARRAY(SELECT res_partner_id
                       FROM mail_mail_res_partner_rel
                      WHERE mail_mail_id = mail.id)
          FROM mail_mail mail
          JOIN mail_message message ON message.id = mail.mail_message_id
     LEFT JOIN dunning_action action ON action.mail_id = mail.id
    """,
    "states": "SELECT move_line_id, level_id, date FROM dunning_item_state",
    "messages": """
        SELECT message.model, COALESCE(action.partner_id, message.res_id),
               message.message_type, message.subtype_id
          FROM mail_message message
     LEFT JOIN dunning_action action
            ON action.id = message.res_id AND message.model = 'dunning.action'
         WHERE message.model IN ('account.move', 'dunning.action', 'res.partner')
    """,
    "activities": """
        SELECT action.partner_id, activity.user_id, activity.date_deadline,
               activity.summary
          FROM mail_activity activity
     LEFT JOIN dunning_action action
            ON action.id = activity.res_id AND activity.res_model = 'dunning.action'
    """,
    "counted": "SELECT SUM(action_count) FROM dunning_run WHERE state = 'done'",
    "failed runs": "SELECT message FROM dunning_run WHERE state = 'failed'",
}


class Phase(Enum):
    """Where the work can be interrupted, by what has been committed."""

    FIRST_RUN = "the run of the first company"
    SECOND_RUN = "the run of the second company"
    FIRST_BATCH = "the first batch of mails"
    LATER_BATCH = "a later batch of mails"
    END = "what is done after the last batch"


@tagged("post_install", "-at_install")
class TestKills(ConcurrencyCommon):
    """A day's dunning that is killed, and done again, is done once.

    Processes are killed while they run the dunning of two companies and send what is
    due, in several batches; often the one that goes on is killed, too. When one has
    got to the end, everything must be as if nobody had been disturbed.
    """

    customer_count = 7
    rounds = 1
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Midnight may pass.
        with cls.registry.cursor() as cr:
            cr.execute("SELECT CURRENT_DATE")
            [today] = cr.fetchone()
        cls.classPatch(
            cls.registry["res.company"], "_dunning_today", lambda company: today
        )

    def setUp(self):
        super().setUp()
        self.random = Random(SEED)
        self.victim = Victim(self.registry, self._dun)
        self.addCleanup(self.victim.close)
        self.phases = Counter()
        self.units = Counter()
        self.amid_count = 0
        with self.registry.cursor() as cr:
            self.fresh = self._read_last_ids(cr)

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    def test_dunning_killed_anywhere_and_done_again_is_done_once(self):
        self.start = time.monotonic()
        with self._seed_told():
            self._measure()
            targets = self._aim()
            while self.phases.total() < KILLS:
                self._kill_and_do_again(next(targets))
            self._check_spread()
        self._tell_progress(*self._get_summary())

    # ------------------------------------------------------------------
    # WORK
    # ------------------------------------------------------------------

    def _create_data(self, env):
        """Have dunning do everything that it does by itself, in two companies."""
        partners = super()._create_data(env)
        partners[-1].email = False
        scenario = partners.dunning_scenario_id
        for partner, values in (
            (partners[0], {"channel": "call", "execution": "manual"}),
            (partners[1], {"execution": "validate"}),
        ):
            partner.dunning_user_id = env.user
            partner.dunning_scenario_id = scenario.copy()
            partner.dunning_scenario_id.level_ids.write(values)
        self._create_invoices(env, partners[:3], days_late=20)
        self._create_promise(env, partners[2])
        branch = env["res.company"].create(
            {"name": "Branch", "parent_id": env.company.id}
        )
        # Before the transaction ends the branch gets its parent's accounts.
        env.cr.precommit.run()
        branch.dunning_first_contact_days = 0
        env = env(context={"allowed_company_ids": [branch.id, env.company.id]})
        customers = partners[2:4].with_env(env)
        customers.dunning_scenario_id = scenario
        self._create_invoices(env, customers)
        return partners

    def _create_promise(self, env, partner):
        """Have a payment promised of which the customer is to be reminded today."""
        today = env.company._dunning_today()
        env.company.dunning_promise_reminder_days = 3
        invoice = self._create_invoices(env, partner, days_late=-30)
        promise = env["dunning.promise"].create(
            {
                "partner_id": partner.id,
                "move_line_ids": [
                    Command.set(
                        invoice.line_ids.filtered(
                            lambda line: line.account_type == "asset_receivable"
                        ).ids
                    )
                ],
                "line_ids": [
                    Command.create({"date": today + timedelta(days=3), "amount": 1})
                ],
            }
        )
        promise.sudo().date = today - timedelta(days=7)

    def _dun(self):
        """Do what the scheduled actions do in a day."""
        with self._env() as env:
            env["res.company"]._cron_dunning_run()
        with self._env() as env:
            env["dunning.action"]._cron_execute()

    def _measure(self):
        """See how long it takes when nobody disturbs it, and what comes of it."""
        # The first time, caches are filled.
        self._dun()
        first = self._read_traces()
        self._delete_new_rows(self.fresh)
        self.assertFalse(self.victim.run())
        self.commits = self.victim.commits
        self.seconds = self.victim.seconds
        self.expected = self._read_traces()
        self.assertEqual(first, self.expected)
        states = Counter(action[6] for action in self.expected["actions"])
        self.assertEqual(states, EXPECTED)
        self.due_count = states["done"] + states["failed"]
        self.assertEqual(len(self.expected["mails"]), MAILS)
        self.assertEqual(len(self.expected["activities"]), 1)

    def _read_traces(self):
        with self.registry.cursor() as cr:
            traces = {}
            for name, query in TRACES.items():
                cr.execute(query)
                traces[name] = sorted(cr.fetchall(), key=repr)
        return traces

    # ------------------------------------------------------------------
    # KILLS
    # ------------------------------------------------------------------

    def _aim(self):
        """Aim at each transaction, and again until each phase was hit; then anywhere,
        and also at whoever goes on.

        :return: iterator of lists of keyword arguments of :meth:`Victim.run`
        """
        yield from self._aim_at_each()
        while self._get_missed():
            yield from takewhile(lambda target: self._get_missed(), self._aim_at_each())
        anywhere = cycle([self._aim_at_step, self._aim_at_time])
        while True:
            yield [aim() for aim in islice(anywhere, self.random.randint(1, 3))]

    def _aim_at_each(self):
        """Aim at each transaction, at the last one first: it is the one that is missed
        when the work takes fewer statements than before."""
        for before, commit in reversed([*pairwise([0, *self.commits])]):
            yield [{"step": self.random.randint(before + 1, commit)}]

    def _aim_at_step(self):
        return {"step": self.random.randint(1, self.commits[-1])}

    def _aim_at_time(self):
        return {"seconds": self.random.uniform(0, self.seconds)}

    def _kill_and_do_again(self, targets):
        """Kill who works on it, and perhaps whoever goes on, then go on to the end."""
        self._delete_new_rows(self.fresh)
        history = []
        for target in targets[: KILLS - self.phases.total()]:
            if not self.victim.run(**target):
                # It has got to the end: this is what there is to aim at by now.
                self.commits = self.victim.commits
                break
            phase = self._get_phase()
            history.append(f"at {target}, in {phase.value}")
            self._record(phase, *target)
        self._dun()
        for name, rows in self._read_traces().items():
            self.assertEqual(rows, self.expected[name], f"{name}: killed {history}")

    def _record(self, phase, unit):
        self.phases[phase] += 1
        self.units[unit] += 1
        # A transaction has begun, and has something to lose.
        self.amid_count += self.victim.steps - max(self.victim.commits, default=0) > 2
        count = self.phases.total()
        if count % TOLD == 0:
            seconds = time.monotonic() - self.start
            self._tell_progress(f"{count} of {KILLS} kills, {seconds:.0f} s")

    def _get_phase(self):
        """Say how much of the work has been done for good."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT COUNT(*), COUNT(*) FILTER (WHERE state IN ('done', 'failed'))"
                "  FROM dunning_action"
            )
            planned, sent = cr.fetchone()
        if planned < len(self.expected["actions"]):
            return Phase.SECOND_RUN if planned else Phase.FIRST_RUN
        if not sent:
            return Phase.FIRST_BATCH
        return Phase.LATER_BATCH if sent < self.due_count else Phase.END

    def _get_missed(self):
        return set(Phase) - set(self.phases)

    def _check_spread(self):
        """Check that it was killed everywhere, and really in the middle of things."""
        self.assertEqual(self.phases.total(), KILLS)
        self.assertFalse(self._get_missed())
        self.assertEqual(set(self.units), {"step", "seconds"})
        self.assertGreater(self.amid_count, KILLS / 4)

    # ------------------------------------------------------------------
    # PROGRESS
    # ------------------------------------------------------------------

    @contextmanager
    def _seed_told(self):
        try:
            yield
        except Exception as error:
            count = self.phases.total()
            raise AssertionError(
                f"after {count} kills with DUNNING_SEED={SEED} DUNNING_KILLS={KILLS}"
            ) from error

    def _tell_progress(self, *lines):
        """Say on the terminal how far it is."""
        for line in lines:
            _logger.info("Progress: %s", line)

    def _get_summary(self):
        seconds = time.monotonic() - self.start
        yield f"{KILLS} kills in {seconds:.0f} s, seed {SEED}, of which"
        for phase in Phase:
            yield f"{self.phases[phase]:6} in {phase.value}"
        yield f"{self.amid_count:6} in the middle of a transaction"
        yield f"{self.units['seconds']:6} in the middle of whatever it was doing"
