from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.account_dunning.models.send import dunning_action_execute

from ..common import DunningCommon
from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestSenders(DunningCommon):
    """Copies of the scheduled action that sends share its work."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sender = cls.env.ref("account_dunning.cron_execute")
        cls.copied = cls.sender.copy({"name": "A second one"})
        cls.env["ir.cron.trigger"].search([]).unlink()

    def _get_triggered(self):
        return self.env["ir.cron.trigger"].search([]).cron_id & (
            self.sender | self.copied
        )

    def test_a_copy_sends_too(self):
        invoice = self._create_invoice(due=-5)
        action = self._run().action_ids
        with self.enter_registry_test_mode():
            self.copied.method_direct_trigger()
        self.assertEqual(action.state, "done")
        self.assertTrue(self._reached(invoice))

    def test_what_triggers_the_sending_triggers_the_copies(self):
        self.env["dunning.action"].with_user(self.collector)._trigger_execution()
        self.assertEqual(self._get_triggered(), self.sender | self.copied)

    def test_a_copy_that_was_archived_is_left_alone(self):
        self.copied.active = False
        self.env["dunning.action"]._trigger_execution()
        self.assertEqual(self._get_triggered(), self.sender)

    def test_other_scheduled_actions_are_left_alone(self):
        self.copied.code = "model.search([])"
        self.env["dunning.action"]._trigger_execution()
        self.assertEqual(self._get_triggered(), self.sender)

    def test_who_sends_all_does_not_look_again(self):
        self._create_invoice(due=-5)
        self._run()
        self.env["ir.cron.trigger"].search([]).unlink()
        self._cron_execute()
        self.assertFalse(self._get_triggered())

    def test_when_its_time_is_over_it_tells_how_much_is_left(self):
        for number in range(3):
            self._create_invoice(self._create_customer(f"No {number}"), due=-5)
        actions = self._run().action_ids
        told = []

        def commit(_cron, processed=0, *, remaining=None, **_options):
            told.append((processed, remaining))
            return 0

        with (
            patch.object(dunning_action_execute, "BATCH_SIZE", 1),
            patch.object(self.registry["ir.cron"], "_commit_progress", commit),
        ):
            self.env["dunning.action"].sudo()._cron_execute()
        self.assertEqual(told, [(0, 3), (1, None), (0, 2)])
        self.assertEqual(sorted(actions.mapped("state")), ["done", "todo", "todo"])

    def test_without_the_scheduled_action_nobody_is_triggered(self):
        self.sender.unlink()
        self.assertFalse(self.env["dunning.action"]._get_senders())

    def test_of_nothing_nothing_was_handed_over(self):
        handovers, nothing = self.env["dunning.handover"], self.env["mail.mail"]
        self.assertEqual(handovers._note(nothing), nothing)
        self.assertEqual(handovers._filter_noted(nothing), nothing)
        mails = nothing.create([{"subject": "A"}, {"subject": "B"}])
        self.assertEqual(handovers._note(mails[0]), mails[0])
        self.assertEqual(handovers._note(mails), mails[1])
        self.assertEqual(handovers._filter_noted(mails), mails)
        handovers._forget(mails[0])
        self.assertEqual(handovers._filter_noted(mails), mails[1])


@tagged("post_install", "-at_install")
class TestSendersTogether(ConcurrencyCommon):
    """Who finds that others are dealing with what is left looks again soon."""

    def test_what_others_deal_with_is_looked_at_again(self):
        with self._env() as env:
            env.company._dunning_run()
        with self._env(commit=False) as other, self._env() as sender:
            due = other["dunning.action"]
            self.assertTrue(due._lock_due(due._get_due_domain(), 100))
            cron = sender.ref("account_dunning.cron_execute")
            triggers = sender["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            triggers.unlink()
            sender["dunning.action"]._cron_execute()
            again = triggers.search([("cron_id", "=", cron.id)])
            waits = again.call_at - fields.Datetime.now()
            self.assertLessEqual(waits, timedelta(minutes=1))
            self.assertGreater(waits, timedelta(seconds=30))
        with self._env() as env:
            env["dunning.action"]._cron_execute()
        self.assertEachContactedOnce()
