from unittest.mock import patch

from odoo.tests import tagged

from .test_channels import ChannelCommon

SENT_BY_PEOPLE = ("letter", "registered", "call", "task")
CHANNELS = ("email", "sms", *SENT_BY_PEOPLE)


@tagged("post_install", "-at_install")
class TestRecheckOnEachChannel(ChannelCommon):
    """I3: nothing goes out, on any channel, for what is not claimed at that moment."""

    def setUp(self):
        super().setUp()
        self.invoices = {}
        for channel in CHANNELS:
            customer = self._create_customer(
                channel.capitalize(),
                phone="+33612345678",
                street="1 rue de la Paix",
                city="Paris",
                zip="75002",
            )
            scenario = self._create_scenario(
                name=channel,
                levels=[
                    (
                        channel,
                        5,
                        {"channel": channel, "sms_template_id": self.sms_template.id},
                    )
                ],
            )
            customer.dunning_scenario_id = scenario
            self.invoices[channel] = self._create_invoice(customer, due=-5)
        actions = self._run().action_ids
        self.actions = {action.channel: action for action in actions}
        self.assertEqual(self.actions.keys(), set(CHANNELS))

    def _execute_unaware(self):
        """Execute what was not told of the events of the ledger."""
        for action in self.actions.values():
            action.sudo().write({"state": "todo", "cancel_cause": False})
            action.line_ids.sudo().write({"state": "open", "drop_cause": False})
            action.action_execute()

    def _after(self, event):
        """Let something happen to each invoice without the actions hearing of it,
        then execute them."""
        actions = type(self.env["dunning.action"])
        with patch.object(actions, "_refresh_customers", lambda *args: None):
            for invoice in self.invoices.values():
                event(invoice)
        self._execute_unaware()

    def assertStates(self, state, channels=CHANNELS):
        found = {channel: self.actions[channel].state for channel in channels}
        self.assertEqual(found, dict.fromkeys(channels, state))

    def assertNothingSent(self):
        for action in self.actions.values():
            self.assertFalse(action.sent_message_id)

    def test_what_was_paid_goes_out_on_no_channel(self):
        self._after(self._pay)
        self.assertStates("cancelled")
        self.assertNothingSent()

    def test_what_is_held_goes_out_on_no_channel(self):
        self._after(self._create_hold)
        self.assertStates("cancelled")
        self.assertNothingSent()

    def test_what_was_credited_goes_out_on_no_channel(self):
        self._after(lambda invoice: self._credit_note(invoice, reconcile=False))
        self.assertStates("cancelled")
        self.assertNothingSent()

    def test_what_was_partly_paid_claims_the_rest_on_every_channel(self):
        self._after(lambda invoice: self._pay(invoice, amount=60))
        self.assertStates("done")
        for channel, action in self.actions.items():
            with self.subTest(channel=channel):
                self.assertEqual(action.amount, 40.0)
                self.assertEqual(action.line_ids.amount_residual, 40.0)
                self.assertIn("40.00", action.amount_text)
        self.assertIn("You owe 40.0", self.actions["email"].mail_id.body_html)
        self.assertIn("40.00", self.actions["sms"].sent_message_id.body)

    def test_without_address_or_number_only_its_channel_fails(self):
        for lost, channels in (
            ("email", ["email"]),
            ("phone", ["sms"]),
            ("street", ["letter", "registered"]),
        ):
            with self.subTest(lost=lost), self.cr.savepoint() as savepoint:
                for invoice in self.invoices.values():
                    invoice.partner_id[lost] = False
                self._execute_unaware()
                self.assertStates("failed", channels)
                self.assertStates("done", [c for c in CHANNELS if c not in channels])
                for channel in channels:
                    self.assertTrue(self.actions[channel].failure)
                savepoint.rollback()
                self.env.invalidate_all()
