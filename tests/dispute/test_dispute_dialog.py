from odoo.exceptions import MissingError, ValidationError
from odoo.tests import Form, tagged

from ..disputes import DisputeCommon


@tagged("post_install", "-at_install")
class TestDisputeDialog(DisputeCommon):
    """Recording disputes and deciding about them as the collector does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_invoice(due=-20, amount=100)

    def _open(self, model, records, **context):
        dialog = self.env[model].with_user(self.collector)
        return Form(
            dialog.with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records.ids[0],
                **context,
            )
        )

    def test_a_part_of_an_invoice_can_be_disputed(self):
        form = self._open("dunning.dispute.dialog", self.invoice)
        self.assertEqual(form.amount, 100)
        form.reason_id = self.reason
        self.assertEqual(form.checklist, "Order, Price List")
        form.amount = 30
        action = form.save().action_apply()
        dispute = self.env["dunning.dispute"].browse(action["res_id"])
        self.assertEqual(dispute.amount, 30)
        self.assertEqual(self._get_withheld(self.invoice), 30)

    def test_of_an_entry_what_the_customer_owes_is_proposed_alone(self):
        accounts = self.company_data
        entry = self._create_entry(
            counterparts={
                accounts["default_account_payable"]: 40,
                accounts["default_account_revenue"]: -140,
            }
        )
        form = self._open("dunning.dispute.dialog", entry)
        self.assertEqual(form.move_line_ids.ids, self._items(entry).ids)

    def test_only_what_no_other_dispute_covers_is_proposed(self):
        self._dispute(self.invoice, 40)
        form = self._open("dunning.dispute.dialog", self.invoice)
        self.assertEqual(form.amount_available, 60)

    def test_what_was_promised_can_be_disputed(self):
        self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "line_ids": [(0, 0, {"date": self._day(9), "amount": 100})],
            }
        )
        form = self._open("dunning.dispute.dialog", self.invoice)
        self.assertEqual(form.amount_available, 100)

    def test_a_button_that_is_pressed_twice_records_one_dispute(self):
        form = self._open("dunning.dispute.dialog", self.invoice)
        form.reason_id = self.reason
        form.amount = 10
        dialog = form.save()
        dialog.action_apply()
        with self.assertRaises(MissingError):
            dialog.action_apply()
        disputes = self.env["dunning.dispute"]
        self.assertEqual(
            disputes.search_count([("partner_id", "=", self.customer.id)]), 1
        )

    def test_the_dialog_refuses_less_than_nothing(self):
        for amount in (-5, 0):
            form = self._open("dunning.dispute.dialog", self.invoice)
            form.reason_id = self.reason
            form.amount = amount
            with self.assertRaisesRegex(ValidationError, "more than zero"):
                form.save().action_apply()

    def test_restarting_is_proposed_for_what_was_disputed_as_a_whole(self):
        dispute = self._dispute(self.invoice, 60)
        form = self._open("dunning.dispute.decision", dispute)
        self.assertFalse(form.date_restart)
        dispute.amount = 100
        form = self._open("dunning.dispute.decision", dispute)
        self.assertEqual(form.date_restart, self.today)
        form.date_restart = False
        form.send_refusal = False
        form.save().action_apply()
        self.assertFalse(dispute.date_restart)
        self.assertFalse(dispute.hold_ids.resume)

    def test_rejecting_restarts_the_clock_from_the_day_given(self):
        dispute = self._dispute(self.invoice)
        form = self._open("dunning.dispute.decision", dispute)
        form.date_restart = self._day(4)
        form.send_refusal = False
        form.save().action_apply()
        self.assertEqual(dispute.state, "rejected")
        self.assertEqual(dispute.hold_ids.date_resume, self._day(4))

    def test_a_refusal_is_shown_before_it_goes_out(self):
        other = self._create_invoice(due=-20, amount=50)
        disputes = self._dispute(self.invoice) | self._dispute(other)
        form = self._open("dunning.dispute.decision", disputes)
        form.text = "The price was agreed"
        window = form.save().action_apply()
        notices = self.env["dunning.action"].search(window["domain"])
        self.assertEqual(notices.dispute_id, disputes)
        reasons = set(notices.mapped("refusal_reason"))
        self.assertEqual(reasons, {"The price was agreed"})
        self.assertEqual(set(notices.mapped("state")), {"todo"})
        self.assertFalse(notices.sending_id)
        self.assertEqual(window["name"], "Refusal")
        self.assertEqual(set(disputes.mapped("state")), {"rejected"})

    def test_nothing_is_written_to_who_is_not_told(self):
        dispute = self._dispute(self.invoice)
        form = self._open("dunning.dispute.decision", dispute)
        form.send_refusal = False
        window = form.save().action_apply()
        self.assertEqual(window["type"], "ir.actions.act_window_close")
        self.assertFalse(dispute.notice_ids)

    def test_what_was_wrong_is_corrected(self):
        dispute = self._dispute(self.invoice)
        form = self._open(
            "dunning.dispute.decision", dispute, default_decision="correct"
        )
        form.text = "A new invoice follows"
        window = form.save().action_apply()
        self.assertEqual(window["type"], "ir.actions.act_window_close")
        self.assertEqual(dispute.state, "corrected")
        self.assertFalse(dispute.notice_ids)
        told = " ".join(dispute.message_ids.mapped("body"))
        self.assertIn("A new invoice follows", told)

    def test_cancelling_ends_the_hold(self):
        dispute = self._dispute(self.invoice)
        form = self._open(
            "dunning.dispute.decision", dispute, default_decision="cancel"
        )
        form.save().action_apply()
        self.assertEqual(dispute.state, "cancelled")
        self.assertEqual(self._get_withheld(self.invoice), 0)
