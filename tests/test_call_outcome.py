from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import DunningCommon

CALL_LEVELS = (
    ("Call", 5, {"channel": "call", "execution": "manual"}),
    ("Reminder", 15, {}),
)


class CallCommon(DunningCommon):
    """A collector on the phone: a customer with two invoices to be called."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_levels(CALL_LEVELS)
        cls.customer.write({"phone": "+33 1 99 00 12 34", "user_id": cls.env.uid})
        cls.old = cls._create_invoice(due=-12, amount=1000)
        cls.new = cls._create_invoice(due=-6, amount=500)

    def setUp(self):
        super().setUp()
        self.call = self._run(0).action_ids.with_user(self.collector)
        self.assertEqual(self.call.channel, "call")

    def _ref(self, name):
        return self.env.ref(f"account_dunning.{name}")

    def _answer(self, outcome, call=None, **values):
        """Record the outcome of a call, as the dialog does.

        :return: what the call screen is told
        """
        call = call or self.call
        window = call.action_open_outcome(outcome)
        dialog = call.env["dunning.call.outcome"].with_context(**window["context"])
        return dialog.create(values).action_apply()["infos"]["call"]

    def _get_hold(self):
        return self.env["dunning.hold"].search([("partner_id", "=", self.customer.id)])

    def _get_next(self, call=None):
        return self._actions(call_id=(call or self.call).id)

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
        )

    def _get_exchanges(self):
        self.env.invalidate_all()
        customer = self.customer.with_user(self.collector)
        entries = customer.dunning_get_timeline()["entries"]
        return " ".join(f"{e['title']} {e['text']}" for e in entries)

    def assertRefused(self, outcome, message, **values):
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            self._answer(outcome, **values)
        self.assertEqual(self.call.state, "todo")


@tagged("post_install", "-at_install")
class TestCallOutcome(CallCommon):
    """Each outcome: state, reason, hold, next action, history, e-mail."""

    # ------------------------------------------------------------------
    # WILL PAY
    # ------------------------------------------------------------------

    def test_will_pay_holds_the_items_until_the_payment_should_have_arrived(self):
        self.company.dunning_promise_tolerance = 3
        self._answer("promise", date=self._day(8), who="Mme Durand", means="transfer")
        self.assertEqual((self.call.state, self.call.outcome), ("done", "promise"))
        self.assertEqual(self.call.reason_id, self._ref("reason_promised"))
        hold = self._get_hold()
        self.assertEqual(hold.origin, "promise")
        self.assertEqual(hold.date_end, self._day(11))
        self.assertEqual(hold.move_line_ids, self._items(self.old + self.new))
        self.assertEqual(hold.amount, 0)
        for item in (self.old, self.new):
            self.assertPlanned(item, "out", day=11, reason="held")
            self.assertNotEqual(self._plan(12)[self._items(item)].reason, "held")

    def test_a_promise_says_amount_date_and_who_in_the_history(self):
        self._answer("promise", date=self._day(8), who="Mme Durand", note="Was ill")
        text = self._get_exchanges()
        for expected in ("Will Pay", "1,500.00", "03/10/2026", "Mme Durand", "Was ill"):
            self.assertIn(expected, text)

    def test_a_part_promised_leaves_the_rest_claimed(self):
        self._answer("promise", date=self._day(8), amount=1200)
        hold = self._get_hold()
        self.assertEqual((hold.amount, hold.scope), (1200, "items"))
        row = self._plan(1)[self._items(self.new)]
        self.assertEqual(row.decision, "later")

    def test_a_promise_on_one_invoice_holds_that_invoice(self):
        line = self.call.line_ids.filtered(lambda x: x.move_id == self.new)
        self._answer("promise", date=self._day(8), all_items=False, line_ids=line.ids)
        hold = self._get_hold()
        self.assertEqual(hold.move_line_ids, self._items(self.new))
        self.assertIn(self.new.name, self.call.outcome_text)

    def test_a_promise_in_two_currencies_holds_both(self):
        dollar = self._enable_currency("USD")
        abroad = self._create_invoice(due=-7, amount=300, currency=dollar)
        self._answer("promise", date=self._day(8))
        self.assertEqual(
            self._get_hold().move_line_ids,
            self._items(self.old + self.new + abroad),
        )
        self.assertIn("300.00", self.call.outcome_text)

    def test_a_promise_refuses_what_cannot_be(self):
        for message, values in (
            ("today or later", {"date": self._day(-1)}),
            ("today or later", {"date": False}),
            ("above", {"date": self._day(8), "amount": 1500.01}),
            ("Enter the amount", {"date": self._day(8), "amount": 0}),
            ("Enter the amount", {"date": self._day(8), "amount": -5}),
            ("Choose the invoices", {"all_items": False, "amount": 5}),
        ):
            with self.subTest(values=values):
                self.assertRefused("promise", message, **values)
        self.assertFalse(self._get_hold())

    def test_the_amount_is_compared_with_what_is_left_after_a_payment(self):
        self._pay(self.old, 600)
        self.assertRefused("promise", "above.*900", amount=1500)

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    def test_a_dispute_holds_its_items_until_it_is_settled(self):
        line = self.call.line_ids.filtered(lambda x: x.move_id == self.old)
        self._answer(
            "dispute",
            all_items=False,
            line_ids=line.ids,
            reason_id=self._ref("reason_quality").id,
            note="Two units broken",
        )
        hold = self._get_hold()
        self.assertEqual((hold.origin, hold.date_end), ("dispute", False))
        self.assertEqual(hold.move_line_ids, self._items(self.old))
        self.assertEqual(hold.reason_id, self._ref("reason_quality"))
        follow_up = self._get_next()
        self.assertEqual((follow_up.channel, follow_up.date), ("task", self._day(7)))
        self.assertEqual(follow_up.note, "Two units broken")
        self.assertEqual(self.call.reason_id, self._ref("reason_quality"))

    def test_a_part_in_dispute_is_held_alone(self):
        reason = self._ref("reason_price")
        self._answer("dispute", all_items=True, reason_id=reason.id, amount=80)
        self.assertEqual(self._get_hold().amount, 80)

    def test_a_dispute_needs_its_items_and_its_reason(self):
        self.assertRefused("dispute", "Choose the invoices")
        self.assertRefused("dispute", "Choose the reason", all_items=True)

    # ------------------------------------------------------------------
    # DID NOT GET IT
    # ------------------------------------------------------------------

    def test_invoices_go_out_again_at_once_to_the_corrected_address(self):
        self._answer("not_received", email="new@example.com")
        [mail] = self._get_mails()
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(len(mail.attachment_ids), 2)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(self.customer.email, "new@example.com")
        self.assertEqual(self.call.reason_id, self._ref("reason_not_received"))
        again = self._get_next()
        self.assertEqual((again.channel, again.date), ("call", self._day(3)))
        self.assertEqual(self._get_hold().date_end, self._day(2))

    def test_invoices_that_have_a_pdf_are_sent_as_they_were(self):
        copies = self.call._get_invoice_copies(self.old)
        self._answer("not_received")
        self.assertIn(copies, self._get_mails().attachment_ids)

    def test_an_address_for_once_is_not_kept(self):
        self._answer("not_received", email="once@example.com", keep_email=False)
        self.assertEqual(self._get_mails().email_to, "once@example.com")
        self.assertNotEqual(self.customer.email, "once@example.com")

    def test_copies_need_an_address(self):
        self.assertRefused("not_received", "not valid", email="nobody")
        self.customer.email = False
        self.assertRefused("not_received", "not valid")

    # ------------------------------------------------------------------
    # NOT VALIDATED, CASH TROUBLE, OTHER
    # ------------------------------------------------------------------

    def test_not_validated_calls_again_on_the_day_given(self):
        self._answer("not_approved", who="M. Petit", next_date=self._day(10))
        self.assertIn("M. Petit", self.call.outcome_text)
        self.assertEqual(self._get_hold().date_end, self._day(9))
        self.assertEqual(self._get_next().date, self._day(10))
        self.assertEqual(self.call.reason_id, self._ref("reason_not_approved"))

    def test_cash_trouble_holds_what_can_be_paid_and_asks_who_decides(self):
        self._answer(
            "cash",
            amount=400,
            date=self._day(5),
            stop_trading="yes",
            next_date=self._day(6),
        )
        self.assertEqual(self._get_hold().amount, 400)
        self.assertEqual(self._get_next().date, self._day(6))
        activity = self.customer.activity_ids
        self.assertEqual(activity.user_id, self.customer.user_id)
        self.assertEqual(self.call.reason_id, self._ref("reason_cash"))

    def test_cash_trouble_without_any_amount_only_calls_again(self):
        self._answer("cash")
        self.assertFalse(self._get_hold())
        self.assertEqual(self._get_next().channel, "call")
        self.assertFalse(self.customer.activity_ids)

    def test_to_stop_trading_needs_somebody_who_decides(self):
        self.customer.user_id = False
        self.assertRefused("cash", "who decides", stop_trading="yes")

    def test_other_keeps_a_reason_and_a_note(self):
        paid = self._ref("reason_already_paid")
        self._answer("other", reason_id=paid.id, note="Paid on Friday")
        self.assertEqual((self.call.state, self.call.reason_id), ("done", paid))
        self.assertFalse(self._get_next() | self._get_next())

    def test_the_next_call_is_later_than_today(self):
        for outcome in ("not_received", "not_approved", "cash"):
            with self.subTest(outcome=outcome):
                self.assertRefused(outcome, "after today", next_date=self._day(0))

    # ------------------------------------------------------------------
    # NO ANSWER, WRONG CONTACT
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

    # ------------------------------------------------------------------
    # MEANWHILE
    # ------------------------------------------------------------------

    def test_paid_meanwhile_is_said_and_nothing_is_held(self):
        window = self.call.action_open_outcome("promise")
        dialogs = self.call.env["dunning.call.outcome"]
        dialog = dialogs.with_context(**window["context"]).create({})
        for invoice in (self.old, self.new):
            self.env.cr.execute(
                "UPDATE account_move_line SET reconciled = TRUE, amount_residual = 0,"
                " amount_residual_currency = 0 WHERE id = %s",
                self._items(invoice).ids,
            )
        self.env.invalidate_all()
        told = dialog.action_apply()["infos"]["call"]
        self.assertFalse(told["good"])
        self.assertIn("has paid meanwhile", told["text"])
        self.assertEqual(self.call.state, "cancelled")
        self.assertFalse(self._get_hold())

    def test_the_second_collector_on_a_call_is_told_who_made_it(self):
        colleague = self._create_user("colleague", "group_dunning_collector")
        theirs = self.call.with_user(colleague)
        window = theirs.action_open_outcome("promise")
        dialogs = theirs.env["dunning.call.outcome"]
        dialog = dialogs.with_context(**window["context"]).create({})
        self._answer("not_approved")
        with self.assertRaisesRegex(UserError, "already done by Collector"):
            dialog.action_apply()
        with self.assertRaisesRegex(UserError, "already done by Collector"):
            theirs.action_open_outcome("cash")

    def test_what_is_no_call_has_no_outcome(self):
        task = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "task"}
        )
        with self.assertRaisesRegex(UserError, "not a phone call"):
            task.action_open_outcome("promise")
        with self.assertRaisesRegex(UserError, "no such outcome"):
            self.call.action_open_outcome("bankrupt")

    def test_an_auditor_records_nothing(self):
        auditor = new_test_user(
            self.env, "call_auditor", "account_dunning.group_dunning_readonly"
        )
        call = self.call.with_user(auditor)
        self.assertEqual(call.script, False)
        with self.assertRaises(AccessError):
            call.action_open_outcome("promise")
        with self.assertRaises(AccessError):
            call.action_undo_call()

    # ------------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------------

    def test_undo_releases_what_followed_and_calls_again(self):
        self._answer("not_approved")
        following = self._get_next()
        new_id = self.call.action_undo_call()
        self.assertEqual(self._get_hold().state, "released")
        self.assertEqual(following.state, "cancelled")
        again = self.call.browse(new_id)
        self.assertEqual((again.state, again.date), ("todo", self._day(0)))
        self.assertEqual(again.corrects_id, self.call)
        self.assertEqual(self.call.state, "done")
        with self.assertRaisesRegex(UserError, "undone already"):
            self.call.action_undo_call()

    def test_undo_takes_an_attempt_back(self):
        told = self._answer("no_answer", note="Mailbox is full")
        self.assertEqual(self.call.note, "Mailbox is full")
        self.assertEqual(told["undo"], self.call.id)
        self.assertEqual(self.call.action_undo_call(), self.call.id)
        self.assertEqual((self.call.attempts, self.call.date), (0, self._day(0)))

    def test_undo_is_for_ones_own_calls_of_today(self):
        with self.assertRaisesRegex(UserError, "can be undone"):
            self.call.action_undo_call()
        self._answer("cash")
        with self.assertRaisesRegex(UserError, "can be undone"):
            self.call.with_user(self.env.user).action_undo_call()
        self._go_to(1)
        with self.assertRaisesRegex(UserError, "can be undone"):
            self.call.action_undo_call()

    # ------------------------------------------------------------------
    # CONFIRMATION
    # ------------------------------------------------------------------

    def test_a_confirmation_recapitulates_what_was_agreed(self):
        self.customer.lang = "en_US"
        self._answer("promise", date=self._day(8), means="transfer", confirm=True)
        [mail] = self._get_mails()
        self.assertEqual(mail.recipient_ids, self.customer)
        for expected in ("1,500.00", "03/10/2026", "Bank Transfer"):
            self.assertIn(expected, mail.body_html)

    def test_a_confirmation_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        addon = self.env["ir.module.module"].search([("name", "=", "account_dunning")])
        addon._update_translations("fr_FR")
        self.customer.lang = "fr_FR"
        self._answer("not_approved", who="M. Petit", confirm=True)
        [mail] = self._get_mails()
        self.assertIn("Bonjour", mail.body_html)
        self.assertIn("M. Petit", mail.body_html)
        self.assertNotIn("Thank you", mail.body_html)
        self.assertNotIn("We will call", mail.body_html)

    def test_an_edited_confirmation_is_sent_as_it_was_edited(self):
        self._answer(
            "other",
            reason_id=self._ref("reason_already_paid").id,
            confirm=True,
            confirm_subject="As agreed",
            confirm_body="<p>Bring cake</p>",
        )
        [mail] = self._get_mails()
        self.assertEqual(mail.subject, "As agreed")
        self.assertIn("Bring cake", mail.body_html)

    def test_a_confirmation_needs_address_and_text(self):
        self.assertRefused("cash", "not valid", confirm=True, email="nowhere")
        self.assertRefused("cash", "empty", confirm=True, confirm_body="<p><br></p>")

    @mute_logger("odoo.sql_db")
    def test_negative_settings_are_refused(self):
        for name in ("dunning_call_attempts", "dunning_promise_tolerance"):
            with self.subTest(name=name), self.assertRaises(IntegrityError):
                with self.env.cr.savepoint():
                    self.company[name] = -1
                    self.env.flush_all()
            self.env.invalidate_all(flush=False)
