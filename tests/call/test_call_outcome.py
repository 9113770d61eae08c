from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..common import DunningCommon
from ..web_client import WebForm

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
        dialog = dialog.create(values)
        if dialog.confirm:
            shown = dialog.get_confirmation()
            texts = {"confirm_subject": shown["subject"], "confirm_body": shown["body"]}
            dialog.write(texts | values)
        return dialog.action_apply()["infos"]["call"]

    def _get_hold(self):
        return self.env["dunning.hold"].search([("partner_id", "=", self.customer.id)])

    def _get_promises(self):
        return self.env["dunning.promise"].search(
            [("partner_id", "=", self.customer.id)]
        )

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
        self.assertRecordValues(
            self._get_promises(),
            [
                {
                    "amount": 1500,
                    "date_last": self._day(8),
                    "promised_by": "Mme Durand",
                    "means": "transfer",
                    "call_id": self.call.id,
                    "user_id": self.collector.id,
                    "state": "open",
                }
            ],
        )
        self.assertEqual(set(self._get_hold().mapped("date_end")), {self._day(11)})
        for item in (self.old, self.new):
            self.assertPlanned(item, "out", day=11, reason="held")
            self.assertNotEqual(self._plan(12)[self._items(item)].reason, "held")

    def test_a_plan_can_be_promised_on_the_phone(self):
        window = self.call.action_open_outcome("promise")
        dialogs = self.call.env["dunning.call.outcome"]
        form = WebForm(dialogs.with_context(**window["context"]), window["views"][0][0])
        form.date = self._day(8)
        form.count = 3
        self.assertEqual(form.amount_missing, 0)
        form.save().action_apply()
        [promise] = self._get_promises()
        self.assertEqual(
            [(line.date, line.amount) for line in promise.line_ids],
            [
                (self._day("2026-03-10"), 500),
                (self._day("2026-04-10"), 500),
                (self._day("2026-05-10"), 500),
            ],
        )
        self.assertIn("3 instalments", self.call.outcome_text)

    def test_instalments_that_do_not_add_up_are_refused(self):
        window = self.call.action_open_outcome("promise")
        dialogs = self.call.env["dunning.call.outcome"]
        dialog = dialogs.with_context(**window["context"]).create({"count": 2})
        dialog.schedule_ids[0].amount = 1
        with self.assertRaisesRegex(UserError, "add up to"):
            dialog.action_apply()

    def test_who_says_he_has_paid_is_checked_after_some_days(self):
        window = self.call.action_open_outcome("other")
        dialogs = self.call.env["dunning.call.outcome"]
        form = WebForm(dialogs.with_context(**window["context"]), window["views"][0][0])
        self.assertFalse(form.next_date)
        form.reason_id = self._ref("reason_already_paid")
        self.assertEqual(form.next_date, self._day(7), "five working days")
        told = form.save().action_apply()["infos"]["call"]["text"]
        self.assertEqual(self._get_next().date, self._day(7))
        self.assertIn(form.reason_id.name, told)
        self.assertNotIn("Other", told)

    def test_a_promise_says_amount_date_and_who_in_the_history(self):
        self._answer("promise", date=self._day(8), who="Mme Durand", note="Was ill")
        text = self._get_exchanges()
        for expected in ("Will Pay", "1,500.00", "03/10/2026", "Mme Durand", "Was ill"):
            self.assertIn(expected, text)

    def test_a_part_promised_leaves_the_rest_claimed(self):
        self._answer("promise", date=self._day(8), amount=1200)
        self.assertEqual(sum(self._get_hold().mapped("amount")), 1200)
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
        amounts = self._get_promises().sorted("id").mapped("amount")
        self.assertEqual(amounts, [1500, 300])

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
        self.assertFalse(self._get_hold() | self._get_promises().hold_ids)

    def test_no_answer_is_about_more_than_is_left_to_pay(self):
        for outcome, values in (
            ("promise", {"date": self._day(8)}),
            ("cash", {"date": self._day(8)}),
            (
                "dispute",
                {"all_items": True, "reason_id": self._ref("reason_price").id},
            ),
        ):
            with self.subTest(outcome=outcome):
                self.assertRefused(outcome, "above", amount=1500.01, **values)
                self.assertRefused(outcome, "Enter the amount", amount=-5, **values)

    def test_a_promise_made_before_on_the_rest_of_an_invoice_goes_on(self):
        before = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "line_ids": [Command.create({"date": self._day(4), "amount": 600})],
            }
        )
        self._answer("promise", date=self._day(8))
        self.assertEqual(before.state, "open")
        self.assertEqual((self._get_promises() - before).amount, 900)
        self.assertEqual(sum(self._get_hold().mapped("amount")), 1500)

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
        dispute = hold.dispute_id
        self.assertEqual(dispute.reason_id, self._ref("reason_quality"))
        self.assertIn("Two units broken", dispute.description)
        self.assertEqual((dispute.user_id, dispute.state), (self.collector, "new"))
        self.assertEqual(dispute.activity_ids.date_deadline, self._day(7))
        self.assertFalse(self._get_next())
        self.assertEqual(self.call.reason_id, self._ref("reason_quality"))

    def test_a_part_in_dispute_is_held_alone(self):
        reason = self._ref("reason_price")
        self._answer("dispute", all_items=True, reason_id=reason.id, amount=80)
        self.assertEqual(self._get_hold().amount, 80)

    def test_a_dispute_of_all_that_is_claimed_is_of_all_that_is_open(self):
        self._create_payment(amount=30)
        reason = self._ref("reason_price")
        self._answer("dispute", all_items=True, reason_id=reason.id, amount=1470)
        self.assertEqual(self._get_hold().dispute_id.amount, 1500)

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
        self.assertEqual(self._get_promises().date_last, self._day(5))
        self.assertEqual(self._get_next().date, self._day(6))
        activity = self.customer.activity_ids
        self.assertEqual(activity.user_id, self.customer.user_id)
        self.assertEqual(self.call.reason_id, self._ref("reason_cash"))

    def test_who_decides_is_asked_in_the_language_of_who_decides(self):
        self.customer.user_id.lang = self.env["res.lang"]._activate_lang("fr_FR").code
        self._answer("cash", stop_trading="yes", next_date=self._day(6))
        self.assertIn("client", self.customer.activity_ids.summary)

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
        self._answer("other", reason_id=paid.id, note="Paid on Friday", next_date=False)
        self.assertEqual((self.call.state, self.call.reason_id), ("done", paid))
        self.assertFalse(self._get_next() | self._get_next())

    def test_who_is_insolvent_is_asked_for_nothing_that_it_owes_or_will_owe(self):
        reason = self._ref("reason_insolvency")
        dialog = self.env["dunning.call.outcome"].new(
            {"action_id": self.call.id, "outcome": "other", "reason_id": reason.id}
        )
        self.assertTrue(dialog.is_insolvent)
        self._answer("other", reason_id=reason.id, note="Judgement of yesterday")
        hold = self._get_hold()
        self.assertRecordValues(
            hold, [{"scope": "customer", "date_end": False, "reason_id": reason.id}]
        )
        checked = self.company._dunning_add_working_days(5)
        self.assertRecordValues(self._get_next(), [{"date": checked, "state": "todo"}])
        self._create_invoice(due=-3, amount=200)
        # Long after the day of the check.
        for day in (30, 60):
            self.assertFalse(self._run(day).action_ids)
        dialog = self.env["dunning.litigation.dialog"].with_user(self.collector)
        dialog = dialog.with_context(default_partner_id=self.customer.id)
        dialog.create(
            {"kind": "insolvency", "date_published": self._day(0)}
        ).action_apply()
        self.assertEqual(self._get_next().state, "cancelled")
        self.assertTrue(hold.date_released)

    def test_that_somebody_is_insolvent_is_taken_back_with_the_call(self):
        self._answer("other", reason_id=self._ref("reason_insolvency").id)
        checked = self._get_next()
        self.call.action_undo_call()
        self.assertTrue(self._get_hold().date_released)
        self.assertEqual(
            (checked.state, checked.cancel_cause), ("cancelled", "skipped")
        )

    def test_the_next_call_is_later_than_today(self):
        for outcome in ("not_received", "not_approved", "cash"):
            with self.subTest(outcome=outcome):
                self.assertRefused(outcome, "after today", next_date=self._day(0))
