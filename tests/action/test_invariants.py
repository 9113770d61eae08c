from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..common import DunningCommon


class Killed(BaseException):
    """Stands for the end of the process at any point."""


@tagged("post_install", "-at_install")
class TestContactOnce(DunningCommon):
    """I1, I2 and I3: once, and only for what can be collected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level, cls.second_level, _last = cls.scenario.level_ids
        cls.other = cls._create_customer("Other")

    # ------------------------------------------------------------------
    # I1
    # ------------------------------------------------------------------

    def _get_state(self):
        """Return everything dunning has written, as comparable values."""
        actions = self.env["dunning.action"].search([])
        return [
            (
                action.partner_id.id,
                action.state,
                action.date,
                action.amount,
                sorted(
                    (line.move_line_id.id, line.level_id.id, line.state)
                    for line in action.line_ids
                ),
            )
            for action in actions.sorted(lambda action: action.partner_id.id)
        ]

    def _create_ledger(self):
        for partner in (self.customer, self.other):
            for due in (-40, -5, -1, 10):
                self._create_invoice(partner, due=due)

    def test_i1_running_twice_is_running_once(self):
        self._create_ledger()
        self._run()
        once = self._get_state()
        self.assertEqual(len(once), 2)
        self.assertFalse(self._run().action_ids)
        self.assertEqual(self._get_state(), once)

    def test_i1_executing_twice_is_executing_once(self):
        self._create_ledger()
        run = self._run()
        self._cron_execute()
        once = self._get_state()
        mails = run.action_ids.mail_id
        self._cron_execute()
        self.assertEqual(self._get_state(), once)
        self.assertEqual(run.action_ids.mail_id, mails)
        with self.assertRaises(UserError):
            run.action_ids.action_execute()

    def test_i1_a_run_killed_and_run_again_is_running_once(self):
        self._create_ledger()
        for method in ("_create_for", "_apply", "_get_apply_query"):
            with self.assertRaises(Killed), self.env.cr.savepoint():
                self._run()
                raise Killed(method)
        self._run()
        once = self._get_state()
        self.assertEqual(len(once), 2)
        self.assertFalse(self._run().action_ids)

    def test_i1_an_execution_killed_and_run_again_sends_once(self):
        self._create_ledger()
        actions = self._run().action_ids
        for step in ("_send_emails", "_mark_done"):
            with self.assertRaises(Killed), self.env.cr.savepoint():
                self._kill_after(step, actions)
            self.assertEqual(set(actions.mapped("state")), {"todo"}, step)
            self.assertFalse(actions.mail_id, step)
        self._execute(actions)
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self.assertEqual(len(actions.mail_id), 2)

    def _kill_after(self, method_name, actions):
        original = getattr(self.env.registry["dunning.action"], method_name)

        def killed(records, *args):
            original(records, *args)
            raise Killed(method_name)

        self.patch(self.env.registry["dunning.action"], method_name, killed)
        try:
            actions.action_execute()
        finally:
            self.patch(self.env.registry["dunning.action"], method_name, original)

    def test_i1_a_conflict_of_the_database_is_not_taken_for_a_failure(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        original = self.env.registry["dunning.action"]._send_emails

        def conflict(records):
            raise OperationalError

        self.patch(self.env.registry["dunning.action"], "_send_emails", conflict)
        with self.assertRaises(OperationalError):
            action.action_execute()
        self.patch(self.env.registry["dunning.action"], "_send_emails", original)
        self.assertRecordValues(action, [{"state": "todo", "failure": False}])

    # ------------------------------------------------------------------
    # I2
    # ------------------------------------------------------------------

    def _insert_line(self, action, line, **values):
        columns = {
            "action_id": action.id,
            "state": "open",
            "level_id": line.level_id.id,
            "move_line_id": line.move_line_id.id,
            "currency_id": line.currency_id.id,
        } | values
        self.env.cr.execute(
            SQL(
                "INSERT INTO dunning_action_line (%s) VALUES %s",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                tuple(columns.values()),
            )
        )

    @mute_logger("odoo.sql_db")
    def test_i2_the_database_refuses_the_same_level_twice(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        for _state in ("open", "done"):
            for state in ("open", "done"):
                with (
                    self.assertRaisesRegex(UniqueViolation, "item_level_uniq"),
                    self.env.cr.savepoint(),
                ):
                    self._insert_line(action, action.line_ids, state=state)
            if action.state == "todo":
                self._execute(action)

    def test_i2_a_line_left_out_does_not_stand_in_the_way(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self._insert_line(action, action.line_ids, state="dropped")
        self._insert_line(action, action.line_ids, level_id=self.second_level.id)
        self.env.invalidate_all()
        self.assertEqual(
            sorted((x.state, x.level_id.name) for x in action.line_ids),
            [
                ("dropped", self.level.name),
                ("open", self.level.name),
                ("open", self.second_level.name),
            ],
        )

    def test_i2_an_item_is_contacted_once_for_each_level(self):
        invoice = self._create_invoice(due=-5)
        for day in range(0, 60):
            self._step(day)
        lines = self.env["dunning.action.line"].search(
            [("move_line_id", "=", self._items(invoice).id), ("level_id", "!=", False)]
        )
        self.assertEqual(
            sorted(lines.mapped("level_id.name")),
            sorted(self.scenario.level_ids.mapped("name")),
        )

    # ------------------------------------------------------------------
    # I3
    # ------------------------------------------------------------------

    def _execute_after(self, change):
        """Plan an action, change something that is no event, and execute.

        :param change: called with the invoice
        """
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        change(invoice)
        self.assertEqual(action.state, "todo")
        self._execute(action)
        return action

    def assertNotSent(self, action, cause):
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": cause, "mail_id": False}]
        )

    def _silently(self, function, *args, **kwargs):
        """Change the ledger as if the events had not been heard, to see that the
        check before sending does not rely on them."""
        with self.env.cr.savepoint():
            actions = self.env.registry["dunning.action"]
            original = actions._refresh_customers
            self.patch(actions, "_refresh_customers", lambda *args: None)
            function(*args, **kwargs)
            self.patch(actions, "_refresh_customers", original)

    def test_i3_what_was_paid_meanwhile_is_not_sent(self):
        action = self._execute_after(lambda invoice: self._silently(self._pay, invoice))
        self.assertNotSent(action, "paid")

    def test_i3_what_was_credited_meanwhile_is_not_sent(self):
        action = self._execute_after(
            lambda invoice: self._silently(self._credit_note, invoice, reconcile=False)
        )
        self.assertNotSent(action, "covered")

    def test_i3_what_was_held_meanwhile_is_not_sent(self):
        action = self._execute_after(
            lambda invoice: self._silently(self._create_hold, invoice)
        )
        self.assertNotSent(action, "held")

    def test_i3_what_was_reset_to_draft_meanwhile_is_not_sent(self):
        action = self._execute_after(
            lambda invoice: self._silently(invoice.button_draft)
        )
        self.assertNotSent(action, "not_posted")

    def test_i3_what_fell_below_the_minimum_meanwhile_is_not_sent(self):
        action = self._execute_after(
            lambda invoice: self.scenario.write({"minimum_amount": 100})
        )
        self.assertNotSent(action, "below_minimum")

    def test_i3_what_has_another_scenario_meanwhile_is_not_sent(self):
        other = self._create_scenario([("Other", 4, {})])
        action = self._execute_after(
            lambda invoice: self._silently(
                self.customer.write, {"dunning_scenario_id": other.id}
            )
        )
        self.assertNotSent(action, "superseded")

    def test_i3_what_was_paid_in_part_meanwhile_shows_what_is_left(self):
        action = self._execute_after(
            lambda invoice: self._silently(self._pay, invoice, 40)
        )
        self.assertRecordValues(action, [{"state": "done", "amount": 60}])
        self.assertEqual(action.line_ids.amount_residual, 60)
        self.assertIn("You owe 60", action.mail_id.body_html)

    def test_i3_what_was_held_in_part_meanwhile_shows_what_is_left(self):
        action = self._execute_after(
            lambda invoice: self._silently(self._create_hold, invoice, amount=30)
        )
        self.assertEqual(action.state, "done")
        self.assertEqual(action.line_ids.amount_claimed, 70)
        self.assertIn("You owe 70", action.mail_id.body_html)

    def test_i3_a_manual_action_is_checked_too(self):
        self.level.write({"channel": "call", "execution": "manual"})
        action = self._execute_after(lambda invoice: self._silently(self._pay, invoice))
        self.assertNotSent(action, "paid")

    def test_i3_a_hold_that_begins_while_an_action_is_postponed_counts(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        action.action_postpone(self._day(7), "Next week")
        self._silently(self._create_hold, invoice, date_end=8)
        self._go_to(7)
        self._cron_execute()
        self.assertNotSent(action, "held")
