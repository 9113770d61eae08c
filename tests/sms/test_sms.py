from odoo import SUPERUSER_ID
from odoo.tests import tagged

from odoo.addons.sms.tests.common import MockSMS

from ...tools.gsm import count_parts
from ..send.test_channels import MOBILE, ChannelCommon


class SmsActionCommon(ChannelCommon, MockSMS):
    """Actions by SMS, and a provider that reports on them."""

    def _send(self, **level):
        """Send the SMS of an action and hand it over to the provider."""
        _invoice, action = self._plan_action(channel="sms", **level)
        with self.mockSMSGateway():
            self._execute(action)
            self.env["sms.sms"].search([("state", "=", "outgoing")]).send()
        return action

    def _deliver(self, action, error):
        """Let the provider report on an SMS that is under way."""
        notification = action.sent_message_id.sudo().notification_ids
        notification.sms_tracker_ids._action_update_from_provider_error(error)


@tagged("post_install", "-at_install")
class TestSms(SmsActionCommon):
    """SMS: to whom, what they say, what becomes of them."""

    def test_an_sms_goes_to_the_mobile_number_of_the_contact(self):
        action = self._send()
        self.assertRecordValues(action, [{"state": "done", "failure": False}])
        self.assertEqual([sms["number"] for sms in self._sms], [MOBILE])
        self.assertEqual(self._sms[0]["body"], "Please pay 100.00 € to us")

    def test_the_number_may_be_written_as_people_write_it(self):
        self.customer.write(
            {"phone": "06 12 34 56 78", "country_id": self.env.ref("base.fr").id}
        )
        self._send()
        self.assertEqual(self._sms[0]["number"], MOBILE)

    def test_the_customer_is_written_to_when_the_contact_has_no_mobile(self):
        contact = self._create_customer(
            "Claire", parent_id=self.customer.id, phone="+33 1 42 68 53 00"
        )
        self.customer.dunning_contact_id = contact
        self._send()
        self.assertEqual(self._sms[0]["number"], MOBILE)

    def test_a_landline_is_not_written_to(self):
        self.customer.phone = "+33 1 42 68 53 00"
        action = self._send()
        self.assertEqual(action.state, "failed")
        self.assertIn("not a mobile number", action.failure)
        self.assertFalse(self._sms)

    def test_nonsense_is_not_written_to(self):
        self.customer.phone = "ask for Claire"
        action = self._send()
        self.assertEqual(action.state, "failed")
        self.assertIn("“ask for Claire”", action.failure)

    def test_whoever_does_not_want_sms_gets_the_fallback(self):
        self.env["phone.blacklist"].add(MOBILE)
        action = self._send(fallback_channel="email")
        self.assertChannel(action, "email", "sms", state="done")

    def test_a_level_without_text_fails_with_the_reason(self):
        action = self._send(sms_template_id=False)
        self.assertEqual(action.state, "failed")
        self.assertIn("no SMS template", action.failure)

    def test_an_empty_text_fails_with_the_reason(self):
        self.sms_template.body = "{{ object.note or '' }}"
        action = self._send()
        self.assertEqual(action.state, "failed")
        self.assertIn("gives no text", action.failure)

    def test_it_is_written_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.sms_template.with_context(lang="fr_FR").body = "Merci de régler"
        self.customer.lang = "fr_FR"
        self._send()
        self.assertEqual(self._sms[0]["body"], "Merci de régler")

    def test_it_is_a_message_of_the_customer(self):
        action = self._send()
        message = action.sent_message_id
        self.assertIn(message, self.customer.message_ids)
        self.assertRecordValues(
            message,
            [{"message_type": "sms", "author_id": self.collector.partner_id.id}],
        )
        self.assertIn("Please pay", message.body)

    def test_the_texts_shipped_fit_into_one_sms_in_both_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["ir.module.module"]._load_module_terms(["account_dunning"], ["fr_FR"])
        self.company.name = "Menuiserie Dupont"
        self._create_invoice(due=-9, amount=12345.67)
        for lang in ("en_US", "fr_FR"):
            self.customer.lang = lang
            for name in ("reminder", "firm"):
                template = self.env.ref(f"account_dunning.sms_template_{name}")
                _invoice, action = self._plan_action(
                    channel="sms", sms_template_id=template.id
                )
                [text] = action._render_sms().values()
                with self.subTest(lang=lang, template=name, text=text):
                    self.assertEqual(count_parts(text), 1)
                action.action_skip("Next text")

    # ------------------------------------------------------------------
    # WHAT BECOMES OF IT
    # ------------------------------------------------------------------

    def test_an_sms_that_the_provider_refuses_fails_its_action(self):
        _invoice, action = self._plan_action(channel="sms", fallback_channel="letter")
        with self.mockSMSGateway(sim_error="credit"):
            self._execute(action)
            self.assertEqual(action.state, "done")
            self.env["sms.sms"].search([("state", "=", "outgoing")]).send()
        self.assertEqual(action.state, "failed")
        self.assertIn("Insufficient Credit", action.failure)
        self.assertEqual(action.proposed_channel, "letter")
        self.assertFalse(self._reached(action.line_ids.move_line_id))

    def test_an_sms_that_does_not_arrive_fails_its_action(self):
        action = self._send()
        self._deliver(action, "invalid_destination")
        self.assertEqual(action.state, "failed")
        self.assertIn("The SMS did not arrive", action.failure)
        self.assertEqual(action.line_ids.state, "open")

    def test_a_failure_that_the_queue_finds_is_told_in_the_company_s_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.company.partner_id.lang = "fr_FR"
        # Nobody asks for what the queue does.
        action = self._send().with_user(SUPERUSER_ID).with_context(lang=False)
        told = action.sudo().sending_id.recipient_ids
        self.assertEqual(told._as_told().env.lang, "fr_FR")
        self.assertFalse(told.with_user(self.collector)._as_told().env.lang)
        self._deliver(action, "invalid_destination")
        self.assertNotIn("did not arrive", action.failure)

    def test_an_sms_that_does_not_arrive_was_no_exchange(self):
        before = self.customer.dunning_last_exchange
        action = self._send()
        self.env.invalidate_all()
        self.assertNotEqual(self.customer.dunning_last_exchange, before)
        self._deliver(action, "invalid_destination")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.customer.dunning_last_exchange, before)

    def test_an_sms_that_is_delivered_stays_done(self):
        action = self._send()
        notification = action.sent_message_id.sudo().notification_ids
        notification.sms_tracker_ids._action_update_from_sms_state("sent")
        self.assertEqual(action.state, "done")

    def test_an_sms_that_is_cancelled_before_it_leaves_was_no_contact(self):
        for status, told in (
            ("canceled", "The SMS was cancelled before it was sent."),
            ("bounce", "The SMS did not arrive: "),
            ("exception", "The SMS did not arrive: "),
        ):
            with self.subTest(status=status):
                _invoice, action = self._plan_action(channel="sms")
                with self.mockSMSGateway():
                    self._execute(action)
                    message = action.sent_message_id.sudo()
                    trackers = message.notification_ids.sms_tracker_ids
                    trackers._update_sms_notifications("ready")
                    self.assertEqual(action.state, "done")
                    trackers._update_sms_notifications(status)
                self.assertEqual(action.state, "failed")
                self.assertIn(told, action.failure)
                state = action.sending_ids.recipient_ids.sudo().state
                names = {"canceled": "cancelled", "exception": "failed"}
                self.assertEqual(state, names.get(status, "bounced"))
                action.sudo().line_ids.move_id.button_draft()

    def test_an_sms_that_is_none_of_dunning_leaves_as_before(self):
        sms = self.env["sms.sms"].create({"number": MOBILE, "body": "Hello"})
        with self.mockSMSGateway():
            sms.send()
        self.assertEqual([sent["body"] for sent in self._sms], ["Hello"])

    def test_what_was_handed_over_before_is_not_sent_again(self):
        _invoice, action = self._plan_action(channel="sms")
        with self.mockSMSGateway():
            self._execute(action)
            sms = self.env["sms.sms"].search([("state", "=", "outgoing")])
            self.assertFalse(sms._dunning_hand_over())
            self.assertEqual(action.state, "done")
            # The process ended before it knew what had become of it.
            self.assertEqual(sms._dunning_hand_over(), sms)
        self.assertEqual(sms.state, "canceled")
        self.assertEqual(action.state, "failed")
        self.assertIn("nobody knows whether it has left", action.failure)

    def test_only_the_action_of_the_failed_sms_fails(self):
        other = self._create_customer("Other", phone="+33698765432")
        self._create_invoice(other, due=-5)
        _invoice, actions = self._plan_action(channel="sms")
        with self.mockSMSGateway(nbr_t_error={MOBILE: "wrong_number_format"}):
            self._execute(actions)
            self.env["sms.sms"].search([("state", "=", "outgoing")]).send()
        failed = actions.filtered(lambda action: action.state == "failed")
        self.assertEqual(failed.partner_id, self.customer)
        self.assertEqual((actions - failed).mapped("state"), ["done"])
