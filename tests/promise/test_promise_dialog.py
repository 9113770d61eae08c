from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..promises import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseDialog(PromiseCommon):
    """Making promises as the collector does, from wherever it begins."""

    def _open(self, *records, **context):
        """Open the dialog from some records, as the collector."""
        records = records[0].concat(*records[1:]) if records else self.customer
        dialog = self.env["dunning.promise.dialog"].with_user(self.collector)
        return Form(
            dialog.with_context(
                active_model=records._name,
                active_ids=records.ids,
                active_id=records.ids[0],
                **context,
            )
        )

    def _contest(self, invoices):
        self.env["dunning.dispute"].create(
            {
                "partner_id": self.customer.id,
                "move_line_ids": [Command.set(self._items(invoices).ids)],
                "reason_id": self.env.ref("account_dunning.reason_price").id,
            }
        )

    def _record(self, form):
        """Press the button and return the promise."""
        action = form.save().action_apply()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_it_proposes_what_the_customer_has_overdue(self):
        self._create_invoice(due=10, amount=50)
        form = self._open()
        self.assertEqual(set(form.move_line_ids), set(self._items(self.old + self.new)))
        self.assertEqual(form.amount, 200)

    def test_instalments_without_interval_are_monthly(self):
        form = self._open()
        form.count = 2
        form.interval = False
        self.assertEqual(len(form.line_ids), 2)

    def test_it_proposes_what_is_not_due_when_nothing_is_late(self):
        other = self._create_customer("Other")
        ahead = self._create_invoice(partner=other, due=10, amount=50)
        form = self._open(other)
        self.assertEqual(set(form.move_line_ids), set(self._items(ahead)))

    def test_it_proposes_only_what_the_company_dunns(self):
        other = self._create_customer("Other")
        entry = self._create_entry(other, due=-5)
        self._create_invoice(other, due=-5).no_followup = True
        self.assertFalse(self._open(other).move_line_ids)
        self.company.dunning_include_misc = True
        form = self._open(other)
        self.assertEqual(set(form.move_line_ids), set(self._items(entry)))

    def test_what_is_contested_as_a_whole_is_not_proposed_to_be_promised(self):
        self._contest(self.old)
        form = self._open()
        self.assertEqual(set(form.move_line_ids), set(self._items(self.new)))
        self.assertEqual(form.amount, 100)

    def test_who_contests_all_that_is_late_promises_what_is_still_to_come(self):
        self._contest(self.old + self.new)
        ahead = self._create_invoice(due=10, amount=50)
        form = self._open()
        self.assertEqual(set(form.move_line_ids), set(self._items(ahead)))

    def test_what_was_promised_is_proposed_to_be_promised_anew(self):
        self._promise((5, 200))
        form = self._open()
        self.assertEqual(set(form.move_line_ids), set(self._items(self.old + self.new)))

    def test_nobody_promises_what_they_contest(self):
        self._contest(self.old)
        form = self._open(self.old, self.new)
        self.assertEqual(form.amount, 100)
        with self.assertRaisesRegex(UserError, f"promised of {self.old.name}"):
            self._record(form)

    def test_it_is_about_the_invoices_it_is_opened_from(self):
        form = self._open(self.new)
        self.assertEqual(form.partner_id, self.customer)
        self.assertEqual(form.amount, 100)
        promise = self._record(form)
        self.assertEqual(promise.move_line_ids, self._items(self.new))

    def test_it_is_about_what_a_call_claims(self):
        self._set_levels([("Call", 5, {"channel": "call", "execution": "manual"})])
        call = self._run().action_ids
        form = self._open(call)
        self.assertEqual(form.amount, 200)

    def test_what_credits_cover_is_not_proposed_to_be_promised(self):
        credit = self._create_payment(amount=30, date=-1)
        form = self._open()
        self.assertEqual((form.amount_available, form.amount_credited), (200, 30))
        self.assertEqual(form.amount, 170)
        promise = self._record(form)
        (self._items(self.old) | self._items(credit.move_id)).reconcile()
        self._pay(self.old)
        self._pay(self.new)
        self.assertStates(promise, "kept")
        self.assertEqual(promise.amount_received, 170)

    def test_credits_count_for_the_other_overdue_items_first(self):
        self._create_payment(amount=130)
        self.assertEqual(self._open(self.new).amount, 70)
        self.assertEqual(self._open(self.new + self.old).amount, 70)

    def test_credits_are_not_kept_for_what_is_not_due_yet(self):
        self._create_invoice(due=10, amount=500)
        self._create_payment(amount=130)
        self.assertEqual(self._open(self.new).amount, 70)

    def test_where_credits_cover_all_the_whole_can_be_promised(self):
        self._create_payment(amount=300)
        self.assertEqual(self._open().amount, 200)

    def test_open_items_of_several_customers_are_refused(self):
        other = self._create_invoice(partner=self._create_customer("Other"), due=-5)
        with self.assertRaisesRegex(UserError, "one customer"):
            self._open(self.new, other)

    def test_instalments_are_shown_before_they_are_agreed(self):
        form = self._open()
        form.amount = 100
        form.date = self._day(10)
        form.count = 3
        form.interval = "fortnight"
        with form.line_ids.edit(2) as line:
            self.assertEqual((line.date, line.amount), (self._day(38), 33.34))
        promise = self._record(form)
        self.assertEqual(
            [(line.date, line.amount) for line in promise.line_ids],
            [
                (self._day(10), 33.33),
                (self._day(24), 33.33),
                (self._day(38), 33.34),
            ],
        )

    def test_a_promise_without_currency_is_refused_in_words(self):
        dialog = self._open().save()
        dialog.currency_id = False
        with self.assertRaisesRegex(UserError, "in which currency"):
            dialog.action_apply()

    def test_amounts_by_hand_must_add_up(self):
        form = self._open()
        form.amount = 100
        form.count = 2
        with form.line_ids.edit(1) as line:
            line.amount = 40
        self.assertEqual(form.amount_missing, 10)
        dialog = form.save()
        with self.assertRaisesRegex(UserError, "add up"):
            dialog.action_apply()

    def test_it_tells_that_a_promise_is_renegotiated(self):
        old = self._promise((5, 200))
        form = self._open()
        self.assertEqual(set(form.renegotiated_ids), set(old))
        self.assertEqual(form.amount, 200)
        promise = self._record(form)
        self.assertEqual(old.state, "renegotiated")
        self.assertEqual(promise.renegotiation_count, 1)

    def test_beside_another_promise_only_the_rest_is_left(self):
        old = self._promise((5, 150))
        form = self._open()
        form.keep_others = True
        self.assertEqual(form.amount_available, 50)
        form.amount = 50
        self._record(form)
        self.assertEqual(old.state, "open")

    def test_a_confirmation_is_shown_before_it_is_sent_unless_a_manager_approves(self):
        self.company.dunning_promise_max_amount = 150
        for amount, shown in ((150, "dunning.action"), (150.01, "dunning.promise")):
            form = self._open()
            form.amount = 100
            form.confirm = True
            form.amount = amount
            record = self._record(form)
            self.assertEqual(record._name, shown)
            if shown == "dunning.action":
                self.assertEqual(record.promise_id.amount, 150)
                self.assertEqual(record.kind, "notice")
            else:
                self.assertEqual(record.approval, "waiting")
                self.assertFalse(record.notice_ids)

    def test_reasons_are_given_for_what_is_withdrawn_or_refused(self):
        self.company.dunning_promise_max_amount = 150
        manager = self._create_user("manager", "group_dunning_manager")
        reasons = self.env["dunning.promise.reason"].with_user(manager)
        for decision, amount in (("withdraw", 100), ("refuse", 200)):
            promise = self._promise((5, amount))
            dialog = reasons.create(
                {
                    "promise_ids": [(6, 0, promise.ids)],
                    "decision": decision,
                    "reason": f"So {decision}",
                }
            )
            window = dialog.action_apply()
            self.assertEqual(window["type"], "ir.actions.act_window_close")
            self.assertStates(promise, "withdrawn")
            refused = "refused" if decision == "refuse" else False
            self.assertEqual(promise.approval, refused)
            told = " ".join(promise.message_ids.mapped("body"))
            self.assertIn(f"So {decision}", told)

    def test_it_tells_that_a_manager_has_to_approve(self):
        self.company.dunning_promise_max_days = 5
        form = self._open()
        form.date = self._day(3)
        self.assertFalse(form.needs_approval)
        form.date = self._day(20)
        self.assertTrue(form.needs_approval)
        self.assertEqual(self._record(form).approval, "waiting")
