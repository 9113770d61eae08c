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

    def test_after_one_attempt_nobody_reads_of_several(self):
        self.company.dunning_call_attempts = 1
        self._answer("no_answer")
        [mail] = self._get_mails()
        self.assertIn("tried to reach you", mail.body_html)
        self.assertNotIn("several", mail.body_html)

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
        # Scenarios are set up by credit managers.
        level_sudo = self.call.level_id.sudo()
        level_sudo.fallback_channel = "task"
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

    def test_the_right_person_does_not_get_the_address_of_the_wrong_one(self):
        self.customer.email = "wrong@example.com"
        self._answer("wrong_contact", contact_name="Mme Leroy")
        contact = self.customer.dunning_contact_id
        self.assertEqual((contact.name, contact.email), ("Mme Leroy", False))
        self.assertEqual(self.customer.email, "wrong@example.com")

    def test_undo_gives_back_the_contact_that_was_there_before(self):
        before = self._create_contact("M. Petit")
        self.customer.dunning_contact_id = before
        told = self._answer("wrong_contact", contact_name="Mme Leroy", phone="0199")
        contact = self.customer.dunning_contact_id
        self.assertEqual(self.call.contact_id, contact)
        self.assertEqual(told["undo"], self.call.id)
        self.assertEqual(self.call.action_undo_call(), self.call.id)
        self.assertEqual(self.customer.dunning_contact_id, before)
        self.assertEqual(self.call.contact_id, before)
        self.assertRecordValues(
            contact, [{"phone": "0199", "parent_id": self.customer.id}]
        )
        self.assertRecordValues(
            self.call,
            [{"outcome": False, "attempts": 0, "date": self._day(0), "state": "todo"}],
        )
        self.assertRegex(self._get_exchanges(), "Undone: Wrong Contact: .*Mme Leroy")

    def test_the_history_tells_the_address_that_was_corrected(self):
        self._answer("wrong_contact", email="new@example.com")
        self.assertRegex(self._get_exchanges(), "Wrong Contact: .*new@example.com")

    def test_undo_gives_back_the_number_that_was_corrected(self):
        former = self.customer.phone
        new = {"phone": "+33 1 99 00 55 66", "email": "new@example.com"}
        address = self.customer.email
        self._answer("wrong_contact", **new)
        self.call.action_undo_call()
        self.assertEqual(self.customer.phone, former)
        self.assertEqual(self.customer.email, address)

    def test_undo_leaves_what_has_been_corrected_since(self):
        chosen = self._create_contact("M. Petit")
        self._answer("wrong_contact", contact_name="Mme Leroy")
        self.customer.dunning_contact_id = chosen
        self.call.action_undo_call()
        self.assertEqual(self.customer.dunning_contact_id, chosen)

    def test_undo_of_a_later_call_leaves_the_contact_that_was_right(self):
        self._answer("wrong_contact", contact_name="Mme Leroy")
        contact = self.customer.dunning_contact_id
        self._answer("no_answer")
        self.call.action_undo_call()
        self.assertEqual(self.customer.dunning_contact_id, contact)

    def test_undo_forgets_a_contact_that_is_gone(self):
        before = self._create_contact("M. Petit")
        self.customer.dunning_contact_id = before
        self._answer("wrong_contact", contact_name="Mme Leroy")
        before.unlink()
        self.call.action_undo_call()
        self.assertFalse(self.customer.dunning_contact_id)

    def _create_contact(self, name):
        return self.env["res.partner"].create(
            {"name": name, "parent_id": self.customer.id, "type": "contact"}
        )


@tagged("post_install", "-at_install")
class TestCallAfterNotice(CallCommon):
    """Calls about what a formal notice was sent of."""

    LEVELS = (
        ("Formal Notice", 5, {"tone": "formal"}),
        ("Call", 10, {"channel": "call", "execution": "manual"}),
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_levels(cls.LEVELS)

    def setUp(self):
        super(CallCommon, self).setUp()
        self.notice = self._execute(self._run(0).action_ids)
        self._create_invoice(due=-2, amount=70)
        self.call = self._run(7).action_ids.with_user(self.collector)

    def test_who_is_not_reached_reads_that_the_formal_notice_remains_in_force(self):
        self.assertEqual(self.notice.line_ids.move_id, self.old + self.new)
        self.assertEqual(len(self.call.line_ids), 3)
        self._answer("no_answer", retry="email", email="ap@example.com")
        [mail] = self._get_mails().filtered(lambda x: "tried to" in x.subject)
        self.assertIn(
            f"Our formal notice of {self.notice._format_day(self._day(0))} about "
            f"{self.old.name} and {self.new.name} remains in force.",
            mail.body_html,
        )

    def test_a_formal_notice_itself_says_nothing_of_those_before_it(self):
        self.assertFalse(self.notice.further_text)
