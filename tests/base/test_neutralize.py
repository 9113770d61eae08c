from odoo.modules.neutralize import neutralize_database
from odoo.tests import tagged

from ..common import DunningCommon
from ..smtp import mail_server, point_to


@tagged("post_install", "-at_install")
class TestNeutralize(DunningCommon):
    """A database that is restored to a test copy writes to nobody."""

    def setUp(self):
        super().setUp()
        self.server = self.enterContext(mail_server(self.env))
        self.env["mail.mail"].search([]).unlink()

    def _neutralize(self):
        """Do what ``odoo-bin neutralize`` does."""
        self.env.flush_all()
        neutralize_database(self.env.cr)
        self.env.invalidate_all()
        # Testers may well set up a mail server.
        point_to(self.env, self.server.port)

    def _assert_silent(self):
        self.env["mail.mail"].process_email_queue()
        self.assertFalse(self.server.messages)

    def test_the_daily_run_is_off(self):
        self._create_second_company()
        invoice = self._create_invoice(due=-5)
        self._neutralize()
        self.assertFalse(
            any(self.env["res.company"].search([]).mapped("dunning_enabled"))
        )
        self._cron_run()
        self.assertFalse(self._actions(invoice.partner_id))

    def test_the_scheduled_actions_are_off(self):
        self._neutralize()
        data = self.env["ir.model.data"].search(
            [("model", "=", "ir.cron"), ("module", "=", "account_dunning")]
        )
        crons = self.env["ir.cron"].with_context(active_test=False)
        crons = crons.browse(data.mapped("res_id"))
        self.assertLessEqual(
            {"cron_run", "cron_execute", "cron_remind"}, set(data.mapped("name"))
        )
        self.assertFalse(any(crons.mapped("active")))

    def test_what_was_due_waits_for_approval(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self._neutralize()
        self._cron_execute()
        self.assertRecordValues(action, [{"state": "to_validate", "mail_id": False}])
        self._assert_silent()

    def test_what_is_in_the_mail_queue_is_not_sent(self):
        self._create_invoice(due=-5)
        action = self._step()
        self._neutralize()
        self.assertEqual(action.mail_id.state, "cancel")
        self.assertEqual(action.state, "done")
        self._assert_silent()

    def test_the_mails_of_other_applications_are_left_to_odoo(self):
        mail = self.env["mail.mail"].create(
            {"email_to": "somebody@example.com", "body_html": "<p>Hello</p>"}
        )
        self._neutralize()
        self.assertEqual(mail.state, "outgoing")

    def test_what_people_do_stays_as_it_is(self):
        self.scenario.level_ids[0].write({"channel": "call", "execution": "manual"})
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self._neutralize()
        self.assertRecordValues(action, [{"state": "todo", "execution": "manual"}])

    def test_a_tester_can_still_send(self):
        self._create_invoice(due=-5)
        action = self._run().action_ids
        self._neutralize()
        action.action_validate()
        action.action_execute()
        self.env["mail.mail"].process_email_queue()
        self.assertEqual(self.server.recipients, ["customer@example.com"])
