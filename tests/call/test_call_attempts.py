from odoo.tests import tagged

from .test_call_outcome import CallCommon


@tagged("post_install", "-at_install")
class TestCallAttempts(CallCommon):
    """Nobody answered, or not the right person: the call is made again."""

    # ------------------------------------------------------------------
    # NO ANSWER
    # ------------------------------------------------------------------

    def test_no_answer_keeps_the_call_and_counts_attempts(self):
        self._answer("no_answer")
        self.assertEqual((self.call.state, self.call.attempts), ("todo", 1))
        self.assertEqual(self.call.date, self._day(1))
        self.assertIn("attempt 1", self._get_exchanges())
        self._answer("no_answer", retry="today")
        self.assertEqual((self.call.date, self.call.attempts), (self._day(0), 2))
        self.assertEqual(str(self.call.call_time), "2026-03-02 13:00:00")

    def test_no_answer_on_a_friday_calls_again_on_monday(self):
        self._go_to(4)
        self._answer("no_answer")
        self.assertEqual(self.call.date, self._day(7))

    def test_after_too_many_attempts_writing_is_proposed(self):
        self.company.dunning_call_attempts = 2
        self._answer("no_answer")
        self._answer("no_answer")
        self.assertEqual((self.call.state, self.call.outcome), ("done", "no_answer"))
        [mail] = self._get_mails()
        self.assertIn("tried to reach you", mail.subject)
        self.assertEqual(self._reached(self.old).name, "Call")

    def test_after_too_many_attempts_the_fallback_of_the_level_takes_over(self):
        self.company.dunning_call_attempts = 2
        level_sudo = self.call.level_id.sudo()
        level_sudo.fallback_channel = "email"
        level_sudo.mail_template_id = self.mail_template
        self._answer("no_answer")
        told = self._answer("no_answer")
        self.assertFalse(told["undo"])
        self.assertRecordValues(
            self.call,
            [{"state": "done", "channel": "email", "replaced_channel": "call"}],
        )
        self.assertEqual(len(self._get_mails()), 1)
        self.assertEqual(self._reached(self.old).name, "Call")

    def test_a_fallback_that_a_person_carries_out_waits(self):
        self.company.dunning_call_attempts = 1
        self.call.level_id.sudo().fallback_channel = "task"
        self._answer("no_answer")
        self.assertEqual((self.call.state, self.call.channel), ("todo", "task"))
        self.assertFalse(self._get_mails())

    def test_without_limit_or_address_it_is_only_the_phone(self):
        self.company.dunning_call_attempts = 0
        for _attempt in range(4):
            self._answer("no_answer")
        self.assertEqual((self.call.state, self.call.attempts), ("todo", 4))

    # ------------------------------------------------------------------
    # WRONG CONTACT
    # ------------------------------------------------------------------

    def test_a_wrong_number_is_corrected_and_called_again(self):
        told = self._answer("wrong_contact", phone="+33 1 99 00 55 66")
        self.assertTrue(told["again"])
        self.assertEqual(self.customer.phone, "+33 1 99 00 55 66")
        self.assertEqual(self.call.contact_phone, "+33 1 99 00 55 66")
        self.assertEqual((self.call.state, self.call.attempts), ("todo", 0))

    def test_a_new_person_becomes_the_dunning_contact(self):
        self._answer(
            "wrong_contact",
            contact_name="Mme Leroy",
            phone="0199005567",
            email="leroy@example.com",
        )
        contact = self.customer.dunning_contact_id
        self.assertEqual((contact.name, contact.phone), ("Mme Leroy", "0199005567"))
        self.assertEqual(contact.parent_id, self.customer)
        self.assertEqual(self.call.contact_id, contact)
        self.assertNotEqual(self.customer.email, "leroy@example.com")

    def test_a_wrong_contact_needs_something_new(self):
        self.assertRefused("wrong_contact", "Enter the name")
        self.assertRefused("wrong_contact", "not valid", phone="1", email="no")
