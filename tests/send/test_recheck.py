from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.send.dunning_action_delivery import MOST_STOPS
from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestRecheck(DunningCommon):
    """What the re-check before sending finds when no event has told it before."""

    def _send(self):
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1
        ):
            self.env["dunning.action"].sudo()._cron_execute()

    def _plan_email(self, first_level):
        """Plan an e-mail at the second level for one invoice, which lists another at
        the first level; then the one that decided is paid behind dunning's back.

        :param first_level: values of the first level
        """
        self._set_levels([("First", 5, first_level), ("Second", 15, {})])
        decisive = self._create_invoice(due=-20)
        self._step(-14)
        other = self._create_invoice(due=-5)
        action = self._run(0).action_ids
        self.assertEqual(action.level_id.name, "Second")
        first, second = self.scenario.level_ids.sorted("delay_days")
        self.assertListed(action, {decisive: second, other: first})
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE account_move_line SET reconciled = TRUE WHERE id = %s",
                self._items(decisive).id,
            )
        )
        self.env.invalidate_all()
        return action

    def test_an_email_that_has_become_a_call_waits_for_a_person(self):
        action = self._plan_email({"channel": "call", "execution": "manual"})
        self._send()
        self.assertRecordValues(
            action, [{"state": "todo", "channel": "call", "execution": "manual"}]
        )
        self._execute(action)
        self.assertEqual(action.state, "done")

    def test_an_email_that_has_to_be_validated_now_is_not_sent(self):
        action = self._plan_email({"execution": "validate"})
        self._send()
        self.assertRecordValues(action, [{"state": "to_validate", "mail_id": False}])

    def test_an_email_that_goes_out_at_a_lower_level_says_so(self):
        action = self._plan_email({})
        self._send()
        self.assertEqual(action.state, "done")
        self.assertEqual(action.level_id.name, "First")

    def test_what_is_stopped_time_and_again_waits_for_a_person(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        actions = self.registry["dunning.action"]
        with patch.object(actions, "_filter_outdated", lambda stopped: stopped):
            for _count in range(MOST_STOPS):
                self.assertEqual(action.state, "todo")
                self._send()
                self.assertEqual(action.state, "done")
                action.mail_id._dunning_stop_outdated()
        self.assertEqual(action.state, "failed")
        self.assertIn(f"{MOST_STOPS} times in a day", action.failure)
        self.assertFalse(action.sending_id.filtered(lambda x: x.state != "cancelled"))
        # Whoever has looked at it sends it.
        self._execute(action)
        self.assertEqual(action.state, "done")

    def test_what_was_stopped_days_before_counts_no_more(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        actions = self.registry["dunning.action"]
        with patch.object(actions, "_filter_outdated", lambda stopped: stopped):
            for day in [0] * (MOST_STOPS - 1) + [2]:
                self._go_to(day)
                self._send()
                action.mail_id._dunning_stop_outdated()
        self.assertEqual(len(action.sending_ids), MOST_STOPS)
        self.assertEqual(action.state, "todo")


@tagged("post_install", "-at_install")
class TestComingBack(DunningCommon):
    """Cancelled actions come back with the ledger, unless others took their place."""

    def _follow_up(self, invoice):
        return self._actions(kind="follow_up").filtered(
            lambda action: invoice in action.line_ids.move_id
        )

    def test_a_follow_up_stays_away_when_there_is_another(self):
        self._set_levels([("Only", 1, {})])
        invoice = self._create_invoice(due=-20)
        self._step(0)
        self._run(1)
        first = self._follow_up(invoice)
        hold = self._create_hold(date_end=5)
        self.assertEqual(first.state, "cancelled")
        # The hold ends by its date: no event brings the first one back.
        self._run(6)
        second = self._follow_up(invoice) - first
        self.assertEqual(second.state, "todo")
        second.action_postpone(self._day(9), "Not now")
        hold.action_release()
        self._create_payment(amount=10)
        self.assertEqual((first + second).mapped("state"), ["cancelled", "todo"])

    def test_an_aligned_step_stays_away_when_another_takes_it(self):
        self.scenario.align_levels = True
        invoice = self._create_invoice(due=-5)
        first = self._run(0).action_ids
        self._create_hold(date_end=1)
        self.assertEqual(first.state, "cancelled")
        second = self._run(2).action_ids
        self.assertListed(second, {invoice: self.scenario.level_ids[0]})
        second.action_postpone(self._day(9), "Not now")
        self._create_payment(amount=10)
        self.assertEqual((first + second).mapped("state"), ["cancelled", "todo"])
