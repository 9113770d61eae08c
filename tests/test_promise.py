from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import DunningCommon


class PromiseCommon(DunningCommon):
    """A customer who owes two invoices and promises to pay them.

    A payment is in time up to three days after its day, and for any shortage nothing
    is forgiven, unless a test says so.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write(
            {"dunning_promise_tolerance": 3, "dunning_promise_tolerance_amount": 0}
        )
        cls.old = cls._create_invoice(due=-20, amount=100)
        cls.new = cls._create_invoice(due=-10, amount=100)

    def _promise(self, *lines, user=None, items=None, **values):
        """Make a promise as a collector does.

        :param lines: ``(day, amount)`` of each instalment
        :param items: entries or journal items; by default the system fills them in
        """
        if items is not None and items._name == "account.move":
            items = self._items(items)
        if items is not None:
            values["move_line_ids"] = [Command.set(items.ids)]
        promises = self.env["dunning.promise"].with_user(user or self.collector)
        return promises.create(
            {
                "partner_id": self.customer.id,
                "line_ids": [
                    Command.create({"date": self._day(day), "amount": amount})
                    for day, amount in lines
                ],
                **values,
            }
        )

    def _get_active_holds(self, promise=None):
        """Return what active holds keep out, by entry."""
        holds = self.env["dunning.hold"].search(
            [("state", "=", "active"), ("origin", "=", "promise")]
        )
        if promise:
            holds &= promise.hold_ids
        return {hold.move_line_ids.move_id: hold.amount for hold in holds}

    def assertStates(self, promise, whole, *lines):
        found = (promise.state, *promise.line_ids.mapped("state"))
        self.assertEqual(found, (whole, *(lines or (whole,))))

    def assertPromiseRefused(self, message, *lines, **values):
        with self.assertRaisesRegex((UserError, ValidationError), message):
            with self.env.cr.savepoint():
                self._promise(*lines, **values)


@tagged("post_install", "-at_install")
class TestPromise(PromiseCommon):
    """Making a promise, and what becomes of it."""

    # ------------------------------------------------------------------
    # MAKING
    # ------------------------------------------------------------------

    def test_what_is_promised_is_held_until_the_tolerance_is_over(self):
        promise = self._promise((5, 150))
        self.assertEqual(promise.move_line_ids, self._items(self.old + self.new))
        self.assertEqual(self._get_active_holds(), {self.old: 100, self.new: 50})
        self.assertEqual(set(promise.hold_ids.mapped("date_end")), {self._day(8)})
        self.assertPlanned(self.old, "out", reason="held", date=9)
        action = self._run().action_ids
        self.assertRecordValues(
            action.line_ids,
            [{"move_id": self.new.id, "amount_residual": 100, "amount_withheld": 50}],
        )

    def test_a_contact_promises_for_its_customer(self):
        contact = self._create_customer("Contact", parent_id=self.customer.id)
        promise = self._promise((5, 50), partner_id=contact.id)
        self.assertEqual(promise.partner_id, self.customer)

    def test_items_are_filled_oldest_first_as_many_as_needed(self):
        newest = self._create_invoice(due=5, amount=100)
        promise = self._promise((5, 100))
        self.assertEqual(promise.move_line_ids.move_id, self.old)
        other = self._promise((5, 120), keep_others=True)
        self.assertEqual(other.move_line_ids.move_id, self.new + newest)

    def test_the_terms_of_the_company_are_those_of_the_day_it_was_made(self):
        promise = self._promise((5, 50))
        self.company.write(
            {"dunning_promise_tolerance": 9, "dunning_promise_resume": "call"}
        )
        self.assertEqual((promise.tolerance_days, promise.resume), (3, "next"))
        self.assertEqual(promise.date, self.today)

    def test_what_cannot_be_promised_is_refused(self):
        paid = self._create_invoice(due=-5)
        self._pay(paid)
        dollar = self._enable_currency("USD")
        abroad = self._create_invoice(due=-5, currency=dollar)
        for message, lines, values in (
            ("after today", [(0, 50)], {}),
            ("after today", [(5, 50), (-1, 50)], {}),
            ("at least one amount", [], {}),
            ("above.*200", [(5, 200.01)], {}),
            ("above.*100", [(5, 100.01)], {"items": self.old}),
            ("more than zero", [(5, 0)], {}),
            ("more than zero", [(5, -5)], {}),
            ("open", [(5, 50)], {"items": paid}),
            ("one currency", [(5, 50)], {"items": self.old + abroad}),
            ("owes nothing", [(5, 50)], {"currency_id": self.env.ref("base.CHF").id}),
        ):
            with self.subTest(message=message, lines=lines):
                self.assertPromiseRefused(message, *lines, **values)

    # ------------------------------------------------------------------
    # PAYMENTS
    # ------------------------------------------------------------------

    def test_a_payment_in_time_keeps_the_promise(self):
        promise = self._promise((5, 200))
        self._go_to(8)
        self._pay(self.old + self.new, group_payment=True)
        self.assertStates(promise, "kept")
        self.assertEqual(promise.amount_received, 200)
        self.assertFalse(self._get_active_holds())

    def test_a_promise_that_is_not_kept_is_broken_by_the_next_run(self):
        promise = self._promise((5, 200))
        self._run(8)
        self.assertStates(promise, "open")
        self._run(9)
        self.assertStates(promise, "broken")
        self.assertFalse(self._get_active_holds())
        self.assertEqual(promise.activity_ids.user_id, self.collector)

    def test_a_broken_promise_says_how_dunning_goes_on(self):
        self._promise((5, 150))
        hold, other = self.env["dunning.hold"].search([], order="id")
        self._run(9)
        self.assertRecordValues(
            hold + other,
            [{"state": "released", "date_resume": self._day(9), "resume": "next"}] * 2,
        )

    def test_a_payment_imported_late_but_dated_in_time_keeps_the_promise(self):
        promise = self._promise((5, 100), items=self.old)
        self._run(9)
        self._pay(self.old, date=8)
        self.assertStates(promise, "kept")
        self.assertFalse(promise.activity_ids)
        self.assertFalse(promise.hold_ids.filtered("resume"))

    def test_a_payment_that_bounces_reopens_the_promise(self):
        promise = self._promise((5, 100), items=self.old)
        self._pay(self.old)
        self.assertStates(promise, "kept")
        self._items(self.old).remove_move_reconcile()
        self.assertStates(promise, "open")
        self.assertEqual(self._get_active_holds(), {self.old: 100})
        self._pay(self.old)
        self._go_to(9)
        self._items(self.old).remove_move_reconcile()
        self.assertStates(promise, "broken")
        self.assertEqual(promise.hold_ids.sorted("id")[-1:].resume, "next")
        self.assertEqual(promise.activity_ids.user_id, self.collector)
