from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_execution import ExecutionCommon

MOBILE = "+33612345678"
ADDRESS = {"street": "1 rue de la Paix", "zip": "75002", "city": "Paris"}


class ChannelCommon(ExecutionCommon):
    """A customer who can be reached in every way, and a level with every text."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sms_template = cls.env["sms.template"].create(
            {
                "name": "Test SMS",
                "model_id": cls.env["ir.model"]._get_id("dunning.action"),
                "lang": "{{ object.contact_lang }}",
                "body": "Please pay {{ object.amount_text }} to us",
            }
        )
        cls.reminder.sms_template_id = cls.sms_template
        cls.customer.write({"phone": MOBILE, **ADDRESS})

    def assertChannel(self, action, channel, instead_of=False, **values):
        self.assertRecordValues(
            action, [{"channel": channel, "replaced_channel": instead_of, **values}]
        )


@tagged("post_install", "-at_install")
class TestPreferredChannel(ChannelCommon):
    """A light channel may stand for another one, if the customer prefers it."""

    def test_the_agenda_shows_the_channel_that_the_customer_prefers(self):
        self.customer.dunning_channel = "sms"
        _invoice, action = self._plan_action()
        self.assertChannel(action, "sms", execution="automatic")

    def test_each_company_has_its_own_preference(self):
        other = self._create_second_company()
        self.customer.with_company(other).dunning_channel = "sms"
        _invoice, action = self._plan_action()
        self.assertChannel(action, "email")

    def test_a_letter_that_is_preferred_is_for_a_person(self):
        self.customer.dunning_channel = "letter"
        _invoice, action = self._plan_action()
        self.assertChannel(action, "letter", execution="manual", state="todo")
        self.assertTrue(action.activity_ids)

    def test_what_is_to_be_approved_stays_so_on_the_preferred_channel(self):
        self.customer.dunning_channel = "letter"
        _invoice, action = self._plan_action(execution="validate")
        self.assertChannel(action, "letter", execution="validate", state="to_validate")

    def test_a_call_or_a_registered_letter_is_not_replaced(self):
        self.customer.dunning_channel = "email"
        for channel in ("call", "task", "registered"):
            with self.subTest(channel=channel):
                _invoice, action = self._plan_action(channel=channel)
                self.assertChannel(action, channel)
                action.action_skip("Next channel")

    def test_a_heavy_channel_is_not_a_preference(self):
        self.customer.dunning_channel = "registered"
        _invoice, action = self._plan_action()
        self.assertChannel(action, "email")

    def test_an_sms_is_not_preferred_to_a_level_without_text_for_it(self):
        self.customer.dunning_channel = "sms"
        _invoice, action = self._plan_action(sms_template_id=False)
        self.assertChannel(action, "email")

    def test_a_preference_given_after_the_run_counts(self):
        _invoice, action = self._plan_action()
        self.customer.dunning_channel = "sms"
        self._execute(action)
        self.assertChannel(action, "sms", state="done")
        self.assertIn("prefers", action.message_ids[0].body)

    def test_a_preference_that_is_not_possible_leaves_the_level_its_channel(self):
        self.customer.write({"dunning_channel": "sms", "phone": False})
        _invoice, action = self._plan_action()
        self._execute(action)
        self.assertChannel(action, "email", "sms", state="done")

    def test_an_action_that_comes_down_to_a_lower_level_keeps_the_preference(self):
        self.customer.dunning_channel = "sms"
        self.scenario.level_ids.sms_template_id = self.sms_template
        first = self._create_invoice(due=-5)
        second = self._create_invoice(due=-1)
        self._step()
        self._go_to(10)
        action = self._run().action_ids
        self.assertEqual(action.level_id, self.scenario.level_ids[1])
        self._pay(first)
        self.assertListed(action, {second: self.reminder})
        self.assertChannel(action, "sms")


@tagged("post_install", "-at_install")
class TestFallback(ChannelCommon):
    """What is not possible is done in another way, in the order of the level."""

    def test_without_email_the_letter_waits_to_be_printed(self):
        self.customer.email = False
        _invoice, action = self._plan_action(fallback_channel="letter")
        self._execute(action)
        self.assertChannel(
            action, "letter", "email", state="todo", execution="manual", failure=False
        )
        self.assertRecordValues(action.activity_ids, [{"user_id": self.collector.id}])
        self.assertIn("Letter instead of E-mail", action.message_ids[0].body)
        self.assertIn("no e-mail address", action.message_ids[0].body)

    def test_the_scheduled_action_uses_the_fallback_too(self):
        self.customer.email = False
        _invoice, action = self._plan_action(fallback_channel="sms")
        self._cron_execute()
        self.assertChannel(action, "sms", "email", state="done")

    def test_the_second_fallback_is_used_when_the_first_is_not_possible(self):
        self.customer.write({"email": False, "street": False})
        _invoice, action = self._plan_action(
            fallback_channel="letter", fallback2_channel="call"
        )
        self._execute(action)
        self.assertChannel(action, "call", "email", state="todo", execution="manual")
        self.assertEqual(
            action.activity_ids.activity_type_id,
            self.env.ref("mail.mail_activity_data_call"),
        )

    def test_with_nothing_left_it_fails_and_says_everything_that_is_missing(self):
        self.customer.write({"email": False, "street": False, "phone": False})
        _invoice, action = self._plan_action(
            fallback_channel="letter", fallback2_channel="sms"
        )
        self._execute(action)
        self.assertChannel(action, "email", state="failed")
        for missing in ("no e-mail address", "postal address", "no mobile number"):
            self.assertIn(missing, action.failure)

    def test_a_letter_to_print_that_has_no_address_goes_out_by_email(self):
        self.customer.street = False
        _invoice, action = self._plan_action(channel="letter", fallback_channel="email")
        self.assertChannel(action, "letter", execution="manual")
        self._execute(action)
        self.assertChannel(action, "email", "letter", state="done")
        self.assertTrue(action.mail_id)

    def test_a_channel_that_was_given_up_is_not_tried_again(self):
        self.customer.email = False
        _invoice, action = self._plan_action(fallback_channel="letter")
        self._execute(action)
        self.customer.email = "customer@example.com"
        self._execute(action)
        self.assertChannel(action, "letter", "email", state="done")

    def test_a_registered_letter_without_address_fails(self):
        self.customer.city = False
        _invoice, action = self._plan_action(channel="registered")
        self._execute(action)
        self.assertRecordValues(action, [{"state": "failed"}])
        self.assertIn("postal address", action.failure)

    def test_what_is_not_an_email_address_is_said_so(self):
        self.customer.email = "nobody at example"
        _invoice, action = self._plan_action()
        self._execute(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("“nobody at example”", action.failure)

    def test_what_was_approved_and_needs_printing_is_not_approved_twice(self):
        self.customer.email = False
        _invoice, action = self._plan_action(
            execution="validate", fallback_channel="letter"
        )
        action.action_validate()
        self._cron_execute()
        self.assertChannel(action, "letter", "email", state="todo")

    def test_executing_says_what_is_left_to_do_by_hand(self):
        self.customer.email = False
        _invoice, action = self._plan_action(fallback_channel="letter")
        message = action.action_execute()["params"]["message"]
        self.assertEqual(message, "1 to do by hand, in the agenda")


@tagged("post_install", "-at_install")
class TestUseFallback(ChannelCommon):
    """What has failed can be done in another way by one click."""

    def _fail(self, **level):
        _invoice, action = self._plan_action(**level)
        self._execute(action)
        action.sudo()._fail_after_sending("The mailbox is full")
        return action

    def test_the_fallback_of_the_level_is_proposed(self):
        action = self._fail(fallback_channel="sms", fallback2_channel="letter")
        self.assertEqual(action.proposed_channel, "sms")

    def test_a_level_without_fallback_proposes_a_letter_else_a_call(self):
        action = self._fail()
        self.assertEqual(action.proposed_channel, "letter")
        self.customer.street = False
        self.env.invalidate_all()
        self.assertEqual(action.proposed_channel, "call")

    def test_nothing_is_proposed_unless_it_has_failed(self):
        _invoice, action = self._plan_action(fallback_channel="sms")
        self.assertFalse(action.proposed_channel)
        with self.assertRaisesRegex(UserError, "has not failed"):
            action.action_use_fallback()
        self._execute(action)
        with self.assertRaisesRegex(UserError, "has not failed"):
            action.action_use_fallback()

    def test_what_the_system_sends_goes_out_at_once(self):
        action = self._fail(fallback_channel="sms").with_user(self.collector)
        action.action_use_fallback()
        self.assertChannel(action, "sms", "email", state="done", failure=False)
        self.assertIn("The mailbox is full", str(action.message_ids.mapped("body")))

    def test_a_letter_waits_for_the_collector(self):
        action = self._fail(fallback_channel="letter").with_user(self.collector)
        action.action_use_fallback()
        self.assertChannel(action, "letter", "email", state="todo", execution="manual")
        self.assertEqual(action.activity_ids.user_id, self.collector)

    def test_an_email_that_might_still_leave_does_not_go_out_beside_the_letter(self):
        action = self._fail(fallback_channel="letter")
        mail = action.mail_id
        self.assertEqual(mail.state, "outgoing")
        action.action_use_fallback()
        self.assertEqual(mail.state, "cancel")

    def test_an_email_that_has_left_stays_sent_beside_the_letter(self):
        action = self._fail(fallback_channel="letter")
        mail = action.mail_id
        mail.state = "sent"
        action.action_use_fallback()
        self.assertEqual(mail.state, "sent")

    def test_each_failure_leads_to_the_next_way(self):
        action = self._fail(fallback_channel="sms", fallback2_channel="letter")
        action.action_use_fallback()
        action.sudo()._fail_after_sending("No such number")
        self.assertEqual(action.proposed_channel, "letter")
        action.action_use_fallback()
        self.assertChannel(action, "letter", "email", state="todo")

    def test_nothing_goes_out_when_it_was_paid_meanwhile(self):
        action = self._fail(fallback_channel="sms")
        self._pay(action.line_ids.move_id)
        self.assertEqual(action.state, "cancelled")
        with self.assertRaisesRegex(UserError, "has not failed"):
            action.action_use_fallback()
