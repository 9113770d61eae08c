from lxml import etree

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..promises import PromiseCommon


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

    def test_an_amount_is_of_no_more_items_of_the_company_than_it_takes(self):
        company = self._create_second_company()
        self._create_invoice(due=-90, company=company)
        user = self._create_user("both", "group_dunning_collector")
        user.company_ids |= company
        promise = self._promise((5, 100), user=user)
        self.assertEqual(promise.move_line_ids, self._items(self.old))
        self.assertNotIn("instalments", promise.display_name)

    def test_only_what_a_promise_that_runs_still_brings_is_added_up(self):
        promise = self._promise((5, 150))
        self.assertEqual(promise.amount_promised, 150)
        window = self.env["dunning.promise"].get_view(view_type="list")
        summed = etree.fromstring(window["arch"]).xpath("//field[@sum]/@name")
        self.assertEqual(summed, ["amount_promised"])
        promise.sudo().approval = "waiting"
        self.assertEqual(promise.amount_promised, 0)
        promise.sudo().approval = False
        promise.action_withdraw("Does not pay")
        self.assertEqual((promise.amount_promised, promise.amount), (0, 150))

    def test_a_promise_has_no_more_payments_than_people_follow(self):
        lines = [(day, 0.1) for day in range(1, 368)]
        self.assertPromiseRefused("366 payments at most", *lines)

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

    def test_promises_made_at_once_are_made_one_after_the_other_for_a_customer(self):
        def prepare(amount, items, **values):
            line = Command.create({"date": self._day(5), "amount": amount})
            return {
                "partner_id": items.partner_id.id,
                "move_line_ids": [Command.set(items.ids)],
                "line_ids": [line],
                **values,
            }

        promises = self.env["dunning.promise"].with_user(self.collector)
        old, other = self._items(self.old), self._create_customer("Other")
        others = self._items(self._create_invoice(other, due=-5, amount=70))
        first, second, third = promises.create(
            [prepare(60, old), prepare(70, others), prepare(80, old)]
        )
        self.assertEqual(
            (first.state, first.renegotiated_by_id), ("renegotiated", third)
        )
        self.assertEqual((second.amount_held, third.amount_held), (70, 80))
        with self.assertRaisesRegex(ValidationError, "above.*20"):
            promises.create(
                [
                    prepare(10, self._items(self.new), keep_others=True),
                    prepare(30, old, keep_others=True),
                ]
            )

    def test_an_invoice_opens_what_was_promised_of_it_alone(self):
        promises = [
            self._promise((5, 100), items=invoice) for invoice in (self.old, self.new)
        ]
        action = self.old.with_user(self.collector).action_dunning_open_promises()
        self.assertEqual(action["res_id"], promises[0].id)

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
            ("today or later", [(-1, 50)], {}),
            ("today or later", [(5, 50), (-1, 50)], {}),
            ("at least one amount", [], {}),
            ("above.*200", [(5, 200.01)], {}),
            ("above.*100", [(5, 100.01)], {"items": self.old}),
            ("more than zero", [(5, 0)], {}),
            ("more than zero", [(5, -5)], {}),
            ("more than zero", [(5, 0.001)], {}),
            ("open", [(5, 50)], {"items": paid}),
            ("one currency", [(5, 50)], {"items": self.old + abroad}),
            ("owes nothing", [(5, 50)], {"currency_id": self.env.ref("base.CHF").id}),
        ):
            with self.subTest(message=message, lines=lines):
                self.assertPromiseRefused(message, *lines, **values)
