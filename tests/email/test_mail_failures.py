from threading import Event, Thread
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DunningCommon
from ..concurrency import ConcurrencyCommon
from ..smtp import mail_server

CUSTOMERS = 100

MAIL_LOGGER = "odoo.addons.mail.models.mail_mail"


class MailFailuresCommon(DunningCommon):
    def setUp(self):
        super().setUp()
        self.server = self.enterContext(mail_server(self.env))
        # What other modules have queued is not ours.
        self.env["mail.mail"].search([]).unlink()
        self.reminder = self.scenario.level_ids[0]

    def _plan_action(self, partner=None, amount=100):
        """Return an invoice and its e-mail of today, handed to the mail queue."""
        invoice = self._create_invoice(partner, due=-5, amount=amount)
        return invoice, self._step()

    def _create_customers(self, count):
        """Create customers with an overdue invoice each."""
        invoice = self._create_invoice(due=-5, post=False)
        partners = self.env["res.partner"].create(
            [
                {"name": f"Customer {number}", "email": f"customer{number}@example.com"}
                for number in range(count)
            ]
        )
        vals = [
            invoice.copy_data(
                {
                    "partner_id": partner.id,
                    "invoice_date": invoice.invoice_date,
                    "invoice_date_due": invoice.invoice_date_due,
                }
            )[0]
            for partner in partners
        ]
        self.env["account.move"].create(vals).action_post()

    def _process_queue(self, server_is_up=True):
        """Let Odoo send what is in its mail queue."""
        if not server_is_up:
            self.server.stop()
        with mute_logger(MAIL_LOGGER):
            self.env["mail.mail"].process_email_queue()

    def _restart(self):
        self.server = self.enterContext(mail_server(self.env))


