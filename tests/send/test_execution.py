from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import DunningCommon


class ExecutionCommon(DunningCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reminder = cls.scenario.level_ids[0]

    def _plan_action(self, partner=None, **level):
        """Return an invoice of 100 and its action of today.

        :param level: values of the level
        """
        self.reminder.write(level)
        invoice = self._create_invoice(partner, due=-5)
        return invoice, self._run().action_ids


@tagged("post_install", "-at_install")
class TestEmails(ExecutionCommon):
    """E-mails: to whom, in which language, where they are logged."""

    def test_an_email_is_queued_for_the_customer(self):
        _invoice, action = self._plan_action()
        self._execute(action)
        self.assertRecordValues(
            action,
            [
                {
                    "state": "done",
                    "date_done": self.today,
                    "done_user_id": self.env.uid,
                    "failure": False,
                }
            ],
        )
        mail = action.mail_id
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(mail.subject, "Reminder for Customer")
        self.assertIn("You owe 100", mail.body_html)

    def test_an_email_is_a_message_of_the_customer(self):
        _invoice, action = self._plan_action()
        self._execute(action)
        message = action.mail_id.mail_message_id
        self.assertIn(message, self.customer.message_ids)
        self.assertEqual(message.author_id, self.collector.partner_id)

    def test_an_email_is_noted_on_each_invoice_it_lists(self):
        first = self._create_invoice(due=-5)
        second = self._create_invoice(due=-1)
        future = self._create_invoice(due=40)
        counts = [len(move.message_ids) for move in (first, second, future)]
        action = self._step()
        for move, count, more in zip(
            (first, second, future), counts, (1, 1, 0), strict=True
        ):
            self.assertEqual(len(move.message_ids), count + more)
        note = first.message_ids.sorted("id")[-1]
        self.assertIn(f'data-oe-id="{action.id}"', note.body)

    def test_an_email_goes_to_the_invoice_address(self):
        address = self.env["res.partner"].create(
            {
                "name": "Accounts Payable",
                "parent_id": self.customer.id,
                "type": "invoice",
                "email": "payable@example.com",
            }
        )
        _invoice, action = self._plan_action()
        self.assertEqual(action.contact_id, address)
        self._execute(action)
        self.assertEqual(action.mail_id.recipient_ids, address)

    def test_an_email_goes_to_the_dunning_contact_rather_than_the_invoice_address(self):
        contacts = self.env["res.partner"].create(
            [
                {"name": "Payable", "parent_id": self.customer.id, "type": "invoice"},
                {
                    "name": "Claire",
                    "parent_id": self.customer.id,
                    "email": "c@example.com",
                },
            ]
        )
        self.customer.dunning_contact_id = contacts[1]
        _invoice, action = self._plan_action()
        self._execute(action)
        self.assertEqual(action.mail_id.recipient_ids, contacts[1])

    def test_an_email_is_written_in_the_language_of_its_reader(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.mail_template.with_context(
            lang="fr_FR"
        ).subject = "Relance pour {{ object.partner_id.name }}"
        self.customer.lang = "fr_FR"
        english = self._create_customer("English", lang="en_US")
        self._create_invoice(due=-5)
        self._create_invoice(english, due=-5)
        actions = self._step()
        subjects = {action.partner_id: action.mail_id.subject for action in actions}
        self.assertEqual(
            subjects,
            {self.customer: "Relance pour Customer", english: "Reminder for English"},
        )

    def test_invoices_that_have_a_pdf_are_attached(self):
        invoice, action = self._plan_action(attach_invoices=True)
        pdf = self.env["ir.attachment"].create(
            {
                "name": "invoice.pdf",
                "res_model": "account.move",
                "res_id": invoice.id,
                "res_field": "invoice_pdf_report_file",
                "raw": b"%PDF",
            }
        )
        invoice.invalidate_recordset()
        self._execute(action)
        self.assertEqual(action.mail_id.attachment_ids, pdf)

    def test_a_customer_without_email_fails_with_the_reason_and_others_are_sent(self):
        silent = self._create_customer("Silent", email=False)
        self._create_invoice(silent, due=-5)
        self._create_invoice(due=-5)
        actions = self._step().sorted(lambda action: action.partner_id.id)
        sent, failed = actions
        self.assertEqual(sent.state, "done")
        self.assertRecordValues(failed, [{"state": "failed", "mail_id": False}])
        self.assertIn("no e-mail address", failed.failure)
        self.assertFalse(self._reached(failed.line_ids.move_line_id))

    def test_a_level_without_template_fails_with_the_reason(self):
        _invoice, action = self._plan_action(mail_template_id=False)
        self._execute(action)
        self.assertEqual(action.state, "failed")
        self.assertIn("no e-mail template", action.failure)

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_a_template_that_cannot_be_rendered_fails_only_its_own_action(self):
        # It divides by zero for the customer who is five days late.
        self.mail_template.subject = "{{ 1 / (object.days_late - 5) }}"
        other = self._create_customer("Other")
        self._create_invoice(due=-5)
        invoice = self._create_invoice(other, due=-6)
        actions = self._step()
        failed = actions.filtered(lambda action: action.partner_id == self.customer)
        self.assertEqual(failed.state, "failed")
        self.assertTrue(failed.failure)
        self.assertEqual((actions - failed).state, "done")
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_a_failed_action_is_sent_once_the_cause_is_mended(self):
        _invoice, action = self._plan_action(mail_template_id=False)
        self._execute(action)
        self.reminder.mail_template_id = self.mail_template
        self._execute(action)
        self.assertRecordValues(action, [{"state": "done", "failure": False}])


@tagged("post_install", "-at_install")
class TestExecution(ExecutionCommon):
    """Manual actions, the scheduled action, the check before sending."""

    def test_a_manual_action_is_recorded_as_done(self):
        invoice, action = self._plan_action(channel="call", execution="manual")
        count = len(self.customer.message_ids)
        action.with_user(self.collector).action_execute()
        self.assertRecordValues(
            action, [{"state": "done", "done_user_id": self.collector.id}]
        )
        self.assertFalse(action.mail_id)
        self.assertEqual(len(self.customer.message_ids), count + 1)
        self.assertFalse(action.activity_ids)
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_a_manual_action_is_an_activity_of_the_collector(self):
        self.customer.dunning_user_id = self.env.user
        _invoice, action = self._plan_action(channel="call", execution="manual")
        self.assertRecordValues(
            action.activity_ids,
            [
                {
                    "user_id": self.env.uid,
                    "date_deadline": self.today,
                    "summary": "Reminder",
                }
            ],
        )

    def test_an_activity_marked_as_done_leads_to_the_action(self):
        _invoice, action = self._plan_action(channel="call", execution="manual")
        with self.assertRaises(RedirectWarning) as caught:
            action.activity_ids.action_feedback("They pay on Friday")
        self.assertEqual(caught.exception.args[1]["res_id"], action.id)
        self.assertEqual(action.state, "todo")
        self.assertTrue(action.activity_ids)

    def test_a_to_do_of_somebody_else_stays_when_the_action_moves_and_ends(self):
        for end, arguments in (("action_execute", ()), ("action_skip", ("Settled",))):
            _invoice, action = self._plan_action(
                self._create_customer(end), channel="task", execution="manual"
            )
            to_do = action.activity_schedule(
                "mail.mail_activity_data_todo", date_deadline=self.today
            )
            action.action_postpone("2099-01-05", "Later")
            self.assertEqual(to_do.date_deadline, self.today)
            getattr(action, end)(*arguments)
            self.assertEqual(action.activity_ids, to_do)

    def test_a_to_do_of_somebody_else_on_an_action_does_nothing_to_it(self):
        for channel in ("call", "registered", "task"):
            _invoice, action = self._plan_action(channel=channel, execution="manual")
            activity = action.activity_schedule(
                "mail.mail_activity_data_todo", user_id=self.env.uid
            )
            activity.action_feedback("Seen")
            self.assertEqual(action.state, "todo")
            self.assertFalse(action.letter_id)

    def test_an_automatic_action_on_a_channel_of_people_is_manual(self):
        _invoice, action = self._plan_action(channel="registered")
        self.assertRecordValues(action, [{"execution": "manual", "state": "todo"}])
        self.assertTrue(action.activity_ids)

    def test_the_cron_sends_what_is_automatic_and_due(self):
        invoice, action = self._plan_action()
        self._cron_execute()
        self.assertEqual(action.state, "done")
        self.assertEqual(self._reached(invoice), self.reminder)

    def test_the_cron_does_not_send_what_waits_for_approval(self):
        _invoice, action = self._plan_action(execution="validate")
        self._cron_execute()
        self.assertEqual(action.state, "to_validate")

    def test_the_cron_does_not_do_what_people_do(self):
        _invoice, action = self._plan_action(execution="manual")
        self._cron_execute()
        self.assertEqual(action.state, "todo")

    def test_the_cron_does_not_send_before_the_date(self):
        _invoice, action = self._plan_action()
        action.action_postpone(self._day(2), "After the trade fair")
        self._cron_execute()
        self.assertEqual(action.state, "todo")
        self._go_to(2)
        self._cron_execute()
        self.assertRecordValues(action, [{"state": "done", "date_done": self._day(2)}])

    def test_what_has_waited_longest_goes_out_first(self):
        self._create_invoice(self._create_customer("Other"), due=-5)
        _invoice, actions = self._plan_action()
        for day, oldest in enumerate(actions, 1):
            oldest.sudo().date = self._day(-day)
            locked = actions._lock_due(actions._get_due_domain(), 1)
            self.assertEqual(locked, oldest)

    def test_the_cron_makes_up_for_a_day_on_which_it_did_not_run(self):
        _invoice, action = self._plan_action()
        self._go_to(1)
        self._cron_execute()
        self.assertRecordValues(action, [{"state": "done", "date_done": self._day(1)}])

    def test_the_cron_does_not_try_again_what_failed(self):
        self.customer.email = False
        _invoice, action = self._plan_action()
        self._cron_execute()
        self.assertEqual(action.state, "failed")
        self.customer.email = "customer@example.com"
        self._cron_execute()
        self.assertEqual(action.state, "failed")

    def test_the_cron_sends_the_rest_when_one_fails(self):
        silent = self._create_customer("Silent", email=False)
        self._create_invoice(silent, due=-5)
        _invoice, actions = self._plan_action()
        self._cron_execute()
        self.assertEqual(sorted(actions.mapped("state")), ["done", "failed"])

    # ------------------------------------------------------------------
    # VALIDATE, POSTPONE, SKIP
    # ------------------------------------------------------------------

    def test_a_validated_email_is_sent_by_the_cron(self):
        _invoice, action = self._plan_action(execution="validate")
        action.action_validate()
        self.assertRecordValues(action, [{"state": "todo", "execution": "automatic"}])
        self._cron_execute()
        self.assertEqual(action.state, "done")

    def test_a_validated_letter_goes_to_the_agenda(self):
        _invoice, action = self._plan_action(channel="registered", execution="validate")
        action.action_validate()
        self.assertRecordValues(action, [{"state": "todo", "execution": "manual"}])
        self.assertTrue(action.activity_ids)

    def test_only_what_waits_for_approval_can_be_validated(self):
        _invoice, action = self._plan_action()
        with self.assertRaisesRegex(UserError, "Only actions to validate"):
            action.action_validate()
        self.assertEqual(action.state, "todo")

    def test_a_day_of_work_is_proposed_to_postpone_to(self):
        dialog = self.env["dunning.action.postpone"]
        self._add_holiday(7)
        day = dialog.default_get(["date"])["date"]
        self.assertGreater(day, self._day(7))
        self.assertEqual(day, self.company._dunning_get_working_day(self._day(7)))

    def test_postponing_moves_the_action_and_its_activity(self):
        _invoice, action = self._plan_action(execution="manual")
        action.action_postpone(self._day(4), "On holiday")
        self.assertEqual(action.date, self._day(4))
        self.assertEqual(action.activity_ids.date_deadline, self._day(4))
        self.assertIn("On holiday", action.message_ids[0].body)

    def test_postponing_takes_a_date_as_text(self):
        _invoice, action = self._plan_action()
        action.action_postpone("2026-03-09", "On holiday")
        self.assertEqual(action.date, self._day(7))

    def test_postponing_needs_a_date_after_today(self):
        _invoice, action = self._plan_action()
        for day in (0, -1):
            with self.assertRaisesRegex(UserError, "after today"):
                action.action_postpone(self._day(day), "Later")
        with self.assertRaisesRegex(UserError, "after today"):
            action.action_postpone(False, "Later")
        self.assertEqual(action.date, self.today)

    def test_postponing_and_skipping_need_a_reason(self):
        _invoice, action = self._plan_action()
        for reason in ("", "  ", False, None):
            with self.assertRaisesRegex(UserError, "Say why"):
                action.action_postpone(self._day(3), reason)
            with self.assertRaisesRegex(UserError, "Say why"):
                action.action_skip(reason)
        self.assertRecordValues(action, [{"state": "todo", "date": self.today}])

    def test_skipping_is_kept_in_the_history(self):
        _invoice, action = self._plan_action(execution="manual")
        action.action_skip("Their director called")
        self.assertRecordValues(
            action, [{"state": "cancelled", "cancel_cause": "skipped"}]
        )
        self.assertIn("Their director called", action.message_ids[0].body)
        [told] = self.customer._dunning_tell_actions(action.ids).values()
        self.assertIn("Their director called", told["text"])
        self.assertFalse(action.activity_ids)

    def test_what_is_done_or_cancelled_cannot_be_decided_again(self):
        _invoice, done = self._plan_action()
        self._execute(done)
        skipped = self.env["dunning.action"].create(
            {"partner_id": self.customer.id, "channel": "call"}
        )
        skipped.action_skip("Not needed")
        for action, message in ((done, "already done by"), (skipped, "is cancelled")):
            with self.assertRaisesRegex(UserError, message):
                action.action_execute()
            with self.assertRaisesRegex(UserError, message):
                action.action_postpone(self._day(3), "Later")
            with self.assertRaisesRegex(UserError, message):
                action.action_skip("Never")
            with self.assertRaises(UserError):
                action.action_validate()

    def test_whoever_selects_nothing_is_told_so(self):
        with self.assertRaisesRegex(UserError, "No action is selected"):
            self.env["dunning.action"].action_execute()
        with self.assertRaisesRegex(UserError, "No promise is selected"):
            self.env["dunning.promise"].action_send_confirmation()

    def test_executing_several_actions_passes_over_those_done_meanwhile(self):
        _invoice, first = self._plan_action()
        other = self._create_customer("Other")
        _invoice, second = self._plan_action(other)
        self._execute(first)
        (first | second).action_execute()
        self.assertEqual(second.state, "done")

    def test_executing_tells_what_happened(self):
        silent = self._create_customer("Silent", email=False)
        self._create_invoice(silent, due=-5)
        _invoice, actions = self._plan_action()
        message = actions.action_execute()["params"]["message"]
        self.assertIn("1 done", message)
        self.assertIn("1 failed", message)
