from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from ..common import DunningCommon


@tagged("post_install", "-at_install")
class TestHold(DunningCommon):
    """Holds: what they cover, for how long, and how they end."""

    def test_a_hold_on_the_customer_covers_all_its_items(self):
        invoices = [self._create_invoice(due=due) for due in (-5, -50, 20)]
        self._create_hold()
        for invoice in invoices:
            self.assertPlanned(invoice, "out", reason="held", date=None)
        self.assertPlanned(self._create_invoice(due=-1), "out", reason="held")
        self.assertFalse(self._run().action_ids)

    def test_a_hold_on_the_customer_leaves_other_customers(self):
        self._create_hold()
        invoice = self._create_invoice(self._create_customer("Other"), due=-5)
        self.assertPlanned(invoice, "step")

    def test_a_hold_on_an_item_leaves_the_others(self):
        held = self._create_invoice(due=-5)
        other = self._create_invoice(due=-5)
        self._create_hold(held)
        self.assertPlanned(held, "out", reason="held")
        action = self._run().action_ids
        self.assertListed(action, {other: self.scenario.level_ids[0]})

    def test_a_hold_on_one_instalment_leaves_the_others(self):
        terms = self._create_terms((50, 0), (50, 5))
        first, last = self._items(self._create_invoice(date=-10, terms=terms))
        self._create_hold(first)
        self.assertPlanned(first, "out", reason="held")
        self.assertPlanned(last, "step")

    def test_a_hold_lasts_until_its_last_day_included(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, date_end=3)
        self.assertPlanned(invoice, "out", 3, reason="held", date=4)
        self.assertPlanned(invoice, "step", 4)
        self._go_to(3)
        self.assertFalse(self._run().action_ids)
        self._go_to(4)
        self.assertTrue(self._run().action_ids)

    def test_a_hold_until_today_still_holds_today(self):
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(invoice, date_end=0)
        self.assertEqual(hold.state, "active")
        self.assertPlanned(invoice, "out", reason="held", date=1)
        self._go_to(1)
        hold.invalidate_recordset()
        self.assertEqual(hold.state, "ended")

    def test_a_hold_without_end_lasts_until_it_is_released(self):
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(invoice)
        self.assertPlanned(invoice, "out", 5000, reason="held", date=None)
        self._go_to(3)
        hold.with_user(self.collector).action_release()
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "released",
                    "date_released": self._day(3),
                    "released_user_id": self.collector.id,
                }
            ],
        )
        self.assertPlanned(invoice, "step")

    def test_releasing_twice_keeps_the_first_release(self):
        hold = self._create_hold()
        hold.action_release()
        self._go_to(5)
        hold.action_release()
        self.assertEqual(hold.date_released, self.today)

    def test_a_hold_of_a_part_leaves_the_rest(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=40)
        line = self._run().action_ids.line_ids
        self.assertRecordValues(
            line,
            [{"amount_residual": 100, "amount_withheld": 40, "amount_claimed": 60}],
        )

    def test_a_hold_of_the_full_amount_holds_the_item(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=100)
        self.assertPlanned(invoice, "out", reason="held")

    def test_a_hold_larger_than_what_is_left_holds_no_more_than_that(self):
        paid = self._create_invoice(due=-5)
        other = self._create_invoice(due=-5)
        self._create_hold(paid, amount=80)
        self._pay(paid, 50)
        self.assertPlanned(paid, "out", reason="held")
        action = self._run().action_ids
        self.assertListed(action, {other: self.scenario.level_ids[0]})
        self.assertEqual(action.amount, 100)

    def test_a_hold_of_a_part_of_several_items_takes_the_oldest_first(self):
        old, middle, new = (self._create_invoice(due=due) for due in (-30, -20, -10))
        self._create_hold(old | middle | new, amount=150)
        self.assertPlanned(old, "out", reason="held")
        action = self._run().action_ids
        withheld = {line.move_id: line.amount_withheld for line in action.line_ids}
        self.assertEqual(withheld, {middle: 50, new: 0})
        self.assertEqual(action.amount, 150)

    def test_a_hold_is_proposed_in_the_currency_in_which_the_customer_owes(self):
        dollar = self._enable_currency("USD")
        other = self._create_customer("Other")
        self._create_invoice(due=-5, currency=dollar)
        self._create_invoice(other, due=-5)
        form = Form(self.env["dunning.hold"].with_user(self.collector))
        for customer, currency in (
            (self.customer, dollar),
            (other, self.company.currency_id),
        ):
            form.partner_id = customer
            self.assertEqual(form.currency_id, currency)
        self.assertEqual(self._create_hold(amount=20).currency_id, dollar)

    def test_a_hold_of_an_amount_in_a_currency_that_is_not_owed_is_refused(self):
        dollar = self._enable_currency("USD")
        self._create_invoice(due=-5, currency=dollar)
        with self.assertRaisesRegex(UserError, "Nothing is open in EUR"):
            self._create_hold(amount=20, currency_id=self.company.currency_id.id)
        self.assertTrue(self._create_hold(amount=20, currency_id=dollar.id))
        # All that is owed is kept out in any currency.
        self.assertTrue(self._create_hold(currency_id=self.company.currency_id.id))

    def test_a_hold_of_an_amount_of_the_customer_reduces_what_is_collectable(self):
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(amount=99)
        self.assertPlanned(invoice, "step")
        hold.amount = 100
        self.assertPlanned(invoice, "out", reason="covered")

    def test_holds_that_overlap_end_with_the_last_one(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, date_end=5)
        longer = self._create_hold(invoice, date_end=10)
        self.assertPlanned(invoice, "out", reason="held", date=11)
        longer.action_release()
        self.assertPlanned(invoice, "out", reason="held", date=6)

    def test_two_holds_of_a_part_add_up(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=60)
        second = self._create_hold(invoice, amount=40)
        self.assertPlanned(invoice, "out", reason="held")
        second.action_release()
        self.assertEqual(self._run().action_ids.amount, 40)

    def test_parts_that_cover_an_item_together_hold_it_until_they_do_not(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=60, date_end=3)
        self._create_hold(invoice, amount=60, date_end=8)
        self.assertPlanned(invoice, "out", reason="held", date=4)
        self.assertPlanned(invoice, "step", 4)

    def test_a_part_that_is_not_needed_does_not_set_the_date(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=60, date_end=2)
        self._create_hold(invoice, amount=40, date_end=6)
        self._create_hold(invoice, amount=60, date_end=9)
        self.assertPlanned(invoice, "out", reason="held", date=7)
        self.assertPlanned(invoice, "out", 3, reason="held", date=7)

    def test_parts_of_which_enough_have_no_end_hold_without_end(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=30, date_end=3)
        self._create_hold(invoice, amount=60)
        self._create_hold(invoice, amount=40)
        self.assertPlanned(invoice, "out", reason="held", date=None)

    def test_a_part_does_not_shorten_a_hold_of_all_of_the_item(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, date_end=9)
        self._create_hold(invoice, amount=100, date_end=4)
        self.assertPlanned(invoice, "out", reason="held", date=10)

    def test_parts_may_hold_longer_than_a_hold_of_all_of_the_item(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, date_end=3)
        self._create_hold(invoice, amount=50, date_end=7)
        self._create_hold(invoice, amount=50, date_end=9)
        self.assertPlanned(invoice, "out", reason="held", date=8)

    def test_holds_on_one_item_leave_what_is_collectable_of_others(self):
        crowded = self._create_invoice(due=-5)
        other = self._create_invoice(due=-5)
        for _number in range(3):
            self._create_hold(crowded, amount=80)
        self._create_hold(crowded)
        self.assertPlanned(crowded, "out", reason="held")
        action = self._run().action_ids
        self.assertListed(action, {other: self.scenario.level_ids[0]})
        self.assertEqual(action.amount, 100)

    def test_holds_that_overlap_withhold_no_more_than_the_item(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice, amount=80)
        self._create_hold(invoice, amount=80)
        item = self.env["dunning.item"].search(
            [("move_line_id", "=", self._items(invoice).id)]
        )
        self.assertEqual(item.amount_withheld, 100)

    def test_an_amount_held_of_the_customer_takes_no_more_than_there_is(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(amount=500)
        self.assertPlanned(invoice, "out", reason="covered")
        [balance] = self.customer._dunning_get_balances()
        self.assertEqual((balance["hold"], balance["collectable"]), (100, 0))

    def test_of_what_is_due_today_nothing_that_is_overdue_is_held(self):
        for due, held in ((0, 0), (-1, 100)):
            self._create_hold(self._create_invoice(due=due))
            [balance] = self.customer._dunning_get_balances()
            self.assertEqual((balance["hold"], balance["overdue"]), (held, held))

    def test_a_hold_on_the_customer_and_one_on_an_item_both_hold(self):
        invoice = self._create_invoice(due=-5)
        whole = self._create_hold(date_end=3)
        self._create_hold(invoice, date_end=8)
        self.assertPlanned(invoice, "out", 4, reason="held", date=9)
        whole.action_release()
        self.assertPlanned(invoice, "out", reason="held", date=9)

    def test_of_a_hold_on_the_customer_and_one_on_an_item_the_last_one_counts(self):
        first, second = (self._create_invoice(due=due) for due in (-5, -6))
        self._create_hold(date_end=5)
        self._create_hold(first, date_end=8)
        self._create_hold(second, date_end=3)
        self.assertPlanned(first, "out", reason="held", date=9)
        self.assertPlanned(second, "out", reason="held", date=6)

    def test_a_hold_follows_an_invoice_that_gets_a_new_line(self):
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(invoice)
        old = self._items(invoice)
        invoice.button_draft()
        invoice.invoice_line_ids = [Command.clear()]
        invoice.invoice_line_ids = [
            Command.create({"name": "Other", "price_unit": 120, "tax_ids": []})
        ]
        self.assertFalse(old.exists())
        self.assertEqual(hold.scope, "items")
        other = self._create_invoice(due=-5)
        self.assertPlanned(other, "step")
        invoice.action_post()
        self.assertEqual(hold.move_line_ids, self._items(invoice))
        self.assertPlanned(invoice, "out", reason="held")

    def test_a_hold_on_a_deleted_invoice_does_not_hold_the_customer(self):
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(invoice)
        other = self._create_invoice(due=-5)
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(hold.scope, "items")
        self.assertPlanned(other, "step")

    def test_a_released_hold_does_not_follow_the_invoice(self):
        invoice = self._create_invoice(due=-5)
        self._create_hold(invoice).action_release()
        invoice.button_draft()
        invoice.action_post()
        self.assertPlanned(invoice, "step")

    def test_a_hold_on_a_contact_is_on_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.customer.id}
        )
        hold = self._create_hold(partner_id=contact.id)
        self.assertEqual(hold.partner_id, self.customer)
        self.assertPlanned(self._create_invoice(due=-5), "out", reason="held")

    def test_holds_can_be_searched_by_state(self):
        active = self._create_hold(date_end=5)
        released = self._create_hold()
        released.action_release()
        ended = self._create_hold(date_end=0)
        self._go_to(5)
        holds = self.env["dunning.hold"]
        for state, hold in (
            ("active", active),
            ("released", released),
            ("ended", ended),
        ):
            found = holds.search(
                [("state", "=", state), ("partner_id", "=", self.customer.id)]
            )
            self.assertEqual(found, hold, state)

    def test_a_hold_cannot_be_deleted(self):
        hold = self._create_hold()
        with self.assertRaises(AccessError):
            hold.unlink()
        with self.assertRaisesRegex(UserError, "release it instead"):
            hold.sudo().unlink()

    def test_a_released_hold_cannot_be_changed(self):
        invoice = self._create_invoice(due=-5)
        hold = self._create_hold(invoice)
        hold.action_release()
        with self.assertRaisesRegex(UserError, "make a new one"):
            hold.amount = 10

    def test_the_release_of_a_hold_cannot_be_undone_by_hand(self):
        hold = self._create_hold()
        hold.action_release()
        with self.assertRaisesRegex(UserError, "set by the system"):
            hold.date_released = False

    def test_the_origin_of_a_hold_is_not_set_by_people(self):
        with self.assertRaisesRegex(UserError, "set by the system"):
            self._create_hold(origin="promise")
        hold = self._create_hold()
        with self.assertRaisesRegex(UserError, "set by the system"):
            hold.origin = "dispute"
        self.assertEqual(
            self.env["dunning.hold"]
            .sudo()
            .create({"partner_id": self.customer.id, "origin": "dispute"})
            .origin,
            "dispute",
        )

    def test_items_of_several_customers_are_not_put_on_hold_at_once(self):
        moves = self._create_invoice() | self._create_invoice(
            self._create_customer("Other")
        )
        items = self.env["dunning.item"].search([("move_id", "in", moves.ids)])
        with self.assertRaisesRegex(UserError, "items of one customer"):
            items.action_hold()

    def test_a_hold_covers_items_of_one_customer(self):
        mine = self._create_invoice(due=-5)
        others = self._create_invoice(self._create_customer("Other"), due=-5)
        with self.assertRaisesRegex(ValidationError, "one customer"):
            self._create_hold(
                self._items(mine) | self._items(others), partner_id=self.customer.id
            )
