from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .test_call_outcome import CallCommon


@tagged("post_install", "-at_install")
class TestCallClosing(CallCommon):
    """What happens around the outcome of a call: meanwhile, undone, confirmed."""

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

    def test_when_it_was_done_is_written_as_the_reader_does(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._answer("not_approved")
        done = self.call.date_done.strftime("%d/%m/%Y")
        self.assertIn(
            done, self.call.with_context(lang="fr_FR")._get_not_open_message()
        )

    def test_what_is_no_call_has_no_outcome(self):
        task = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "task"}
        )
        with self.assertRaisesRegex(UserError, "not a phone call"):
            task.action_open_outcome("promise")
        with self.assertRaisesRegex(UserError, "no such outcome"):
            self.call.action_open_outcome("bankrupt")

    def test_a_call_is_made_again_today_or_later(self):
        new = {"phone": "+33 1 99 00 55 66"}
        for outcome, told, values in (
            ("no_answer", "to try again", {}),
            ("wrong_contact", "to call again", new),
        ):
            for day in (self._day(-1), False):
                with self.subTest(outcome=outcome, day=day):
                    told_all = f"^Choose today or later {told}"
                    self.assertRefused(outcome, told_all, next_date=day, **values)
            self._answer(outcome, next_date=self._day(0), **values)
            self.assertEqual((self.call.state, self.call.date), ("todo", self._day(0)))

    def test_what_waits_to_be_validated_or_is_no_call_any_more_has_no_outcome(self):
        window = self.call.action_open_outcome("no_answer")
        dialogs = self.call.env["dunning.call.outcome"]
        dialog = dialogs.with_context(**window["context"]).create({})
        for values, told in (
            ({"state": "to_validate"}, "waits for its approval: validate it first"),
            ({"state": "todo", "channel": "task"}, "is not a phone call any more"),
        ):
            self.call.sudo().write(values)
            with self.assertRaisesRegex(UserError, told):
                dialog.action_apply()
        self.call.sudo().write({"state": "failed", "channel": "call"})
        dialog.action_apply()
        self.assertEqual(self.call.attempts, 1)

    def test_a_call_that_cannot_be_recorded_is_told(self):
        action = self.registry["dunning.action"]
        for failure, told in (
            (False, "The call cannot be recorded any more: open it again."),
            ("The ledger is closed", "The ledger is closed"),
        ):
            with patch.object(action, "_execute", lambda _self: None):
                self.call.sudo().failure = failure
                self.assertRefused("not_approved", f"^{told}$")

    def test_without_its_pdf_no_invoice_is_sent(self):
        problems = {self.old: "No layout", self.new: "No journal"}
        move = self.registry["account.move"]
        with patch.object(move, "_dunning_make_pdfs", lambda _self: problems):
            told = "^No layout\nNo journal$"
            self.assertRefused("not_received", told, email="a@example.com")
        self.assertFalse(self._get_mails())

    def test_an_address_that_cannot_be_one_is_told(self):
        rendered = {"subject": "Hello", "body_html": "<p>Hello</p>"}
        for email in ("nowhere", "", False):
            told = f"“{email or ''}” is not an e-mail address"
            with self.assertRaisesRegex(UserError, told):
                self.call._send_call_mail(rendered, email)
        self.assertFalse(self._get_mails())

    def test_an_address_without_its_end_is_refused(self):
        for outcome in ("wrong_contact", "not_received"):
            self.assertRefused(outcome, "end of “petit@shop” is", email="petit@shop")

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

    def test_nobody_says_by_a_context_what_was_agreed(self):
        self._answer("not_approved")
        forged = '{"outcome": "promise", "date": "2026-12-31"}'
        for call in (self.call, self.call.sudo()):
            self.assertEqual(
                call.with_context(dunning_outcome_details=forged).agreement_block,
                call.agreement_block,
            )

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

    def test_what_was_undone_was_no_exchange_with_the_customer(self):
        self._answer("not_approved")
        self.env.invalidate_all()
        customer = self.call.partner_id
        self.assertTrue(customer.dunning_last_exchange)
        self.call.action_undo_call()
        self.env.invalidate_all()
        self.assertFalse(customer.dunning_last_exchange)

    def test_undo_cancels_the_dispute(self):
        reason = self._ref("reason_quality")
        self._answer("dispute", all_items=True, reason_id=reason.id)
        dispute = self._get_hold().dispute_id
        self.call.action_undo_call()
        self.assertEqual(dispute.state, "cancelled")
        self.assertEqual(set(self._get_hold().mapped("state")), {"released"})

    def test_undo_withdraws_what_was_promised(self):
        self._answer("promise", date=self._day(8))
        self.call.action_undo_call()
        [promise] = self._get_promises()
        self.assertEqual((promise.state, promise.amount), ("withdrawn", 1500))
        self.assertEqual(set(self._get_hold().mapped("state")), {"released"})

    def test_undo_asks_nobody_any_more_whether_to_go_on_trading(self):
        def get_asked():
            return self.env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "=", self.customer.id)]
            )

        kept = self.customer.activity_schedule("mail.mail_activity_data_todo")
        manager = self._create_user("decides", "group_dunning_manager")
        values = {"stop_trading": "yes", "escalate_user_id": manager.id}
        self._answer("cash", **values, amount=500, date=self._day(6))
        self.assertEqual((get_asked() - kept).user_id, manager)
        self.call.action_undo_call()
        self.assertEqual(get_asked(), kept)

    def test_undo_leaves_what_was_asked_in_the_same_words_elsewhere(self):
        manager = self._create_user("decides", "group_dunning_manager")
        values = {"stop_trading": "yes", "escalate_user_id": manager.id}
        self._answer("cash", **values, amount=500, date=self._day(6))
        activities = self.env["mail.activity"]
        asked = activities.search([("user_id", "=", manager.id)])
        other = self.customer.with_user(self.collector).activity_schedule(
            "mail.mail_activity_data_todo",
            summary=asked.summary,
            note=asked.note,
            user_id=manager.id,
        )
        self.call.action_undo_call()
        self.assertEqual(activities.search([("user_id", "=", manager.id)]), other)

    def test_who_undoes_a_call_is_told_what_has_been_sent(self):
        self.assertFalse(self._answer("not_approved")["left"])
        again = self.call.browse(self.call.action_undo_call())
        told = self._answer("no_answer", again, retry="email", email="ap@example.com")
        self.assertEqual(told["undo"], again.id)
        self.assertIn("What was sent stays sent: ", told["left"])
        again.action_undo_call()
        self.env.invalidate_all()
        self.assertTrue(self.call.partner_id.dunning_last_exchange)

    def test_undo_leaves_what_was_paid_meanwhile(self):
        self._answer("promise", date=self._day(8))
        self._pay(self.old + self.new, group_payment=True)
        self.call.action_undo_call()
        self.assertEqual(self._get_promises().state, "kept")

    def test_undo_takes_an_attempt_back(self):
        told = self._answer("no_answer", note="Mailbox is full")
        self.assertEqual(self.call.note, "Mailbox is full")
        self.assertEqual(told["undo"], self.call.id)
        self.assertEqual(self.call.action_undo_call(), self.call.id)
        self.assertEqual((self.call.attempts, self.call.date), (0, self._day(0)))

    def test_what_was_undone_is_told_as_such_in_the_timeline(self):
        self._answer("no_answer")
        self.call.action_undo_call()
        customer = self.customer.with_user(self.collector)
        told = [
            (x["text"], x["who"]) for x in customer.dunning_get_timeline()["entries"]
        ]
        self.assertEqual(len(told), 2)
        self.assertRegex(told[0][0], "^Undone: ")
        # By the clock of the database, it was entered on another day.
        self.assertRegex(told[0][1], f"^{self.collector.name}")
        self._answer("not_approved")
        self.call.action_undo_call()
        entries = customer.dunning_get_timeline()["entries"]
        [called] = [x for x in entries if x["key"] == f"action-{self.call.id}"]
        self.assertEqual((called["muted"], called["amount"]), ("Undone", False))

    def test_what_was_undone_is_no_call_made_today(self):
        def get_done():
            self.env.invalidate_all()
            actions = self.env["dunning.action"].with_user(self.collector)
            ended = actions._get_day_summary(True)["ended"]
            return actions.get_call_queue()["done"], ended

        self._answer("not_approved")
        self.assertEqual(get_done(), (1, 1))
        again = self.call.browse(self.call.action_undo_call())
        self.assertEqual(get_done(), (0, 0))
        self._answer("not_approved", again)
        self.assertEqual(get_done(), (1, 1))

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
    # WHAT WAS PLANNED, AND WHAT WAS SAID
    # ------------------------------------------------------------------

    def _open_note(self, call):
        """Return what the dialog of a call proposes as what the customer said."""
        window = call.action_open_outcome("not_approved")
        dialogs = call.env["dunning.call.outcome"].with_context(**window["context"])
        return dialogs.default_get(["action_id", "outcome", "note"])["note"]

    def test_what_a_call_was_planned_for_is_not_what_the_customer_said(self):
        self.call.action_skip("Planned by hand instead")
        call = self.call.create(
            {"partner_id": self.customer.id, "note": "Ask for the next payment run"}
        )
        self.assertFalse(self._open_note(call))
        call.note = f"{call.note}\nThey pay on Fridays"
        self.assertEqual(self._open_note(call), "They pay on Fridays")
        self._answer("not_approved", call)
        self.assertEqual(call.note, "Ask for the next payment run\nThey pay on Fridays")
        self.assertEqual(call.title, "Ask for the next payment run")
        self.assertEqual(self._get_hold().note, "They pay on Fridays")

    def test_what_was_said_last_is_what_the_next_call_is_for(self):
        self._answer("not_approved", note="Mme Petit signs on Monday")
        following = self._get_next()
        self.assertEqual(following.note, "Mme Petit signs on Monday")
        self.assertFalse(self._open_note(following))

    def test_undoing_gives_back_what_was_said(self):
        self.call.note = "They pay on Fridays"
        self._answer("not_approved")
        again = self.call.browse(self.call.action_undo_call())
        self.assertEqual(self._open_note(again), "They pay on Fridays")

    def test_an_attempt_keeps_what_the_call_was_planned_for(self):
        self.call.action_skip("Planned by hand instead")
        call = self.call.create({"partner_id": self.customer.id, "note": "Ask"})
        self._answer("no_answer", call, note="Left a message")
        self.assertEqual(call.note, "Ask\nLeft a message")

    # ------------------------------------------------------------------
    # CONFIRMATION
    # ------------------------------------------------------------------

    def test_a_confirmation_recapitulates_what_was_agreed(self):
        self.customer.lang = "en_US"
        self._answer("promise", date=self._day(8), means="transfer", confirm=True)
        [mail] = self._get_mails()
        self.assertEqual(mail.recipient_ids, self.customer)
        for expected in ("1,500.00", "10&nbsp;Mar&nbsp;2026", "Bank Transfer"):
            self.assertIn(expected, mail.body_html)

    def test_what_is_still_to_be_approved_is_not_confirmed(self):
        self.company.dunning_promise_max_amount = 10
        with self.assertRaisesRegex(ValidationError, "approve this promise first"):
            self._answer("promise", date=self._day(8), confirm=True)
        self.assertEqual(self.call.state, "todo")
        self.assertFalse(self._get_mails())
        self._answer("promise", date=self._day(8))
        self.assertEqual(self.call.state, "done")

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
