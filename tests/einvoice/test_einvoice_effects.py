from datetime import datetime, time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..einvoice_effects import EinvoiceCommon


@tagged("post_install", "-at_install")
class TestEinvoiceEffects(EinvoiceCommon):
    """What dunning makes of each status."""

    def _get_tasks(self, topic):
        return self._get_matters(topic=topic)._get_tasks()

    # ------------------------------------------------------------------
    # RECEIPT AND APPROVAL
    # ------------------------------------------------------------------

    def test_what_was_made_available_was_received_on_that_day(self):
        self._say("203", day=-30)
        self._say("202", day=-35)
        self.assertEqual(self.invoice.dunning_einvoice_status, "203")
        self.assertEqual(
            self.invoice.dunning_einvoice_received, self._moment(-30), "202 proves less"
        )
        self.assertFalse(self._get_matters())
        self.assertPlanned(self.item, "step")

    def test_who_answers_has_got_the_invoice(self):
        self._say("207", "PU_ERR", day=-12)
        self.assertEqual(self.invoice.dunning_einvoice_received, self._moment(-12))

    def test_approval_ends_what_waits_for_it(self):
        reason = self.env.ref("account_dunning.reason_not_approved")
        hold = self._create_hold(self.invoice, reason_id=reason.id)
        other = self._create_invoice(due=-20)
        both = self._create_hold(self.invoice + other, reason_id=reason.id)
        self.assertPlanned(self.item, "out", reason="held")
        self._say("205")
        self.assertEqual(hold.state, "released")
        self.assertEqual(both.state, "active")
        self.assertEqual(both.move_line_ids, self._items(other))
        self.assertPlanned(self.item, "step")

    def test_a_hold_for_another_reason_stays_after_approval(self):
        reason = self.env.ref("account_dunning.reason_price")
        hold = self._create_hold(self.invoice, reason_id=reason.id)
        self._say("205")
        self.assertEqual(hold.state, "active")

    # ------------------------------------------------------------------
    # DISPUTES
    # ------------------------------------------------------------------

    def test_a_dispute_is_about_the_whole_invoice_unless_an_amount_is_given(self):
        self._say("207", "PU_ERR", text="Too expensive", day=-9)
        dispute = self._get_dispute()
        self.assertEqual(dispute.amount, 1000)
        self.assertEqual(dispute.reason_id.name, "Dispute about the price")
        self.assertEqual(dispute.department_id.name, "Sales")
        self.assertIn("Too expensive", dispute.description)
        self.assertEqual(dispute.date, self._day(-9))

    def test_a_dispute_is_told_with_its_department_if_there_is_one(self):
        self._say("207", "PU_ERR", amount=300)
        matter = self._get_matters(topic="contest")
        dispute = self._get_dispute()
        effect = matter._get_effect()
        self.assertIn("(Sales)", effect._tell_made(matter))
        # Statuses have made it: people change it by its dialogs.
        dispute_sudo = dispute.sudo()
        dispute_sudo.department_id = False
        self.assertIn("(no department)", effect._tell_made(matter))

    def test_the_day_is_that_of_the_place_where_the_company_works(self):
        self.company.partner_id.tz = False
        late = datetime.combine(self._day(-9), time(23, 30))
        self._say("207", "PU_ERR", day=late)
        self.assertEqual(self._get_dispute().date, self._day(-8))
        self.assertPlanned(self.item, "out", reason="held")

    def test_the_rest_of_a_disputed_invoice_is_dunned(self):
        self._say("207", "QTE_ERR", amount=300)
        self.assertEqual(self._get_dispute().amount, 300)
        self.assertPlanned(self.item, "step")
        self.assertEqual(self._get_claimed(), 700)

    def test_what_is_not_approved_is_in_dispute_and_the_rest_is_dunned(self):
        self._say("206", "LIVR_INCOMP", amount=400)
        self.assertEqual(self._get_dispute().amount, 400)
        self.assertEqual(self._get_claimed(), 600)

    def test_approved_in_part_without_an_amount_nothing_is_dunned(self):
        self._say("206", "LIVR_INCOMP")
        self.assertEqual(self._get_dispute().amount, 1000)
        self.assertPlanned(self.item, "out", reason="held")

    def test_approval_ends_the_dispute(self):
        self._say("207", "PU_ERR", day=-10)
        dispute = self._get_dispute()
        self._say("205", day=-5)
        self.assertEqual(dispute.state, "cancelled")
        self.assertEqual(dispute.closed_by, "buyer")
        self.assertFalse(dispute.activity_ids)
        self.assertPlanned(self.item, "step")

    def test_what_was_said_has_a_day_of_its_end_once_it_holds_no_longer(self):
        self._say("207", "PU_ERR", day=-10)
        matter = self._get_matters(topic="contest")
        self.assertEqual((matter.state, matter.date_closed), ("open", False))
        self._say("205", day=-5)
        self.assertEqual(matter.state, "ended")
        self.assertTrue(matter.date_closed)

    def test_one_dispute_follows_what_the_buyer_goes_on_saying(self):
        self._say("207", "PU_ERR", amount=100, day=-10)
        dispute = self._get_dispute()
        self._say("207", "QUALITE_ERR", amount=250, day=-5)
        self.assertEqual(self._get_dispute(), dispute)
        self.assertEqual(dispute.amount, 250)
        self.assertEqual(dispute.department_id.name, "Quality")

    def test_a_dispute_that_was_recorded_on_the_phone_is_the_same(self):
        reason = self.env.ref("account_dunning.reason_price")
        disputes = self.env["dunning.dispute"].with_user(self.collector)
        phone = disputes.create(
            {"move_line_ids": self.item.ids, "reason_id": reason.id}
        )
        self._say("207", "PU_ERR")
        self.assertEqual(self._get_dispute(), phone)
        said = phone.message_ids
        self._say("207", "QUALITE_ERR", text="Broken", day=-3)
        [told] = phone.message_ids - said
        self.assertIn("Broken", told.body)
        self.assertEqual(phone.reason_id, reason)
        self._say("205", day=-2)
        self.assertEqual(phone.state, "new", "people decide on what people recorded")

    def test_a_dispute_about_another_invoice_is_not_taken_for_it(self):
        reason = self.env.ref("account_dunning.reason_price")
        disputes = self.env["dunning.dispute"].with_user(self.collector)
        before, after = self._create_invoice(due=-30), self._create_invoice(due=-20)
        _first, phone, _last = [
            disputes.create({"move_line_ids": items.ids, "reason_id": reason.id})
            for items in (self._items(before), self.item, self._items(after))
        ]
        self._say("207", "PU_ERR")
        self.assertEqual(self._get_matters(topic="contest").dispute_id, phone)

    def test_several_reasons_are_one_dispute_of_the_first_rule(self):
        self._say("207", "AUTRE", "DOUBLON")
        self.assertEqual(self._get_dispute().reason_id.name, "Invoiced twice")

    def test_accepting_a_refusal_cancels_the_invoice_in_the_house(self):
        self._say("210", "DOUBLON", amount=10)
        dispute = self._get_dispute()
        self.assertTrue(dispute.is_refusal)
        self.assertEqual(dispute.amount, 1000)
        dispute.with_user(self.collector).action_accept("Right")
        credit_note = dispute.credit_note_ids
        self.assertEqual(credit_note.amount_total, 1000)
        self.assertIn("not to be sent", credit_note.ref)
        self.assertIn(self.invoice.name, credit_note.dunning_internal_text)
        credit_note.action_post()
        self.assertTrue(self.item.reconciled)
        self.assertEqual(self._get_matters().state, "settled")

    def test_accepting_a_dispute_that_is_no_refusal_makes_an_ordinary_credit_note(self):
        self._say("207", "DOUBLON")
        dispute = self._get_dispute()
        dispute.with_user(self.collector).action_accept("Right")
        self.assertFalse(dispute.credit_note_ids.dunning_internal_text)

    # ------------------------------------------------------------------
    # HOLDS
    # ------------------------------------------------------------------

    def test_a_suspended_invoice_waits_for_the_document(self):
        self._say("208", "JUSTIF_ABS", day=-10)
        self.assertPlanned(self.item, "out", reason="held")
        task = self._get_tasks("suspension")
        self.assertEqual(task.user_id, self.collector)
        self.assertIn("Send the document", task.summary)
        self.assertIn("Supporting document missing", task.note)

    def test_once_the_document_was_sent_delays_count_from_that_day(self):
        self._say("208", "JUSTIF_ABS", day=-10)
        self._say("209", day=-2)
        self.assertFalse(self._get_holds())
        self.assertFalse(self._get_tasks("suspension"))
        self.assertPlanned(self.item, "later", date=3)

    def test_delays_count_anew_even_if_the_answer_came_in_first(self):
        self._say("209", day=-2)
        self.assertPlanned(self.item, "step")
        self._say("208", "JUSTIF_ABS", day=-10)
        self.assertFalse(self._get_holds())
        self.assertPlanned(self.item, "later", date=3)

    def test_delays_count_from_the_first_answer_even_if_it_comes_in_late(self):
        self._say("208", "JUSTIF_ABS", day=-10)
        self._say("209", day=-2)
        self._say("209", day=-4)
        self.assertPlanned(self.item, "later", date=1)
        self._say("205", day=-1)
        self.assertPlanned(self.item, "later", date=1)

    def test_an_answer_without_a_suspension_changes_nothing(self):
        self._say("209", day=-2)
        self.assertPlanned(self.item, "step")

    def test_what_was_never_delivered_is_not_dunned(self):
        cases = (
            ("213", "REJ_SEMAN"),
            ("221", "ROUTAGE_ERR"),
            ("200", "NON_TRANSMISE"),
        )
        for code, reason in cases:
            with self.subTest(code=code):
                invoice = self._create_invoice(due=-40)
                self._say(code, reason, invoice=invoice)
                self.assertPlanned(invoice, "out", reason="held")
                self.assertTrue(self._get_matters(invoice)._get_tasks())
                self._say("203", invoice=invoice, day=-1)
                self.assertPlanned(invoice, "step")

    def test_what_is_paid_to_somebody_else_is_not_dunned_until_it_is_not(self):
        self._say("225", day=-10)
        self.assertPlanned(self.item, "out", reason="held")
        self._say("228", day=-5)
        self.assertPlanned(self.item, "step")
        self._say("227", day=-3)
        self.assertPlanned(self.item, "out", reason="held")
        matter = self._get_matters(code="227")
        matter.with_user(self.collector).action_resume()
        self.assertPlanned(self.item, "step")
        self.assertEqual(matter.state, "decided")
        self.assertFalse(matter._get_tasks())
        with self.assertRaisesRegex(UserError, "No hold keeps"):
            matter.with_user(self.collector).action_resume()

    # ------------------------------------------------------------------
    # PAYMENTS
    # ------------------------------------------------------------------

    def test_an_announced_payment_is_dunned_again_three_days_later(self):
        self._say("211", day=-1, paid=0, amount=1000)
        promise = self._get_promises()
        self.assertEqual(promise.amount, 1000)
        self.assertEqual(promise.line_ids.date_limit, self._day(2))
        self.assertEqual(promise.date_settle, self._day(3))
        self.assertPlanned(self.item, "out", reason="held")
        self._go_to(2)
        self.assertPlanned(self.item, "out", reason="held")
        self._run(3)
        self.assertEqual(promise.state, "broken")
        self.assertEqual(self._actions().line_ids.move_line_id, self.item)
        self.assertEqual(self._get_matters().state, "settled")

    def test_only_the_ledger_keeps_an_announced_payment(self):
        self._say("211", day=-1, paid=0, amount=1000)
        promise = self._get_promises()
        self._say("212", day=0)
        self.assertEqual(promise.state, "open")
        self._pay(self.invoice, date=0)
        self.assertEqual(promise.state, "kept")
        self.assertEqual(self._get_matters(topic="payment").state, "settled")

    def test_a_part_that_was_paid_leaves_the_rest_to_be_dunned(self):
        self._say("211", day=-1, paid=0, amount=300)
        self.assertEqual(self._get_withheld(), 300)
        self.assertPlanned(self.item, "step")

    def test_two_payments_are_two_promises_and_the_same_twice_is_one(self):
        self._say("211", day=-1, paid=0, amount=300)
        self._say("211", day=0, paid=2, amount=300)
        self._say("211", day=0, paid=0, amount=300)
        self.assertEqual(sorted(self._get_promises().mapped("amount")), [300, 300])

    def test_the_announcement_of_a_payment_long_ago_promises_nothing(self):
        self._say("211", day=-30, paid=-30)
        self.assertFalse(self._get_promises())
        self.assertPlanned(self.item, "step")

    def test_who_pays_all_contests_nothing(self):
        self._say("207", "PU_ERR", day=-10)
        self._say("211", day=-1, paid=0)
        self.assertFalse(self._get_dispute())
        self.assertEqual(self._get_promises().amount, 1000)

    def test_a_promise_that_a_buyer_makes_needs_no_approval_and_no_confirmation(self):
        self.company.dunning_promise_max_amount = 10
        self.company.dunning_promise_confirm = "automatic"
        self._say("211", day=-1, paid=0)
        promise = self._get_promises()
        self.assertFalse(promise.approval)
        self.assertFalse(promise.notice_ids)

    def test_an_instalment_plan_is_not_given_up_for_a_payment(self):
        plan = self.env["dunning.promise"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": self.item.ids,
                "line_ids": [
                    (0, 0, {"date": self._day(10), "amount": 500}),
                    (0, 0, {"date": self._day(40), "amount": 500}),
                ],
            }
        )
        self._say("211", day=0, paid=0, amount=200)
        self.assertEqual(self._get_promises(), plan)

    # ------------------------------------------------------------------
    # REPORTS OF OURS
    # ------------------------------------------------------------------

    def test_a_write_off_must_not_look_like_a_payment(self):
        self._say("203", day=-30)
        entry = self._create_entry(due=0, amount=-1000)
        (self.item | self._items(entry)).reconcile()
        matter = self._get_matters(topic="received")
        self.assertIn("must not be reported", matter._get_tasks().summary)
        self._say("212", day=0)
        self.assertIn("correct the report", matter._get_tasks().summary)

    def test_how_many_invoices_were_closed_is_asked_of_the_ledger_at_once(self):
        matters = self.env["dunning.einvoice.matter"].sudo()
        moves = self.invoice
        for _number in range(4):
            moves += self._create_invoice(due=-5, amount=100)
        for item in self._items(moves):
            entry = self._create_entry(due=0, amount=-item.balance)
            (item | self._items(entry)).reconcile()

        def count(moves):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertEqual(matters._find_given_up(moves), moves)
            return self.cr.sql_log_count - before

        count(moves)
        self.assertEqual(count(moves), count(moves[:1]))

    def test_a_transfer_to_doubtful_debts_must_not_look_like_a_payment(self):
        self._say("203", day=-30)
        self._move_to_doubtful(self.invoice)
        matter = self._get_matters(topic="received")
        self.assertIn("must not be reported", matter._get_tasks().summary)

    def test_what_was_paid_may_be_reported(self):
        self._say("203", day=-30)
        self._pay(self.invoice, date=-1)
        self.assertFalse(self._get_matters())
        self._say("212", day=0)
        self.assertEqual(self._get_matters().state, "settled")
        self.assertFalse(self._get_matters()._get_tasks())

    def test_a_payment_that_was_reported_but_never_came_is_dunned_and_told(self):
        self._say("212", day=-1)
        self.assertPlanned(self.item, "step")
        self.assertIn("dunned on", self._get_matters()._get_tasks().summary)

    # ------------------------------------------------------------------
    # WHAT NOBODY KNOWS
    # ------------------------------------------------------------------

    def test_an_unknown_status_is_a_task_and_nothing_else(self):
        event = self._say("299")
        self.assertEqual(self._get_topics(), {"task"})
        self.assertIn("299", self._get_matters()._get_tasks().summary)
        self.assertPlanned(self.item, "step")
        self.assertEqual(self.invoice.dunning_einvoice_status, "other")
        self.assertIn("no rule for the status “299”", event.effect)

    def test_an_unknown_reason_is_a_task_beside_what_the_status_says(self):
        self._say("207", "NEW_ERR", amount=100)
        self.assertEqual(self._get_topics(), {"contest", "task"})
        self.assertIn("NEW_ERR", self._get_matters(topic="task")._get_tasks().summary)
        reason = self.env.ref("account_dunning.reason_einvoice")
        self.assertEqual(self._get_dispute().reason_id, reason)

    def test_each_status_says_what_dunning_made_of_it(self):
        said = self._say("207", "PU_ERR", amount=100, day=-10)
        self.assertIn("Dispute about the price", said.effect)
        self.assertIn("Sales", said.effect)
        self._say("205", day=-5)
        self.assertIn("Holds no more", said.effect)
