from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestCustomerLock(ConcurrencyCommon):
    """One customer is contacted by one process at a time, so that the gap between
    two contacts is kept whoever sends."""

    customer_count = 3

    def _create_data(self, env):
        # EXTENDS: two reminders are due to each customer
        result = super()._create_data(env)
        partners = env["res.partner"].browse(self.partner_ids)
        partners.dunning_scenario_id.contact_gap_days = 7
        invoices = env["account.move"].browse(self.invoice_ids)
        level = partners.dunning_scenario_id.level_ids[:1]
        for late, moves in enumerate((invoices, self._create_invoices(env, partners))):
            for move in moves:
                self._create_action(env, move, level, late)
        return result

    def _create_action(self, env, move, level, late):
        """Plan an e-mail about an invoice, as the engine does.

        :param late: number of days since the action is due
        """
        item = move.line_ids.filtered(lambda line: line.date_maturity)
        today = env.company._dunning_today()
        return env["dunning.action"].create(
            {
                "partner_id": move.partner_id.id,
                "company_id": move.company_id.id,
                "kind": "step",
                "scenario_id": level.scenario_id.id,
                "level_id": level.id,
                "channel": "email",
                "execution": "automatic",
                "date": fields.Date.subtract(today, days=late),
                "line_ids": [
                    Command.create(
                        {
                            "level_id": level.id,
                            "move_line_id": item.id,
                            "item_ref": item.id,
                            "move_id": move.id,
                            "currency_id": item.currency_id.id,
                        }
                    )
                ],
            }
        )

    def _lock_due(self, env):
        actions = env["dunning.action"]
        return actions._lock_due(actions._get_due_domain(), 2)

    def assertContactedOnce(self):
        with self._env() as env:
            done = self._get_actions(env).filtered(lambda a: a.state == "done")
            self.assertEqual(len(done), self.customer_count)
            self.assertEqual(done.partner_id.ids, self.partner_ids)

    # ------------------------------------------------------------------
    # THE SCHEDULED ACTION
    # ------------------------------------------------------------------

    def test_a_customer_is_dealt_with_by_one_process_at_a_time(self):
        with self._env() as first, self._env() as second, self._env() as third:
            locked = self._lock_due(first)
            self.assertTrue(locked)
            others = self._lock_due(second) | self._lock_due(third)
            self.assertTrue(others)
            self.assertFalse(
                set(locked.partner_id.ids) & set(others.partner_id.ids),
                "two processes are about to write to the same customer",
            )

    def test_a_customer_whose_newer_action_is_being_changed_is_put_off(self):
        with self._env() as person, self._env(commit=False) as sender:
            newer = self._get_actions(person).sorted("id")[-1]
            newer.lock_for_update()
            due = sender["dunning.action"]
            locked = due._lock_due(due._get_due_domain(), 100)
            self.assertEqual(len(locked), self.customer_count - 1)
            self.assertNotIn(newer.partner_id.id, locked.partner_id.ids)

    def test_processes_that_send_together_keep_the_gap(self):
        def send(env):
            env["dunning.action"]._cron_execute()

        with mute_logger("odoo.sql_db"):
            results = self._in_threads(*[send] * 3)
        self.assertEqual(results, [None] * 3)
        self.assertContactedOnce()

    def test_a_contact_made_since_the_transaction_began_is_seen(self):
        with self.registry.cursor() as cr:
            late = self._open(cr)
            # Its transaction sees the database as it is now.
            self.assertEqual(len(self._get_actions(late)), 2 * self.customer_count)
            with self._env() as env:
                env["dunning.action"]._cron_execute()
            with mute_logger("odoo.sql_db"):
                late["dunning.action"]._cron_execute()
        self.assertContactedOnce()

    def test_what_another_process_has_just_sent_is_no_error_for_the_log(self):
        with self.registry.cursor() as cr:
            late = self._open(cr)["dunning.action"]
            domain = late._get_due_domain()
            # Its transaction sees the database as it is now.
            self.assertTrue(late.search(domain))
            with self._env() as env:
                env["dunning.action"]._cron_execute()
            with self.assertNoLogs("odoo.sql_db", "ERROR"):
                late._execute_next(domain)
        self.assertContactedOnce()

    def test_a_customer_whose_payment_comes_in_is_passed_over(self):
        with self._env() as payer, self._env() as sender:
            self._pay(payer, self.invoice_ids[:1])
            payer.flush_all()
            others = set()
            while locked := self._lock_due(sender):
                others.update(locked.partner_id.ids)
                locked._execute_safely()
            self.assertEqual(others, set(self.partner_ids[1:]))

    # ------------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------------

    def test_a_person_is_told_that_the_customer_is_being_contacted(self):
        with self._env() as first, self._env(commit=False) as second:
            locked = self._lock_due(first)
            mine = self._get_actions(second).filtered(
                lambda action: (
                    action.partner_id.id in locked.partner_id.ids
                    and action.id not in locked.ids
                )
            )
            self.assertTrue(mine)
            with self.assertRaisesRegex(UserError, "dealing with this"):
                mine[0].action_execute()

    def test_a_person_is_told_of_another_action_of_the_customer(self):
        with self._env() as first, self._env(commit=False) as second:
            own = self._get_actions(first).filtered(
                lambda action: action.partner_id.id == self.partner_ids[0]
            )
            older, newer = own.sorted("id")
            older.lock_for_update()
            with self.assertRaisesRegex(UserError, "dealing with this"):
                second["dunning.action"].browse(newer.id).action_execute()

    def test_a_person_is_told_that_another_way_is_being_tried(self):
        with self._env() as env:
            failed = self._get_actions(env)[0]
            failed._fail("The mailbox is full")
            self.assertTrue(failed.proposed_channel)
        with self._env() as first, self._env(commit=False) as second:
            first["dunning.action"].browse(failed.id).action_use_fallback()
            with self.assertRaisesRegex(UserError, "dealing with this"):
                second["dunning.action"].browse(failed.id).action_use_fallback()

    def test_the_system_leaves_the_customer_of_a_person_alone(self):
        with self._env() as first, self._env() as second:
            mine = self._get_actions(first).sorted("date")[-1]
            mine.action_execute()
            others = set()
            while locked := self._lock_due(second):
                others.update(locked.partner_id.ids)
                locked._execute_safely()
            self.assertEqual(others, {*self.partner_ids} - {mine.partner_id.id})