@tagged("post_install", "-at_install")
class TestRefusedMails(MailFailuresCommon):
    """A mail that does not reach the customer is no contact, and somebody sees it."""

    def test_what_arrives_is_done(self):
        invoice, action = self._plan_action()
        self._process_queue()
        self.assertEqual(self.server.recipients, ["customer@example.com"])
        self.assertRecordValues(action, [{"state": "done", "failure": False}])
        self.assertEqual(action.mail_id.state, "sent")
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_mails_go_out_right_after_their_actions_are_carried_out(self):
        queue = self.env.ref("mail.ir_cron_mail_scheduler_action")
        triggers = self.env["ir.cron.trigger"].search_count(
            [("cron_id", "=", queue.id)]
        )
        self._plan_action()
        self.assertGreater(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", queue.id)]),
            triggers,
        )

    def test_what_is_paid_before_the_mail_has_left_is_not_sent(self):
        invoice, action = self._plan_action()
        self._pay(invoice)
        self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "paid"}]
        )

    def test_what_is_blocked_before_the_mail_has_left_is_not_sent(self):
        invoice, action = self._plan_action()
        invoice.payment_state = "blocked"
        self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "blocked"}]
        )

    def test_one_refused_address_in_a_hundred(self):
        self._create_customers(CUSTOMERS)
        actions = self._step()
        self.server.refused.add("customer42@example.com")
        self._process_queue()
        self.assertEqual(len(self.server.recipients), CUSTOMERS - 1)
        self.assertEqual(len(set(self.server.recipients)), CUSTOMERS - 1)
        failed = actions.filtered(lambda action: action.state != "done")
        self.assertRecordValues(
            failed, [{"state": "failed", "contact_email": "customer42@example.com"}]
        )
        self.assertIn("No such mailbox here", failed.failure)

    def test_a_refused_mail_counts_for_nothing(self):
        invoice, action = self._plan_action()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.assertRecordValues(
            action,
            [{"state": "failed", "date_done": False, "done_user_id": False}],
        )
        self.assertEqual(action.line_ids.mapped("state"), ["open"])
        self.assertFalse(self._reached(invoice))
        self.assertPlanned(invoice, "out", reason="open_action")

    def test_a_refused_mail_gives_back_the_level_reached_before(self):
        invoice, _first = self._plan_action()
        self._process_queue()
        second = self._step(10)
        self.assertEqual(self._reached(invoice), self.scenario.level_ids[1])
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.assertEqual(second.state, "failed")
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_a_refusal_is_noted_where_the_contact_was(self):
        invoice, action = self._plan_action()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        for record in (action, self.customer, invoice):
            self.assertIn("No such mailbox here", record.message_ids[0].body)

    def test_a_refused_mail_is_sent_again_once_the_address_is_mended(self):
        invoice, action = self._plan_action()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        former = action.mail_id
        self.customer.email = "right@example.com"
        action.with_user(self.collector).action_execute()
        self._process_queue()
        self.assertEqual(self.server.recipients, ["right@example.com"])
        self.assertRecordValues(action, [{"state": "done", "failure": False}])
        self.assertNotEqual(action.mail_id, former)
        self.assertEqual(former.state, "cancel")
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_an_invalid_address_is_a_failure(self):
        self.customer.email = "nobody at nowhere"
        _invoice, action = self._plan_action()
        self._process_queue()
        self.assertEqual(action.state, "failed")
        self.assertTrue(action.failure)

    def test_a_copy_that_arrives_does_not_hide_that_the_customer_got_nothing(self):
        self.mail_template.write(
            {"use_default_to": False, "email_cc": "boss@example.com"}
        )
        _invoice, action = self._plan_action()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.assertEqual(self.server.recipients, ["boss@example.com"])
        self.assertEqual(action.state, "failed")

    def test_what_was_paid_since_is_not_proposed_again(self):
        invoice, action = self._plan_action()
        self._pay(invoice)
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "paid"}]
        )

    def test_a_cancelled_mail_is_a_failure(self):
        _invoice, action = self._plan_action()
        action.mail_id.cancel()
        self.assertEqual(action.state, "failed")
        self._process_queue()
        self.assertFalse(self.server.recipients)

    def test_a_failed_mail_goes_out_by_its_action_only(self):
        _invoice, action = self._plan_action()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.server.refused.clear()
        action.mail_id.mark_outgoing()
        self._process_queue()
        self.assertFalse(self.server.recipients)
        action.action_execute()
        self._process_queue()
        self.assertEqual(self.server.recipients, ["customer@example.com"])

    def test_a_mail_that_failed_does_not_go_out_beside_the_one_sent_since(self):
        _invoice, action = self._plan_action()
        self.server.refused.add("customer@example.com")
        self._process_queue()
        self.server.refused.clear()
        former = action.mail_id
        action.action_execute()
        former.mark_outgoing()
        self._process_queue()
        self.assertEqual(self.server.recipients, ["customer@example.com"])
        self.assertEqual((former.state, action.mail_id.state), ("cancel", "sent"))
        self.assertEqual(action.state, "done")

    def test_a_mail_handed_over_by_who_was_killed_is_left_to_people(self):
        for number, state in enumerate(("outgoing", "exception")):
            partner = self._create_customer(f"Customer {number}")
            _invoice, actions = self._plan_action(partner)
            action = actions.filtered(lambda x, p=partner: x.partner_id == p)
            mail = action.mail_id
            self.env["dunning.handover"].sudo()._note(mail)
            mail.write({"state": state})
            mail._dunning_give_up_unconfirmed()
            with self.subTest(state=state):
                self.assertEqual(action.state, "failed")
                self.assertIn("nobody knows", action.failure)

    def test_other_mails_fail_as_ever(self):
        mail = self.env["mail.mail"].create(
            {
                "email_from": "us@example.com",
                "email_to": "them@example.com",
                "body_html": "Hello",
            }
        )
        self.server.refused.add("them@example.com")
        self._process_queue()
        self.assertEqual(mail.state, "exception")

    def test_what_has_arrived_cannot_be_taken_back_by_people(self):
        _invoice, action = self._plan_action()
        self._process_queue()
        with self.assertRaises(UserError):
            action.write({"state": "failed"})


