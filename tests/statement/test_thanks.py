from odoo.tests import tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestThanks(DunningCommon):
    """A short e-mail when everything overdue has been paid after a reminder."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_thanks = True

    def _get_thanks(self, day):
        run = self._run(day)
        return run.action_ids.filtered(lambda action: action.notice == "thanks")

    def _remind(self, **values):
        """Remind the customer of an invoice.

        :return: the invoice
        """
        invoice = self._create_invoice(due=-6, **values)
        [reminder] = self._step(0)
        self.assertEqual(reminder.state, "done")
        return invoice

    def test_who_pays_after_a_reminder_is_thanked_once(self):
        invoice = self._remind()
        self._go_to(1)
        self._pay(invoice)
        [thanks] = self._get_thanks(2)
        self._execute(thanks)
        self.assertEqual(thanks.state, "done")
        self.assertIn("nothing is overdue", thanks.mail_id.body_html)
        self.assertFalse(self._get_thanks(3))

    def test_who_is_thanked_is_counted_before_the_run_is_started(self):
        invoice = self._remind()
        self._create_invoice(self._create_customer("Other"), due=-5)
        self._go_to(1)
        manager = self._create_user("manager", "group_dunning_manager")
        for told in (False, True):
            preview = self.env["dunning.preview"].with_user(manager).create({})
            preview.action_preview()
            text = "1 customer is thanked for its payment"
            self.assertEqual(text in preview.summary_html, told)
            if not told:
                self._pay(invoice)

    def test_nobody_is_thanked_unless_the_company_says_so(self):
        self.company.dunning_thanks = False
        invoice = self._remind()
        self._pay(invoice)
        self.assertFalse(self._get_thanks(1))

    def test_who_still_owes_something_overdue_is_not_thanked(self):
        invoice = self._remind()
        self._create_invoice(due=-2)
        self._go_to(1)
        self._pay(invoice)
        self.assertFalse(self._get_thanks(2))

    def test_what_is_not_due_yet_keeps_nobody_from_being_thanked(self):
        invoice = self._remind()
        self._create_invoice(due=20)
        self._go_to(1)
        self._pay(invoice)
        self.assertTrue(self._get_thanks(2))

    def test_who_pays_without_a_reminder_is_not_thanked(self):
        invoice = self._create_invoice(due=-2)
        self._run(0)
        self._pay(invoice)
        self.assertFalse(self._get_thanks(1))

    def test_a_credit_note_is_no_payment(self):
        invoice = self._remind()
        self._credit_note(invoice)
        self.assertFalse(self._get_thanks(1))

    def test_who_owes_again_before_it_leaves_is_not_thanked(self):
        invoice = self._remind()
        self._go_to(1)
        payment = self._pay(invoice)
        [thanks] = self._get_thanks(2)
        payment.move_id.line_ids.remove_move_reconcile()
        payment.action_draft()
        self.assertEqual(
            (thanks.state, thanks.cancel_cause), ("cancelled", "overdue_again")
        )

    def _send_thanks(self):
        """Return thanks that are in the queue, as another process reads them."""
        invoice = self._remind()
        self._go_to(1)
        self._pay(invoice)
        thanks = self._get_thanks(2)
        self._execute(thanks)
        self.env.flush_all()
        self.env.invalidate_all()
        return thanks

    def test_thanks_leave_the_queue_once(self):
        thanks = self._send_thanks()
        thanks.mail_id._dunning_stop_outdated()
        self.assertEqual((thanks.state, thanks.mail_id.state), ("done", "outgoing"))

    def test_thanks_that_went_out_can_be_looked_at(self):
        thanks = self._send_thanks()
        self.assertEqual(thanks.deadline_text, "as soon as possible")

    def test_who_has_no_address_is_not_thanked_by_post(self):
        invoice = self._remind()
        self._pay(invoice)
        self.customer.email = False
        self.assertFalse(self._get_thanks(1))

    def test_thanks_begin_no_gap_and_reach_no_level(self):
        invoice = self._remind()
        self._go_to(1)
        self._pay(invoice)
        self._execute(self._get_thanks(2))
        self.scenario.contact_gap_days = 10
        self._create_invoice(due=-6)
        # Eleven days after the reminder, nine after the thanks.
        [reminder] = self._run(11).action_ids
        self.assertEqual(reminder.kind, "step")
