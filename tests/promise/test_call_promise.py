from odoo.tests import tagged

from ..call.test_call_outcome import CallCommon
from ..web_client import WebForm


@tagged("post_install", "-at_install")
class TestCallPromise(CallCommon):
    """What the dialog of a call says of a promise before it is recorded."""

    def _open(self, outcome, call=None):
        call = call or self.call
        window = call.action_open_outcome(outcome)
        dialogs = call.env["dunning.call.outcome"]
        return WebForm(dialogs.with_context(**window["context"]), window["views"][0][0])

    def test_the_currency_is_asked_for_where_there_are_several(self):
        self.assertFalse(self._open("promise").is_multi_currency)
        self._create_invoice(due=-6, amount=70, currency=self._enable_currency("USD"))
        self.call.action_refresh()
        self.assertEqual(len(self.call.line_ids.currency_id), 2)
        self.assertTrue(self._open("promise").is_multi_currency)

    def test_a_promise_above_the_limits_is_said_to_wait_before_it_is_recorded(self):
        self.company.dunning_promise_max_amount = 1000
        form = self._open("promise")
        self.assertTrue(form.needs_approval)
        form.amount = 1000
        self.assertFalse(form.needs_approval)
        self.company.dunning_promise_max_days = 40
        form.count = 3
        self.assertTrue(form.needs_approval, "the last instalment is too far")
        form.count = 2
        self.assertFalse(form.needs_approval)

    def test_what_waits_for_approval_is_not_offered_to_be_confirmed(self):
        self.customer.email = "them@example.com"
        self.company.dunning_promise_max_amount = 1000
        form = self._open("promise")
        form.amount = 900
        form.confirm = True
        self.assertTrue(form.can_edit("confirm"))
        form.amount = 1100
        self.assertFalse(form.confirm)
        self.assertFalse(form.can_edit("confirm"))
        self.assertTrue(form.shows("can be sent from the promise afterwards"))
        form.save().action_apply()
        self.assertEqual(self._get_promises().approval, "waiting")

    def test_what_is_confirmed_by_itself_is_not_while_it_waits_for_approval(self):
        self.customer.email = "them@example.com"
        self.company.dunning_promise_confirm = "automatic"
        self.assertTrue(self._open("promise").confirm)
        self.company.dunning_promise_max_amount = 1000
        form = self._open("promise")
        self.assertFalse(form.confirm)
        form.save().action_apply()
        self.assertEqual(self._get_promises().approval, "waiting")

    def test_what_is_said_is_what_happens(self):
        self.company.dunning_promise_max_amount = 1000
        form = self._open("promise")
        waits = form.needs_approval
        form.save().action_apply()
        self.assertEqual(self._get_promises().approval == "waiting", waits)

    def test_a_part_promised_by_who_has_no_cash_may_wait_too(self):
        self.company.dunning_promise_max_amount = 100
        form = self._open("cash")
        self.assertFalse(form.needs_approval, "nothing is promised yet")
        form.amount = 101
        form.date = self._day(4)
        self.assertTrue(form.needs_approval)
        form.save().action_apply()
        self.assertEqual(self._get_promises().approval, "waiting")

    def test_the_day_of_a_promise_is_kept_with_the_call(self):
        self._answer("promise", date=self._day(8))
        details = self.call.outcome_details
        self.assertEqual(details["date"], str(self._day(8)))

    def test_the_day_of_a_part_is_kept_with_the_call(self):
        form = self._open("cash")
        form.amount, form.date = 40, self._day(4)
        form.save().action_apply()
        self.assertEqual(self.call.outcome_details["date"], str(self._day(4)))

    def _get_reasons(self):
        customer = self.customer.with_user(self.collector)
        entries = customer.dunning_get_timeline()["entries"]
        return {entry["key"].partition("-")[0]: entry["reason"] for entry in entries}

    def test_that_something_was_promised_is_no_reason_beside_it(self):
        self._answer("promise", date=self._day(8))
        self.assertEqual(self._get_reasons(), {"action": False, "promise": False})

    def test_why_something_was_promised_is_told_beside_it(self):
        cash = self._ref("reason_cash")
        self._answer("promise", date=self._day(8), reason_id=cash.id)
        self.assertEqual(
            self._get_reasons(), {"action": cash.name, "promise": cash.name}
        )

    def test_a_reason_that_the_outcome_says_by_itself_is_told_once(self):
        self._answer("not_approved", who="M. Petit")
        self.assertFalse(self._get_reasons()["action"])
        self.assertEqual(
            self._get_reasons()["hold_set"], self._ref("reason_not_approved").name
        )

    def test_a_plan_has_as_many_instalments_as_can_be_made(self):
        for count in (0, -1):
            told = "^Enter the number of instalments"
            self.assertRefused("promise", told, count=count)
        told = "^So many instalments cannot be made of this amount"
        self.assertRefused("promise", told, count=3, amount=0.02)
        self._answer("promise", count=2, amount=0.02, date=self._day(8))
        [promise] = self._get_promises()
        self.assertEqual(promise.line_ids.mapped("amount"), [0.01, 0.01])

    def test_what_is_owed_in_other_currencies_is_promised_in_the_same_instalments(self):
        dollars = self._enable_currency("USD")
        self._create_invoice(due=-6, amount=70, currency=dollars)
        pounds = self._enable_currency("GBP")
        self._create_invoice(due=-6, amount=10, currency=pounds)
        self._create_payment(amount=10, currency_id=pounds.id)
        self.call.action_refresh()
        euros = self.company.currency_id
        self._answer("promise", count=2, amount=1000, date=self._day(8))
        promises = self._get_promises().sorted("amount")
        shares = {p.currency_id: p.line_ids.mapped("amount") for p in promises}
        self.assertEqual(shares, {dollars: [35, 35], euros: [500, 500]})

    def test_only_what_one_currency_asks_is_promised_where_no_other_is_included(self):
        dollars = self._enable_currency("USD")
        self._create_invoice(due=-6, amount=70, currency=dollars)
        self.call.action_refresh()
        self._answer("promise", date=self._day(8), include_others=False)
        promised = self._get_promises()
        self.assertEqual(promised.currency_id, self.company.currency_id)
        self.assertEqual(promised.amount, 1500)

    def test_who_approves_himself_is_not_warned(self):
        self.company.dunning_promise_max_amount = 1000
        manager = self._create_user("manager", "group_dunning_manager")
        form = self._open("promise", self.call.with_user(manager))
        self.assertFalse(form.needs_approval)
