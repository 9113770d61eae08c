from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..litigations import LitigationCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestInsolvency(LitigationCommon):
    """Insolvency proceedings of the customer: nobody is asked for money any more."""

    def _dispute(self, invoice):
        return self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoice).ids)],
                "amount": 100,
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )

    def test_insolvency_stops_everything(self):
        invoice = self._create_invoice(due=-10)
        action = self._run().action_ids
        litigation = self._declare_insolvent(published=-3)
        self.assertEqual((litigation.amount, litigation.amount_left), (100, 100))
        self.assertEqual(action.state, "cancelled")
        hold = litigation.hold_ids
        self.assertEqual((hold.origin, hold.scope), ("insolvency", "customer"))
        later = self._create_invoice(due=5)
        for item in (invoice, later):
            self.assertPlanned(item, "out", day=60, reason="held")
        self.assertEqual(litigation.act_ids.kind, "published")

    def test_nothing_is_expected_of_who_is_insolvent(self):
        self._create_invoice(due=5)
        other = self._create_customer("Other")
        self._create_invoice(due=5, amount=30, partner=other)
        model = self.env["dunning.forecast"]

        def expect():
            rows = model._get_rows(model._get_scope(self.company))
            return round(sum(row["amount"] for row in rows))

        self.assertEqual(expect(), 130)
        self._declare_insolvent(published=0)
        self.assertEqual(expect(), 30)
        # It is open all the same, later than these weeks.
        forecast = model._predict(model._get_scope(self.company))
        self.assertEqual(round(forecast.open), 130)

    def test_who_records_a_promise_reads_of_the_proceedings(self):
        self._create_invoice(due=-5)
        dialogs = self.env["dunning.promise.dialog"]
        values = {"partner_id": self.customer.id}
        self.assertFalse(dialogs.create(values).is_insolvent)
        self._declare_insolvent(published=-3)
        self.assertTrue(dialogs.create(values).is_insolvent)
        other = dialogs.create(
            values | {"company_id": self._create_second_company().id}
        )
        self.assertFalse(other.is_insolvent)

    def test_insolvency_says_when_it_was_published(self):
        with self.assertRaisesRegex(ValidationError, "published"):
            self._declare_insolvent(date_published=False)
        with self.assertRaisesRegex(ValidationError, "day to come"):
            self._declare_insolvent(published=1)

    def test_a_customer_who_owes_nothing_can_be_insolvent(self):
        litigation = self._declare_insolvent()
        self.assertEqual((litigation.amount, litigation.state), (0, "new"))
        self.assertPlanned(self._create_invoice(due=-9), "out", reason="held")

    def test_insolvency_ends_what_was_handed_over_before(self):
        before = self._hand_over(self._create_invoice(due=-10))
        litigation = self._declare_insolvent()
        self.assertEqual((before.state, before.closed_by), ("cancelled", "insolvency"))
        self.assertFalse(before.amount_held)
        self.assertEqual(litigation.move_line_ids, before.move_line_ids)

    def test_what_another_company_has_planned_is_left_to_it(self):
        other = self._create_second_company()
        own, theirs = self.env["dunning.action"].create(
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "channel": "call",
                }
                for company in (self.company, other)
            ]
        )
        self._create_invoice(due=-10)
        self._declare_insolvent()
        self.assertEqual((own.state, theirs.state), ("cancelled", "todo"))

    def test_who_is_insolvent_is_not_asked_for_what_is_refused(self):
        dispute = self._dispute(self._create_invoice(due=-10))
        self._declare_insolvent()
        dispute.action_reject(text="As ordered")
        notice = dispute._plan_refusal("As ordered")
        notice.action_execute()
        self.assertRecordValues(
            notice,
            [{"state": "cancelled", "cancel_cause": "insolvency", "mail_id": False}],
        )
        self.assertEqual(notice.cancel_label, "Insolvency Proceedings")

    def test_who_refuses_learns_that_the_insolvent_are_not_written_to(self):
        dispute = self._dispute(self._create_invoice(due=-10))
        self._declare_insolvent()
        dialog = self.env["dunning.dispute.decision"].with_user(self.collector)
        form = WebForm(dialog.with_context(active_ids=dispute.ids))
        self.assertFalse(form.send_refusal)
        self.assertIn("is in insolvency proceedings", form.silence_text)
        # Whoever insists writes to nobody.
        form.send_refusal = True
        form.text = "As ordered"
        closed = form.save().action_apply()
        self.assertEqual(closed, {"type": "ir.actions.act_window_close"})
        self.assertEqual((dispute.state, dispute.notice_ids.ids), ("rejected", []))

    def test_who_is_insolvent_gets_no_confirmation_of_a_promise(self):
        self._create_invoice(due=-10)
        self._declare_insolvent()
        promise = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"date": self._day(9), "amount": 100})],
            }
        )
        notice = promise._plan_confirmation()
        notice.action_execute()
        self.assertRecordValues(
            notice,
            [{"state": "cancelled", "cancel_cause": "insolvency", "mail_id": False}],
        )

    def test_what_is_taken_back_from_insolvency_is_dunned_again(self):
        invoice = self._create_invoice(due=-10)
        litigation = self._declare_insolvent()
        litigation.action_close("cancelled")
        self.assertTrue(litigation.hold_ids.date_released)
        self.assertPlanned(invoice, "step")