@tagged("post_install", "-at_install")
class TestServerDown(MailFailuresCommon):
    """A mail server that cannot be reached, or goes away."""

    def test_mails_wait_for_the_server_and_go_out_once(self):
        other = self._create_customer("Other")
        self._create_invoice(other, due=-5)
        _invoice, actions = self._plan_action()
        self._process_queue(server_is_up=False)
        self._process_queue()
        self.assertEqual(actions.mail_id.mapped("state"), ["outgoing"] * 2)
        self.assertEqual(set(actions.mapped("state")), {"done"})
        self._restart()
        self._process_queue()
        self._process_queue()
        self.assertEqual(
            self.server.recipients, ["customer@example.com", "other@example.com"]
        )
        self.assertEqual(set(actions.mapped("state")), {"done"})

    def test_a_mail_that_somebody_else_is_sending_is_left_to_them(self):
        _invoice, action = self._plan_action()
        with patch.object(
            self.registry["mail.mail"], "_dunning_try_lock", lambda own: own[:0]
        ):
            self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertEqual(action.mail_id.state, "outgoing")

    def test_mails_that_waited_for_days_fail(self):
        _invoice, action = self._plan_action()
        self._process_queue(server_is_up=False)
        self._go_to(1)
        self._process_queue()
        self.assertEqual(action.state, "done")
        self._go_to(2)
        self._process_queue()
        self.assertEqual(action.state, "failed")
        self.assertIn("could not be reached", action.failure)
        self._restart()
        self._process_queue()
        self.assertFalse(self.server.recipients)

    def test_what_was_paid_while_the_mail_waited_is_not_sent(self):
        invoice, action = self._plan_action()
        self._process_queue(server_is_up=False)
        self._pay(invoice)
        self._restart()
        self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "paid"}]
        )

    def test_what_was_held_while_the_mail_waited_is_not_sent(self):
        _invoice, action = self._plan_action()
        self._process_queue(server_is_up=False)
        self._create_hold()
        self._restart()
        self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertEqual(action.state, "cancelled")

    def test_a_mail_that_waited_is_written_anew_when_the_amounts_have_changed(self):
        invoice, action = self._plan_action()
        self._process_queue(server_is_up=False)
        self._pay(invoice, 40)
        self._restart()
        self._process_queue()
        self.assertFalse(self.server.recipients)
        self.assertRecordValues(action, [{"state": "todo", "amount": 60}])
        self._cron_execute()
        self._process_queue()
        [(recipient, message)] = self.server.messages
        self.assertEqual(recipient, "customer@example.com")
        self.assertIn("60", message.get_body(["plain"]).get_content())

    def test_a_connection_that_breaks_loses_nothing(self):
        self._create_customers(4)
        actions = self._step()
        self.server.breaks_at = 2
        self._process_queue()
        # The one that was being sent may have arrived: people decide.
        failed = actions.filtered(lambda action: action.state == "failed")
        self.assertEqual(len(failed), 1)
        self.assertIn("make sure", failed.failure)
        self._process_queue()
        self.assertEqual(len(self.server.recipients), 3)
        failed.action_execute()
        self._process_queue()
        self.assertEqual(
            self.server.recipients, [f"customer{n}@example.com" for n in range(4)]
        )
        self.assertEqual(set(actions.mapped("state")), {"done"})


@tagged("post_install", "-at_install")
class TestSlowServer(ConcurrencyCommon):
    """A mail server that takes its time keeps nobody waiting."""

    customer_count = 2

    def setUp(self):
        super().setUp()
        with self._env() as env:
            env["mail.mail"].search([("state", "=", "outgoing")]).write(
                {"state": "cancel"}
            )
            self.server = self.enterContext(mail_server(env))
            env.company._dunning_run()
            first = self._get_actions(env)[0]
            first.action_execute()
            self.first_invoice_ids = first.line_ids.move_id.ids

    def test_others_work_while_a_mail_is_being_sent(self):
        self.server.gate = Event()

        def process(env):
            env["mail.mail"].search([("state", "=", "outgoing")]).send(auto_commit=True)

        def work():
            with self._env() as env:
                process(env)

        thread = Thread(target=work)
        thread.start()
        try:
            self.assertTrue(self.server.speaking.wait(30))
            with self._env() as env:
                # The customer whose mail is on its way, and the other one.
                env.cr.execute("SET LOCAL lock_timeout = '2s'")
                env["dunning.action"]._cron_execute()
                self._pay(env, self.first_invoice_ids)
        finally:
            self.server.gate.set()
            thread.join(timeout=30)
        with self._env() as env:
            process(env)
        self.assertEqual(
            sorted(self.server.recipients),
            ["customer0@example.com", "customer1@example.com"],
        )
        self.assertEachContactedOnce()
